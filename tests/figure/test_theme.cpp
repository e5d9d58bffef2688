#include "figure/theme.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace lab;

namespace {

// Relative luminance and contrast ratio of WCAG 2.1.
double luminance(Colour c) {
  const auto part = [](std::uint8_t v) {
    const double s = v / 255.0;
    return s <= 0.03928 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * part(c.red) + 0.7152 * part(c.green) + 0.0722 * part(c.blue);
}

double contrast(Colour a, Colour b) {
  const double high = std::max(luminance(a), luminance(b)), low = std::min(luminance(a), luminance(b));
  return (high + 0.05) / (low + 0.05);
}

}  // namespace

TEST_CASE("text and lines can be read on their background (WCAG 2.1)") {
  for (const Theme* theme : {&light_theme(), &dark_theme()}) {
    for (const Colour text : {theme->text, theme->muted_text, theme->accent, theme->good, theme->bad,
                              theme->undecided}) {
      CHECK(contrast(text, theme->background) >= 4.5);
      CHECK(contrast(text, theme->panel) >= 4.5);
    }
    for (const Colour line : theme->palette) CHECK(contrast(line, theme->background) >= 3);
  }
}

TEST_CASE("colour scales keep to their ends") {
  CHECK(sequential(0) == sequential(-1));
  CHECK(sequential(1) == sequential(2));
  CHECK(luminance(sequential(0)) < luminance(sequential(0.5)));
  CHECK(luminance(sequential(0.5)) < luminance(sequential(1)));
  CHECK(diverging(0, light_theme()) == light_theme().background);
}
