#ifndef ECDX_CGNUPLOT_H
#define ECDX_CGNUPLOT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// What a call of `ecdx_gnuplot_run` came to.
enum {
    ECDX_GNUPLOT_OK = 0,
    ECDX_GNUPLOT_MISSING = 1,    // no executable `gnuplot` on the search path
    ECDX_GNUPLOT_SYSTEM = 2,     // a pipe, the spawn or memory failed; the message says which
    ECDX_GNUPLOT_TIMEOUT = 3,    // the child was killed at the deadline
    ECDX_GNUPLOT_FAILED = 4,     // the child ended with a status other than 0, or by a signal
    ECDX_GNUPLOT_TOO_LARGE = 5,  // the child wrote more than `output_limit` bytes and was killed
    ECDX_GNUPLOT_STOPPED = 6     // `stopped` said so, and the child was killed
};

typedef struct {
    const char *script;          // need not end in a NUL
    size_t script_size;
    const char *search_path;     // folders with colons between, or NULL: the PATH of this process
    double timeout_seconds;      // of wall clock, for the whole run
    size_t output_limit;         // bytes of standard output
    int (*stopped)(void *context);  // asked about every 50 ms, on another thread, whether to give up; or NULL
    void *context;               // of `stopped`
} ecdx_gnuplot_job;

typedef struct {
    char *output;                // what gnuplot wrote to its standard output: the figure
    size_t output_size;
    char *errors;                // the beginning of what it wrote to its standard error, at most 16 KiB
    size_t errors_size;
    int exit_status;             // -1 when a signal ended it
    int signal;                  // 0 when it exited by itself
} ecdx_gnuplot_result;

// Runs `gnuplot -d /dev/stdin`, writes the script to its standard input, and collects its standard output and error.
//
// The figure must go to standard output: the script sets no `output`. The child has three descriptors and no more,
// a process group of its own, default signals, a UTF-8 locale with C numbers, and none of the user's GNUPLOT settings.
// It is killed when the calling thread ends, hence with this process, whatever ends that.
// Returns one of the statuses above; `message` (of `message_size` bytes, always ended) says what failed.
// `result` is filled on every status and freed by `ecdx_gnuplot_result_free`.
int ecdx_gnuplot_run(const ecdx_gnuplot_job *job, ecdx_gnuplot_result *result, char *message, size_t message_size);

void ecdx_gnuplot_result_free(ecdx_gnuplot_result *result);

#ifdef __cplusplus
}
#endif

#endif
