/// The loops of training, for float32 and float64 and for each instruction set, behind one table a type. Matrices are
/// row-major; `stride` is the distance of two rows in elements. Every element is computed by itself in a fixed order,
/// so a result does not depend on how the work was cut into pieces; only products of matrices contract a multiplication
/// and a sum, so nothing else depends on the instruction set. NaN stays NaN.
#pragma once
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Formulas with their parameter p stand in Sources/Neural/Activations.
enum {
    NNB_F_IDENTITY, NNB_F_SIGN, NNB_F_STEP, NNB_F_SIGMOID, NNB_F_TANH, NNB_F_RELU, NNB_F_LEAKY_RELU, NNB_F_ELU, NNB_F_SELU,
    NNB_F_SOFTSIGN, NNB_F_SOFTPLUS, NNB_F_SOFTMAX, NNB_F_EXP, NNB_F_GELU, NNB_F_GELU_TANH, NNB_F_HARD_SIGMOID,
    NNB_F_HARD_SWISH, NNB_F_HARD_TANH, NNB_F_MISH, NNB_F_RELU6, NNB_F_RRELU, NNB_F_SIN, NNB_F_SINC, NNB_F_SOFT_EXPONENTIAL,
    NNB_F_SWISH
};
/// Formulas stand in Sources/Neural/Losses.
enum {
    NNB_LOSS_SQUARED, NNB_LOSS_ABSOLUTE, NNB_LOSS_BINARY_CROSSENTROPY, NNB_LOSS_CROSSENTROPY, NNB_LOSS_HINGE,
    NNB_LOSS_HUBER, NNB_LOSS_KL, NNB_LOSS_PERCEPTRON, NNB_LOSS_ZERO_ONE
};
/// Where rows are gathered from.
enum { NNB_FROM_FLOAT64, NNB_FROM_FLOAT32, NNB_FROM_BYTES };

/// Constants of one optimizer step; what each means stands at its kernel.
typedef struct {
    double rate, momentum, decay, scale, inside, outside, extra;
    int32_t nesterov;
} nnb_step;

typedef struct {
    /// Bytes of an element.
    ptrdiff_t size;

    /// c[m, n] = op(a) op(b), or c += op(a) op(b) where `adds` is 1. For small products. Each element is summed from first
    /// to last.
    void (*product)(
        int32_t transpose_a, int32_t transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *a, ptrdiff_t lda,
        const void *b, ptrdiff_t ldb, void *c, ptrdiff_t ldc, int32_t adds);

    /// c[m, n] = op(a) b, summed in the same way, where many of the columns in which a is stored are 0 in every row: these
    /// are left out. 1; or 0, and nothing is done, where a is not like that.
    int32_t (*product_of_used)(
        int32_t transpose_a, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *a, ptrdiff_t lda, const void *b,
        ptrdiff_t ldb, void *c, ptrdiff_t ldc);

    /// z becomes f(z + bias), bias one number a column or none.
    void (*activate)(
        int32_t code, double p, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, const void *_Nullable bias, void *z);
    /// d becomes d f'(z), given y = f(z). Softmax takes whole rows.
    void (*slope)(
        int32_t code, double p, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, const void *y, void *d);

    /// As `activate`, for what `slope` cannot know from the output: slopes, laid out like z, becomes f'(z + bias), `zero`
    /// being the derivative at a kink. A random parameter lies between p and q and is drawn from the key and the
    /// element's number, which counts from `first`.
    void (*keep)(
        int32_t code, double p, double q, double zero, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride,
        const void *_Nullable bias, void *z, void *slopes, uint64_t key, ptrdiff_t first);
    /// d becomes d s, element by element.
    void (*multiply)(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, const void *s, void *d);
    /// y = z where z >= 0, else a z with a number a for each column.
    void (*prelu)(ptrdiff_t rows, ptrdiff_t columns, const void *a, const void *z, void *y);
    /// dx = d f'(z) for it, where `zero` is taken at 0 (the column's a if that is NaN).
    void (*prelu_back)(
        ptrdiff_t rows, ptrdiff_t columns, double zero, const void *a, const void *z, const void *d, void *dx);
    /// da[c] += the sum over the rows of d z where z < 0.
    void (*prelu_train)(ptrdiff_t rows, ptrdiff_t columns, const void *z, const void *d, void *da);

    /// row_losses[r] = the sum over the row of the loss of output y against target t, unscaled; d, unless none, its
    /// derivative by y times scale. p is the loss's parameter, where it has one.
    void (*loss)(
        int32_t code, double p, ptrdiff_t rows, ptrdiff_t columns, const void *y, const void *t, double scale,
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
    /// y = the sum of the pieces, in their order, each of so many rows and so far from the one before, and the bias.
    void (*add_pieces)(
        ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t pieces, ptrdiff_t distance, const void *x, const void *_Nullable bias,
        void *y);

    /// sums[c] = the sum over the rows.
    void (*column_sums)(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, const void *d, void *sums);

    /// out[r] = the row of the source that index[r] names, as this type: `width` numbers of rows that are `stride` apart
    /// in the source and `out_stride` in out.
    void (*gather)(
        int32_t from, ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride, const int32_t *index, const void *source,
        void *out, ptrdiff_t out_stride);

    // The optimizers' steps: the rows of x and of the averages are `stride` apart, those of g `g_stride`.

    /// x -= rate g
    void (*sgd)(
        ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, nnb_step, void *x, const void *g, ptrdiff_t g_stride, void *,
        void *);
    /// p = g + momentum p; x -= rate p, or with nesterov 1 x -= rate (g + momentum p); with nesterov 2
    /// p = momentum p - rate g; x += p, with 3 x += momentum p - rate g
    void (*momentum)(
        ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, nnb_step, void *x, const void *g, ptrdiff_t g_stride,
        void *p, void *);
    /// p' = g + momentum p; x += inside p - (rate + outside) p'; p = p': x is the point looked ahead to.
    void (*nag)(
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
    /// x -= extra x, then as adam
    void (*adamw)(
        ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, nnb_step, void *x, const void *g, ptrdiff_t g_stride,
        void *v, void *s);
    /// v and s as in adam; x -= (rate v + extra g) / (scale sqrt(s) + outside)
    void (*nadam)(
        ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, nnb_step, void *x, const void *g, ptrdiff_t g_stride,
        void *v, void *s);
    /// s = decay s + (1 - decay) g^2; u = g sqrt(e + inside) / sqrt(s + inside); e = decay e + (1 - decay) u^2; x -= rate u
    void (*adadelta)(
        ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, nnb_step, void *x, const void *g, ptrdiff_t g_stride,
        void *s, void *e);
    /// h *= decay where g last > 0, h *= momentum and g = 0 where g last < 0, h between inside and outside; x -= h sign g;
    /// last = g
    void (*rprop)(
        ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, nnb_step, void *x, const void *g, ptrdiff_t g_stride,
        void *last, void *h);

    // What stands between a gradient and the step.

    /// g += l1 sign(x) + 2 l2 x, sign(0) being 0; gives the sum of l1 |x| + l2 x^2.
    double (*penalty)(ptrdiff_t count, double l1, double l2, const void *x, void *_Nullable g);
    /// g becomes g kept between -limit and limit.
    void (*clip)(ptrdiff_t count, double limit, void *g);
    /// g becomes factor g.
    void (*scale)(ptrdiff_t count, double factor, void *g);
    /// The sum of the squares.
    double (*squares)(ptrdiff_t count, const void *g);
} nnb_training;

/// Asks for what will be read soon.
static inline void nnb_fetch(const void *address) { __builtin_prefetch(address); }

/// The loops for float64 (1) or float32 (0) that suit this processor.
const nnb_training *nnb_training_loops(int32_t is_double);

#pragma clang assume_nonnull end
