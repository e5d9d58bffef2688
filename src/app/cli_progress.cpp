#include "app/cli_progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/cli_text.h"

namespace lab {

namespace {

constexpr std::chrono::milliseconds kBetweenUpdates{100};
constexpr double kSecondsBeforeEstimate = 0.5;
constexpr int kBarColumns = 20;

}  // namespace

Progress::Progress(std::ostream& err, bool shown, std::size_t columns)
    : err_(err), shown_(shown), columns_(columns) {}

void Progress::update(double done, std::string_view label) {
  if (!shown_) return;
  const Clock::time_point now = Clock::now();
  if (drawn_ && now - last_ < kBetweenUpdates) return;
  const double seconds = std::chrono::duration<double>(now - started_).count();
  // One column stays free: a full line would make some terminals wrap.
  err_ << "\r\x1b[K" << progress_line(done, seconds, label, columns_ - 1) << std::flush;
  drawn_ = true;
  last_ = now;
}

void Progress::clear() {
  if (!drawn_) return;
  err_ << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

std::string progress_line(double done, double seconds, std::string_view label,
                          std::size_t columns) {
  done = std::clamp(done, 0.0, 1.0);
  const int filled = static_cast<int>(std::floor(done * kBarColumns));
  char percent[16];
  std::snprintf(percent, sizeof percent, "%3.0f %%", std::floor(done * 100));

  std::string line = percent;
  line += "  [" + std::string(static_cast<std::size_t>(filled), '#') +
          std::string(static_cast<std::size_t>(kBarColumns - filled), '-') + "]";
  if (done > 0 && seconds >= kSecondsBeforeEstimate)
    line += "  " + duration_text(seconds / done - seconds) + " left";
  line += "  ";
  for (std::size_t i = 0; i < label.size();) {
    // A code point is never cut in two.
    std::size_t end = i + 1;
    while (end < label.size() && (static_cast<unsigned char>(label[end]) & 0xc0) == 0x80) ++end;
    if (display_width(line) + 1 > columns) break;
    line += label.substr(i, end - i);
    i = end;
  }
  return line;
}

}  // namespace lab
