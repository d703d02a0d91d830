#include "images.h"

#include "elementary.h"

#define SET plain
#define REAL float
#include "images_body.h"
#undef REAL
#define REAL double
#include "images_body.h"
#undef REAL
#undef SET

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define SET avx2
#define REAL float
#include "images_body.h"
#undef REAL
#define REAL double
#include "images_body.h"
#undef REAL
#undef SET
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl"))), apply_to = function)
#define SET avx512
#define REAL float
#include "images_body.h"
#undef REAL
#define REAL double
#include "images_body.h"
#undef REAL
#undef SET
#pragma clang attribute pop
#endif

const nnb_images *nnb_image_loops(int32_t is_double) {
    int set = nnb_instruction_set();
    (void)set;
#if defined(__x86_64__)
    if (set == 3) return is_double ? &images_double_avx512 : &images_float_avx512;
    if (set == 2) return is_double ? &images_double_avx2 : &images_float_avx2;
#endif
    return is_double ? &images_double_plain : &images_float_plain;
}
