// The figures of runs, gathered from a session's events: for `render`, and for the pictures that a page
// shows first.
#pragma once

#include <map>
#include <string>

#include "experiment/experiment.h"
#include "figure/figure.h"
#include "session/figures.h"
#include "session/protocol.h"

namespace lab {

class FigureKeeper {
 public:
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

// The experiment's figure of that name. Error: it has none, with the nearest.
const Figure& find_figure(const Experiment& experiment, std::string_view name,
                          std::string_view where);

}  // namespace lab
