// room: data
// expect: success
#include <algorithm>
#include <cmath>
#include <vector>

void in_one_order(std::vector<double>& values) {
  std::stable_sort(values.begin(), values.end());
  for (double& value : values) value = std::sqrt(value);
}
