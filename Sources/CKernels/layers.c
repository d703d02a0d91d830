#include "layers.h"

#include "elementary.h"

#define BODY "layers_body.h"
#include "each_set.h"

const nnb_layers *nnb_layer_loops(int32_t is_double) { return TABLE(layers); }
