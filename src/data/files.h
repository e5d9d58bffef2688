// Reads and writes whole files. The only place in this room that touches the disk.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/limits.h"

namespace lab {

// The bytes of a file. Errors: it does not exist, is a folder, cannot be read, has more than
// `limits.max_bytes`.
std::vector<std::byte> read_file(const std::string& path, const Limits& limits = {});

// Writes a whole file, replacing one that is there only once the new one is complete. Error of kind
// machine when it cannot.
void write_file(const std::string& path, std::span<const std::byte> bytes);

// Whether there is a file (not a folder) at `path`.
bool is_file(const std::string& path);

// Bytes seen as text, without copying.
std::string_view as_text(std::span<const std::byte> bytes);

}  // namespace lab
