// pipe2
#define _GNU_SOURCE

#include "Signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const int watched[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGWINCH, SIGQUIT};
enum { WATCHED = sizeof watched / sizeof watched[0] };

static struct sigaction before[WATCHED];
static int pipe_ends[2] = {-1, -1};
static volatile sig_atomic_t stop_signal, suspend_noted, resize_noted;

static void note(int signal) {
    int kept = errno;
    if (signal == SIGWINCH) resize_noted = 1;
    else if (signal == SIGTSTP) suspend_noted = 1;
    else if (!stop_signal || signal != SIGINT) stop_signal = signal;
    char byte = 0;
    ssize_t ignored = write(pipe_ends[1], &byte, 1);  // full: the poll is awake already
    (void)ignored;
    errno = kept;
}

int crl_signals_install(void) {
    if (pipe_ends[0] < 0 && pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0) return errno;
    stop_signal = 0;
    suspend_noted = 0;
    resize_noted = 0;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < WATCHED; i++) {
        sigaction(watched[i], NULL, &before[i]);
        // What the parent had ignored (nohup) stays ignored.
        if (before[i].sa_handler == SIG_IGN && watched[i] != SIGINT) continue;
        // Control-\ at a prompt is a slip of the hand, as in a shell.
        action.sa_handler = watched[i] == SIGQUIT ? SIG_IGN : note;
        sigaction(watched[i], &action, NULL);
    }
    return 0;
}

void crl_signals_restore(void) {
    for (int i = 0; i < WATCHED; i++) sigaction(watched[i], &before[i], NULL);
    crl_signals_drain();
}

int crl_signals_descriptor(void) { return pipe_ends[0]; }

void crl_signals_drain(void) {
    char bytes[64];
    while (read(pipe_ends[0], bytes, sizeof bytes) > 0) {}
}

int crl_signals_stop(void) { return stop_signal; }

int crl_signals_take_suspend(void) {
    int noted = suspend_noted;
    suspend_noted = 0;
    return noted;
}

int crl_signals_take_resize(void) {
    int noted = resize_noted;
    resize_noted = 0;
    return noted;
}

void crl_signals_suspend(void) {
    struct sigaction stop, ours;
    memset(&stop, 0, sizeof stop);
    stop.sa_handler = SIG_DFL;
    sigemptyset(&stop.sa_mask);
    sigaction(SIGTSTP, &stop, &ours);
    raise(SIGTSTP);
    sigaction(SIGTSTP, &ours, NULL);
}
