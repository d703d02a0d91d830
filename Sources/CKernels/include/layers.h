/// The loops of recurrent, normalizing, attending and random layers, for float32 and float64 and for each instruction
/// set, behind one table a type. Matrices are row-major; a stride is the distance of two rows in elements. As in
/// training.h each element is computed by itself in a fixed order, and NaN stays NaN. The formulas stand at the layers
/// in Sources/Neural/Layers.
#pragma once
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct {
    // Recurrent layers. Rows are samples, and a call makes one step of time. Where `mask` is given and not 0 for a row,
    // the step is left out for it: the state stays, and the output of the step, where there is one, is 0.

    /// z[rows, 4 units] holds the sums of i, f, g, o and becomes their values; the cell and the state of the step come
    /// from those of the one before. y, unless none, gets the state too.
    void (*lstm_forward)(
        ptrdiff_t rows, ptrdiff_t units, const uint8_t *_Nullable mask, void *z, const void *cell_before, void *cell,
        const void *state_before, void *state, ptrdiff_t state_stride, void *_Nullable y, ptrdiff_t y_stride);
    /// The gates become the gradient by their sums, given dh, that by the state of this step, to which dy, unless none,
    /// is added; dc goes from this step to the one before; dh becomes what reaches the state before without a product.
    void (*lstm_backward)(
        ptrdiff_t rows, ptrdiff_t units, const uint8_t *_Nullable mask, void *gates, const void *cell_before,
        const void *cell, void *dh, void *dc, const void *_Nullable dy, ptrdiff_t dy_stride);

    /// a[rows, 3 units] holds the sums of z, r, n by the input and becomes their values, b those by the state and stays.
    void (*gru_forward)(
        ptrdiff_t rows, ptrdiff_t units, const uint8_t *_Nullable mask, void *a, const void *b, const void *state_before,
        void *state, ptrdiff_t state_stride, void *_Nullable y, ptrdiff_t y_stride);
    /// a and b become the gradients by their sums; dh as with the lstm.
    void (*gru_backward)(
        ptrdiff_t rows, ptrdiff_t units, const uint8_t *_Nullable mask, void *a, void *b, const void *state_before,
        ptrdiff_t state_stride, void *dh, const void *_Nullable dy, ptrdiff_t dy_stride);

    // The gru whose reset gate stands before the product, in two halves each way.

    /// The first two thirds of a, with those of b added, become z and r; reset = r state_before.
    void (*gru_gates)(
        ptrdiff_t rows, ptrdiff_t units, void *a, const void *b, const void *state_before, ptrdiff_t state_stride,
        void *reset);
    /// The last third of a, with that of b added, becomes n, and the state follows.
    void (*gru_state)(
        ptrdiff_t rows, ptrdiff_t units, const uint8_t *_Nullable mask, void *a, const void *b, const void *state_before,
        void *state, ptrdiff_t state_stride, void *_Nullable y, ptrdiff_t y_stride);
    /// The gradients by the sums of z and n take their places in b, a stays; dh as above.
    void (*gru_state_backward)(
        ptrdiff_t rows, ptrdiff_t units, const uint8_t *_Nullable mask, const void *a, void *b, const void *state_before,
        ptrdiff_t state_stride, void *dh, const void *_Nullable dy, ptrdiff_t dy_stride);
    /// Given d, the gradient by r state_before: that by the sum of r takes its place in b; r d is added to dh. Where the
    /// step is left out for a row d is 0.
    void (*gru_gates_backward)(
        ptrdiff_t rows, ptrdiff_t units, const void *a, void *b, const void *state_before, ptrdiff_t state_stride,
        const void *d, void *dh);

    /// state becomes state_before where the step is left out; y, unless none, gets the state, or 0 there.
    void (*keep)(
        ptrdiff_t rows, ptrdiff_t units, const uint8_t *_Nullable mask, const void *state_before, void *state,
        ptrdiff_t state_stride, void *_Nullable y, ptrdiff_t y_stride);
    /// d = dh + dy, and dh becomes 0; where the step is left out d is 0 and dh stays.
    void (*pass)(
        ptrdiff_t rows, ptrdiff_t units, const uint8_t *_Nullable mask, void *dh, const void *_Nullable dy,
        ptrdiff_t dy_stride, void *d);
    /// to[r] = from[r], and to[r][one] = 1 unless `one` is negative.
    void (*copy)(
        ptrdiff_t rows, ptrdiff_t columns, const void *from, ptrdiff_t from_stride, void *to, ptrdiff_t to_stride,
        ptrdiff_t one);
    /// to[columns, rows] = the transpose of from[rows, columns], rows one after the other in both.
    void (*transpose)(ptrdiff_t rows, ptrdiff_t columns, const void *from, void *to);
    /// x[r] = 0
    void (*clear)(ptrdiff_t rows, ptrdiff_t columns, void *x, ptrdiff_t stride);
    /// mask[r] = 1 where all the numbers of the row are `value`, else 0.
    void (*mark)(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, double value, const void *x, uint8_t *mask);

    // Attention: one head of one sample.

    /// p[steps, steps] = the softmax of each row of scale q kT, o = p v. With `causal` a row sees itself and those before
    /// it; `mask` leaves out columns. A row that sees nothing is 0. scratch holds steps * width.
    void (*attention_forward)(
        ptrdiff_t steps, ptrdiff_t width, int32_t causal, double scale, const uint8_t *_Nullable mask, const void *q,
        const void *k, const void *v, ptrdiff_t stride, void *p, void *o, void *scratch);
    /// The gradients by q, k and v, given that by o. scratch holds steps * (steps + width).
    void (*attention_backward)(
        ptrdiff_t steps, ptrdiff_t width, double scale, const void *q, const void *k, const void *v, const void *p,
        const void *d_o, void *dq, void *dk, void *dv, ptrdiff_t stride, void *scratch);

    // Normalization.

    /// Each row by itself: normal = (x - mean) / sqrt(variance + epsilon), y = gamma normal + beta; roots[r] = that root's
    /// inverse.
    void (*layernorm_forward)(
        ptrdiff_t rows, ptrdiff_t columns, double epsilon, const void *_Nullable gamma, const void *_Nullable beta,
        const void *x, void *normal, void *roots, void *y);
    void (*layernorm_backward)(
        ptrdiff_t rows, ptrdiff_t columns, const void *_Nullable gamma, const void *normal, const void *roots,
        const void *dy, void *dx);
    /// The means and the variances (by n) of the columns.
    void (*moments)(
        ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, const void *x, double *means, double *variances);
    /// y = (x - means) roots gamma + beta, one number of each a column.
    void (*normalize)(
        ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, const void *x, const double *means, const double *roots,
        const void *_Nullable gamma, const void *_Nullable beta, void *_Nullable normal, void *y);
    /// sums[c] = the sum over the rows of d, products[c] that of d normal.
    void (*gradient_sums)(
        ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, const void *d, const void *normal, void *sums, void *products);
    /// dx = gamma roots (dy - share (sums + normal products)), share being 1 / rows, or 0 where the means are not those of x.
    void (*batchnorm_backward)(
        ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, double share, const double *roots, const void *_Nullable gamma, const void *normal,
        const void *sums, const void *products, const void *dy, void *dx);

    // The rest.

    /// y = x / (1 - rate), or 0 with probability `rate`, drawn from the key, the row's number and the column's.
    void (*dropout)(
        ptrdiff_t rows, ptrdiff_t columns, int64_t first_row, uint64_t key, double rate, const void *x, void *y);
    /// Each row of y is the row of the table[count, width] that the number in ids names; 0 for `padding` (unless it is
    /// negative), NaN where there is no such row.
    void (*lookup)(
        ptrdiff_t rows, ptrdiff_t width, ptrdiff_t count, ptrdiff_t padding, const void *ids, const void *table, void *y);
    /// g[count, width] = the sums of the rows of d whose numbers in ids are first + 0 ..< count.
    void (*lookup_gradient)(
        ptrdiff_t rows, ptrdiff_t width, ptrdiff_t first, ptrdiff_t count, ptrdiff_t padding, const void *ids,
        const void *d, void *g);
    /// y += x
    void (*add)(ptrdiff_t count, const void *x, void *y);
    /// y[r] = x[r] + table, one row for all.
    void (*add_row)(ptrdiff_t rows, ptrdiff_t columns, const void *x, const void *table, void *y);
} nnb_layers;

/// The loops for float64 (1) or float32 (0) that suit this processor.
const nnb_layers *nnb_layer_loops(int32_t is_double);

#pragma clang assume_nonnull end
