/// The small data sets that are part of the program, as the text of their files.
#pragma once
#include <stddef.h>

struct nnb_data_file {
    const char *name;
    const unsigned char *bytes;
    size_t count;
};

/// The file of that name, or NULL.
const struct nnb_data_file *nnb_data_file(const char *name);
