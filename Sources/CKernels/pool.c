#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <sched.h>
#endif

enum { MOST_THREADS = 64, SPINS = 1500 };

#if defined(__x86_64__)
#define PAUSE() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define PAUSE() __asm__ volatile("yield")
#else
#define PAUSE() ((void)0)
#endif

// A number that only grows, on which threads wait for a change. Whoever sleeps has counted himself under the lock and
// looked again; whoever changes it looks for sleepers afterwards: one of the two sees the other.
typedef struct {
    _Atomic uint32_t value;
    _Atomic int32_t sleepers;
    pthread_mutex_t lock;
    pthread_cond_t changed;
} gate;

// Nanoseconds that threads were asleep while others of the same work were not done.
static _Atomic uint64_t waited;

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

nnb_pool_times nnb_pool_clock(void) {
    return (nnb_pool_times){.now = now(), .waited = atomic_load_explicit(&waited, memory_order_relaxed)};
}

static uint32_t wait_for_change(gate *s, uint32_t old, int counts) {
    for (int i = 0; i < SPINS; i++) {
        uint32_t value = atomic_load_explicit(&s->value, memory_order_acquire);
        if (value != old) return value;
        PAUSE();
    }
    uint64_t begin = counts ? now() : 0;
    pthread_mutex_lock(&s->lock);
    atomic_fetch_add(&s->sleepers, 1);
    uint32_t value;
    while ((value = atomic_load(&s->value)) == old) pthread_cond_wait(&s->changed, &s->lock);
    atomic_fetch_sub(&s->sleepers, 1);
    pthread_mutex_unlock(&s->lock);
    if (counts) atomic_fetch_add_explicit(&waited, now() - begin, memory_order_relaxed);
    return value;
}

static void change(gate *s) {
    atomic_fetch_add(&s->value, 1);
    if (atomic_load(&s->sleepers) > 0) {
        pthread_mutex_lock(&s->lock);
        pthread_cond_broadcast(&s->changed);
        pthread_mutex_unlock(&s->lock);
    }
}

static gate start = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
static gate ending = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
static gate meeting = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
static _Atomic int32_t arrived, finished;

// Held by the caller whose work is being done; guards what follows.
static pthread_mutex_t owner = PTHREAD_MUTEX_INITIALIZER;
static int32_t workers;
static nnb_pool_body job;
static void *job_context;
static int32_t job_threads;

void nnb_pool_barrier(int32_t threads) {
    if (threads <= 1) return;
    uint32_t old = atomic_load_explicit(&meeting.value, memory_order_acquire);
    if (atomic_fetch_add(&arrived, 1) == threads - 1) {
        atomic_store(&arrived, 0);
        change(&meeting);
    } else {
        wait_for_change(&meeting, old, 1);
    }
}

static void *work(void *argument) {
    int32_t number = (int32_t)(intptr_t)argument & 0xff;
    uint32_t seen = (uint32_t)((uintptr_t)argument >> 8);
    for (;;) {
        seen = wait_for_change(&start, seen, 0);
        int32_t threads = job_threads;
        int32_t all = workers;
        if (number < threads) job(job_context, number, threads);
        if (atomic_fetch_add(&finished, 1) == all - 1) change(&ending);
    }
    return NULL;
}

static void hire(int32_t wanted) {
    while (workers < wanted) {
        pthread_t thread;
        pthread_attr_t attributes;
        pthread_attr_init(&attributes);
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        uintptr_t argument = ((uintptr_t)atomic_load(&start.value) << 8) | (uintptr_t)(workers + 1);
        int failed = pthread_create(&thread, &attributes, work, (void *)argument);
        pthread_attr_destroy(&attributes);
        if (failed) return;
        workers++;
    }
}

int32_t nnb_pool_threads(void) {
    static _Atomic int32_t known;
    int32_t threads = atomic_load(&known);
    if (threads) return threads;
    const char *asked = getenv("NNB_THREADS");
    threads = asked ? atoi(asked) : 0;
    if (threads <= 0) {
#if defined(__linux__)
        cpu_set_t set;
        threads = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
#else
        threads = (int32_t)sysconf(_SC_NPROCESSORS_ONLN);
#endif
    }
    if (threads < 1) threads = 1;
    if (threads > MOST_THREADS) threads = MOST_THREADS;
    atomic_store(&known, threads);
    return threads;
}

void nnb_pool_run(int32_t threads, nnb_pool_body body, void *context) {
    if (threads > MOST_THREADS) threads = MOST_THREADS;
    if (threads <= 1 || pthread_mutex_trylock(&owner) != 0) {
        body(context, 0, 1);
        return;
    }
    hire(threads - 1);
    if (threads > workers + 1) threads = workers + 1;
    // Every worker answers every job, even one that it has no part in: so none can still be reading this job's fields
    // when the next job's are written.
    uint32_t old = atomic_load(&ending.value);
    atomic_store(&finished, 0);
    job = body;
    job_context = context;
    job_threads = threads;
    if (workers > 0) change(&start);
    body(context, 0, threads);
    if (workers > 0) wait_for_change(&ending, old, 1);
    pthread_mutex_unlock(&owner);
}

uint64_t nnb_flush_subnormals(void) {
#if defined(__x86_64__)
    uint32_t before = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(before | 0x8040);
    return before;
#elif defined(__aarch64__)
    uint64_t before;
    __asm__ volatile("mrs %0, fpcr" : "=r"(before));
    __asm__ volatile("msr fpcr, %0" : : "r"(before | (1u << 24)));
    return before;
#else
    return 0;
#endif
}

void nnb_restore_subnormals(uint64_t before) {
#if defined(__x86_64__)
    __builtin_ia32_ldmxcsr((uint32_t)before);
#elif defined(__aarch64__)
    __asm__ volatile("msr fpcr, %0" : : "r"(before));
#else
    (void)before;
#endif
}
