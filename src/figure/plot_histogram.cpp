// How the numbers of vectors are distributed: outlines with a faint filling, so that several can
// lie over each other.
#include <algorithm>
#include <cmath>

#include "figure/plot.h"

namespace lab {

void Plot::draw_histogram(Canvas& canvas) const {
  const double zero = y_.pixel(log_y_ ? y_.range().low : 0);
  for (std::size_t s = 0; s < data_.samples.size(); ++s) {
    if (bin_shares_[s].empty()) continue;
    const Colour colour = theme_.series(data_.samples[s].colour);
    std::vector<Point> upper, lower;
    for (std::size_t b = 0; b < bin_shares_[s].size(); ++b) {
      const double share = bin_shares_[s][b];
      const double y = y_.drawable(share) ? y_.pixel(share) : zero;
      for (const double edge : {bin_edges_[b], bin_edges_[b + 1]}) {
        upper.push_back({x_.pixel(edge), y});
        lower.push_back({x_.pixel(edge), zero});
      }
    }
    if (data_.samples[s].faint) {
      draw_dashed(canvas, upper, colour, 1.5);
      continue;
    }
    canvas.band(upper, lower, colour.faded(0.16));
    canvas.polyline(upper, colour, 2);
  }
  if (!log_x_ && x_.range().low < 0 && x_.range().high > 0) {
    const double x = x_.pixel(0);
    canvas.line({x, inner_.y}, {x, inner_.bottom()}, theme_.text.faded(0.7), 1.2);
  }
}

std::optional<ReadOff> Plot::read_histogram(Point at) const {
  const double x = x_.value(at.x);
  const auto above = std::upper_bound(bin_edges_.begin(), bin_edges_.end(), x);
  if (above == bin_edges_.begin() || above == bin_edges_.end()) return {};
  const auto bin = static_cast<std::size_t>(above - bin_edges_.begin() - 1);
  ReadOff result;
  result.heading = label_text(bin_edges_[bin], 3) + " to " + label_text(bin_edges_[bin + 1], 3);
  for (std::size_t s = 0; s < data_.samples.size(); ++s) {
    if (bin_shares_[s].empty()) continue;
    result.rows.push_back({data_.samples[s].label, label_text(100 * bin_shares_[s][bin], 3) + " %",
                           theme_.series(data_.samples[s].colour)});
  }
  return result;
}

}  // namespace lab
