// room: data
// expect: poisoned
#include <algorithm>
#include <vector>

namespace lab {
void with_ties_in_any_order(std::vector<int>& values) { std::sort(values.begin(), values.end()); }
}  // namespace lab
