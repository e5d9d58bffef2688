#include "data/npy.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "core/error.h"
#include "data/text.h"

namespace lab {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMaxRank = 32;  // NumPy's own limit before version 2
constexpr std::size_t kMaxHeader = 65536;
constexpr std::size_t kAlignment = 64;  // of the first element in the file

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

struct Header {
  std::optional<std::string> descr;
  std::optional<bool> fortran_order;
  std::optional<std::vector<std::size_t>> shape;
};

// Parses the header's Python dictionary, e.g. {'descr': '<f8', 'fortran_order': False, 'shape': (3,
// 4), }.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, std::size_t offset, std::string_view source)
      : text_(text), offset_(offset), source_(source) {}

  Header parse() {
    Header header;
    expect('{');
    while (!take('}')) {
      const std::size_t key_begin = position_;
      const std::string key = read_string();
      expect(':');
      if (key == "descr" && !header.descr) {
        header.descr = read_descr();
      } else if (key == "fortran_order" && !header.fortran_order) {
        header.fortran_order = read_bool();
      } else if (key == "shape" && !header.shape) {
        header.shape = read_shape();
      } else {
        fail("unknown or repeated key " + quoted(key), key_begin,
             "'descr', 'fortran_order' and 'shape', once each");
      }
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    skip_space();
    if (position_ != text_.size()) fail("text behind the dictionary", position_, "only blanks");
    if (!header.descr || !header.fortran_order || !header.shape) {
      fail("the header lacks a key", position_, "'descr', 'fortran_order' and 'shape'");
    }
    return header;
  }

 private:
  [[noreturn]] void fail(std::string problem, std::size_t position, std::string expected) const {
    throw Error(std::move(problem), source_ + ", byte " + std::to_string(offset_ + position),
                std::move(expected));
  }
  char current() const { return position_ < text_.size() ? text_[position_] : '\0'; }
  void skip_space() {
    while (current() == ' ' || current() == '\n' || current() == '\t' || current() == '\r')
      ++position_;
  }
  bool take(char c) {
    skip_space();
    if (current() != c) return false;
    ++position_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) {
      fail("the header is not a dictionary", position_, "'" + std::string(1, c) + "' here");
    }
  }
  std::string_view read_word() {
    const std::size_t begin = position_;
    while ((current() >= 'a' && current() <= 'z') || (current() >= 'A' && current() <= 'Z') ||
           (current() >= '0' && current() <= '9')) {
      ++position_;
    }
    return text_.substr(begin, position_ - begin);
  }

  std::string read_string() {
    skip_space();
    const char quote = current();
    const std::size_t end =
        quote == '\'' || quote == '"' ? text_.find(quote, position_ + 1) : std::string_view::npos;
    if (end == std::string_view::npos) fail("no text in quotes", position_, "a name in quotes");
    const std::string out(text_.substr(position_ + 1, end - position_ - 1));
    position_ = end + 1;
    return out;
  }

  std::string read_descr() {
    skip_space();
    if (current() == '[') {
      fail("the array holds records of several fields", position_, "elements of one number each");
    }
    return read_string();
  }

  bool read_bool() {
    skip_space();
    const std::size_t begin = position_;
    const std::string_view word = read_word();
    if (word != "True" && word != "False") {
      fail("fortran_order is " + quoted(word), begin, "True or False");
    }
    return word == "True";
  }

  std::vector<std::size_t> read_shape() {
    std::vector<std::size_t> shape;
    expect('(');
    while (!take(')')) {
      skip_space();
      const std::size_t begin = position_;
      std::string_view word = read_word();
      // Python 2 wrote long integers with an L behind them.
      if (word.size() > 1 && word.back() == 'L') word.remove_suffix(1);
      const auto extent = parse_count(word);
      if (!extent) fail("the shape holds " + quoted(word), begin, "whole numbers");
      if (shape.size() == kMaxRank) {
        fail("the shape has too many dimensions", begin, "at most " + std::to_string(kMaxRank));
      }
      shape.push_back(*extent);
      if (!take(',')) {
        expect(')');
        break;
      }
    }
    return shape;
  }

  std::string_view text_;
  std::size_t offset_;  // of the text in the file, for messages
  std::string source_;
  std::size_t position_ = 0;
};

struct Element {
  ElementType type;
  bool big_endian = false;
};

std::optional<Element> parse_descr(std::string_view descr) {
  if (descr.size() != 3) return std::nullopt;
  Element element{};
  switch (descr[0]) {
    case '<':
    case '=':
    case '|':
      break;
    case '>':
      element.big_endian = true;
      break;
    default:
      return std::nullopt;
  }
  struct Name {
    std::string_view name;
    ElementType type;
  };
  static constexpr Name kNames[] = {
      {"b1", ElementType::boolean}, {"u1", ElementType::u8},  {"i1", ElementType::i8},
      {"u2", ElementType::u16},     {"i2", ElementType::i16}, {"u4", ElementType::u32},
      {"i4", ElementType::i32},     {"u8", ElementType::u64}, {"i8", ElementType::i64},
      {"f4", ElementType::f32},     {"f8", ElementType::f64}};
  for (const auto& [name, type] : kNames) {
    if (descr.substr(1) != name) continue;
    element.type = type;
    // '|' says that there is no byte order, which only single bytes may.
    if (descr[0] == '|' && size_of(type) > 1) return std::nullopt;
    return element;
  }
  return std::nullopt;
}

std::string_view descr_of(ElementType type) {
  switch (type) {
    case ElementType::boolean:
      return "|b1";
    case ElementType::u8:
      return "|u1";
    case ElementType::i8:
      return "|i1";
    case ElementType::u16:
      return "<u2";
    case ElementType::i16:
      return "<i2";
    case ElementType::u32:
      return "<u4";
    case ElementType::i32:
      return "<i4";
    case ElementType::u64:
      return "<u8";
    case ElementType::i64:
      return "<i8";
    case ElementType::f32:
      return "<f4";
    case ElementType::f64:
      return "<f8";
  }
  return "";
}

// Column-major elements (the first index runs fastest) as row-major ones.
std::vector<std::byte> row_major(std::span<const std::byte> bytes,
                                 std::span<const std::size_t> shape, std::size_t size) {
  std::vector<std::byte> out(bytes.size());
  std::vector<std::size_t> strides(shape.size()), index(shape.size());
  std::size_t stride = size;
  for (std::size_t k = 0; k < shape.size(); ++k) {
    strides[k] = stride;
    stride *= shape[k];
  }
  std::size_t from = 0;
  for (std::size_t to = 0; to < out.size(); to += size) {
    std::memcpy(out.data() + to, bytes.data() + from, size);
    for (std::size_t k = shape.size(); k-- > 0;) {
      from += strides[k];
      if (++index[k] < shape[k]) break;
      from -= strides[k] * shape[k];
      index[k] = 0;
    }
  }
  return out;
}

}  // namespace

bool is_npy(std::span<const std::byte> bytes) {
  return as_text(bytes).substr(0, kMagic.size()) == kMagic;
}

FileArray read_npy(std::span<const std::byte> bytes, std::string_view source,
                   const Limits& limits) {
  const auto byte = [&](std::size_t i) { return std::to_integer<std::size_t>(bytes[i]); };
  if (!is_npy(bytes)) {
    throw Error("the file does not begin like an NPY file", std::string(source),
                "the bytes 93 'NUMPY'");
  }
  const std::size_t version = bytes.size() > kMagic.size() ? byte(kMagic.size()) : 0;
  const std::size_t header_begin = version == 1 ? 10 : 12;
  if (bytes.size() < header_begin) {
    throw Error("the file ends inside its header", std::string(source),
                "at least " + std::to_string(header_begin) + " bytes");
  }
  if (version < 1 || version > 3) {
    throw Error("the file has NPY version " + std::to_string(version), std::string(source),
                "version 1, 2 or 3");
  }
  std::size_t length = byte(8) | byte(9) << 8;
  if (version > 1) length |= byte(10) << 16 | byte(11) << 24;
  if (length > std::min(kMaxHeader, bytes.size() - header_begin)) {
    throw Error("the header claims " + std::to_string(length) + " bytes", std::string(source),
                "at most " + std::to_string(std::min(kMaxHeader, bytes.size() - header_begin)));
  }
  const Header header =
      HeaderParser(as_text(bytes.subspan(header_begin, length)), header_begin, source).parse();
  const auto element = parse_descr(*header.descr);
  if (!element) {
    throw Error("elements of type " + quoted(*header.descr), std::string(source),
                "b1, u1 to u8, i1 to i8, f4 or f8, such as '<f8'");
  }

  FileArray array{.type = element->type, .shape = *header.shape, .bytes = {}};
  const std::size_t element_size = size_of(array.type);
  const std::size_t size = checked_size(array.shape, source, limits) * element_size;
  const std::span<const std::byte> elements = bytes.subspan(header_begin + length);
  if (elements.size() != size) {
    throw Error("the file has " + std::to_string(elements.size()) + " bytes of elements",
                std::string(source),
                std::to_string(size) + " for " + shape_text(array.shape) + " of " +
                    std::string(name_of(array.type)));
  }
  if (*header.fortran_order && array.rank() > 1) {
    array.bytes = row_major(elements, array.shape, element_size);
  } else {
    array.bytes.assign(elements.begin(), elements.end());
  }
  if (element->big_endian) swap_bytes(array.bytes, element_size);
  if (array.type == ElementType::boolean) {
    for (std::byte& b : array.bytes) b = b == std::byte{0} ? std::byte{0} : std::byte{1};
  }
  return array;
}

std::vector<std::byte> write_npy(const FileArray& array) {
  std::string header =
      "{'descr': '" + std::string(descr_of(array.type)) + "', 'fortran_order': False, 'shape': (";
  for (std::size_t k = 0; k < array.rank(); ++k) {
    header += std::to_string(array.shape[k]);
    if (k + 1 < array.rank() || array.rank() == 1) header += ",";
    if (k + 1 < array.rank()) header += " ";
  }
  header += "), }";
  constexpr std::size_t kPrefix = 10;  // magic, version, length
  const std::size_t unpadded = kPrefix + header.size() + 1;
  header.append((kAlignment - unpadded % kAlignment) % kAlignment, ' ');
  header += '\n';

  std::string prefix;
  prefix.reserve(kPrefix + header.size());
  prefix += kMagic;
  prefix += '\1';
  prefix += '\0';
  prefix += static_cast<char>(header.size() & 0xFF);
  prefix += static_cast<char>(header.size() >> 8);
  prefix += header;
  const auto head = std::as_bytes(std::span(prefix));
  std::vector<std::byte> out(head.size() + array.bytes.size());
  std::ranges::copy(array.bytes, std::ranges::copy(head, out.begin()).out);
  return out;
}

}  // namespace lab
