// Numbers in the sentences of explanations.
#pragma once

#include <string>

#include "figure/scale.h"

namespace lab {

// Three significant digits.
inline std::string shown(double number) {
  return plain_text(number, 3);
}

}  // namespace lab
