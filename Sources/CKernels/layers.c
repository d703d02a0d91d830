#include "layers.h"

#include "elementary.h"

#define SET plain
#define REAL float
#include "layers_body.h"
#undef REAL
#define REAL double
#include "layers_body.h"
#undef REAL
#undef SET

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define SET avx2
#define REAL float
#include "layers_body.h"
#undef REAL
#define REAL double
#include "layers_body.h"
#undef REAL
#undef SET
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl"))), apply_to = function)
#define SET avx512
#define REAL float
#include "layers_body.h"
#undef REAL
#define REAL double
#include "layers_body.h"
#undef REAL
#undef SET
#pragma clang attribute pop
#endif

const nnb_layers *nnb_layer_loops(int32_t is_double) {
    int set = nnb_instruction_set();
    (void)set;
#if defined(__x86_64__)
    if (set == 3) return is_double ? &layers_double_avx512 : &layers_float_avx512;
    if (set == 2) return is_double ? &layers_double_avx2 : &layers_float_avx2;
#endif
    return is_double ? &layers_double_plain : &layers_float_plain;
}
