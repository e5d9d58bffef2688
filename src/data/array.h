// What do the binary readers (idx, npy, npz) give?
//
// A FileArray: elements of one of the types that files hold, in row-major order, of any rank. It
// keeps the bytes as they are, so that 60 000 pictures of bytes stay 47 MB until somebody asks for
// numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/tensor.h"
#include "data/dataset.h"
#include "data/limits.h"

namespace lab {

enum class ElementType { boolean, u8, i8, u16, i16, u32, i32, u64, i64, f32, f64 };
std::size_t size_of(ElementType type);       // bytes
std::string_view name_of(ElementType type);  // "f64"

struct FileArray {
  ElementType type = ElementType::f64;
  std::vector<std::size_t> shape;  // empty: a single number
  std::vector<std::byte> bytes;    // the elements, row-major, little-endian

  std::size_t size() const { return bytes.size() / size_of(type); }  // elements
  std::size_t rank() const { return shape.size(); }
};

// "60000 x 28 x 28"; "a single number" for rank 0.
std::string shape_text(std::span<const std::size_t> shape);

// The number of elements of `shape`. Error, at `where`, when it exceeds `limits.max_cells`.
std::size_t checked_size(std::span<const std::size_t> shape, std::string_view where,
                         const Limits& limits);

// The elements as float64. Error, at `where`, when an integer is not representable (beyond 2^53).
std::vector<double> to_doubles(const FileArray& array, std::string_view where);

// rows x (product of the other dimensions), from rank 1 (one column) up. Errors: rank 0, no
// elements.
Matrix to_matrix(const FileArray& array, std::string_view where);

// The first `count` entries along the first dimension, from `first` on. Error when there are not so
// many.
FileArray slice(const FileArray& array, std::size_t first, std::size_t count);

// A FileArray of float64 or float32 elements; `values` has as many as `shape` says (asserted).
FileArray make_array(std::span<const double> values, std::vector<std::size_t> shape);
FileArray make_array(std::span<const float> values, std::vector<std::size_t> shape);

// A dataset of `features` (first dimension: rows) and `target`, one number a row: whole numbers
// become classes in ascending order, anything else is a regression's targets.
Dataset dataset_from_arrays(const FileArray& features, const FileArray& target, std::string name,
                            std::string source);

// Reverses the bytes of each element of `size` bytes, in place.
void swap_bytes(std::span<std::byte> bytes, std::size_t size);

}  // namespace lab
