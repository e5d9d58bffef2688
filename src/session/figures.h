// How do the recordings of runs become a figure's numbers? The same for the screen, for SVG files and for
// the stored pictures of a page.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "experiment/experiment.h"
#include "figure/figure.h"
#include "session/records.h"

namespace lab {

using Arrays = std::map<std::string, Array, std::less<>>;

// The arrays of an observation.
Arrays observed_arrays(const event::Records& observed);

// A run as a front end holds it.
struct RunView {
  const RecordsReader* records = nullptr;
  const Arrays* observed = nullptr;  // what the last `observe` brought; may be null
};

// Everybody who appears in the figures, in order of first appearance: their numbers are the numbers of
// their colours, the same in every figure.
std::vector<std::string> figure_methods(std::span<const Figure> figures);

// The mean of numbers and its 95 % interval (Student's t). With one number all three are that number.
struct MeanInterval {
  double mean, low, high;
};
MeanInterval mean_interval(std::span<const double> values);

// The figure's numbers from one run of each seed. Sources that no run has recorded are left out. With
// several runs: each run's curve, and their mean as far as all of them go (of the logarithms, where the y
// axis is logarithmic and all are positive); points, fields, matrices
// and vectors are those of the first.
FigureData figure_data(const Figure& figure, std::span<const std::string> methods,
                       std::span<const RunView> runs);

// The figures of runs, gathered from a session's events: for whoever draws once and shows nothing else.
class FigureKeeper {
 public:
  // The experiment must outlive the keeper.
  explicit FigureKeeper(const Experiment& experiment) : experiment_(experiment) {}

  // Looks at records.
  void take(const Event& event);
  // The numbers of one of the experiment's figures, from all runs so far.
  FigureData data(const Figure& figure) const;

 private:
  struct Kept {
    RecordsReader records;
    Arrays observed;
  };

  const Experiment& experiment_;
  std::map<RunIndex, Kept> runs_;
};

}  // namespace lab
