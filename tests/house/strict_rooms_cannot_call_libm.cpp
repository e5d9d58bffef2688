// room: method
// expect: poisoned
#include <cmath>

double through_libm(double x) { return std::exp(x); }
