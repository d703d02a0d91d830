/// One thread a core for work that takes microseconds. A call runs `body` on several threads at once, each of which
/// does the pieces that its number names; between phases they meet at a barrier. Who waits spins for a moment and then
/// sleeps, so that a busy machine is not made busier.
#pragma once
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef void (*nnb_pool_body)(void *context, int32_t thread, int32_t threads);

/// The number of threads in use at most: NNB_THREADS, or the cores that this process may use.
int32_t nnb_pool_threads(void);

/// Runs body(context, 0 ..< threads, threads) and returns when all are done. The number of threads may turn out smaller
/// than asked: where the pool is at work for another caller, or threads cannot be had, it is 1.
void nnb_pool_run(int32_t threads, nnb_pool_body body, void *context);

/// Inside a body: waits until all of its threads are here.
void nnb_pool_barrier(int32_t threads);

/// Nanoseconds of a clock that only goes forward, and how many of them all threads together were asleep because others
/// of the same work were not done: on an idle machine few, on a busy one most.
typedef struct {
    uint64_t now;
    uint64_t waited;
} nnb_pool_times;
nnb_pool_times nnb_pool_clock(void);

/// Makes this thread take numbers below the normal range of their type as 0, and gives what `nnb_restore_subnormals` needs
/// to undo it. Averages that decay through that range would slow a step down by half.
uint64_t nnb_flush_subnormals(void);
void nnb_restore_subnormals(uint64_t before);

#pragma clang assume_nonnull end
