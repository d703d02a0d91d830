/// The loops of convolution and pooling, for float32 and float64 and for each instruction set, behind one table a type. An
/// image is [height, width, channels], row-major. NaN stays NaN.
#pragma once
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Windows on an image: height x width at steps of `down` and `across`, the first beginning `top` and `left` outside of
/// it. What lies outside does not count.
typedef struct {
    ptrdiff_t rows, columns, channels;
    ptrdiff_t height, width, down, across, top, left;
    ptrdiff_t out_rows, out_columns;
} nnb_windows;

typedef struct {
    /// y = the greatest of each window, a channel by itself; `chosen`, unless none, which place of the window it is.
    void (*largest)(nnb_windows, const void *x, void *y, int32_t *_Nullable chosen);
    /// dx, which is 0 or holds a sum, gets dy at the chosen places.
    void (*largest_back)(nnb_windows, const void *dy, const int32_t *chosen, void *dx);
    /// y = the mean of each window.
    void (*mean)(nnb_windows, const void *x, void *y);
    void (*mean_back)(nnb_windows, const void *dy, void *dx);
    /// windows[i][s][r] = image[rows_at[i] + starts[s] + r], `runs` runs of `length` numbers in each of m windows.
    void (*take_windows)(
        ptrdiff_t m, const int32_t *rows_at, ptrdiff_t runs, const int32_t *starts, ptrdiff_t length, const void *image,
        void *windows);
    /// image[rows_at[i] + starts[s] + r] += windows[i][s][r]
    void (*add_windows)(
        ptrdiff_t m, const int32_t *rows_at, ptrdiff_t runs, const int32_t *starts, ptrdiff_t length, const void *windows,
        void *image);
} nnb_images;

/// The loops for float64 (1) or float32 (0) that suit this processor.
const nnb_images *nnb_image_loops(int32_t is_double);

#pragma clang assume_nonnull end
