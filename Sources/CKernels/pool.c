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

typedef struct {
    nnb_pool_body body;
    void *context;
    int32_t threads;
} work_order;

// A number that only grows, until which threads wait. Whoever sleeps has counted himself under the lock and looked again;
// whoever adds to it looks for sleepers afterwards: one of the two sees the other. A line of the cache of its own, with
// what those who wait will read.
typedef struct {
    _Alignas(64) _Atomic uint32_t value;
    _Atomic int32_t sleepers;
    work_order order;
    _Alignas(64) pthread_mutex_t lock;
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

// The number may go round: what counts is the distance.
static int is_reached(uint32_t value, uint32_t wanted) { return (int32_t)(value - wanted) >= 0; }

static void wait_until(gate *g, uint32_t wanted, int counts) {
    for (int i = 0; i < SPINS; i++) {
        if (is_reached(atomic_load_explicit(&g->value, memory_order_acquire), wanted)) return;
        PAUSE();
    }
    uint64_t begin = counts ? now() : 0;
    pthread_mutex_lock(&g->lock);
    atomic_fetch_add(&g->sleepers, 1);
    while (!is_reached(atomic_load(&g->value), wanted)) pthread_cond_wait(&g->changed, &g->lock);
    atomic_fetch_sub(&g->sleepers, 1);
    pthread_mutex_unlock(&g->lock);
    if (counts) atomic_fetch_add_explicit(&waited, now() - begin, memory_order_relaxed);
}

// Gives the number from before.
static uint32_t add_one(gate *g) {
    uint32_t before = atomic_fetch_add(&g->value, 1);
    if (atomic_load(&g->sleepers) > 0) {
        pthread_mutex_lock(&g->lock);
        pthread_cond_broadcast(&g->changed);
        pthread_mutex_unlock(&g->lock);
    }
    return before;
}

// Jobs that were given out, answers to them, and arrivals at the barriers of the present one.
static gate jobs = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
static gate answers = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
static gate arrivals = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

// Held by the caller whose work is being done; guards what follows.
static pthread_mutex_t owner = PTHREAD_MUTEX_INITIALIZER;
static uint32_t workers;

void nnb_pool_barrier(int32_t threads) {
    if (threads <= 1) return;
    // Each barrier takes as many arrivals as there are threads.
    uint32_t before = add_one(&arrivals), all = (uint32_t)threads;
    wait_until(&arrivals, before - before % all + all, 1);
}

static void *work(void *argument) {
    int32_t number = (int32_t)(intptr_t)argument & 0xff;
    uint32_t seen = (uint32_t)((uintptr_t)argument >> 8);
    for (;;) {
        wait_until(&jobs, ++seen, 0);
        work_order order = jobs.order;
        if (number < order.threads) order.body(order.context, number, order.threads);
        add_one(&answers);
    }
    return NULL;
}

static void hire(uint32_t wanted) {
    while (workers < wanted) {
        pthread_t thread;
        pthread_attr_t attributes;
        pthread_attr_init(&attributes);
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        uintptr_t argument = ((uintptr_t)atomic_load(&jobs.value) << 8) | (uintptr_t)(workers + 1);
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
    hire((uint32_t)threads - 1);
    if (threads > (int32_t)workers + 1) threads = (int32_t)workers + 1;
    // Every worker answers every job, even one that it has no part in: so none can still be reading this order, or be at
    // a barrier, when the next one is written.
    uint32_t answered = atomic_load_explicit(&answers.value, memory_order_relaxed) + workers;
    atomic_store_explicit(&arrivals.value, 0, memory_order_relaxed);
    jobs.order = (work_order){.body = body, .context = context, .threads = threads};
    if (workers > 0) add_one(&jobs);
    body(context, 0, threads);
    if (workers > 0) wait_until(&answers, answered, 1);
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
