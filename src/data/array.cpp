#include "data/array.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <type_traits>

#include "core/error.h"
#include "data/table.h"
#include "data/text.h"

namespace lab {
namespace {

static_assert(std::endian::native == std::endian::little,
              "elements are copied as they lie in memory");

constexpr std::uint64_t kMaxExactInteger = std::uint64_t{1} << 53;

[[noreturn]] void refuse_large_integer(std::string_view where, std::size_t index) {
  throw Error("element " + std::to_string(index) + " is an integer beyond 2^53", std::string(where),
              "numbers that float64 can hold exactly");
}

template <class T>
std::vector<double> convert(const FileArray& array, std::string_view where) {
  std::vector<double> out(array.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    T x;
    std::memcpy(&x, array.bytes.data() + i * sizeof(T), sizeof(T));
    if constexpr (std::is_same_v<T, std::uint64_t>) {
      if (x > kMaxExactInteger) refuse_large_integer(where, i);
    } else if constexpr (std::is_same_v<T, std::int64_t>) {
      constexpr auto kMax = static_cast<std::int64_t>(kMaxExactInteger);
      if (x > kMax || x < -kMax) refuse_large_integer(where, i);
    }
    out[i] = static_cast<double>(x);
  }
  return out;
}

template <class T>
FileArray array_of(ElementType type, std::span<const T> values, std::vector<std::size_t> shape) {
  FileArray array{.type = type, .shape = std::move(shape), .bytes = {}};
  const auto bytes = std::as_bytes(values);
  array.bytes.assign(bytes.begin(), bytes.end());
  return array;
}

std::size_t product(std::span<const std::size_t> extents) {
  std::size_t count = 1;
  for (const std::size_t extent : extents) count *= extent;
  return count;
}

std::size_t row_elements(const FileArray& array) {
  return product(std::span(array.shape).subspan(1));
}

}  // namespace

std::size_t size_of(ElementType type) {
  switch (type) {
    case ElementType::boolean:
    case ElementType::u8:
    case ElementType::i8:
      return 1;
    case ElementType::u16:
    case ElementType::i16:
      return 2;
    case ElementType::u32:
    case ElementType::i32:
    case ElementType::f32:
      return 4;
    case ElementType::u64:
    case ElementType::i64:
    case ElementType::f64:
      return 8;
  }
  return 1;
}

std::string_view name_of(ElementType type) {
  switch (type) {
    case ElementType::boolean:
      return "boolean";
    case ElementType::u8:
      return "u8";
    case ElementType::i8:
      return "i8";
    case ElementType::u16:
      return "u16";
    case ElementType::i16:
      return "i16";
    case ElementType::u32:
      return "u32";
    case ElementType::i32:
      return "i32";
    case ElementType::u64:
      return "u64";
    case ElementType::i64:
      return "i64";
    case ElementType::f32:
      return "f32";
    case ElementType::f64:
      return "f64";
  }
  return "";
}

std::string shape_text(std::span<const std::size_t> shape) {
  if (shape.empty()) return "a single number";
  std::string text = std::to_string(shape[0]);
  for (std::size_t k = 1; k < shape.size(); ++k) text += " x " + std::to_string(shape[k]);
  return text;
}

std::size_t checked_size(std::span<const std::size_t> shape, std::string_view where,
                         const Limits& limits) {
  // A zero anywhere makes the array empty, however large the other dimensions claim to be; those
  // must still be within the limit, since later code multiplies some of them without the zero.
  std::size_t size = 1;
  for (const std::size_t extent : shape) {
    if (extent > limits.max_cells || size > limits.max_cells / std::max<std::size_t>(extent, 1)) {
      throw Error("the array has the shape " + shape_text(shape), std::string(where),
                  "at most " + std::to_string(limits.max_cells) + " elements");
    }
    size *= std::max<std::size_t>(extent, 1);
  }
  return std::find(shape.begin(), shape.end(), 0u) == shape.end() ? size : 0;
}

std::vector<double> to_doubles(const FileArray& array, std::string_view where) {
  switch (array.type) {
    case ElementType::boolean:
    case ElementType::u8:
      return convert<std::uint8_t>(array, where);
    case ElementType::i8:
      return convert<std::int8_t>(array, where);
    case ElementType::u16:
      return convert<std::uint16_t>(array, where);
    case ElementType::i16:
      return convert<std::int16_t>(array, where);
    case ElementType::u32:
      return convert<std::uint32_t>(array, where);
    case ElementType::i32:
      return convert<std::int32_t>(array, where);
    case ElementType::u64:
      return convert<std::uint64_t>(array, where);
    case ElementType::i64:
      return convert<std::int64_t>(array, where);
    case ElementType::f32:
      return convert<float>(array, where);
    case ElementType::f64:
      return convert<double>(array, where);
  }
  return {};
}

Matrix to_matrix(const FileArray& array, std::string_view where) {
  if (array.rank() == 0 || array.size() == 0) {
    throw Error("the array has the shape " + shape_text(array.shape), std::string(where),
                "at least one row with at least one element");
  }
  const std::vector<double> values = to_doubles(array, where);
  Matrix matrix = Matrix::from_shape({array.shape[0], row_elements(array)});
  std::copy(values.begin(), values.end(), matrix.data());
  return matrix;
}

FileArray slice(const FileArray& array, std::size_t first, std::size_t count) {
  if (array.rank() == 0 || first > array.shape[0] || count > array.shape[0] - first) {
    throw Error("entries " + std::to_string(first) + " to " + std::to_string(first + count) +
                    " of an array of shape " + shape_text(array.shape),
                "", "a range inside the first dimension");
  }
  FileArray out{.type = array.type, .shape = array.shape, .bytes = {}};
  out.shape[0] = count;
  const std::size_t row_bytes = row_elements(array) * size_of(array.type);
  const auto begin = array.bytes.begin() + static_cast<std::ptrdiff_t>(first * row_bytes);
  out.bytes.assign(begin, begin + static_cast<std::ptrdiff_t>(count * row_bytes));
  return out;
}

FileArray make_array(std::span<const double> values, std::vector<std::size_t> shape) {
  assert(values.size() == product(shape));
  return array_of(ElementType::f64, values, std::move(shape));
}

FileArray make_array(std::span<const float> values, std::vector<std::size_t> shape) {
  assert(values.size() == product(shape));
  return array_of(ElementType::f32, values, std::move(shape));
}

Dataset dataset_from_arrays(const FileArray& features, const FileArray& target, std::string name,
                            std::string source) {
  const Matrix matrix = to_matrix(features, source);
  const std::vector<double> values = to_doubles(target, source);
  if (values.size() != matrix.shape(0) || target.rank() == 0 || target.shape[0] != values.size()) {
    throw Error("the features have " + counted(matrix.shape(0), "row") +
                    ", the target has the shape " + shape_text(target.shape),
                source, "one target for each row");
  }
  Table table = table_of(view(matrix), std::move(name), std::move(source));
  Column column;
  column.name = "target";
  column.numbers = values;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] != values[i]) column.missing.push_back(i);
  }
  table.columns.push_back(std::move(column));
  return to_dataset(table);
}

void swap_bytes(std::span<std::byte> bytes, std::size_t size) {
  if (size < 2) return;
  for (std::size_t i = 0; i + size <= bytes.size(); i += size) {
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(i),
                 bytes.begin() + static_cast<std::ptrdiff_t>(i + size));
  }
}

}  // namespace lab
