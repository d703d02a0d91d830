/// One call that fetches a file over HTTP(S) with libcurl. The library is loaded when the first fetch needs it, so that
/// starting costs nothing and a machine without it can do all else.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Takes the bytes as they come; anything but 0 stops the fetch.
typedef int (*nnb_fetch_sink)(const void *bytes, size_t count, void *context);
/// Told now and then how many bytes have come, of how many (0 if unknown); anything but 0 stops the fetch.
typedef int (*nnb_fetch_watch)(int64_t done, int64_t total, void *context);

enum {
    NNB_FETCH_DONE = 0,
    /// libcurl is not installed; `message` says what was looked for.
    NNB_FETCH_NO_LIBRARY = 1,
    /// Network, server or size: `message` says what.
    NNB_FETCH_FAILED = 2,
    /// The sink or the watch stopped it.
    NNB_FETCH_STOPPED = 3,
};
enum { NNB_FETCH_MESSAGE = 256 };

/// Fetches `url` (http or https, redirects followed), at most `limit` bytes, giving up after 20 s without a connection
/// or 30 s at less than 100 bytes a second. `message` holds NNB_FETCH_MESSAGE bytes.
int nnb_fetch(
    const char *url, int64_t limit, nnb_fetch_sink sink, nnb_fetch_watch watch, void *context, char *message);
