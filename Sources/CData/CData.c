#include "CData.h"

#include <string.h>

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char iris[] = {
#embed "iris.csv"
};
static const unsigned char breast_cancer[] = {
#embed "breast-cancer.csv"
};
static const unsigned char quijote[] = {
#embed "quijote.txt"
};

static const struct nnb_data_file files[] = {
    {"breast-cancer.csv", breast_cancer, sizeof breast_cancer},
    {"iris.csv", iris, sizeof iris},
    {"quijote.txt", quijote, sizeof quijote},
};

const struct nnb_data_file *nnb_data_file(const char *name) {
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (strcmp(files[i].name, name) == 0) return &files[i];
    }
    return NULL;
}
