#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

// The few declarations of curl/curl.h that are used here, so that its headers are not needed: the numbers are part of
// libcurl's stable interface (https://curl.se/libcurl/c/ABI.html).
typedef void CURL;
enum {
    OPT_TIMEOUT = 13, OPT_LOW_SPEED_LIMIT = 19, OPT_LOW_SPEED_TIME = 20, OPT_NOPROGRESS = 43, OPT_FAILONERROR = 45,
    OPT_FOLLOWLOCATION = 52, OPT_MAXREDIRS = 68, OPT_CONNECTTIMEOUT = 78, OPT_NOSIGNAL = 99, OPT_PROTOCOLS = 181,
    OPT_REDIR_PROTOCOLS = 182, OPT_WRITEDATA = 10001, OPT_URL = 10002, OPT_ERRORBUFFER = 10010,
    OPT_USERAGENT = 10018, OPT_XFERINFODATA = 10057, OPT_WRITEFUNCTION = 20011, OPT_XFERINFOFUNCTION = 20219,
    OPT_MAXFILESIZE_LARGE = 30117,
};
enum { GLOBAL_ALL = 3, PROTO_HTTP_HTTPS = 1 | 2, E_WRITE_ERROR = 23, E_ABORTED_BY_CALLBACK = 42 };

static struct {
    CURL *(*init)(void);
    int (*setopt)(CURL *, int, ...);
    int (*perform)(CURL *);
    void (*cleanup)(CURL *);
    const char *(*strerror)(int);
} curl;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int loaded = 0;

static void load(void) {
#ifdef __APPLE__
    const char *names[] = {"libcurl.4.dylib", "/usr/lib/libcurl.4.dylib"};
#else
    const char *names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};
#endif
    void *library = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names && !library; i++) library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    int (*global_init)(long) = (int (*)(long))dlsym(library, "curl_global_init");
    curl.init = (CURL * (*)(void)) dlsym(library, "curl_easy_init");
    curl.setopt = (int (*)(CURL *, int, ...))dlsym(library, "curl_easy_setopt");
    curl.perform = (int (*)(CURL *))dlsym(library, "curl_easy_perform");
    curl.cleanup = (void (*)(CURL *))dlsym(library, "curl_easy_cleanup");
    curl.strerror = (const char *(*)(int))dlsym(library, "curl_easy_strerror");
    if (!global_init || !curl.init || !curl.setopt || !curl.perform || !curl.cleanup || !curl.strerror) return;
    loaded = global_init(GLOBAL_ALL) == 0;
}

struct transfer {
    nnb_fetch_sink sink;
    nnb_fetch_watch watch;
    void *context;
    int64_t taken, limit;
    int too_large;
};

static size_t on_bytes(char *bytes, size_t size, size_t count, void *context) {
    struct transfer *transfer = context;
    size_t total = size * count;
    if (transfer->taken + (int64_t)total > transfer->limit) {
        transfer->too_large = 1;
        return 0;
    }
    transfer->taken += (int64_t)total;
    return transfer->sink(bytes, total, transfer->context) == 0 ? total : 0;
}

static int on_progress(void *context, int64_t total, int64_t done, int64_t sent_total, int64_t sent) {
    (void)sent_total;
    (void)sent;
    struct transfer *transfer = context;
    return transfer->watch ? transfer->watch(done, total, transfer->context) : 0;
}

int nnb_fetch(
    const char *url, int64_t limit, nnb_fetch_sink sink, nnb_fetch_watch watch, void *context, char *message) {
    message[0] = 0;
    pthread_once(&once, load);
    CURL *handle = loaded ? curl.init() : NULL;
    if (!handle) {
        snprintf(message, NNB_FETCH_MESSAGE, "the library libcurl is not installed");
        return NNB_FETCH_NO_LIBRARY;
    }
    struct transfer transfer = {sink, watch, context, 0, limit, 0};
    curl.setopt(handle, OPT_URL, url);
    curl.setopt(handle, OPT_USERAGENT, "nnb");
    curl.setopt(handle, OPT_PROTOCOLS, (long)PROTO_HTTP_HTTPS);
    curl.setopt(handle, OPT_REDIR_PROTOCOLS, (long)PROTO_HTTP_HTTPS);
    curl.setopt(handle, OPT_FOLLOWLOCATION, 1L);
    curl.setopt(handle, OPT_MAXREDIRS, 5L);
    curl.setopt(handle, OPT_FAILONERROR, 1L);
    curl.setopt(handle, OPT_NOSIGNAL, 1L);
    curl.setopt(handle, OPT_CONNECTTIMEOUT, 20L);
    curl.setopt(handle, OPT_LOW_SPEED_LIMIT, 100L);
    curl.setopt(handle, OPT_LOW_SPEED_TIME, 30L);
    curl.setopt(handle, OPT_TIMEOUT, 1800L);
    curl.setopt(handle, OPT_MAXFILESIZE_LARGE, limit);
    curl.setopt(handle, OPT_ERRORBUFFER, message);
    curl.setopt(handle, OPT_WRITEFUNCTION, on_bytes);
    curl.setopt(handle, OPT_WRITEDATA, &transfer);
    curl.setopt(handle, OPT_NOPROGRESS, 0L);
    curl.setopt(handle, OPT_XFERINFOFUNCTION, on_progress);
    curl.setopt(handle, OPT_XFERINFODATA, &transfer);
    int code = curl.perform(handle);
    if (code != 0 && message[0] == 0) snprintf(message, NNB_FETCH_MESSAGE, "%s", curl.strerror(code));
    curl.cleanup(handle);
    if (code == 0) return NNB_FETCH_DONE;
    if (transfer.too_large) {
        snprintf(message, NNB_FETCH_MESSAGE, "it is larger than %lld bytes", (long long)limit);
        return NNB_FETCH_FAILED;
    }
    return code == E_WRITE_ERROR || code == E_ABORTED_BY_CALLBACK ? NNB_FETCH_STOPPED : NNB_FETCH_FAILED;
}
