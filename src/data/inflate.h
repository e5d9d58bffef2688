// Expands deflated data (through zlib) with a bound on what comes out, so that a small file cannot
// fill the memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "data/limits.h"

namespace lab {

// Whether the bytes begin like a gzip file.
bool is_gzip(std::span<const std::byte> bytes);

// The contents of a gzip file, of all its members. Errors: damaged or cut off, a wrong checksum,
// more than `limits.max_bytes` when expanded.
std::vector<std::byte> gunzip(std::span<const std::byte> bytes, std::string_view source,
                              const Limits& limits = {});

// The contents of a raw deflate stream that must expand to exactly `size` bytes and use all of its
// input. Error when it does not.
std::vector<std::byte> inflate_raw(std::span<const std::byte> bytes, std::size_t size,
                                   std::string_view where);

// CRC-32 of ISO 3309, as in zip and gzip.
std::uint32_t crc32_of(std::span<const std::byte> bytes);

}  // namespace lab
