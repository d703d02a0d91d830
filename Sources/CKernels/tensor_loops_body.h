// Included once for each instruction set, with NAME(x) giving each function its suffix. No include guard.
//
// `vectorize(assume_safety)`: `out` is either apart from the operands or one of them exactly, so an element is
// read before it is written.
#pragma STDC FP_CONTRACT OFF
#define VECTOR _Pragma("clang loop vectorize(assume_safety)")

// MARK: two operands

#define BINARY_LOOPS(op, T, R, PRAGMA, expression)                                                         \
    static void NAME(op##_##T)(int form, ptrdiff_t n, const T *a, const T *b, R *out) {                    \
        if (form == NNB_BOTH_RUN) {                                                                        \
            PRAGMA for (ptrdiff_t i = 0; i < n; i++) { T x = a[i], y = b[i]; out[i] = (R)(expression); }   \
        } else if (form == NNB_LEFT_RUNS) {                                                                \
            T y = *b;                                                                                      \
            PRAGMA for (ptrdiff_t i = 0; i < n; i++) { T x = a[i]; out[i] = (R)(expression); }             \
        } else {                                                                                           \
            T x = *a;                                                                                      \
            PRAGMA for (ptrdiff_t i = 0; i < n; i++) { T y = b[i]; out[i] = (R)(expression); }             \
        }                                                                                                  \
    }

#define ARITHMETIC(T)                                                                \
    BINARY_LOOPS(add, T, T, VECTOR, x + y)                                           \
    BINARY_LOOPS(subtract, T, T, VECTOR, x - y)                                      \
    BINARY_LOOPS(multiply, T, T, VECTOR, x * y)                                      \
    BINARY_LOOPS(divide, T, T, VECTOR, x / y)                                        \
    BINARY_LOOPS(maximum, T, T, VECTOR, (x > y || x != x) ? x : y)                   \
    BINARY_LOOPS(minimum, T, T, VECTOR, (x < y || x != x) ? x : y)

#define COMPARISONS(T)                                        \
    BINARY_LOOPS(equal, T, uint8_t, VECTOR, x == y)           \
    BINARY_LOOPS(not_equal, T, uint8_t, VECTOR, x != y)       \
    BINARY_LOOPS(less, T, uint8_t, VECTOR, x < y)             \
    BINARY_LOOPS(less_equal, T, uint8_t, VECTOR, x <= y)      \
    BINARY_LOOPS(greater, T, uint8_t, VECTOR, x > y)          \
    BINARY_LOOPS(greater_equal, T, uint8_t, VECTOR, x >= y)

ARITHMETIC(double)
ARITHMETIC(float)
COMPARISONS(double)
COMPARISONS(float)
COMPARISONS(uint8_t)
BINARY_LOOPS(and, uint8_t, uint8_t, VECTOR, x & y)
BINARY_LOOPS(or, uint8_t, uint8_t, VECTOR, x | y)

// MARK: one operand

#define UNARY_LOOP(op, T, PRAGMA, expression)                                               \
    static void NAME(op##_##T)(ptrdiff_t n, const T *a, T *out) {                           \
        PRAGMA for (ptrdiff_t i = 0; i < n; i++) { T x = a[i]; out[i] = (expression); }     \
    }

#define UNARY(T)                                                        \
    UNARY_LOOP(negate, T, VECTOR, -x)                                   \
    UNARY_LOOP(abs, T, VECTOR, __builtin_elementwise_abs(x))            \
    UNARY_LOOP(sign, T, VECTOR, x >= 0 ? 1 : x < 0 ? -1 : x)            \
    UNARY_LOOP(sqrt, T, VECTOR, __builtin_elementwise_sqrt(x))          \
    UNARY_LOOP(square, T, VECTOR, x * x)                                \
    UNARY_LOOP(floor, T, VECTOR, __builtin_elementwise_floor(x))        \
    UNARY_LOOP(ceil, T, VECTOR, __builtin_elementwise_ceil(x))          \
    UNARY_LOOP(round, T, VECTOR, __builtin_elementwise_rint(x))

UNARY(double)
UNARY(float)
UNARY_LOOP(exp, double, VECTOR, exp_double(x))
UNARY_LOOP(exp, float, VECTOR, (float)exp_double((double)x))
UNARY_LOOP(tanh, double, VECTOR, tanh_double(x))
UNARY_LOOP(tanh, float, VECTOR, (float)tanh_double((double)x))
UNARY_LOOP(log, double, VECTOR, log_double(x))
UNARY_LOOP(log, float, VECTOR, (float)log_double((double)x))

// MARK: sums

// Eight running sums, added in one fixed order: one vector of AVX-512, two of AVX2, four of SSE2.
#define RUN_OF(name, T, PARAMETERS, term)                                                    \
    static double NAME(name##_run)(ptrdiff_t n, PARAMETERS) {                                \
        double lane[8] = {0};                                                                \
        ptrdiff_t i = 0;                                                                     \
        for (; i + 8 <= n; i += 8) {                                                         \
            for (int j = 0; j < 8; j++) { ptrdiff_t k = i + j; lane[j] += (term); }          \
        }                                                                                    \
        for (int j = 0; i + j < n; j++) { ptrdiff_t k = i + j; lane[j] += (term); }          \
        return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7])); \
    }

#define ONE(T) const T *a
#define TWO(T) const T *a, const T *b
#define CENTRED(T) const T *a, double centre
#define COMMA ,

RUN_OF(sum_double, double, ONE(double), a[k])
RUN_OF(sum_float, float, ONE(float), (double)a[k])
RUN_OF(sum_u8, uint8_t, ONE(uint8_t), (double)a[k])
RUN_OF(dot_double, double, TWO(double), a[k] * b[k])
RUN_OF(dot_float, float, TWO(float), (double)a[k] * (double)b[k])
RUN_OF(squares_double, double, CENTRED(double), (a[k] - centre) * (a[k] - centre))

// Halves until a run is short; the halves are multiples of 128, so the order does not depend on anything else.
#define PAIRWISE(name, PARAMETERS, FIRST, SECOND)                                            \
    static double NAME(name)(ptrdiff_t n, PARAMETERS) {                                      \
        if (n <= 256) return NAME(name##_run)(n, FIRST);                                     \
        ptrdiff_t half = (n / 2 + 127) & ~(ptrdiff_t)127;                                    \
        return NAME(name)(half, FIRST) + NAME(name)(n - half, SECOND);                       \
    }

PAIRWISE(sum_double, ONE(double), a, a + half)
PAIRWISE(sum_float, ONE(float), a, a + half)
PAIRWISE(sum_u8, ONE(uint8_t), a, a + half)
PAIRWISE(dot_double, TWO(double), a COMMA b, a + half COMMA b + half)
PAIRWISE(dot_float, TWO(float), a COMMA b, a + half COMMA b + half)
PAIRWISE(squares_double, CENTRED(double), a COMMA centre, a + half COMMA centre)

static void NAME(add_multiple_double)(ptrdiff_t n, double factor, const double *x, double *y) {
    VECTOR for (ptrdiff_t i = 0; i < n; i++) y[i] += factor * x[i];
}
static void NAME(add_multiple_float)(ptrdiff_t n, float factor, const float *x, float *y) {
    VECTOR for (ptrdiff_t i = 0; i < n; i++) y[i] += factor * x[i];
}

// MARK: conversions

#define CONVERT(name, From, To, assign)                                             \
    static void NAME(name)(ptrdiff_t n, const From *a, To *out) {                   \
        VECTOR for (ptrdiff_t i = 0; i < n; i++) out[i] assign (To)a[i];            \
    }
CONVERT(f64_from_f32, float, double, =)
CONVERT(f64_from_u8, uint8_t, double, =)
CONVERT(f32_from_f64, double, float, =)
CONVERT(f32_from_u8, uint8_t, float, =)
CONVERT(accumulate_f32, float, double, +=)
CONVERT(accumulate_u8, uint8_t, double, +=)

// MARK: the table

static const tensor_loops NAME(loops) = {
    .binary_f64 = {NAME(add_double), NAME(subtract_double), NAME(multiply_double), NAME(divide_double),
                   NAME(maximum_double), NAME(minimum_double)},
    .binary_f32 = {NAME(add_float), NAME(subtract_float), NAME(multiply_float), NAME(divide_float),
                   NAME(maximum_float), NAME(minimum_float)},
    .compare_f64 = {NAME(equal_double), NAME(not_equal_double), NAME(less_double), NAME(less_equal_double),
                    NAME(greater_double), NAME(greater_equal_double)},
    .compare_f32 = {NAME(equal_float), NAME(not_equal_float), NAME(less_float), NAME(less_equal_float),
                    NAME(greater_float), NAME(greater_equal_float)},
    .compare_u8 = {NAME(equal_uint8_t), NAME(not_equal_uint8_t), NAME(less_uint8_t), NAME(less_equal_uint8_t),
                   NAME(greater_uint8_t), NAME(greater_equal_uint8_t), NAME(and_uint8_t), NAME(or_uint8_t)},
    .unary_f64 = {NAME(negate_double), NAME(abs_double), NAME(sign_double), NAME(sqrt_double), NAME(square_double),
                  NAME(floor_double), NAME(ceil_double), NAME(round_double), NAME(exp_double), NAME(tanh_double),
                  NAME(log_double)},
    .unary_f32 = {NAME(negate_float), NAME(abs_float), NAME(sign_float), NAME(sqrt_float), NAME(square_float),
                  NAME(floor_float), NAME(ceil_float), NAME(round_float), NAME(exp_float), NAME(tanh_float),
                  NAME(log_float)},
    .sum_f64 = NAME(sum_double), .sum_f32 = NAME(sum_float), .sum_u8 = NAME(sum_u8),
    .dot_f64 = NAME(dot_double), .dot_f32 = NAME(dot_float), .sum_squares_f64 = NAME(squares_double),
    .add_multiple_f64 = NAME(add_multiple_double), .add_multiple_f32 = NAME(add_multiple_float),
    .accumulate_f32 = NAME(accumulate_f32), .accumulate_u8 = NAME(accumulate_u8),
    .f64_from_f32 = NAME(f64_from_f32), .f64_from_u8 = NAME(f64_from_u8),
    .f32_from_f64 = NAME(f32_from_f64), .f32_from_u8 = NAME(f32_from_u8),
};

#undef VECTOR
#undef BINARY_LOOPS
#undef ARITHMETIC
#undef COMPARISONS
#undef UNARY_LOOP
#undef UNARY
#undef RUN_OF
#undef ONE
#undef TWO
#undef CENTRED
#undef COMMA
#undef PAIRWISE
#undef CONVERT
