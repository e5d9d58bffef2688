// How is JSON read and written? Strictly in, canonically out: JavaScript and Python must be able to
// write the same config, and the same config must always be the same text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/json_fwd.h"

namespace lab {

struct JsonLimits {
  std::size_t bytes = std::size_t{64} << 20;  // longest text
  std::size_t depth = 100;                    // deepest nesting of arrays and objects
};

// Reads one JSON text (RFC 8259, UTF-8, no comments, no byte order mark, nothing after the value).
// source: what the text is, for error texts: "config.json", "--set", "url".
//
// Numbers have values, not spellings: one with an integer value of magnitude up to 2^53 becomes an
// integer, whether written 1, 1.0 or 1e0; any other becomes a double, rounded to nearest; -0
// becomes 0.
//
// Throws lab::Error, where = "<source>:<line>:<column>" (from 1; columns count characters), for:
// bad syntax; invalid UTF-8 or a lone surrogate; a key that the object already has; a number beyond
// the range of a double; digits without fraction or exponent beyond 2^53 that a double does not
// hold (as 9007199254740993: it would silently become another number; what canonical() writes for a
// double is accepted); a text over the limits.
Json parse_json(std::string_view text, std::string_view source, const JsonLimits& limits = {});

// The canonical text (RFC 8785): no spaces, keys ordered by UTF-16 code units, numbers as
// ECMAScript writes them. Reading it with parse_json gives the same value again. Throws lab::Error
// (where = the path, as "model.layers[2]") for: NaN and infinities; integers of magnitude over
// 2^53, which JavaScript could not read; invalid UTF-8; binary values; nesting over
// JsonLimits().depth.
std::string canonical(const Json& value);

// The same value for people: one member a line, two spaces of indent, what fits on a line on one
// line, no line end after the last line. Throws as canonical().
std::string pretty(const Json& value);

// A number as ECMAScript's Number::toString writes it: the shortest digits that read back as the
// same double; "0" for -0. Throws lab::Error for NaN and infinities.
std::string number_text(double value);

// The double nearest to a decimal number ("1", "-.5", "2.e3", "1E-7"), whatever the locale; nothing
// if the text is anything else (spaces, a leading '+', hexadecimal, "inf", "nan") or beyond the
// range of a double. Too small a number is 0.
std::optional<double> parse_number(std::string_view text);

}  // namespace lab
