#ifndef ECDX_CREADLINE_SIGNALS_H
#define ECDX_CREADLINE_SIGNALS_H

// Signals while a line is read. Handlers only note the signal and wake the poll through a pipe, since a signal
// of the process may be delivered to any thread. They stand for the time of one line; what stood before comes back.

int crl_signals_install(void);      // 0, or errno
void crl_signals_restore(void);
int crl_signals_descriptor(void);   // readable when a signal came
void crl_signals_drain(void);
int crl_signals_stop(void);         // SIGINT, SIGTERM or SIGHUP if it came since `install`, or 0
int crl_signals_take_suspend(void);
int crl_signals_take_resize(void);
void crl_signals_suspend(void);     // stops the process as SIGTSTP does by default; returns when it goes on

#endif
