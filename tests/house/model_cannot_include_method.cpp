// room: model
// expect: method/statistics.h: No such file or directory
#include "method/statistics.h"
