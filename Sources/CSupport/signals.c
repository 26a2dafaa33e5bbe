#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

static const int caught[] = {SIGINT, SIGTERM, SIGUSR1, SIGHUP};
enum { caught_count = sizeof caught / sizeof caught[0] };

// One flag a signal: the handler runs on any thread, and only lock-free atomics are safe there.
static atomic_int seen_int, seen_term, seen_usr1, seen_hup, asked;
static atomic_int installed;

static void handle(int number) {
    int kept = errno;
    if (number == SIGINT) {
        if (atomic_exchange(&seen_int, 1) != 0) _exit(130);
    } else if (number == SIGTERM) {
        atomic_store(&seen_term, 1);
    } else if (number == SIGHUP) {
        atomic_store(&seen_hup, 1);
    } else {
        atomic_store(&seen_usr1, 1);
    }
    errno = kept;
}

int ecdx_signals_ignore_pipe(void) {
    struct sigaction action = {0};
    action.sa_handler = SIG_IGN;
    sigemptyset(&action.sa_mask);
    return sigaction(SIGPIPE, &action, NULL) == 0 ? 0 : errno;
}

int ecdx_signals_install(void) {
    if (atomic_exchange(&installed, 1) != 0) return 0;
    int failure = ecdx_signals_ignore_pipe();
    struct sigaction action = {0}, before[caught_count];
    action.sa_handler = handle;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (int i = 0; failure == 0 && i < caught_count; i++) {
        if (sigaction(caught[i], &action, &before[i]) != 0) {
            failure = errno;
            while (i-- > 0) sigaction(caught[i], &before[i], NULL);
            break;
        }
        // What was started to outlive its terminal (nohup) does so.
        if (caught[i] == SIGHUP && before[i].sa_handler == SIG_IGN) sigaction(SIGHUP, &before[i], NULL);
    }
    if (failure != 0) atomic_store(&installed, 0);
    return failure;
}

int ecdx_signals_pending(void) {
    if (atomic_load(&seen_term)) return SIGTERM;
    if (atomic_load(&seen_int)) return SIGINT;
    if (atomic_load(&seen_hup)) return SIGHUP;
    if (atomic_load(&seen_usr1) || atomic_load(&asked)) return SIGUSR1;
    return 0;
}

void ecdx_signals_reset(void) {
    atomic_store(&seen_term, 0);
    atomic_store(&seen_int, 0);
    atomic_store(&seen_usr1, 0);
    atomic_store(&seen_hup, 0);
    atomic_store(&asked, 0);
}

void ecdx_signals_ask(int stop) { atomic_store(&asked, stop); }
