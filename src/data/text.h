// What the text readers share: where in the file a thing is, whether the bytes are text, and how to
// show a piece of a file in a message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lab {

// A place in a text as an editor shows it: both from 1, the column in characters (UTF-8 code
// points).
struct Position {
  std::size_t line = 1;
  std::size_t column = 1;
};

// The place of byte `offset` of `text`. Lines end in LF, CR or CRLF.
Position position_of(std::string_view text, std::size_t offset);

// "source:line:column", the `where` of an Error.
std::string place(std::string_view source, Position position);
std::string place(std::string_view source, std::string_view text, std::size_t offset);

// Checks that `text` is UTF-8 without NUL and returns it without a byte order mark. Errors name the
// first wrong byte; UTF-16 is recognised by its mark and named.
std::string_view checked_text(std::string_view text, std::string_view source);

// The bytes of the well-formed UTF-8 sequence that `text` begins with (no overlong form, no
// surrogate, at most U+10FFFF); 0 when it begins with none.
std::size_t utf8_length(std::string_view text);

// Whether the bytes are well-formed UTF-8 (no overlong forms, no surrogates, at most U+10FFFF).
bool is_utf8(std::string_view text);

// 'value' for a message: in single quotes, shortened to about 40 bytes, control characters and
// bytes that are not UTF-8 as \xNN, so that a hostile file cannot steer the terminal or make the
// message invalid as JSON. An object, not a function: for a function a call with a std::string
// would also consider std::quoted, which some libraries bring along with <filesystem>.
struct Quoted {
  std::string operator()(std::string_view value) const;
};
inline constexpr Quoted quoted;

// `text` without blanks (space, tab) at both ends.
std::string_view trim_blanks(std::string_view text);

// Whether two ASCII texts are equal but for case.
bool equal_ignoring_case(std::string_view a, std::string_view b);

// The finite number that the whole of `text` spells in decimal ("-1.5e3", "+2", ".5"), correctly
// rounded and independent of the locale; nothing when it is none, NaN and infinities included.
std::optional<double> parse_value(std::string_view text);

// The non-negative integer that the whole of `text` spells in decimal digits; nothing when it is
// none or greater than `max`.
std::optional<std::size_t> parse_count(std::string_view text, std::size_t max = SIZE_MAX);

// "3 rows", "1 row": a count with its noun; the plural is the noun with an s.
std::string counted(std::size_t count, std::string_view noun);

}  // namespace lab
