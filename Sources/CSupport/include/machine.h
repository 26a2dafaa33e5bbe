#ifndef ECDX_MACHINE_H
#define ECDX_MACHINE_H

#include <stddef.h>

// The processors that this process may run on, at least 1.
int ecdx_processors(void);

// Asks for large pages where memory that was not written yet holds some: it is then had with fewer interruptions. What the system
// answers changes nothing but the time.
void ecdx_memory_in_large_pages(void *start, size_t count);

#endif
