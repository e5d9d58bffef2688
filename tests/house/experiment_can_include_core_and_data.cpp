// room: experiment
// expect: success
#include "core/error.h"
#include "data/dataset.h"
