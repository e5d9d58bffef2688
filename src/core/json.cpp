// Reading: RFC 8259. Writing: RFC 8785 (JSON Canonicalization Scheme), whose numbers are those of
// ECMA-262, Number::toString(x) with radix 10.
//
// The reader is our own, because nlohmann's keeps the last of two equal keys, reads numbers through
// strtod with the C library's locale, and has no depth limit.
#include "core/json.h"

#include <fast_float/fast_float.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "core/decimal.h"
#include "core/error.h"

namespace lab {
namespace {

constexpr double kLargestInteger = 9007199254740992.0;  // 2^53

// The length of the valid UTF-8 sequence at the start of text, 1 to 4; 0 if there is none (Unicode
// 15, table 3-7: no overlong forms, no surrogates, nothing beyond U+10FFFF).
std::size_t utf8_length(std::string_view text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto continues = [&](std::size_t i) { return (at(i) & 0xc0u) == 0x80u; };
  const unsigned first = at(0);
  if (text.empty()) return 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4 || !continues(1)) return 0;
  if (first < 0xe0) return 2;
  if (!continues(2)) return 0;
  if (first < 0xf0) {
    if (first == 0xe0 && at(1) < 0xa0) return 0;
    if (first == 0xed && at(1) > 0x9f) return 0;
    return 3;
  }
  if (!continues(3)) return 0;
  if (first == 0xf0 && at(1) < 0x90) return 0;
  if (first == 0xf4 && at(1) > 0x8f) return 0;
  return 4;
}

// Whether a valid text begins with a control character: of ASCII, or U+0080 to U+009F.
bool is_control(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  return first < 0x20 || first == 0x7f ||
         (first == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0);
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto add = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xc0 | code >> 6);
    add(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    add(0xe0 | code >> 12);
    add(0x80 | (code >> 6 & 0x3f));
    add(0x80 | (code & 0x3f));
  } else {
    add(0xf0 | code >> 18);
    add(0x80 | (code >> 12 & 0x3f));
    add(0x80 | (code >> 6 & 0x3f));
    add(0x80 | (code & 0x3f));
  }
}

// [SECTION] Reading

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class Parser {
 public:
  Parser(std::string_view text, std::string_view source, const JsonLimits& limits)
      : text_(text), source_(source), limits_(limits) {}

  Json parse() {
    if (text_.size() > limits_.bytes) {
      fail(0, "the text has " + std::to_string(text_.size()) + " bytes",
           "at most " + std::to_string(limits_.bytes));
    }
    skip_space();
    Json value = parse_value(0);
    skip_space();
    if (at_ < text_.size()) fail_here("the end of the text");
    return value;
  }

 private:
  Json parse_value(std::size_t depth) {
    switch (peek()) {
      case '{':
        return parse_object(depth);
      case '[':
        return parse_array(depth);
      case '"':
        return parse_string("the string");
      case 't':
        return parse_word("true", true);
      case 'f':
        return parse_word("false", false);
      case 'n':
        return parse_word("null", nullptr);
      default:
        if (peek() == '-' || is_digit(peek())) return parse_number_value();
        fail_here("a value");
    }
  }

  Json parse_word(std::string_view word, Json value) {
    std::size_t end = at_;
    while (end < text_.size() &&
           ((text_[end] >= 'a' && text_[end] <= 'z') || (text_[end] >= 'A' && text_[end] <= 'Z'))) {
      ++end;
    }
    if (text_.substr(at_, end - at_) != word) {
      fail_here("a value");
    }
    at_ = end;
    return value;
  }

  Json parse_array(std::size_t depth) {
    enter(depth);
    Json array = Json::array();
    skip_space();
    if (take(']')) return array;
    while (true) {
      array.push_back(parse_value(depth + 1));
      skip_space();
      if (take(']')) return array;
      if (!take(',')) fail_here("',' or ']'");
      skip_space();
    }
  }

  Json parse_object(std::size_t depth) {
    enter(depth);
    Json object = Json::object();
    skip_space();
    if (take('}')) return object;
    while (true) {
      const std::size_t key_at = at_;
      if (peek() != '"')
        fail_here(object.empty() ? "a key in double quotes or '}'" : "a key in double quotes");
      std::string key = parse_string("the key");
      if (object.contains(key))
        fail(key_at, "the key " + quoted(key) + " appears twice", "each key once");
      skip_space();
      if (!take(':')) fail_here("':'");
      skip_space();
      object.emplace(std::move(key), parse_value(depth + 1));
      skip_space();
      if (take('}')) return object;
      if (!take(',')) fail_here("',' or '}'");
      skip_space();
    }
  }

  void enter(std::size_t depth) {
    if (depth >= limits_.depth) {
      fail(at_, "arrays and objects are nested too deeply",
           "at most " + std::to_string(limits_.depth) + " levels");
    }
    ++at_;
  }

  std::string parse_string(std::string_view what) {
    const std::size_t start = at_++;
    std::string value;
    while (true) {
      // The plain ASCII stretch, in one piece.
      std::size_t end = at_;
      while (end < text_.size() && text_[end] >= 0x20 && text_[end] < 0x7f && text_[end] != '"' &&
             text_[end] != '\\') {
        ++end;
      }
      value.append(text_, at_, end - at_);
      at_ = end;

      if (at_ == text_.size()) fail(start, std::string(what) + " does not end", "'\"'");
      if (take('"')) return value;
      if (peek() == '\\') {
        parse_escape(value);
        continue;
      }
      if (static_cast<unsigned char>(peek()) < 0x20) {
        fail(at_, "a control character in " + std::string(what),
             "an escape such as \\n or \\u0009");
      }
      const std::size_t length = utf8_length(text_.substr(at_));
      if (length == 0) fail(at_, "bytes that are not UTF-8", "UTF-8");
      value.append(text_, at_, length);
      at_ += length;
    }
  }

  void parse_escape(std::string& value) {
    const std::size_t start = at_++;
    const char kind = peek();
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (const std::size_t found = kNames.find(kind); at_ < text_.size() && found != kNames.npos) {
      value += kMeanings[found];
      ++at_;
      return;
    }
    if (kind != 'u')
      fail(start, "an unknown escape", "\\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and 4 hex digits");
    ++at_;
    std::uint32_t code = parse_hex(start);
    if (code >= 0xd800 && code < 0xe000) {
      if (code >= 0xdc00 || text_.substr(at_, 2) != "\\u") fail_surrogate(start);
      at_ += 2;
      const std::uint32_t low = parse_hex(start);
      if (low < 0xdc00 || low >= 0xe000) fail_surrogate(start);
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    append_utf8(value, code);
  }

  std::uint32_t parse_hex(std::size_t start) {
    const std::string_view digits = text_.substr(at_, 4);
    std::uint32_t code = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (error != std::errc() || digits.size() < 4 || end != digits.data() + 4 || digits[0] == '-') {
      fail(start, "an incomplete escape", "\\u and 4 hex digits");
    }
    at_ += 4;
    return code;
  }

  [[noreturn]] void fail_surrogate(std::size_t at) const {
    fail(at, "half of a surrogate pair", "\\uD800 to \\uDBFF followed by \\uDC00 to \\uDFFF");
  }

  Json parse_number_value() {
    const std::size_t start = at_;
    take('-');
    if (!is_digit(peek())) fail_here("a digit");
    const bool leading_zero = peek() == '0';
    const std::size_t digits = take_digits();
    if (leading_zero && digits > 1) fail(start, "a number with leading zeros", "no leading zeros");
    bool plain = true;
    if (take('.')) {
      plain = false;
      if (take_digits() == 0) fail_here("a digit");
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      plain = false;
      if (!take('+')) take('-');
      if (take_digits() == 0) fail_here("a digit");
    }

    const std::string_view token = text_.substr(start, at_ - start);
    const std::optional<double> value = parse_number(token);
    if (!value) {
      fail(start, "the number " + shortened(token) + " is too large", "a magnitude below 1.8e308");
    }
    if (*value == std::floor(*value) && std::abs(*value) <= kLargestInteger) {
      if (plain && std::abs(*value) == kLargestInteger && number_text(*value) != token) {
        fail_integer(start, token);
      }
      const auto integer = static_cast<std::int64_t>(*value);
      if (integer < 0) return integer;
      return static_cast<std::uint64_t>(integer);
    }
    if (plain && number_text(*value) != token) fail_integer(start, token);
    return *value;
  }

  [[noreturn]] void fail_integer(std::size_t at, std::string_view token) const {
    fail(at, "the integer " + shortened(token) + " cannot be kept exactly",
         "a magnitude up to 9007199254740992");
  }

  std::size_t take_digits() {
    const std::size_t start = at_;
    while (is_digit(peek())) ++at_;
    return at_ - start;
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool take(char wanted) {
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  static std::string shortened(std::string_view token) {
    if (token.size() <= 40) return std::string(token);
    std::string text(token.substr(0, 37));
    text += "...";
    return text;
  }

  // A key for an error text: whole characters, not too many of them.
  static std::string quoted(std::string_view key) {
    std::string text = "'";
    while (!key.empty() && text.size() < 60) {
      const std::size_t length = utf8_length(key);
      text += is_control(key) ? std::string_view("?") : key.substr(0, length);
      key.remove_prefix(length);
    }
    text += key.empty() ? "'" : "...'";
    return text;
  }

  // What stands here is not what was expected.
  [[noreturn]] void fail_here(std::string expected) const {
    if (at_ >= text_.size()) fail(at_, "the text ends too early", std::move(expected));
    const std::string_view rest = text_.substr(at_);
    if (rest.substr(0, 3) == "\xef\xbb\xbf") {
      fail(at_, "a byte order mark", "plain UTF-8");
    }
    const std::size_t length = utf8_length(rest);
    if (length == 0) fail(at_, "bytes that are not UTF-8", std::move(expected));
    std::string problem = "unexpected ";
    std::size_t word = 0;
    while (word < rest.size() && word < 20 &&
           ((rest[word] >= 'a' && rest[word] <= 'z') || (rest[word] >= 'A' && rest[word] <= 'Z'))) {
      ++word;
    }
    if (is_control(rest)) {
      problem += rest[0] == '\n' || rest[0] == '\r' ? "line end" : "control character";
    } else {
      problem += '\'';
      problem += rest.substr(0, word > 0 ? word : length);
      problem += '\'';
    }
    fail(at_, std::move(problem), std::move(expected));
  }

  [[noreturn]] void fail(std::size_t at, std::string problem, std::string expected) const {
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::size_t i = 0; i < at; ++i) {
      if (text_[i] == '\n') {
        ++line;
        column = 1;
      } else if ((static_cast<unsigned char>(text_[i]) & 0xc0) != 0x80) {
        ++column;
      }
    }
    std::string where(source_);
    where += ':';
    where += std::to_string(line);
    where += ':';
    where += std::to_string(column);
    throw Error(std::move(problem), std::move(where), std::move(expected));
  }

  std::string_view text_;
  std::string_view source_;
  JsonLimits limits_;
  std::size_t at_ = 0;
};

// [SECTION] Writing

// Whether a comes before b in the order of their UTF-16 code units. That is the order of their
// UTF-8 bytes, except that characters beyond U+FFFF, written with surrogates D800..DFFF, come
// before U+E000..U+FFFF.
bool utf16_less(std::string_view a, std::string_view b) {
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (y == b.end()) return false;
  if (x == a.end()) return true;
  const auto rank = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xf0 ? 0xedu * 2 + 1
                        : byte * 2u;  // just behind U+D7FF, whose first byte is 0xed
  };
  const unsigned first = rank(*x);
  const unsigned second = rank(*y);
  if (first != second) return first < second;
  return static_cast<unsigned char>(*x) < static_cast<unsigned char>(*y);
}

class Writer {
 public:
  explicit Writer(bool for_people) : for_people_(for_people) {}

  std::string write(const Json& value) {
    std::string out;
    append(out, value, 0, 0, !for_people_);
    return out;
  }

 private:
  static constexpr std::size_t kLineWidth = 100;

  struct Step {
    const std::string* key;  // null for an array's element
    std::size_t index;
  };

  // column: where on the line the value starts, counting what must follow it.
  // on_one_line: the value must not be broken, because what holds it is not.
  void append(std::string& out, const Json& value, std::size_t depth, std::size_t column,
              bool on_one_line) {
    switch (value.type()) {
      case Json::value_t::null:
        out += "null";
        return;
      case Json::value_t::boolean:
        out += value.get<bool>() ? "true" : "false";
        return;
      case Json::value_t::number_integer: {
        const auto integer = value.get<std::int64_t>();
        constexpr auto kLimit = static_cast<std::int64_t>(kLargestInteger);
        if (integer > kLimit || integer < -kLimit) fail_integer(std::to_string(integer));
        out += std::to_string(integer);
        return;
      }
      case Json::value_t::number_unsigned: {
        const auto integer = value.get<std::uint64_t>();
        if (integer > static_cast<std::uint64_t>(kLargestInteger))
          fail_integer(std::to_string(integer));
        out += std::to_string(integer);
        return;
      }
      case Json::value_t::number_float: {
        const double number = value.get<double>();
        if (!std::isfinite(number)) fail("a number that is not finite", "a finite number");
        out += number_text(number);
        return;
      }
      case Json::value_t::string:
        append_string(out, value.get_ref<const std::string&>());
        return;
      case Json::value_t::array:
      case Json::value_t::object:
        append_container(out, value, depth, column, on_one_line);
        return;
      case Json::value_t::binary:
      case Json::value_t::discarded:
        break;
    }
    fail("a value that JSON does not have",
         "null, a truth value, a number, a string, an array or an object");
  }

  void append_container(std::string& out, const Json& value, std::size_t depth, std::size_t column,
                        bool on_one_line) {
    if (depth >= JsonLimits().depth) {
      fail("arrays and objects are nested too deeply",
           "at most " + std::to_string(JsonLimits().depth) + " levels");
    }
    const std::size_t start = out.size();
    append_members(out, value, depth, column, true);
    if (!on_one_line && out.size() - start + column > kLineWidth) {
      out.resize(start);
      append_members(out, value, depth, column, false);
    }
  }

  void append_members(std::string& out, const Json& value, std::size_t depth, std::size_t column,
                      bool on_one_line) {
    const std::size_t start = out.size();
    const bool object = value.is_object();
    const std::vector<const std::string*> keys =
        object ? sorted_keys(value) : std::vector<const std::string*>{};
    out += object ? '{' : '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out += on_one_line && for_people_ ? ", " : ",";
      std::size_t member_column = column + out.size() - start + 1;
      if (!on_one_line) {
        out += '\n';
        out.append(2 * (depth + 1), ' ');
        member_column = 2 * (depth + 1) + 1;
      }
      path_.push_back({object ? keys[i] : nullptr, i});
      if (object) {
        const std::size_t key_start = out.size();
        append_string(out, *keys[i]);
        out += for_people_ ? ": " : ":";
        member_column += out.size() - key_start;
      }
      append(out, object ? value.at(*keys[i]) : value[i], depth + 1, member_column, on_one_line);
      path_.pop_back();
      // Too long for a line: whoever can break it writes it again.
      if (for_people_ && on_one_line && out.size() - start + column > kLineWidth) return;
    }
    if (!on_one_line) {
      out += '\n';
      out.append(2 * depth, ' ');
    }
    out += object ? '}' : ']';
  }

  static std::vector<const std::string*> sorted_keys(const Json& object) {
    std::vector<const std::string*> keys;
    for (auto member = object.begin(); member != object.end(); ++member)
      keys.push_back(&member.key());
    std::stable_sort(keys.begin(), keys.end(),
                     [](const std::string* a, const std::string* b) { return utf16_less(*a, *b); });
    return keys;
  }

  void append_string(std::string& out, std::string_view text) const {
    constexpr std::string_view kHex = "0123456789abcdef";
    constexpr std::string_view kNamed = "\"\\\b\f\n\r\t";
    constexpr std::string_view kNames = "\"\\bfnrt";
    out += '"';
    while (!text.empty()) {
      const std::size_t length = utf8_length(text);
      if (length == 0) fail("text that is not UTF-8", "UTF-8");
      if (const std::size_t named = kNamed.find(text[0]); named != kNamed.npos) {
        out += '\\';
        out += kNames[named];
      } else if (static_cast<unsigned char>(text[0]) < 0x20) {
        out += "\\u00";
        out += kHex[static_cast<unsigned char>(text[0]) >> 4];
        out += kHex[static_cast<unsigned char>(text[0]) & 15];
      } else {
        out += text.substr(0, length);
      }
      text.remove_prefix(length);
    }
    out += '"';
  }

  [[noreturn]] void fail_integer(const std::string& text) const {
    fail("the integer " + text + " cannot be kept exactly", "a magnitude up to 9007199254740992");
  }

  [[noreturn]] void fail(std::string problem, std::string expected) const {
    std::string where;
    for (const Step& step : path_) {
      if (step.key == nullptr) {
        where += '[';
        where += std::to_string(step.index);
        where += ']';
      } else {
        if (!where.empty()) where += '.';
        where += *step.key;
      }
    }
    throw Error(std::move(problem), std::move(where), std::move(expected));
  }

  bool for_people_;
  std::vector<Step> path_;
};

}  // namespace

Json parse_json(std::string_view text, std::string_view source, const JsonLimits& limits) {
  return Parser(text, source, limits).parse();
}

std::string canonical(const Json& value) {
  return Writer(false).write(value);
}

std::string pretty(const Json& value) {
  return Writer(true).write(value);
}

std::string number_text(double value) {
  if (!std::isfinite(value)) {
    throw Error("the number is not finite", "", "a finite number");
  }
  if (value == 0) return "0";

  const auto [digits, n] = shortest_decimal(value);

  // ECMA-262: k digits, and the value is 0.digits * 10^n.
  const int k = static_cast<int>(digits.size());
  std::string out;
  if (value < 0) out += '-';
  if (k <= n && n <= 21) {
    out += digits;
    out.append(static_cast<std::size_t>(n - k), '0');
  } else if (0 < n && n <= 21) {
    out += digits.substr(0, static_cast<std::size_t>(n));
    out += '.';
    out += digits.substr(static_cast<std::size_t>(n));
  } else if (-6 < n && n <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-n), '0');
    out += digits;
  } else {
    out += digits[0];
    if (k > 1) {
      out += '.';
      out += digits.substr(1);
    }
    out += n > 0 ? "e+" : "e-";
    out += std::to_string(std::abs(n - 1));
  }
  return out;
}

std::optional<double> parse_number(std::string_view text) {
  // fast_float would also take "inf", "nan" and "infinity".
  for (const char c : text) {
    if (!is_digit(c) && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E')
      return std::nullopt;
  }
  double value = 0;
  const auto [end, error] = fast_float::from_chars(text.data(), text.data() + text.size(), value);
  // Newer versions report too small a number as out of range, with the value 0 or the smallest
  // ones.
  const bool read = error == std::errc() || error == std::errc::result_out_of_range;
  if (!read || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace lab
