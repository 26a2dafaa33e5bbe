#include "internal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

// Of libgomp, on which Debian's oneDNN runs. The compiler need not know OpenMP for these.
extern void omp_set_num_threads(int);
extern int omp_get_max_threads(void);
extern void omp_set_dynamic(int);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);
extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);

static atomic_int wanted_threads;
static _Thread_local int local_threads;
// An OpenMP pool belongs to its calling thread, and so does this note of how it was prepared.
static _Thread_local int prepared_threads;
static _Thread_local dnnl_stream_t stream;

static dnnl_engine_t engine;
static pthread_once_t engine_once = PTHREAD_ONCE_INIT;

static void create_engine(void) {
    if (dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success) engine = NULL;
}

dnnl_engine_t odn_engine(void) {
    pthread_once(&engine_once, create_engine);
    return engine;
}

dnnl_stream_t odn_stream(void) {
    if (!stream && odn_engine() && dnnl_stream_create(&stream, engine, dnnl_stream_default_flags) != dnnl_success) stream = NULL;
    return stream;
}

int odn_threads(void) {
    if (local_threads > 0) return local_threads;
    int count = atomic_load(&wanted_threads);
    if (count > 0) return count;
    count = omp_get_max_threads();
    int expected = 0;
    return atomic_compare_exchange_strong(&wanted_threads, &expected, count) ? count : expected;
}

void odn_set_threads(int count) {
    atomic_store(&wanted_threads, count < 1 ? 1 : count);
}

void odn_set_local_threads(int count) {
    local_threads = count;
}

int odn_version(void) {
    const dnnl_version_t *version = dnnl_version();
    return version ? version->major * 10000 + version->minor * 100 + version->patch : 0;
}

#if defined(__x86_64__)
// Flush to zero is bit 15 of MXCSR, denormals are zero is bit 6.
static void flush_denormals(void *unused) {
    (void)unused;
    _mm_setcsr(_mm_getcsr() | 0x8040u);
}
#endif

odn_mode odn_enter(int threads) {
    odn_mode mode = 0;
#if defined(__x86_64__)
    mode = _mm_getcsr();
    flush_denormals(NULL);
#endif
    if (threads > 0 && prepared_threads != threads) {
        // A team that shrank under load would cut the work up otherwise, and round otherwise.
        omp_set_dynamic(0);
        omp_set_num_threads(threads);
#if defined(__x86_64__)
        GOMP_parallel(flush_denormals, NULL, (unsigned)threads, 0);
#endif
        prepared_threads = threads;
    }
    return mode;
}

void odn_leave(odn_mode mode) {
#if defined(__x86_64__)
    _mm_setcsr(mode);
#else
    (void)mode;
#endif
}

typedef struct {
    int parts;
    void (*body)(void *, int);
    void *data;
} odn_team;

static void team_member(void *argument) {
    const odn_team *team = argument;
    for (int part = omp_get_thread_num(); part < team->parts; part += omp_get_num_threads()) team->body(team->data, part);
}

void odn_parallel(int parts, void (*body)(void *data, int part), void *data) {
    odn_team team = {parts, body, data};
    odn_mode mode = odn_enter(parts);
    if (parts > 1) GOMP_parallel(team_member, &team, (unsigned)parts, 0);
    else
        for (int part = 0; part < parts; part++) body(data, part);
    odn_leave(mode);
}

static const char *status_name(dnnl_status_t status) {
    switch (status) {
    case dnnl_out_of_memory: return "out of memory";
    case dnnl_invalid_arguments: return "invalid arguments";
    case dnnl_unimplemented: return "not implemented";
    case dnnl_iterator_ends: return "no implementation left";
    case dnnl_runtime_error: return "runtime error";
    case dnnl_not_required: return "not required";
    default: return "unknown status";
    }
}

int odn_fail(char *message, const char *what, dnnl_status_t status) {
    if (message) snprintf(message, ODN_MESSAGE, "%s: %s", what, status_name(status));
    return status == dnnl_success ? -1 : (int)status;
}
