// room: method
// expect: session/session.h: No such file or directory
#include "session/session.h"
