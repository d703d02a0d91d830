// The loops of recurrent layers, a part of layers_body.h.

// A step that is left out: the state goes on, the output is 0.
static void NAME(leave_out)(ptrdiff_t units, const REAL *before, REAL *state, REAL *y) {
    for (ptrdiff_t j = 0; j < units; j++) state[j] = before[j];
    if (y) for (ptrdiff_t j = 0; j < units; j++) y[j] = 0;
}

static void NAME(lstm_forward)(
    ptrdiff_t rows, ptrdiff_t units, const uint8_t *mask, void *z_, const void *cell_before_, void *cell_,
    const void *state_before_, void *state_, ptrdiff_t state_stride, void *y_, ptrdiff_t y_stride) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        REAL *restrict zi = (REAL *)z_ + r * 4 * units, *restrict zf = zi + units, *restrict zg = zf + units,
                       *restrict zo = zg + units;
        const REAL *restrict before = (const REAL *)cell_before_ + r * units;
        REAL *restrict cell = (REAL *)cell_ + r * units;
        REAL *restrict state = (REAL *)state_ + r * state_stride;
        REAL *restrict y = y_ ? (REAL *)y_ + r * y_stride : 0;
        if (mask && mask[r]) {
            for (ptrdiff_t j = 0; j < units; j++) cell[j] = before[j];
            NAME(leave_out)(units, (const REAL *)state_before_ + r * state_stride, state, y);
            continue;
        }
        EACH {
            REAL i = LOGISTIC(zi[j]), f = LOGISTIC(zf[j]), g = F(tanh)(zg[j]), o = LOGISTIC(zo[j]);
            REAL c = f * before[j] + i * g;
            zi[j] = i;
            zf[j] = f;
            zg[j] = g;
            zo[j] = o;
            cell[j] = c;
            state[j] = o * F(tanh)(c);
        }
        if (y) for (ptrdiff_t j = 0; j < units; j++) y[j] = state[j];
    }
}

static void NAME(lstm_backward)(
    ptrdiff_t rows, ptrdiff_t units, const uint8_t *mask, void *gates_, const void *cell_before_, const void *cell_,
    void *dh_, void *dc_, const void *dy_, ptrdiff_t dy_stride) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        REAL *restrict zi = (REAL *)gates_ + r * 4 * units, *restrict zf = zi + units, *restrict zg = zf + units,
                       *restrict zo = zg + units;
        const REAL *restrict before = (const REAL *)cell_before_ + r * units;
        const REAL *restrict cell = (const REAL *)cell_ + r * units;
        REAL *restrict dh = (REAL *)dh_ + r * units, *restrict dc = (REAL *)dc_ + r * units;
        const REAL *restrict dy = dy_ ? (const REAL *)dy_ + r * dy_stride : 0;
        if (mask && mask[r]) {
            for (ptrdiff_t j = 0; j < 4 * units; j++) zi[j] = 0;
            continue;
        }
        if (dy) EACH dh[j] += dy[j];
        EACH {
            REAL i = zi[j], f = zf[j], g = zg[j], o = zo[j], t = F(tanh)(cell[j]), d = dh[j];
            REAL c = dc[j] + d * o * ((1 + t) * (1 - t));
            zi[j] = c * g * (i * (1 - i));
            zf[j] = c * before[j] * (f * (1 - f));
            zg[j] = c * i * ((1 + g) * (1 - g));
            zo[j] = d * t * (o * (1 - o));
            dc[j] = c * f;
            dh[j] = 0;
        }
    }
}

static void NAME(gru_forward)(
    ptrdiff_t rows, ptrdiff_t units, const uint8_t *mask, void *a_, const void *b_, const void *state_before_,
    void *state_, ptrdiff_t state_stride, void *y_, ptrdiff_t y_stride) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        REAL *restrict az = (REAL *)a_ + r * 3 * units, *restrict ar = az + units, *restrict an = ar + units;
        const REAL *restrict bz = (const REAL *)b_ + r * 3 * units, *restrict br = bz + units, *restrict bn = br + units;
        const REAL *restrict before = (const REAL *)state_before_ + r * state_stride;
        REAL *restrict state = (REAL *)state_ + r * state_stride;
        REAL *restrict y = y_ ? (REAL *)y_ + r * y_stride : 0;
        if (mask && mask[r]) {
            NAME(leave_out)(units, before, state, y);
            continue;
        }
        EACH {
            REAL z = LOGISTIC(az[j] + bz[j]), s = LOGISTIC(ar[j] + br[j]);
            REAL n = F(tanh)(an[j] + s * bn[j]);
            az[j] = z;
            ar[j] = s;
            an[j] = n;
            state[j] = z * before[j] + (1 - z) * n;
        }
        if (y) for (ptrdiff_t j = 0; j < units; j++) y[j] = state[j];
    }
}

static void NAME(gru_backward)(
    ptrdiff_t rows, ptrdiff_t units, const uint8_t *mask, void *a_, void *b_, const void *state_before_,
    ptrdiff_t state_stride, void *dh_, const void *dy_, ptrdiff_t dy_stride) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        REAL *restrict az = (REAL *)a_ + r * 3 * units, *restrict ar = az + units, *restrict an = ar + units;
        REAL *restrict bz = (REAL *)b_ + r * 3 * units, *restrict br = bz + units, *restrict bn = br + units;
        const REAL *restrict before = (const REAL *)state_before_ + r * state_stride;
        REAL *restrict dh = (REAL *)dh_ + r * units;
        const REAL *restrict dy = dy_ ? (const REAL *)dy_ + r * dy_stride : 0;
        if (mask && mask[r]) {
            for (ptrdiff_t j = 0; j < 3 * units; j++) az[j] = bz[j] = 0;
            continue;
        }
        if (dy) EACH dh[j] += dy[j];
        EACH {
            REAL z = az[j], s = ar[j], n = an[j], d = dh[j];
            REAL dz = d * (before[j] - n) * (z * (1 - z));
            REAL dn = d * (1 - z) * ((1 + n) * (1 - n));
            REAL dr = dn * bn[j] * (s * (1 - s));
            az[j] = dz;
            ar[j] = dr;
            an[j] = dn;
            bz[j] = dz;
            br[j] = dr;
            bn[j] = dn * s;
            dh[j] = d * z;
        }
    }
}

static void NAME(gru_gates)(
    ptrdiff_t rows, ptrdiff_t units, void *a_, const void *b_, const void *state_before_, ptrdiff_t state_stride,
    void *reset_) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        REAL *restrict az = (REAL *)a_ + r * 3 * units, *restrict ar = az + units;
        const REAL *restrict bz = (const REAL *)b_ + r * 3 * units, *restrict br = bz + units;
        const REAL *restrict before = (const REAL *)state_before_ + r * state_stride;
        REAL *restrict reset = (REAL *)reset_ + r * units;
        EACH {
            REAL z = LOGISTIC(az[j] + bz[j]), s = LOGISTIC(ar[j] + br[j]);
            az[j] = z;
            ar[j] = s;
            reset[j] = s * before[j];
        }
    }
}

static void NAME(gru_state)(
    ptrdiff_t rows, ptrdiff_t units, const uint8_t *mask, void *a_, const void *b_, const void *state_before_,
    void *state_, ptrdiff_t state_stride, void *y_, ptrdiff_t y_stride) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        REAL *restrict az = (REAL *)a_ + r * 3 * units, *restrict an = az + 2 * units;
        const REAL *restrict bn = (const REAL *)b_ + r * 3 * units + 2 * units;
        const REAL *restrict before = (const REAL *)state_before_ + r * state_stride;
        REAL *restrict state = (REAL *)state_ + r * state_stride;
        REAL *restrict y = y_ ? (REAL *)y_ + r * y_stride : 0;
        if (mask && mask[r]) {
            NAME(leave_out)(units, before, state, y);
            continue;
        }
        EACH {
            REAL n = F(tanh)(an[j] + bn[j]);
            an[j] = n;
            state[j] = az[j] * before[j] + (1 - az[j]) * n;
        }
        if (y) for (ptrdiff_t j = 0; j < units; j++) y[j] = state[j];
    }
}

static void NAME(gru_state_backward)(
    ptrdiff_t rows, ptrdiff_t units, const uint8_t *mask, const void *a_, void *b_, const void *state_before_,
    ptrdiff_t state_stride, void *dh_, const void *dy_, ptrdiff_t dy_stride) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        const REAL *restrict az = (const REAL *)a_ + r * 3 * units, *restrict an = az + 2 * units;
        REAL *restrict bz = (REAL *)b_ + r * 3 * units, *restrict bn = bz + 2 * units;
        const REAL *restrict before = (const REAL *)state_before_ + r * state_stride;
        REAL *restrict dh = (REAL *)dh_ + r * units;
        const REAL *restrict dy = dy_ ? (const REAL *)dy_ + r * dy_stride : 0;
        if (mask && mask[r]) {
            for (ptrdiff_t j = 0; j < 3 * units; j++) bz[j] = 0;
            continue;
        }
        if (dy) EACH dh[j] += dy[j];
        EACH {
            REAL z = az[j], n = an[j], d = dh[j];
            bz[j] = d * (before[j] - n) * (z * (1 - z));
            bn[j] = d * (1 - z) * ((1 + n) * (1 - n));
            dh[j] = d * z;
        }
    }
}

static void NAME(gru_gates_backward)(
    ptrdiff_t rows, ptrdiff_t units, const void *a_, void *b_, const void *state_before_, ptrdiff_t state_stride,
    const void *d_, void *dh_) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        const REAL *restrict ar = (const REAL *)a_ + r * 3 * units + units;
        REAL *restrict br = (REAL *)b_ + r * 3 * units + units;
        const REAL *restrict before = (const REAL *)state_before_ + r * state_stride;
        const REAL *restrict d = (const REAL *)d_ + r * units;
        REAL *restrict dh = (REAL *)dh_ + r * units;
        EACH {
            REAL s = ar[j];
            br[j] = d[j] * before[j] * (s * (1 - s));
            dh[j] += d[j] * s;
        }
    }
}

static void NAME(keep)(
    ptrdiff_t rows, ptrdiff_t units, const uint8_t *mask, const void *state_before_, void *state_, ptrdiff_t state_stride,
    void *y_, ptrdiff_t y_stride) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        const REAL *before = (const REAL *)state_before_ + r * state_stride;
        REAL *state = (REAL *)state_ + r * state_stride;
        REAL *y = y_ ? (REAL *)y_ + r * y_stride : 0;
        if (mask && mask[r]) NAME(leave_out)(units, before, state, y);
        else if (y) for (ptrdiff_t j = 0; j < units; j++) y[j] = state[j];
    }
}

static void NAME(pass)(
    ptrdiff_t rows, ptrdiff_t units, const uint8_t *mask, void *dh_, const void *dy_, ptrdiff_t dy_stride, void *d_) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        REAL *restrict dh = (REAL *)dh_ + r * units, *restrict d = (REAL *)d_ + r * units;
        const REAL *restrict dy = dy_ ? (const REAL *)dy_ + r * dy_stride : 0;
        if (mask && mask[r]) {
            for (ptrdiff_t j = 0; j < units; j++) d[j] = 0;
            continue;
        }
        if (dy) EACH d[j] = dh[j] + dy[j];
        else EACH d[j] = dh[j];
        EACH dh[j] = 0;
    }
}

static void NAME(copy)(
    ptrdiff_t rows, ptrdiff_t columns, const void *from_, ptrdiff_t from_stride, void *to_, ptrdiff_t to_stride,
    ptrdiff_t one) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        const REAL *restrict from = (const REAL *)from_ + r * from_stride;
        REAL *restrict to = (REAL *)to_ + r * to_stride;
        for (ptrdiff_t j = 0; j < columns; j++) to[j] = from[j];
        if (one >= 0) to[one] = 1;
    }
}

static void NAME(transpose)(ptrdiff_t rows, ptrdiff_t columns, const void *from_, void *to_) {
    const REAL *restrict from = from_;
    REAL *restrict to = to_;
    for (ptrdiff_t start = 0; start < rows; start += 16) {
        ptrdiff_t end = start + 16 < rows ? start + 16 : rows;
        for (ptrdiff_t c = 0; c < columns; c++)
            for (ptrdiff_t r = start; r < end; r++) to[c * rows + r] = from[r * columns + c];
    }
}

static void NAME(clear)(ptrdiff_t rows, ptrdiff_t columns, void *x_, ptrdiff_t stride) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        REAL *x = (REAL *)x_ + r * stride;
        for (ptrdiff_t j = 0; j < columns; j++) x[j] = 0;
    }
}

static void NAME(mark)(
    ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, double value, const void *x_, uint8_t *mask) {
    REAL marker = (REAL)value;
    for (ptrdiff_t r = 0; r < rows; r++) {
        const REAL *x = (const REAL *)x_ + r * stride;
        ptrdiff_t j = 0;
        while (j < columns && x[j] == marker) j++;
        mask[r] = j == columns;
    }
}
