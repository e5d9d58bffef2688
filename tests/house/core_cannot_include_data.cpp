// room: core
// expect: data/dataset.h: No such file or directory
#include "data/dataset.h"
