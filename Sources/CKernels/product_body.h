// The product of matrices for one type (REAL) and one instruction set (SET). Included by training.c only.
//
// c[m, n] = op(a) op(b), by tiles of rows and of vectors of columns whose sums stay in registers. Every element is summed
// over the inner dimension from first to last by itself, whatever the other rows and columns are: so a row of a batch comes
// out the same in any batch, and a product may be cut into pieces of rows or columns at will. Blocks of the inner dimension
// go through c, which rounds nothing.
//
// b is read where it lies if its rows are whole vectors; else (transposed, or at the right edge) a block of it is copied
// to a small space first.

enum { NAME(lanes) = VECTOR_BYTES / sizeof(REAL), NAME(depth) = 128 };
typedef REAL NAME(vector) __attribute__((ext_vector_type(VECTOR_BYTES / sizeof(REAL)), aligned(sizeof(REAL))));

// The left operand: element (i, l) is a[i down + l across], or with tables a[rows_at[i] + inner_at[l]].
typedef struct {
    const REAL *a;
    ptrdiff_t down, across;
    const int32_t *rows_at, *inner_at;
} NAME(left);

INLINE void NAME(tile)(
    const int rows, const int vectors, const int by_tables, ptrdiff_t k, const REAL *a, ptrdiff_t down, ptrdiff_t across,
    const int32_t *rows_at, const int32_t *inner_at, const REAL *b, ptrdiff_t ldb, REAL *c, ptrdiff_t ldc, int adds) {
    NAME(vector) sum[8][4];
    const REAL *start[8];
    const int lanes = NAME(lanes);
    for (int i = 0; i < rows; i++) start[i] = by_tables ? a + rows_at[i] : a + i * down;
    if (adds)
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < vectors; j++) sum[i][j] = *(const NAME(vector) *)(c + i * ldc + j * lanes);
    else
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < vectors; j++) sum[i][j] = (NAME(vector))((REAL)0);
    for (ptrdiff_t l = 0; l < k; l++) {
        NAME(vector) row[4];
        ptrdiff_t place = by_tables ? inner_at[l] : l * across;
        for (int j = 0; j < vectors; j++) row[j] = *(const NAME(vector) *)(b + l * ldb + j * lanes);
        for (int i = 0; i < rows; i++) {
            NAME(vector) factor = (NAME(vector))(by_tables ? start[i][place] : a[i * down + place]);
            for (int j = 0; j < vectors; j++) sum[i][j] = MULTIPLY_ADD(factor, row[j], sum[i][j]);
        }
    }
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < vectors; j++) *(NAME(vector) *)(c + i * ldc + j * lanes) = sum[i][j];
}

#define TILE(rows, vectors, by_tables)                                                                              \
    NAME(tile)(rows, vectors, by_tables, k, by_tables ? a : a + i * down, down, across, by_tables ? rows_at + i : 0, \
               inner_at, b, ldb, c + i * ldc, ldc, adds)
#define PANEL(name, vectors, most, by_tables)                                                                       \
    static void NAME(name)(                                                                                         \
        ptrdiff_t m, ptrdiff_t k, const REAL *a, ptrdiff_t down, ptrdiff_t across, const int32_t *rows_at,          \
        const int32_t *inner_at, const REAL *b, ptrdiff_t ldb, REAL *c, ptrdiff_t ldc, int adds) {                  \
        ptrdiff_t i = 0;                                                                                            \
        for (; i + most <= m; i += most) TILE(most, vectors, by_tables);                                            \
        if (most > 4 && m - i >= 4) {                                                                               \
            TILE(4, vectors, by_tables);                                                                            \
            i += 4;                                                                                                 \
        }                                                                                                           \
        if (m - i >= 2) {                                                                                           \
            TILE(2, vectors, by_tables);                                                                            \
            i += 2;                                                                                                 \
        }                                                                                                           \
        if (m - i >= 1) TILE(1, vectors, by_tables);                                                                \
    }
#if VECTORS == 4
PANEL(panel4, 4, 6, 0)
PANEL(tables4, 4, 6, 1)
#endif
PANEL(panel2, 2, TALL, 0)
PANEL(tables2, 2, TALL, 1)
PANEL(panel1, 1, 8, 0)
PANEL(tables1, 1, 8, 1)
#undef PANEL
#undef TILE

// c[m, vectors] from the inner places l ..< l + k of the left operand.
static void NAME(panel)(
    int vectors, ptrdiff_t m, ptrdiff_t k, NAME(left) left, ptrdiff_t first, ptrdiff_t l, const REAL *b, ptrdiff_t ldb, REAL *c,
    ptrdiff_t ldc, int adds) {
    if (left.rows_at) {
        const int32_t *rows_at = left.rows_at + first, *inner_at = left.inner_at + l;
#if VECTORS == 4
        if (vectors == 4) return NAME(tables4)(m, k, left.a, 0, 0, rows_at, inner_at, b, ldb, c, ldc, adds);
#endif
        if (vectors == 2) return NAME(tables2)(m, k, left.a, 0, 0, rows_at, inner_at, b, ldb, c, ldc, adds);
        return NAME(tables1)(m, k, left.a, 0, 0, rows_at, inner_at, b, ldb, c, ldc, adds);
    }
    const REAL *a = left.a + first * left.down + l * left.across;
#if VECTORS == 4
    if (vectors == 4) return NAME(panel4)(m, k, a, left.down, left.across, 0, 0, b, ldb, c, ldc, adds);
#endif
    if (vectors == 2) return NAME(panel2)(m, k, a, left.down, left.across, 0, 0, b, ldb, c, ldc, adds);
    NAME(panel1)(m, k, a, left.down, left.across, 0, 0, b, ldb, c, ldc, adds);
}

// A block of op(b), `columns` wide, as rows of `width`, the rest 0.
static void NAME(pack)(
    ptrdiff_t k, ptrdiff_t columns, ptrdiff_t width, const REAL *b, ptrdiff_t ldb, int transposed, REAL *out) {
    if (!transposed) {
        for (ptrdiff_t l = 0; l < k; l++, out += width) {
            for (ptrdiff_t j = 0; j < columns; j++) out[j] = b[l * ldb + j];
            for (ptrdiff_t j = columns; j < width; j++) out[j] = 0;
        }
        return;
    }
    for (ptrdiff_t j = columns; j < width; j++)
        for (ptrdiff_t l = 0; l < k; l++) out[l * width + j] = 0;
    for (ptrdiff_t j = 0; j < columns; j++)
        for (ptrdiff_t l = 0; l < k; l++) out[l * width + j] = b[j * ldb + l];
}

static void NAME(multiply_blocks)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, NAME(left) left, int transpose_b, const REAL *b, ptrdiff_t ldb, REAL *c,
    ptrdiff_t ldc, int adds) {
    const ptrdiff_t lanes = NAME(lanes), depth = NAME(depth);
    REAL space[NAME(depth) * VECTORS * NAME(lanes)] __attribute__((aligned(64)));
    REAL edge[16 * NAME(lanes)] __attribute__((aligned(64)));
    if (k == 0 && !adds)
        for (ptrdiff_t i = 0; i < m; i++)
            for (ptrdiff_t j = 0; j < n; j++) c[i * ldc + j] = 0;
    for (ptrdiff_t j = 0; j < n;) {
        ptrdiff_t rest = n - j;
        int vectors = rest >= VECTORS * lanes ? VECTORS : rest >= 2 * lanes ? 2 : 1;
        ptrdiff_t width = vectors * lanes, columns = rest < width ? rest : width;
        for (ptrdiff_t l = 0; l < k; l += depth) {
            ptrdiff_t deep = k - l < depth ? k - l : depth;
            int more = adds || l > 0;
            const REAL *block = transpose_b ? b + j * ldb + l : b + l * ldb + j;
            ptrdiff_t stride = ldb;
            if (transpose_b || columns < width) {
                NAME(pack)(deep, columns, width, block, ldb, transpose_b, space);
                block = space;
                stride = width;
            }
            if (columns == width) {
                NAME(panel)(vectors, m, deep, left, 0, l, block, stride, c + j, ldc, more);
            } else {
                for (ptrdiff_t i = 0; i < m; i += 16) {
                    ptrdiff_t rows = m - i < 16 ? m - i : 16;
                    REAL *out = c + i * ldc + j;
                    if (more)
                        for (ptrdiff_t r = 0; r < rows; r++)
                            for (ptrdiff_t q = 0; q < columns; q++) edge[r * lanes + q] = out[r * ldc + q];
                    NAME(panel)(1, rows, deep, left, i, l, block, stride, edge, lanes, more);
                    for (ptrdiff_t r = 0; r < rows; r++)
                        for (ptrdiff_t q = 0; q < columns; q++) out[r * ldc + q] = edge[r * lanes + q];
                }
            }
        }
        j += columns;
    }
}

static void NAME(product)(
    int32_t transpose_a, int32_t transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *a_, ptrdiff_t lda,
    const void *b_, ptrdiff_t ldb, void *c_, ptrdiff_t ldc, int32_t adds) {
    const REAL *a = a_, *b = b_;
    REAL *c = c_;
    ptrdiff_t down = transpose_a ? 1 : lda, across = transpose_a ? lda : 1;
    // Which way is taken follows from n and k alone.
    if (n * k < 4 * (ptrdiff_t)NAME(lanes)) {
        for (ptrdiff_t i = 0; i < m; i++)
            for (ptrdiff_t j = 0; j < n; j++) {
                REAL sum = adds ? c[i * ldc + j] : 0;
                const REAL *column = transpose_b ? b + j * ldb : b + j;
                for (ptrdiff_t l = 0; l < k; l++) sum += a[i * down + l * across] * column[l * (transpose_b ? 1 : ldb)];
                c[i * ldc + j] = sum;
            }
        return;
    }
    NAME(left) left = {a, down, across, 0, 0};
    NAME(multiply_blocks)(m, n, k, left, transpose_b, b, ldb, c, ldc, adds);
}

static void NAME(window_product)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *a, const int32_t *rows_at, const int32_t *inner_at, const void *b,
    ptrdiff_t ldb, void *c, ptrdiff_t ldc, int32_t adds) {
    NAME(left) left = {a, 0, 0, rows_at, inner_at};
    NAME(multiply_blocks)(m, n, k, left, 0, b, ldb, c, ldc, adds);
}
