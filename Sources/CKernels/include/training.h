/// The loops of training, for float32 and float64 and for each instruction set, behind one table a type. Matrices are
/// row-major; `stride` is the distance of two rows in elements. Every element is computed by itself in a fixed order,
/// so a result does not depend on how the work was cut into pieces; no step contracts a product and a sum, so it does
/// not depend on the instruction set either. NaN stays NaN.
#pragma once
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Formulas with their parameter p stand in Sources/Neural/Activations.
enum {
    NNB_F_IDENTITY, NNB_F_SIGN, NNB_F_STEP, NNB_F_SIGMOID, NNB_F_TANH, NNB_F_RELU, NNB_F_LEAKY_RELU, NNB_F_ELU, NNB_F_SELU,
    NNB_F_SOFTSIGN, NNB_F_SOFTPLUS, NNB_F_SOFTMAX
};
/// Formulas stand in Sources/Neural/Losses.
enum { NNB_LOSS_SQUARED, NNB_LOSS_ABSOLUTE, NNB_LOSS_BINARY_CROSSENTROPY, NNB_LOSS_CROSSENTROPY };
/// Where rows are gathered from.
enum { NNB_FROM_FLOAT64, NNB_FROM_FLOAT32, NNB_FROM_BYTES };

/// Constants of one optimizer step; what each means stands at its kernel.
typedef struct {
    double rate, momentum, decay, scale, inside, outside;
    int32_t nesterov;
} nnb_step;

typedef struct {
    /// Bytes of an element.
    ptrdiff_t size;

    /// c[m, n] = op(a) op(b) in plain loops, for products too small for a library's call.
    void (*product)(
        int32_t transpose_a, int32_t transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *a, ptrdiff_t lda,
        const void *b, ptrdiff_t ldb, void *c, ptrdiff_t ldc);

    /// z becomes f(z + bias), bias one number a column or none.
    void (*activate)(
        int32_t code, double p, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, const void *_Nullable bias, void *z);
    /// d becomes d f'(z), given y = f(z). Softmax takes whole rows.
    void (*slope)(
        int32_t code, double p, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, const void *y, void *d);

    /// row_losses[r] = the sum over the row of the loss of output y against target t, unscaled; d, unless none, its
    /// derivative by y times scale.
    void (*loss)(
        int32_t code, ptrdiff_t rows, ptrdiff_t columns, const void *y, const void *t, double scale,
        void *_Nullable d, double *row_losses);
    /// z becomes softmax(z); the loss is the cross-entropy; d its derivative by z times scale.
    void (*softmax_crossentropy)(
        ptrdiff_t rows, ptrdiff_t columns, void *z, const void *t, double scale, void *_Nullable d, double *row_losses);
    /// z becomes 1 / (1 + exp(-p z)); the loss is the binary cross-entropy; d its derivative by z times scale.
    void (*sigmoid_crossentropy)(
        double p, ptrdiff_t rows, ptrdiff_t columns, void *z, const void *t, double scale, void *_Nullable d,
        double *row_losses);

    /// y += x
    void (*add)(ptrdiff_t count, const void *x, void *y);

    /// sums[c] = the sum over the rows.
    void (*column_sums)(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, const void *d, void *sums);

    /// out[r] = the row of the source that index[r] names, as this type.
    void (*gather)(
        int32_t from, ptrdiff_t rows, ptrdiff_t width, const int32_t *index, const void *source, void *out);

    // The optimizers' steps: the rows of x and of the averages are `stride` apart, those of g `g_stride`.

    /// x -= rate g
    void (*sgd)(
        ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, nnb_step, void *x, const void *g, ptrdiff_t g_stride, void *,
        void *);
    /// p = g + momentum p; x -= rate p, or with nesterov x -= rate (g + momentum p)
    void (*momentum)(
        ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, nnb_step, void *x, const void *g, ptrdiff_t g_stride,
        void *p, void *);
    /// s += g^2; x -= rate g / (sqrt(s + inside) + outside)
    void (*adagrad)(
        ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, nnb_step, void *x, const void *g, ptrdiff_t g_stride,
        void *s, void *);
    /// s = decay s + (1 - decay) g^2; x -= rate g / (sqrt(s + inside) + outside)
    void (*rmsprop)(
        ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, nnb_step, void *x, const void *g, ptrdiff_t g_stride,
        void *s, void *);
    /// v = momentum v + (1 - momentum) g; s = decay s + (1 - decay) g^2; x -= rate v / (scale sqrt(s) + outside)
    void (*adam)(
        ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, nnb_step, void *x, const void *g, ptrdiff_t g_stride,
        void *v, void *s);
} nnb_training;

/// The loops for float64 (1) or float32 (0) that suit this processor.
const nnb_training *nnb_training_loops(int32_t is_double);

#pragma clang assume_nonnull end
