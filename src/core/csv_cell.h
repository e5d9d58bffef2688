// One cell of a CSV file that is being written.
#pragma once

#include <string>
#include <string_view>

namespace lab {

// The text as a cell: in quotes where it must be (RFC 4180).
std::string csv_cell(std::string_view text);

}  // namespace lab
