#include "heap.h"

static _Thread_local nnb_heap heap;

nnb_heap *nnb_heap_current(void) { return &heap; }
