// The loops of images.h for one type (REAL) and one instruction set (SET). Included by images.c only.

// Runs over the windows, with `first_row ..< end_row` and `first_column ..< end_column` the places of a window inside the
// image, counted in the window.
#define EACH_WINDOW(statements)                                                                     \
    for (ptrdiff_t i = 0; i < w.out_rows; i++) {                                                    \
        ptrdiff_t row = i * w.down - w.top;                                                         \
        ptrdiff_t first_row = row < 0 ? -row : 0;                                                   \
        ptrdiff_t end_row = row + w.height > w.rows ? w.rows - row : w.height;                      \
        for (ptrdiff_t j = 0; j < w.out_columns; j++) {                                             \
            ptrdiff_t column = j * w.across - w.left;                                               \
            ptrdiff_t first_column = column < 0 ? -column : 0;                                      \
            ptrdiff_t end_column = column + w.width > w.columns ? w.columns - column : w.width;     \
            ptrdiff_t out = (i * w.out_columns + j) * w.channels;                                   \
            statements                                                                              \
        }                                                                                           \
    }
#define EACH_PLACE(statements)                                                                      \
    for (ptrdiff_t r = first_row; r < end_row; r++)                                                 \
        for (ptrdiff_t q = first_column; q < end_column; q++) {                                     \
            ptrdiff_t place = ((row + r) * w.columns + column + q) * w.channels;                    \
            statements                                                                              \
        }

static void NAME(largest)(nnb_windows w, const void *x_, void *y_, int32_t *chosen) {
    const REAL *x = x_;
    REAL *y = y_;
    if (chosen)
        EACH_WINDOW(
            REAL *restrict best = y + out; int32_t *restrict which = chosen + out; int isFirst = 1; EACH_PLACE(
                const REAL *restrict v = x + place; int32_t number = (int32_t)(r * w.width + q);
                if (isFirst) {
                    VECTOR for (ptrdiff_t c = 0; c < w.channels; c++) { best[c] = v[c]; which[c] = number; }
                } else {
                    VECTOR for (ptrdiff_t c = 0; c < w.channels; c++) {
                        int better = (v[c] > best[c]) | (v[c] != v[c]);
                        best[c] = better ? v[c] : best[c];
                        which[c] = better ? number : which[c];
                    }
                } isFirst = 0;))
    else
        EACH_WINDOW(REAL *restrict best = y + out; int isFirst = 1; EACH_PLACE(
            const REAL *restrict v = x + place;
            VECTOR for (ptrdiff_t c = 0; c < w.channels; c++)
                best[c] = (isFirst | (v[c] > best[c]) | (v[c] != v[c])) ? v[c] : best[c];
            isFirst = 0;))
}

static void NAME(largest_back)(nnb_windows w, const void *dy_, const int32_t *chosen, void *dx_) {
    const REAL *dy = dy_;
    REAL *dx = dx_;
    EACH_WINDOW(const REAL *restrict d = dy + out; const int32_t *restrict which = chosen + out; EACH_PLACE(
        REAL *restrict v = dx + place; int32_t number = (int32_t)(r * w.width + q);
        VECTOR for (ptrdiff_t c = 0; c < w.channels; c++) v[c] += which[c] == number ? d[c] : 0;))
}

static void NAME(mean)(nnb_windows w, const void *x_, void *y_) {
    const REAL *x = x_;
    REAL *y = y_;
    EACH_WINDOW(
        REAL *restrict sum = y + out; REAL count = (REAL)((end_row - first_row) * (end_column - first_column));
        for (ptrdiff_t c = 0; c < w.channels; c++) sum[c] = 0;
        EACH_PLACE(const REAL *restrict v = x + place;
                   VECTOR for (ptrdiff_t c = 0; c < w.channels; c++) sum[c] += v[c];)
        VECTOR for (ptrdiff_t c = 0; c < w.channels; c++) sum[c] /= count;)
}

static void NAME(mean_back)(nnb_windows w, const void *dy_, void *dx_) {
    const REAL *dy = dy_;
    REAL *dx = dx_;
    EACH_WINDOW(
        const REAL *restrict d = dy + out; REAL count = (REAL)((end_row - first_row) * (end_column - first_column));
        EACH_PLACE(REAL *restrict v = dx + place;
                   VECTOR for (ptrdiff_t c = 0; c < w.channels; c++) v[c] += d[c] / count;))
}

static void NAME(take_windows)(
    ptrdiff_t m, const int32_t *rows_at, ptrdiff_t runs, const int32_t *starts, ptrdiff_t length, const void *image,
    void *windows) {
    REAL *restrict to = windows;
    for (ptrdiff_t i = 0; i < m; i++)
        for (ptrdiff_t s = 0; s < runs; s++, to += length) {
            const REAL *restrict from = (const REAL *)image + rows_at[i] + starts[s];
            VECTOR for (ptrdiff_t r = 0; r < length; r++) to[r] = from[r];
        }
}

static void NAME(add_windows)(
    ptrdiff_t m, const int32_t *rows_at, ptrdiff_t runs, const int32_t *starts, ptrdiff_t length, const void *windows,
    void *image) {
    const REAL *from = windows;
    for (ptrdiff_t i = 0; i < m; i++)
        for (ptrdiff_t s = 0; s < runs; s++, from += length) {
            REAL *restrict to = (REAL *)image + rows_at[i] + starts[s];
            VECTOR for (ptrdiff_t r = 0; r < length; r++) to[r] += from[r];
        }
}

#undef EACH_WINDOW
#undef EACH_PLACE

static const nnb_images NAME(images) = {
    NAME(largest), NAME(largest_back), NAME(mean), NAME(mean_back), NAME(take_windows), NAME(add_windows),
};
