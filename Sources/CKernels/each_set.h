// Includes BODY for both types (REAL) and each instruction set (SET), with the bytes of a vector of the set and how it
// multiplies and adds. TABLE(name) is then the table `name` that suits this processor and `is_double`.

#define SET plain
#define VECTOR_BYTES 16
#if defined(__aarch64__)
#define MULTIPLY_ADD __builtin_elementwise_fma
#else
#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#endif
#include "each_type.h"
#undef MULTIPLY_ADD

#if defined(__x86_64__)
#define MULTIPLY_ADD __builtin_elementwise_fma

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define SET avx2
#define VECTOR_BYTES 32
#include "each_type.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma"))), apply_to = function)
#define SET avx512
#define VECTOR_BYTES 64
#include "each_type.h"
#pragma clang attribute pop

#define OF_TYPE(name, set) (is_double ? &name##_double_##set : &name##_float_##set)
#define TABLE(name)                                    \
    (nnb_instruction_set() == 3   ? OF_TYPE(name, avx512) \
     : nnb_instruction_set() == 2 ? OF_TYPE(name, avx2)   \
                                  : OF_TYPE(name, plain))
#else
#define TABLE(name) (is_double ? &name##_double_plain : &name##_float_plain)
#endif
