// room: method
// expect: poisoned
#include <cmath>

namespace lab {
double through_libm(double x) { return std::exp(x); }
}  // namespace lab
