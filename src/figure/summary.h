// A figure for those who do not see it, and for a spreadsheet: what is drawn, in words and as a
// table.
#pragma once

#include <string>

#include "figure/figure.h"

namespace lab {

// A few sentences: what is shown, from where to where each series goes, the numbers of the bars.
std::string summary(const Figure& figure, const FigureData& data);

// All numbers of the figure as CSV with a line of names (RFC 4180, LF); shortest digits that give
// the same numbers back.
std::string csv(const Figure& figure, const FigureData& data);

}  // namespace lab
