// How much may a file make us allocate?
//
// Every reader takes Limits, because a file's own header may claim anything. A reader refuses
// (lab::Error) before it allocates more than a small multiple of the bytes that it was given, and
// never produces more than `max_cells` values: at most 8 bytes a value plus 8 bytes a cell of text
// while it is read.
#pragma once

#include <cstddef>

namespace lab {

struct Limits {
  std::size_t max_bytes = std::size_t{1} << 29;  // one file, compressed or expanded: 512 MiB
  std::size_t max_cells = std::size_t{1}
                          << 26;  // rows x columns, or elements of an array: 67 million
  std::size_t max_columns = std::size_t{1} << 16;  // of a table
};

}  // namespace lab
