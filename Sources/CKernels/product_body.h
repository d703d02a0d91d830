// Small products of matrices for one type (REAL) and one instruction set (SET). Included by training.c only.
//
// c[m, n] = op(a) op(b), by tiles of a few rows and two vectors of columns, whose sums stay in registers. Every element is
// summed over the inner dimension from first to last by itself, whatever the other rows and columns are: so a row of a
// batch comes out the same in any batch, and a product may be cut into pieces of rows or columns at will. Blocks of the
// inner dimension go through c, which rounds nothing.
//
// b is read where it lies if its rows are whole vectors; else (transposed, or at the right edge) a block of it is copied
// to a small space first.

enum { NAME(lanes) = VECTOR_BYTES / sizeof(REAL), NAME(depth) = 128, NAME(rows) = VECTOR_BYTES == 64 ? 8 : 4 };
typedef REAL NAME(vector) __attribute__((ext_vector_type(VECTOR_BYTES / sizeof(REAL)), aligned(sizeof(REAL))));

// Where there is a list, `lines` names the rows that are meant, and `inner` the places of the inner dimension.
INLINE void NAME(tile)(
    const int rows, const int vectors, ptrdiff_t k, const REAL *a, ptrdiff_t down, ptrdiff_t across, const REAL *b,
    ptrdiff_t ldb, REAL *c, ptrdiff_t ldc, int adds, const int32_t *lines, const int32_t *inner) {
    NAME(vector) sum[8][VECTORS];
    const REAL *left[8];
    REAL *out[8];
    const int lanes = NAME(lanes);
    for (int i = 0; i < rows; i++) {
        ptrdiff_t line = lines ? lines[i] : i;
        left[i] = a + line * down;
        out[i] = c + line * ldc;
    }
    if (adds)
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < vectors; j++) sum[i][j] = *(const NAME(vector) *)(out[i] + j * lanes);
    else
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < vectors; j++) sum[i][j] = (NAME(vector))((REAL)0);
    for (ptrdiff_t place = 0; place < k; place++) {
        ptrdiff_t l = inner ? inner[place] : place;
        NAME(vector) row[VECTORS];
        for (int j = 0; j < vectors; j++) row[j] = *(const NAME(vector) *)(b + l * ldb + j * lanes);
        for (int i = 0; i < rows; i++) {
            NAME(vector) factor = (NAME(vector))(left[i][l * across]);
            for (int j = 0; j < vectors; j++) sum[i][j] = MULTIPLY_ADD(factor, row[j], sum[i][j]);
        }
    }
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < vectors; j++) *(NAME(vector) *)(out[i] + j * lanes) = sum[i][j];
}

#define PANEL(vectors, most)                                                                                     \
    static void NAME(panel##vectors)(                                                                            \
        ptrdiff_t m, ptrdiff_t k, const REAL *a, ptrdiff_t down, ptrdiff_t across, const REAL *b, ptrdiff_t ldb, \
        REAL *c, ptrdiff_t ldc, int adds) {                                                                      \
        ptrdiff_t i = 0;                                                                                         \
        for (; i + most <= m; i += most)                                                                         \
            NAME(tile)                                                                                           \
            (most, vectors, k, a + i * down, down, across, b, ldb, c + i * ldc, ldc, adds, NULL, NULL);          \
        for (; i < m; i++)                                                                                       \
            NAME(tile)(1, vectors, k, a + i * down, down, across, b, ldb, c + i * ldc, ldc, adds, NULL, NULL);   \
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

// MARK: what may be left out

enum { NAME(widest) = 2048 };

// size[j] = the sum of |a[i][j]| over the rows; tells how many are not 0. What is not finite is not 0, and stays so.
static ptrdiff_t NAME(sizes)(ptrdiff_t rows, ptrdiff_t columns, const REAL *a, ptrdiff_t stride, REAL *size) {
    const int lanes = NAME(lanes);
    for (ptrdiff_t j = 0; j + lanes <= columns;) {
        NAME(vector) sum[4] = {0};
        const int vectors = j + 4 * lanes <= columns ? 4 : 1;
        const REAL *place = a + j;
        if (vectors == 4)
            for (ptrdiff_t i = 0; i < rows; i++, place += stride)
                for (int v = 0; v < 4; v++) sum[v] += __builtin_elementwise_abs(*(const NAME(vector) *)(place + v * lanes));
        else
            for (ptrdiff_t i = 0; i < rows; i++, place += stride)
                sum[0] += __builtin_elementwise_abs(*(const NAME(vector) *)place);
        for (int v = 0; v < vectors; v++) *(NAME(vector) *)(size + j + v * lanes) = sum[v];
        j += vectors * lanes;
        // The last ones once more, rather than one by one.
        if (j < columns && j + lanes > columns) j = columns - lanes;
    }
    int32_t used = 0;
    VECTOR for (ptrdiff_t j = 0; j < columns; j++) used += size[j] != 0;
    return used;
}

// Lists the columns that are not 0 in every row and tells how many they are; -1 where so many are that leaving out the
// others would gain little, which mostly shows after a few rows. `unit` columns cost as much as one.
static ptrdiff_t NAME(used)(
    ptrdiff_t rows, ptrdiff_t columns, const REAL *a, ptrdiff_t stride, ptrdiff_t unit, int32_t *list) {
    REAL size[NAME(widest)];
    if (columns > NAME(widest) || columns < NAME(lanes)) return -1;
    ptrdiff_t most = (columns - columns / 8) / unit * unit, used = 0;
    if (NAME(sizes)(rows < 4 ? rows : 4, columns, a, stride, size) > most) return -1;
    if (NAME(sizes)(rows, columns, a, stride, size) > most) return -1;
    for (ptrdiff_t j = 0; j < columns; j++) {
        list[used] = (int32_t)j;
        used += size[j] != 0;
    }
    return used;
}

// From row i on: of the rows that `lines` names or, without, of all of them.
INLINE void NAME(used_tile)(
    const int rows, const int vectors, ptrdiff_t i, ptrdiff_t k, const REAL *a, ptrdiff_t down, ptrdiff_t across,
    const REAL *b, ptrdiff_t ldb, REAL *c, ptrdiff_t ldc, const int32_t *lines, const int32_t *inner) {
    if (lines) NAME(tile)(rows, vectors, k, a, down, across, b, ldb, c, ldc, 0, lines + i, NULL);
    else NAME(tile)(rows, vectors, k, a + i * down, down, across, b, ldb, c + i * ldc, ldc, 0, NULL, inner);
}

// The last tile goes over rows that are done already, rather than be smaller.
#define USED_PANEL(vectors)                                                                                      \
    static void NAME(used_panel##vectors)(                                                                       \
        ptrdiff_t m, ptrdiff_t k, const REAL *a, ptrdiff_t down, ptrdiff_t across, const REAL *b, ptrdiff_t ldb, \
        REAL *c, ptrdiff_t ldc, const int32_t *lines, const int32_t *inner) {                                    \
        const int most = NAME(rows);                                                                             \
        ptrdiff_t i = 0;                                                                                         \
        if (m < most)                                                                                            \
            for (; i < m; i++)                                                                                   \
                NAME(used_tile)(1, vectors, i, k, a, down, across, b, ldb, c, ldc, lines, inner);                \
        for (; i < m; i += most) {                                                                               \
            if (i > m - most) i = m - most;                                                                      \
            NAME(used_tile)(most, vectors, i, k, a, down, across, b, ldb, c, ldc, lines, inner);                 \
        }                                                                                                        \
    }
USED_PANEL(2)
USED_PANEL(1)
#undef USED_PANEL

static int32_t NAME(product_of_used)(
    int32_t transpose_a, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *a_, ptrdiff_t lda, const void *b_,
    ptrdiff_t ldb, void *c_, ptrdiff_t ldc) {
    const REAL *a = a_, *b = b_;
    REAL *c = c_;
    const ptrdiff_t lanes = NAME(lanes);
    int32_t list[NAME(widest)];
    ptrdiff_t used = -1;
    if (n >= lanes) used = transpose_a ? NAME(used)(k, m, a, lda, NAME(rows), list) : NAME(used)(m, k, a, lda, 1, list);
    if (used < 0) return 0;
    ptrdiff_t rows = transpose_a ? used : m, depth = transpose_a ? k : used;
    ptrdiff_t down = transpose_a ? 1 : lda, across = transpose_a ? lda : 1;
    const int32_t *lines = transpose_a ? list : NULL, *inner = transpose_a ? NULL : list;
    for (ptrdiff_t j = 0; j < n;) {
        ptrdiff_t width = n - j >= 2 * lanes ? 2 * lanes : lanes;
        if (j + width > n) j = n - width;
        (width > lanes ? NAME(used_panel2) : NAME(used_panel1))(
            rows, depth, a, down, across, b + j, ldb, c + j, ldc, lines, inner);
        j += width;
    }
    if (transpose_a)
        for (ptrdiff_t i = 0, place = 0; i < m; i++) {
            if (place < used && list[place] == i) place++;
            else for (ptrdiff_t j = 0; j < n; j++) c[i * ldc + j] = 0;
        }
    return 1;
}
