#ifndef ECDX_CREADLINE_H
#define ECDX_CREADLINE_H

#include <stddef.h>

// GNU readline, narrowed to what a session needs. One editor a process, used from one thread.
// Every call returns 0 when it did what it says; otherwise a status below, and `message` says why.

enum {
    CRL_OK = 0,
    CRL_END = 1,          // end of input on an empty line, or the terminal is gone
    CRL_INTERRUPTED = 2,  // SIGINT: the line was given up
    CRL_SIGNALLED = 3,    // SIGTERM or SIGHUP: it was passed on to the program's own handler
    CRL_TOO_LONG = 4,     // more than CRL_LONGEST_LINE bytes: the line was given up, and what was left of it is gone
    CRL_FAILED = -1
};

// The most bytes of a line, and of an entry of the history.
enum { CRL_LONGEST_LINE = 1 << 16 };

// The rows and columns that readline is told of a terminal of `rows` and `columns`: it draws nothing sound in the smallest
// windows, and makes room for every column of the largest. Sizes that are not known (0 or less) stay.
void crl_guarded_size(int *rows, int *columns);

// Whether a line of `length` bytes, of which `pasted` more are on their way, is still read and drawn.
int crl_may_grow(size_t length, size_t pasted);

// What a completion fills in: candidates are added whole, each as the text that stands in place of
// the bytes [from, point) of the line.
typedef struct crl_candidates crl_candidates;

// Asked for the candidates at `point`, a byte offset into `line`. Runs inside readline: it must return.
typedef void (*crl_complete)(void *context, const char *line, size_t point, crl_candidates *into);

// Prepares readline: `name` is what the user's inputrc knows this program by, `history` the most entries kept.
int crl_init(const char *name, int history, char *message, size_t size);

// The function asked on a Tab. `context` must live until it is replaced.
int crl_set_completion(crl_complete complete, void *context, char *message, size_t size);

// Sets where the replaced text begins and what all candidates share, which is inserted at once. `more` counts those that
// are too many to be added.
int crl_begin_candidates(crl_candidates *into, size_t from, const char *common, size_t more);

// Adds one candidate, as it is listed. Order is kept.
int crl_add_candidate(crl_candidates *into, const char *text);

// Shows `prompt` and reads one line, without its newline, into `*line`: free it with crl_free.
// With CRL_SIGNALLED, `*signal` is the signal.
int crl_read_line(const char *prompt, char **line, int *signal, char *message, size_t size);

void crl_free(char *line);

// Keys that somebody else read from the terminal: they come first at the next line. What does not fit is dropped.
void crl_give_back(const unsigned char *keys, size_t count);

// The environment of the process, for a child.
char **crl_environment(void);

// Adds an entry to the history that the arrow keys walk through; it may hold newlines. One that is too long is left out.
int crl_add_history(const char *entry, char *message, size_t size);

#endif
