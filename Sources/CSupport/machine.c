#define _GNU_SOURCE
#include "machine.h"

#include <sched.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

int ecdx_processors(void) {
    cpu_set_t set;
    // Fails where there are more processors than the set has room for.
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) return CPU_COUNT(&set);
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (int)online : 1;
}

void ecdx_memory_in_large_pages(void *start, size_t count) {
#ifdef MADV_HUGEPAGE
    const uintptr_t large = (uintptr_t)1 << 21;
    uintptr_t first = ((uintptr_t)start + large - 1) & ~(large - 1), end = ((uintptr_t)start + count) & ~(large - 1);
    if (end > first) madvise((void *)first, end - first, MADV_HUGEPAGE);
#else
    (void)start;
    (void)count;
#endif
}
