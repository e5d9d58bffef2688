// Reads and writes NPY, NumPy's format for one array (versions 1, 2 and 3), and NPZ, a zip file of
// those.
//
// Read: boolean, 8- to 64-bit integers, f32 and f64, either byte order, C or Fortran order (turned
// into row-major). Written: f32 and f64 and every other type of FileArray, little-endian, C order,
// version 1.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/array.h"
#include "data/limits.h"

namespace lab {

// Whether the bytes begin like an NPY file.
bool is_npy(std::span<const std::byte> bytes);

// The array in `bytes`. Errors: a type that is not in the list above (Python objects and texts
// among them), a header that is not a dictionary of descr, fortran_order and shape, fewer or more
// bytes than it says.
FileArray read_npy(std::span<const std::byte> bytes, std::string_view source,
                   const Limits& limits = {});

// The bytes of an NPY file, as NumPy itself would write them.
std::vector<std::byte> write_npy(const FileArray& array);

struct NamedArray {
  std::string name;  // without ".npy"
  FileArray array;
};

// Whether the bytes begin like a zip file.
bool is_zip(std::span<const std::byte> bytes);

// The arrays of an NPZ file, in the order of its directory, stored or deflated, checksums checked.
// All of them together expand to at most `limits.max_bytes`. Errors: encryption, zip64, more than
// one volume, another compression, an entry that is no NPY file, two entries of one name, damage.
std::vector<NamedArray> read_npz(std::span<const std::byte> bytes, std::string_view source,
                                 const Limits& limits = {});

// The bytes of an NPZ file, entries stored, dates left at 1980 so that equal arrays give equal
// bytes. Error: more than 65534 entries or 2 GiB.
std::vector<std::byte> write_npz(std::span<const NamedArray> arrays);

}  // namespace lab
