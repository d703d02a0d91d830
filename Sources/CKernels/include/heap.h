/// The allocator behind every block of the language and every tensor: free lists of small blocks,
/// one set a thread, so that no lock and no atomic stands in the way.
#pragma once
#include <stddef.h>

/// Blocks up to this size are kept on a free list of their size class (a multiple of 16 bytes).
enum { NNB_SMALL = 112 };

typedef struct nnb_heap {
    void *free[NNB_SMALL / 16 + 1];
    /// Bytes taken from the system since the memory that is left was last asked for.
    size_t since_check;
    /// Blocks made less blocks given back; counted in debug builds only.
    ptrdiff_t live;
    /// Objects of Swift's that are being given back one within the other, and a chain of blocks whose objects wait until
    /// these have ended.
    ptrdiff_t releasing;
    void *waiting;
} nnb_heap;

/// This thread's heap. Look it up once at the entry of a hot path and pass the pointer on.
nnb_heap *nnb_heap_current(void);
