#include "internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

// Steps of a path.
#define DEEPEST 64

int ecdx_h5_fail(char *message, size_t message_size, const char *format, ...) {
    if (message == NULL || message_size == 0) return 1;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, message_size, format, arguments);
    va_end(arguments);
    return 1;
}

static herr_t on_error(unsigned n, const H5E_error2_t *error, void *data) {
    const char **text = data;
    if (n == 0) *text = error->desc;
    return 0;
}

int ecdx_h5_fail_library(char *message, size_t message_size, const char *what) {
    const char *text = NULL;
    // Upward begins with the innermost.
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, on_error, &text);
    if (text == NULL) return ecdx_h5_fail(message, message_size, "%s", what);
    return ecdx_h5_fail(message, message_size, "%s: %s", what, text);
}

// Access without locks, which network file systems may lack; nobody is meant to write a file while it is read.
static hid_t access_list(void) {
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);
    if (list < 0) return list;
#if (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 11, 0)) || H5_VERSION_GE(1, 12, 1)
    H5Pset_file_locking(list, 0, 1);
#endif
    H5Pset_fclose_degree(list, H5F_CLOSE_STRONG);
    return list;
}

int ecdx_h5_open(const char *path, ecdx_h5 **out, char *message, size_t message_size) {
    if (path == NULL || out == NULL) return 1;
    *out = NULL;
    struct stat status;
    if (stat(path, &status) != 0) return ecdx_h5_fail(message, message_size, "the file cannot be opened: %s", strerror(errno));
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    if (H5PLset_loading_state(0) < 0) return ecdx_h5_fail_library(message, message_size, "plugins cannot be kept out");
    hid_t list = access_list();
    hid_t id = list < 0 ? list : H5Fopen(path, H5F_ACC_RDONLY, list);
    int status_of_open = id < 0 ? ecdx_h5_fail_library(message, message_size, "the file cannot be opened") : 0;
    if (list >= 0) H5Pclose(list);
    if (status_of_open != 0) return 1;
    ecdx_h5 *file = calloc(1, sizeof *file);
    if (file == NULL) {
        H5Fclose(id);
        return ecdx_h5_fail(message, message_size, "not enough memory");
    }
    file->id = id;
    file->size = (uint64_t)status.st_size;
    *out = file;
    return 0;
}

void ecdx_h5_close(ecdx_h5 *file) {
    if (file == NULL) return;
    H5Fclose(file->id);
    free(file);
}

uint64_t ecdx_h5_size(const ecdx_h5 *file) { return file->size; }

// Opens `name` in the group `from`; `*out` is negative where there is none.
static int step(hid_t from, const char *name, hid_t *out, char *message, size_t message_size) {
    *out = -1;
    if (H5Iget_type(from) != H5I_GROUP) return ecdx_h5_fail(message, message_size, "expected a group that holds `%s`, found an array", name);
    htri_t exists = H5Lexists(from, name, H5P_DEFAULT);
    if (exists < 0) return ecdx_h5_fail_library(message, message_size, "a group cannot be read");
    if (exists == 0) return 0;
    H5L_info_t link;
    if (H5Lget_info(from, name, &link, H5P_DEFAULT) < 0) return ecdx_h5_fail_library(message, message_size, "a link cannot be read");
    if (link.type != H5L_TYPE_HARD)
        return ecdx_h5_fail(message, message_size, "expected `%s` in the file itself, found a link to elsewhere", name);
    *out = H5Oopen(from, name, H5P_DEFAULT);
    if (*out < 0) return ecdx_h5_fail_library(message, message_size, "an object cannot be read");
    return 0;
}

int ecdx_h5_walk(ecdx_h5 *file, const char *path, hid_t *out, char *message, size_t message_size) {
    *out = -1;
    hid_t here = H5Gopen2(file->id, "/", H5P_DEFAULT);
    if (here < 0) return ecdx_h5_fail_library(message, message_size, "the root group cannot be read");
    char *copy = strdup(path), *rest = NULL;
    int status = copy == NULL ? ecdx_h5_fail(message, message_size, "not enough memory") : 0, steps = 0;
    for (char *name = copy == NULL ? NULL : strtok_r(copy, "/", &rest); status == 0 && name != NULL; name = strtok_r(NULL, "/", &rest)) {
        hid_t next = -1;
        // To the library `.` is the group itself.
        if (strcmp(name, ".") == 0) continue;
        status = ++steps > DEEPEST ? ecdx_h5_fail(message, message_size, "expected groups at most %d deep, found more", DEEPEST)
                                   : step(here, name, &next, message, message_size);
        H5Oclose(here);
        here = next;
        if (status != 0 || here < 0) break;
    }
    free(copy);
    if (status != 0 && here >= 0) H5Oclose(here);
    if (status == 0) *out = here;
    return status;
}

int ecdx_h5_reach(ecdx_h5 *file, const char *path, hid_t *out, char *message, size_t message_size) {
    if (ecdx_h5_walk(file, path, out, message, message_size) != 0) return 1;
    if (*out < 0) return ecdx_h5_fail(message, message_size, "expected `%s` in the file, found nothing of that name", path);
    return 0;
}

int ecdx_h5_kind(ecdx_h5 *file, const char *path, int *out, char *message, size_t message_size) {
    hid_t id;
    *out = ECDX_H5_ABSENT;
    if (ecdx_h5_walk(file, path, &id, message, message_size) != 0) return 1;
    if (id < 0) return 0;
    H5I_type_t type = H5Iget_type(id);
    H5Oclose(id);
    if (type != H5I_GROUP && type != H5I_DATASET) return ecdx_h5_fail(message, message_size, "expected a group or an array at `%s`, found another object", path);
    *out = type == H5I_GROUP ? ECDX_H5_GROUP : ECDX_H5_ARRAY;
    return 0;
}

int ecdx_h5_append(ecdx_h5_texts *texts, size_t *room, const char *text, size_t length, char *message, size_t message_size) {
    if (length >= MOST_TEXT - texts->size) return ecdx_h5_fail(message, message_size, "expected at most %zu bytes of names, found more", MOST_TEXT);
    size_t wanted = texts->size + length + 1;
    if (wanted > *room) {
        size_t more = wanted < 1024 ? 1024 : 2 * wanted;
        char *bytes = realloc(texts->bytes, more);
        if (bytes == NULL) return ecdx_h5_fail(message, message_size, "not enough memory");
        texts->bytes = bytes;
        *room = more;
    }
    if (length > 0) memcpy(texts->bytes + texts->size, text, length);
    texts->bytes[texts->size + length] = 0;
    texts->size = wanted;
    texts->count++;
    return 0;
}

void ecdx_h5_texts_free(ecdx_h5_texts *texts) {
    if (texts == NULL) return;
    free(texts->bytes);
    memset(texts, 0, sizeof *texts);
}

// What the walk over a group fills.
typedef struct {
    ecdx_h5_texts *texts;
    size_t room;
    char *message;
    size_t message_size;
    int failed;
} collection;

static herr_t on_link(hid_t group, const char *name, const H5L_info_t *info, void *data) {
    (void)group;
    (void)info;
    collection *c = data;
    c->failed = ecdx_h5_append(c->texts, &c->room, name, strlen(name), c->message, c->message_size);
    return c->failed ? -1 : 0;
}

int ecdx_h5_children(ecdx_h5 *file, const char *path, ecdx_h5_texts *out, char *message, size_t message_size) {
    hid_t id;
    memset(out, 0, sizeof *out);
    if (ecdx_h5_reach(file, path, &id, message, message_size) != 0) return 1;
    collection c = {out, 0, message, message_size, 0};
    int status = 0;
    if (H5Iget_type(id) != H5I_GROUP) status = ecdx_h5_fail(message, message_size, "expected a group at `%s`, found an array", path);
    else if (H5Literate(id, H5_INDEX_NAME, H5_ITER_INC, NULL, on_link, &c) < 0)
        status = c.failed ? 1 : ecdx_h5_fail_library(message, message_size, "a group cannot be read");
    H5Oclose(id);
    if (status != 0) ecdx_h5_texts_free(out);
    return status;
}
