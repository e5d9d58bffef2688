// Which colours does a figure have? One theme for light and one for dark surroundings, both
// readable for colour-blind eyes (the palette follows Okabe and Ito, Color Universal Design, 2008).
#pragma once

#include <array>
#include <cstddef>

#include "figure/canvas.h"

namespace lab {

struct Theme {
  bool dark = false;
  Colour background, panel, text, muted_text, axis, grid, accent, good, bad, undecided;
  std::array<Colour, 8> palette;

  Colour series(std::size_t index) const { return palette[index % palette.size()]; }
};

const Theme& light_theme();
const Theme& dark_theme();

// Of a number between 0 and 1: dark blue over green to yellow, even in lightness.
Colour sequential(double share);
// Of a number between -1 and 1: blue over the background to orange.
Colour diverging(double share, const Theme& theme);

}  // namespace lab
