#include "data/idx.h"

#include <optional>

#include "core/error.h"
#include "data/text.h"

namespace lab {
namespace {

constexpr std::size_t kMaxRank = 8;

std::optional<ElementType> element_type(std::uint8_t code) {
  switch (code) {
    case 0x08:
      return ElementType::u8;
    case 0x09:
      return ElementType::i8;
    case 0x0B:
      return ElementType::i16;
    case 0x0C:
      return ElementType::i32;
    case 0x0D:
      return ElementType::f32;
    case 0x0E:
      return ElementType::f64;
    default:
      return std::nullopt;
  }
}

std::string at_byte(std::string_view source, std::size_t offset) {
  return std::string(source) + ", byte " + std::to_string(offset);
}

}  // namespace

bool is_idx(std::span<const std::byte> bytes) {
  return bytes.size() >= 4 && bytes[0] == std::byte{0} && bytes[1] == std::byte{0} &&
         element_type(std::to_integer<std::uint8_t>(bytes[2])) && bytes[3] != std::byte{0};
}

FileArray read_idx(std::span<const std::byte> bytes, std::string_view source,
                   const Limits& limits) {
  const auto byte = [&](std::size_t i) { return std::to_integer<std::uint8_t>(bytes[i]); };
  if (bytes.size() < 4) {
    throw Error("the file has only " + counted(bytes.size(), "byte"), std::string(source),
                "an IDX header of at least 8 bytes");
  }
  if (byte(0) != 0 || byte(1) != 0) {
    throw Error("the file does not begin like an IDX file", at_byte(source, 0), "two zero bytes");
  }
  const auto type = element_type(byte(2));
  if (!type) {
    throw Error("unknown element type " + std::to_string(byte(2)), at_byte(source, 2),
                "8 (u8), 9 (i8), 11 (i16), 12 (i32), 13 (f32) or 14 (f64)");
  }
  const std::size_t rank = byte(3);
  if (rank == 0 || rank > kMaxRank) {
    throw Error("the rank is " + std::to_string(rank), at_byte(source, 3),
                "1 to " + std::to_string(kMaxRank));
  }
  const std::size_t header = 4 + 4 * rank;
  if (bytes.size() < header) {
    throw Error("the file ends inside its header", at_byte(source, bytes.size()),
                std::to_string(header) + " bytes of header for rank " + std::to_string(rank));
  }
  FileArray array{.type = *type, .shape = {}, .bytes = {}};
  for (std::size_t k = 0; k < rank; ++k) {
    std::size_t extent = 0;
    for (std::size_t b = 0; b < 4; ++b) extent = extent << 8 | byte(4 + 4 * k + b);
    array.shape.push_back(extent);
  }
  const std::size_t size = checked_size(array.shape, source, limits) * size_of(array.type);
  const std::span<const std::byte> elements = bytes.subspan(header);
  if (elements.size() != size) {
    throw Error("the file has " + std::to_string(elements.size()) + " bytes of elements",
                std::string(source),
                std::to_string(size) + " for " + shape_text(array.shape) + " of " +
                    std::string(name_of(array.type)));
  }
  array.bytes.assign(elements.begin(), elements.end());
  swap_bytes(array.bytes, size_of(array.type));
  return array;
}

}  // namespace lab
