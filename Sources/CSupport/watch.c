#include "watch.h"

#include <errno.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

int ecdx_watch_open(int *descriptor) {
    *descriptor = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    return *descriptor >= 0 ? 0 : errno;
}

int ecdx_watch_add(int descriptor, const char *folder) {
    // Not IN_CREATE: a file that was only made has nothing in it yet, and is told of when it is closed.
    const uint32_t what = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB | IN_ONLYDIR;
    return inotify_add_watch(descriptor, folder, what) >= 0 ? 0 : errno;
}

int ecdx_watch_wait(int descriptor, int milliseconds, int *happened) {
    struct pollfd wait = {.fd = descriptor, .events = POLLIN};
    *happened = 0;
    int count = poll(&wait, 1, milliseconds);
    if (count < 0 && errno != EINTR) return errno;
    if (count <= 0) return 0;
    char events[4096];
    ssize_t size;
    while ((size = read(descriptor, events, sizeof events)) > 0) *happened = 1;
    return size < 0 && errno != EAGAIN && errno != EINTR ? errno : 0;
}
