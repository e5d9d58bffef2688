#include "data/text.h"

#include <cstdint>

#include "core/error.h"
#include "core/json.h"

namespace lab {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string hex_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return {kHexDigits[byte >> 4], kHexDigits[byte & 15]};
}

}  // namespace

Position position_of(std::string_view text, std::size_t offset) {
  Position position;
  for (std::size_t i = 0; i < offset && i < text.size(); ++i) {
    const bool crlf = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (text[i] == '\n' || (text[i] == '\r' && !crlf)) {
      ++position.line;
      position.column = 1;
    } else if (!is_continuation(text[i])) {
      ++position.column;
    }
  }
  return position;
}

std::string place(std::string_view source, Position position) {
  return std::string(source) + ":" + std::to_string(position.line) + ":" +
         std::to_string(position.column);
}

std::string place(std::string_view source, std::string_view text, std::size_t offset) {
  return place(source, position_of(text, offset));
}

std::string_view checked_text(std::string_view text, std::string_view source) {
  const auto starts = [&](std::string_view mark) { return text.substr(0, mark.size()) == mark; };
  if (starts("\xFF\xFE") || starts("\xFE\xFF")) {
    throw Error("the file is text in UTF-16", std::string(source), "text in UTF-8");
  }
  if (starts("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text.substr(i));
    if (length == 0 || text[i] == '\0') {
      throw Error("byte 0x" + hex_byte(text[i]) + " is not text", place(source, text, i),
                  "text in UTF-8");
    }
    i += length;
  }
  return text;
}

std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t k) {
    return k < text.size() ? static_cast<unsigned char>(text[k]) : std::uint8_t{0};
  };
  const auto continues = [&](std::size_t k) { return k < text.size() && is_continuation(text[k]); };
  const std::uint8_t first = byte(0), second = byte(1);
  if (text.empty()) return 0;
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;  // a continuation byte, or an overlong form of ASCII
  if (first < 0xE0) return continues(1) ? 2 : 0;
  if (first < 0xF0) {
    if (first == 0xE0 && second < 0xA0) return 0;  // overlong
    if (first == 0xED && second > 0x9F) return 0;  // a surrogate
    return continues(1) && continues(2) ? 3 : 0;
  }
  if (first > 0xF4) return 0;
  if (first == 0xF0 && second < 0x90) return 0;  // overlong
  if (first == 0xF4 && second > 0x8F) return 0;  // above U+10FFFF
  return continues(1) && continues(2) && continues(3) ? 4 : 0;
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text.substr(i));
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::string Quoted::operator()(std::string_view value) const {
  constexpr std::size_t kMaxShown = 40;
  std::string out = "'";
  std::size_t i = 0;
  while (i < value.size() && i < kMaxShown) {
    const char c = value[i];
    const std::size_t length = utf8_length(value.substr(i));
    const bool control =
        (c >= 0 && c < ' ') || c == '\x7F' ||
        (length == 2 && c == '\xC2' && static_cast<unsigned char>(value[i + 1]) < 0xA0);
    if (length > 0 && !control) {
      out += value.substr(i, length);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      out += "\\x" + hex_byte(c);
    }
    i += length > 0 && !control ? length : 1;
  }
  out += i < value.size() ? "...'" : "'";
  return out;
}

std::string_view trim_blanks(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return text.substr(0, 0);
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

std::optional<double> parse_value(std::string_view text) {
  const bool plus = text.substr(0, 1) == "+";
  if (plus) text.remove_prefix(1);
  if (plus && text.substr(0, 1) == "-") return std::nullopt;
  return parse_number(text);
}

std::optional<std::size_t> parse_count(std::string_view text, std::size_t max) {
  if (text.empty()) return std::nullopt;
  std::size_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<std::size_t>(c - '0');
    if (value > (max - digit) / 10 || digit > max) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace lab
