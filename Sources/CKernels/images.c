#include "images.h"

#include "elementary.h"

#define BODY "images_body.h"
#include "each_set.h"

const nnb_images *nnb_image_loops(int32_t is_double) { return TABLE(images); }
