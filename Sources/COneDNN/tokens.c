#include "internal.h"

#include <string.h>

// The row of a table for a number that came as a float; one beyond the table, or none at all, takes the nearest.
static int64_t row(float number, int64_t rows) {
    if (!(number > 0)) return 0;
    return number < (float)rows && (int64_t)number < rows ? (int64_t)number : rows - 1;
}

static int64_t clamped(int64_t number, int64_t rows) { return number < rows ? number : rows - 1; }

typedef struct {
    const odn_embedding *e;
    const float *texts, *gradient;
    float *sequences;
    int parts;
} embedding_job;

// The rows of the words and positions of one item, one token after another.
typedef struct {
    const odn_embedding *e;
    const float *ids;
    int64_t at, counted;
} walk;

static int64_t next(walk *w, int64_t *position) {
    const odn_embedding *e = w->e;
    int64_t word = row(w->ids[w->at], e->words.rows);
    if (!e->after_padding) *position = w->at;
    else if (word == e->padding) *position = e->padding;
    else *position = e->padding + ++w->counted;
    *position = clamped(*position, e->positions.rows);
    w->at++;
    return word;
}

static void embed_part(void *data, int part) {
    const embedding_job *job = data;
    const odn_embedding *e = job->e;
    int64_t from = e->batch * part / job->parts, to = e->batch * (part + 1) / job->parts, width = e->width;
    for (int64_t item = from; item < to; item++) {
        walk w = {e, job->texts + 2 * item * e->length, 0, 0};
        float *out = job->sequences + item * e->length * width;
        for (int64_t t = 0; t < e->length; t++, out += width) {
            int64_t position, word = next(&w, &position);
            const float *a = e->words.values + word * width, *b = e->positions.values + position * width, *c = e->types.values;
            if (c)
                for (int64_t i = 0; i < width; i++) out[i] = a[i] + c[i] + b[i];
            else
                for (int64_t i = 0; i < width; i++) out[i] = a[i] + b[i];
        }
    }
}

void odn_embed(const odn_embedding *e, const float *texts, float *sequences, int threads) {
    embedding_job job = {e, texts, NULL, sequences, threads < 1 ? 1 : threads};
    odn_parallel(job.parts, embed_part, &job);
}

// Each part has columns of its own, so that no two write to one place.
static void gradient_part(void *data, int part) {
    const embedding_job *job = data;
    const odn_embedding *e = job->e;
    int64_t width = e->width, from = width * part / job->parts, to = width * (part + 1) / job->parts;
    const odn_table *tables[3] = {&e->words, &e->positions, &e->types};
    for (int i = 0; i < 3; i++)
        for (int64_t r = 0; tables[i]->values && r < tables[i]->rows; r++)
            memset(tables[i]->values + r * width + from, 0, (size_t)(to - from) * sizeof(float));
    for (int64_t item = 0; item < e->batch; item++) {
        walk w = {e, job->texts + 2 * item * e->length, 0, 0};
        const float *g = job->gradient + item * e->length * width;
        for (int64_t t = 0; t < e->length; t++, g += width) {
            int64_t position, word = next(&w, &position);
            int is_padding = word == e->padding;
            float *a = e->words.values ? e->words.values + word * width : NULL;
            float *b = e->positions.values ? e->positions.values + position * width : NULL;
            float *c = e->types.values;
            if (a && !is_padding)
                for (int64_t i = from; i < to; i++) a[i] += g[i];
            if (b && !(e->after_padding && position == e->padding))
                for (int64_t i = from; i < to; i++) b[i] += g[i];
            if (c)
                for (int64_t i = from; i < to; i++) c[i] += g[i];
        }
    }
}

void odn_embed_gradient(const odn_embedding *e, const float *texts, const float *gradient, int threads) {
    embedding_job job = {e, texts, gradient, NULL, threads < 1 ? 1 : threads};
    odn_parallel(job.parts, gradient_part, &job);
}

// What one token weighs in the mean of its text.
static float weight(const float *mask, int64_t t, int64_t length, int masked, int64_t last_count) {
    if (masked) return mask[t] != 0 ? 1 : 0;
    return t == length - 1 ? (float)last_count : 1;
}

static float total(const float *mask, int64_t length, int masked, int64_t last_count) {
    float sum = 0;
    for (int64_t t = 0; t < length; t++) sum += weight(mask, t, length, masked, last_count);
    return sum > 0 ? sum : 1;
}

void odn_token_mean(
    const float *sequences, const float *texts, int64_t batch, int64_t length, int64_t width, int masked, int64_t last_count,
    float *means) {
    for (int64_t item = 0; item < batch; item++, means += width) {
        const float *mask = texts + (2 * item + 1) * length, *x = sequences + item * length * width;
        memset(means, 0, (size_t)width * sizeof *means);
        for (int64_t t = 0; t < length; t++, x += width) {
            float w = weight(mask, t, length, masked, last_count);
            if (w != 0)
                for (int64_t i = 0; i < width; i++) means[i] += w * x[i];
        }
        float sum = total(mask, length, masked, last_count);
        for (int64_t i = 0; i < width; i++) means[i] /= sum;
    }
}

void odn_token_mean_gradient(
    const float *gradient, const float *texts, int64_t batch, int64_t length, int64_t width, int masked, int64_t last_count,
    float *sequences_gradient) {
    for (int64_t item = 0; item < batch; item++, gradient += width) {
        const float *mask = texts + (2 * item + 1) * length;
        float sum = total(mask, length, masked, last_count);
        for (int64_t t = 0; t < length; t++, sequences_gradient += width) {
            float w = weight(mask, t, length, masked, last_count) / sum;
            for (int64_t i = 0; i < width; i++) sequences_gradient[i] = w * gradient[i];
        }
    }
}
