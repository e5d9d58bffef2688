// How far is the work, and how long will it take? One line on a terminal that is written over and
// over; nothing where nobody watches.
#pragma once

#include <chrono>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>

namespace lab {

class Progress {
 public:
  // shown: whether to write at all. columns: of the terminal.
  Progress(std::ostream& err, bool shown, std::size_t columns);
  // Takes the line away, so that what comes next starts on a clean one.
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // done: 0..1. label: what is being done now. Writes at most ten times a second.
  void update(double done, std::string_view label);
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  std::ostream& err_;
  bool shown_;
  std::size_t columns_;
  bool drawn_ = false;
  Clock::time_point started_ = Clock::now();
  Clock::time_point last_{};
};

// "  42 %  [########------------]  3 min 05 s left  label", cut to the columns. The remaining time
// is estimated from the time so far, and left out in the first half second.
std::string progress_line(double done, double seconds, std::string_view label, std::size_t columns);

}  // namespace lab
