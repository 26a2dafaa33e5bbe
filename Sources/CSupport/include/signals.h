#ifndef ECDX_SIGNALS_H
#define ECDX_SIGNALS_H

// Catches SIGINT, SIGTERM, SIGUSR1 and, unless it is ignored, SIGHUP (each only sets a flag), and ignores SIGPIPE. A second SIGINT while one is
// pending ends the process at once with status 130. Returns 0, or the errno of the failing sigaction, with whatever
// was installed before put back. Calling it twice is harmless.
int ecdx_signals_install(void);

// The pending signal, or 0. SIGTERM prevails over SIGINT, SIGINT over SIGHUP, SIGHUP over SIGUSR1.
int ecdx_signals_pending(void);

// Forgets a pending signal.
void ecdx_signals_reset(void);

// Makes SIGUSR1 seem pending (1), or no longer (0), without a signal: the program itself wants its work to stop.
void ecdx_signals_ask(int stop);

// Ignores SIGPIPE alone: a broken pipe is an error of write, not the end of the process.
int ecdx_signals_ignore_pipe(void);

#endif
