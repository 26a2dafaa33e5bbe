#ifndef ECDX_WATCH_H
#define ECDX_WATCH_H

// Waiting for files of folders to change (inotify). Each call returns 0 or an errno.

// Opens a look-out that looks at nothing yet; it is closed as any descriptor is.
int ecdx_watch_open(int *descriptor);

// Looks at a folder too: files of it that were written and closed, came or went, or were touched. Harmless when repeated.
int ecdx_watch_add(int descriptor, const char *folder);

// Waits for at most so many milliseconds until something happened in the folders, or a signal came; `happened` is 1 then or 0.
// What had happened by then is forgotten.
int ecdx_watch_wait(int descriptor, int milliseconds, int *happened);

#endif
