// The desktop program's arguments.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "ui/workbench.h"

namespace lab {

struct DesktopOptions {
  std::string link;  // an experiment's id or the fragment of a link; empty: what was open last
  ThemeChoice theme = ThemeChoice::system;
  std::optional<int> frames;  // ends after so many, and neither reads nor keeps what is open
  std::string screenshot;     // a PNG file to write then
  int width = 0, height = 0;  // in units; 0: as it was
  float density = 0;          // pixels per unit; 0: what the screen says
  bool help = false, version = false;
};

// Error (input): which argument is wrong, and what would be right.
DesktopOptions desktop_options(std::span<const std::string> arguments);

extern const char* const kDesktopHelp;

}  // namespace lab
