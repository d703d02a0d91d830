// Includes BODY for both types (REAL) of one instruction set (SET), which has come to its end then. Included by each_set.h only.

#define REAL float
#include BODY
#undef REAL
#define REAL double
#include BODY
#undef REAL
#undef SET
#undef VECTOR_BYTES
