// Small products of matrices for one type (REAL) and one instruction set (SET). Included by training.c only.
//
// c[m, n] = op(a) op(b), by tiles of four rows and two vectors of columns, whose sums stay in
// registers. Every element is summed
// over the inner dimension from first to last by itself, whatever the other rows and columns are: so a row of a batch comes
// out the same in any batch, and a product may be cut into pieces of rows or columns at will. Blocks of the inner dimension
// go through c, which rounds nothing.
//
// b is read where it lies if its rows are whole vectors; else (transposed, or at the right edge) a block of it is copied
// to a small space first.

enum { NAME(lanes) = VECTOR_BYTES / sizeof(REAL), NAME(depth) = 128 };
typedef REAL NAME(vector) __attribute__((ext_vector_type(VECTOR_BYTES / sizeof(REAL)), aligned(sizeof(REAL))));

INLINE void NAME(tile)(
    const int rows, const int vectors, ptrdiff_t k, const REAL *a, ptrdiff_t down, ptrdiff_t across, const REAL *b,
    ptrdiff_t ldb, REAL *c, ptrdiff_t ldc, int adds) {
    NAME(vector) sum[8][VECTORS];
    const int lanes = NAME(lanes);
    if (adds)
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < vectors; j++) sum[i][j] = *(const NAME(vector) *)(c + i * ldc + j * lanes);
    else
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < vectors; j++) sum[i][j] = (NAME(vector))((REAL)0);
    for (ptrdiff_t l = 0; l < k; l++) {
        NAME(vector) row[VECTORS];
        for (int j = 0; j < vectors; j++) row[j] = *(const NAME(vector) *)(b + l * ldb + j * lanes);
        for (int i = 0; i < rows; i++) {
            NAME(vector) factor = (NAME(vector))(a[i * down + l * across]);
            for (int j = 0; j < vectors; j++) sum[i][j] = MULTIPLY_ADD(factor, row[j], sum[i][j]);
        }
    }
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < vectors; j++) *(NAME(vector) *)(c + i * ldc + j * lanes) = sum[i][j];
}

#define PANEL(vectors, most)                                                                                     \
    static void NAME(panel##vectors)(                                                                            \
        ptrdiff_t m, ptrdiff_t k, const REAL *a, ptrdiff_t down, ptrdiff_t across, const REAL *b, ptrdiff_t ldb, \
        REAL *c, ptrdiff_t ldc, int adds) {                                                                      \
        ptrdiff_t i = 0;                                                                                         \
        for (; i + most <= m; i += most)                                                                         \
            NAME(tile)(most, vectors, k, a + i * down, down, across, b, ldb, c + i * ldc, ldc, adds);            \
        for (; i < m; i++) NAME(tile)(1, vectors, k, a + i * down, down, across, b, ldb, c + i * ldc, ldc, adds); \
    }
PANEL(2, 4)
PANEL(1, 8)
#undef PANEL

// A block of op(b), `columns` wide, as rows of `width`, the rest 0.
static void NAME(pack)(
    ptrdiff_t k, ptrdiff_t columns, ptrdiff_t width, const REAL *b, ptrdiff_t ldb, int transposed, REAL *out) {
    if (!transposed) {
        // Where a whole vector can be read without leaving b, what follows the row is read with it: nobody uses it.
        ptrdiff_t l = 0, whole = ldb > 0 ? k - (width - columns + ldb - 1) / ldb : 0;
        if (width == NAME(lanes))
            for (; l < whole; l++, out += width) *(NAME(vector) *)out = *(const NAME(vector) *)(b + l * ldb);
        for (; l < k; l++, out += width) {
            for (ptrdiff_t j = 0; j < columns; j++) out[j] = b[l * ldb + j];
            for (ptrdiff_t j = columns; j < width; j++) out[j] = 0;
        }
        return;
    }
    for (ptrdiff_t j = columns; j < width; j++)
        for (ptrdiff_t l = 0; l < k; l++) out[l * width + j] = 0;
    // Number by number: lanes that write to different rows are slower.
    for (ptrdiff_t j = 0; j < columns; j++) {
        _Pragma("clang loop vectorize(disable) unroll_count(8)")
        for (ptrdiff_t l = 0; l < k; l++) out[l * width + j] = b[j * ldb + l];
    }
}

static void NAME(product)(
    int32_t transpose_a, int32_t transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *a_, ptrdiff_t lda,
    const void *b_, ptrdiff_t ldb, void *c_, ptrdiff_t ldc, int32_t adds) {
    const REAL *a = a_, *b = b_;
    REAL *c = c_;
    const ptrdiff_t lanes = NAME(lanes), depth = NAME(depth);
    ptrdiff_t down = transpose_a ? 1 : lda, across = transpose_a ? lda : 1;
    // Which way is taken follows from n and k alone.
    if (n * k < 4 * lanes) {
        for (ptrdiff_t i = 0; i < m; i++)
            for (ptrdiff_t j = 0; j < n; j++) {
                REAL sum = adds ? c[i * ldc + j] : 0;
                const REAL *column = transpose_b ? b + j * ldb : b + j;
                for (ptrdiff_t l = 0; l < k; l++) sum += a[i * down + l * across] * column[l * (transpose_b ? 1 : ldb)];
                c[i * ldc + j] = sum;
            }
        return;
    }
    REAL space[NAME(depth) * VECTORS * NAME(lanes)] __attribute__((aligned(64)));
    REAL edge[16 * NAME(lanes)] __attribute__((aligned(64)));
    for (ptrdiff_t j = 0; j < n;) {
        ptrdiff_t rest = n - j, width = rest >= VECTORS * lanes ? VECTORS * lanes : lanes;
        ptrdiff_t columns = rest < width ? rest : width;
        for (ptrdiff_t l = 0; l < k; l += depth) {
            ptrdiff_t deep = k - l < depth ? k - l : depth, stride = ldb;
            int more = adds || l > 0;
            const REAL *left = a + l * across, *block = transpose_b ? b + j * ldb + l : b + l * ldb + j;
            if (transpose_b || columns < width) {
                NAME(pack)(deep, columns, width, block, ldb, transpose_b, space);
                block = space;
                stride = width;
            }
            if (width > lanes) {
                NAME(panel2)(m, deep, left, down, across, block, stride, c + j, ldc, more);
            } else if (columns == width) {
                NAME(panel1)(m, deep, left, down, across, block, stride, c + j, ldc, more);
            } else {
                for (ptrdiff_t i = 0; i < m; i += 16) {
                    ptrdiff_t rows = m - i < 16 ? m - i : 16;
                    REAL *out = c + i * ldc + j;
                    if (more)
                        for (ptrdiff_t r = 0; r < rows; r++)
                            for (ptrdiff_t q = 0; q < columns; q++) edge[r * lanes + q] = out[r * ldc + q];
                    NAME(panel1)(rows, deep, left + i * down, down, across, block, stride, edge, lanes, more);
                    for (ptrdiff_t r = 0; r < rows; r++)
                        for (ptrdiff_t q = 0; q < columns; q++) out[r * ldc + q] = edge[r * lanes + q];
                }
            }
        }
        j += columns;
    }
}
