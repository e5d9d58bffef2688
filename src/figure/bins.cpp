#include "figure/bins.h"

#include <algorithm>
#include <cmath>

namespace lab {

std::vector<double> bin_edges(std::span<const std::vector<double>> samples, bool log,
                              const std::optional<Range>& range) {
  std::vector<double> values;
  for (const std::vector<double>& sample : samples) {
    for (const double value : sample) {
      if (!std::isfinite(value) || (log && value <= 0)) continue;
      if (range && (value < range->low || value > range->high)) continue;
      values.push_back(log ? std::log10(value) : value);
    }
  }
  std::stable_sort(values.begin(), values.end());
  double low = values.empty() ? 0 : values.front(), high = values.empty() ? 1 : values.back();
  if (range && (!log || range->low > 0) && range->high > range->low) {
    low = log ? std::log10(range->low) : range->low;
    high = log ? std::log10(range->high) : range->high;
  }
  if (!(high > low)) {
    const double room = low != 0 ? 0.5 * std::abs(low) : 0.5;
    low -= room;
    high += room;
  }
  double bins = 8;
  if (values.size() > 3) {
    const std::size_t n = values.size();
    const double spread = values[3 * n / 4] - values[n / 4];
    if (spread > 0) {
      const double width = 2 * spread / std::cbrt(static_cast<double>(n));
      bins = std::clamp(std::ceil((high - low) / width), 8.0, 60.0);
    }
  }
  std::vector<double> edges;
  for (int i = 0; i <= static_cast<int>(bins); ++i) {
    const double edge = low + (high - low) * i / bins;
    edges.push_back(log ? std::pow(10.0, edge) : edge);
  }
  return edges;
}

std::vector<double> bin_shares(std::span<const double> values, std::span<const double> edges) {
  std::vector<double> shares(edges.size() - 1, 0.0);
  for (const double value : values) {
    // Rounding of an edge must not lose the outermost values.
    const double room = 1e-9 * (edges.back() - edges.front());
    if (!(value >= edges.front() - room && value <= edges.back() + room)) continue;
    const auto above = std::upper_bound(edges.begin(), edges.end(), value);
    const auto bin = std::clamp<std::ptrdiff_t>(above - edges.begin() - 1, 0,
                                                static_cast<std::ptrdiff_t>(shares.size()) - 1);
    shares[static_cast<std::size_t>(bin)] += 1;
  }
  for (double& share : shares)
    share /= static_cast<double>(std::max<std::size_t>(values.size(), 1));
  return shares;
}

}  // namespace lab
