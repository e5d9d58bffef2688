#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/error.h"
#include "core/json.h"

using lab::canonical;
using lab::Json;
using lab::number_text;
using lab::parse_json;
using lab::parse_number;
using lab::pretty;

namespace {

Json parse(std::string_view text) {
  return parse_json(text, "t");
}

// What an Error says, or "" if there is none.
template <class Function>
std::string error_of(Function function) {
  try {
    function();
  } catch (const lab::Error& error) {
    return error.what();
  }
  return "";
}

std::string parse_error(std::string_view text) {
  return error_of([&] { parse(text); });
}

// A counter-based scrambler (Stafford's mix 13), so that this test needs no other part of the
// house.
std::uint64_t scramble(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

}  // namespace

TEST_CASE("numbers are written as in RFC 8785, appendix B") {
  struct Row {
    std::uint64_t bits;
    const char* text;
  };
  for (const auto& [bits, text] : std::vector<Row>{
           {0x0000000000000000, "0"},
           {0x8000000000000000, "0"},
           {0x0000000000000001, "5e-324"},
           {0x8000000000000001, "-5e-324"},
           {0x7fefffffffffffff, "1.7976931348623157e+308"},
           {0xffefffffffffffff, "-1.7976931348623157e+308"},
           {0x4340000000000000, "9007199254740992"},
           {0xc340000000000000, "-9007199254740992"},
           {0x4430000000000000, "295147905179352830000"},
           {0x44b52d02c7e14af5, "9.999999999999997e+22"},
           {0x44b52d02c7e14af6, "1e+23"},
           {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
           {0x444b1ae4d6e2ef4e, "999999999999999700000"},
           {0x444b1ae4d6e2ef4f, "999999999999999900000"},
           {0x444b1ae4d6e2ef50, "1e+21"},
           {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
           {0x3eb0c6f7a0b5ed8d, "0.000001"},
           {0x41b3de4355555553, "333333333.3333332"},
           {0x41b3de4355555554, "333333333.33333325"},
           {0x41b3de4355555555, "333333333.3333333"},
           {0x41b3de4355555556, "333333333.3333334"},
           {0x41b3de4355555557, "333333333.33333343"},
           {0xbecbf647612f3696, "-0.0000033333333333333333"},
           {0x43143ff3c1cb0959, "1424953923781206.2"},
       }) {
    CAPTURE(text);
    const double value = std::bit_cast<double>(bits);
    CHECK(number_text(value) == text);
    CHECK(canonical(Json(value)) == text);
    CHECK(parse_number(text) == value);
  }
  for (const std::uint64_t bits :
       std::vector<std::uint64_t>{0x7fffffffffffffff, 0x7ff0000000000000, 0xfff0000000000000}) {
    const double value = std::bit_cast<double>(bits);
    CHECK_THROWS_AS(number_text(value), lab::Error);
    CHECK_THROWS_AS(canonical(Json(value)), lab::Error);
    CHECK_THROWS_AS(pretty(Json(value)), lab::Error);
  }
}

TEST_CASE("every form of number: integer, point inside, leading zeros, exponent") {
  CHECK(number_text(1) == "1");
  CHECK(number_text(-1.5) == "-1.5");
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(1e20) == "100000000000000000000");
  CHECK(number_text(1e21) == "1e+21");
  CHECK(number_text(1.5e300) == "1.5e+300");
  CHECK(number_text(1e-6) == "0.000001");
  CHECK(number_text(1e-7) == "1e-7");
  CHECK(number_text(1.25e-7) == "1.25e-7");
  CHECK(number_text(123456.789) == "123456.789");
}

TEST_CASE("a number's text reads back as the same bits, for doubles of all exponents") {
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const double value = std::bit_cast<double>(scramble(i));
    if (!std::isfinite(value)) continue;
    const std::optional<double> back = parse_number(number_text(value));
    REQUIRE(back.has_value());
    REQUIRE(std::bit_cast<std::uint64_t>(*back) == std::bit_cast<std::uint64_t>(value));
  }
}

TEST_CASE("a number is read whole and without a locale, or not at all") {
  CHECK(parse_number("1") == 1.0);
  CHECK(parse_number("-.5") == -0.5);
  CHECK(parse_number("2.e3") == 2000.0);
  CHECK(parse_number("1E-7") == 1e-7);
  CHECK(parse_number("1e+3") == 1000.0);
  CHECK(parse_number("007") == 7.0);
  CHECK(std::signbit(parse_number("-0").value()));
  CHECK(parse_number("1e-400") == 0.0);
  CHECK(parse_number("4.9406564584124654e-324") == 5e-324);
  CHECK(parse_number("2.2250738585072011e-308") == 2.2250738585072011e-308);
  // Exactly halfway between 1 and the next double, and just above it: to even, and up.
  CHECK(parse_number("1.00000000000000011102230246251565404236316680908203125") == 1.0);
  CHECK(parse_number("1.00000000000000011102230246251565404236316680908203126") ==
        1.0000000000000002220446049250313);
  for (const char* text : {"",    " ",        "1 ",    " 1",     "+1",    "1,5",   "1e",  "1e+",
                           "e5",  ".",        "-",     "--1",    "1.2.3", "0x10",  "inf", "-inf",
                           "nan", "infinity", "1e400", "-1e400", "1f",    "1_000", "１"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_number(text).has_value());
  }
}

TEST_CASE("the samples of RFC 8785 have the canonical text of RFC 8785") {
  CHECK(canonical(parse(R"({
  "numbers": [333333333.33333329, 1E30, 4.50,
              2e-3, 0.000000000000000000000000001],
  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
  "literals": [null, true, false]
})")) == "{\"literals\":[null,true,false],"
         "\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
         "\"string\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");

  CHECK(canonical(parse(R"({
  "\u20ac": "Euro Sign",
  "\r": "Carriage Return",
  "\ufb33": "Hebrew Letter Dalet With Dagesh",
  "1": "One",
  "\ud83d\ude00": "Emoji: Grinning Face",
  "\u0080": "Control",
  "\u00f6": "Latin Small Letter O With Diaeresis"
})")) == "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
         "\"\xc3\xb6\":\"Latin Small Letter O With Diaeresis\",\"\xe2\x82\xac\":\"Euro Sign\","
         "\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\","
         "\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
}

TEST_CASE("keys are ordered by UTF-16 code units at every boundary") {
  // In order: U+007F, U+0080, U+07FF, U+0800, U+D7FF, U+10000, U+10FFFF, U+E000, U+FFFF; prefixes
  // first.
  const std::vector<std::string> keys{"",
                                      "a",
                                      "aa",
                                      "b",
                                      "\x7f",
                                      "\xc2\x80",
                                      "\xdf\xbf",
                                      "\xe0\xa0\x80",
                                      "\xed\x9f\xbf",
                                      "\xf0\x90\x80\x80",
                                      "\xf4\x8f\xbf\xbf",
                                      "\xf4\x8f\xbf\xbf"
                                      "a",
                                      "\xee\x80\x80",
                                      "\xef\xbf\xbf"};
  Json object = Json::object();
  std::string expected = "{";
  for (const std::string& key : keys) {
    object[key] = 0;
    if (expected.size() > 1) expected += ',';
    expected += '"';
    expected += key;
    expected += "\":0";
  }
  expected += '}';
  CHECK(canonical(object) == expected);
}

TEST_CASE("strings are escaped as little as RFC 8785 allows") {
  CHECK(canonical(Json("\b\f\n\r\t\"\\/")) == R"("\b\f\n\r\t\"\\/")");
  CHECK(canonical(Json(std::string("\x00\x01\x1f\x7f", 4))) == "\"\\u0000\\u0001\\u001f\x7f\"");
  CHECK(canonical(parse(R"("\u2028\u00e9")")) == "\"\xe2\x80\xa8\xc3\xa9\"");
}

TEST_CASE("a number is its value, not its spelling") {
  for (const char* text : {"1", "1.0", "1e0", "10e-1", "0.1e1", "1.000", "1E+0"}) {
    CAPTURE(text);
    CHECK(parse(text).is_number_integer());
    CHECK(parse(text).get<int>() == 1);
  }
  CHECK(parse("-7").get<int>() == -7);
  for (const char* text : {"0", "-0", "-0.0", "0e5", "1e-400"}) {
    CAPTURE(text);
    CHECK(parse(text).is_number_integer());
    CHECK_FALSE(std::signbit(parse(text).get<double>()));
    CHECK(canonical(parse(text)) == "0");
  }
  CHECK(parse("1e12").is_number_integer());
  CHECK(parse("1e12").get<double>() == 1e12);
  CHECK(parse("0.1").is_number_float());
  CHECK(parse("1e300").get<double>() == 1e300);
  CHECK(parse("9007199254740992").get<std::uint64_t>() == 9007199254740992u);
  CHECK(parse("-9007199254740992").get<std::int64_t>() == -9007199254740992);
  CHECK(parse("9007199254740991.0").is_number_integer());
}

TEST_CASE("integers that a double does not hold are errors, read or written") {
  for (const char* text :
       {"9007199254740993", "-9007199254740993", "18446744073709551615", "9223372036854775807",
        "100000000000000000001", "1000000000000000000000"}) {
    CAPTURE(text);
    CHECK(parse_error(text).find("cannot be kept exactly") != std::string::npos);
  }
  CHECK_THROWS_AS(canonical(Json(std::uint64_t{9007199254740993})), lab::Error);
  CHECK_THROWS_AS(canonical(Json(std::int64_t{-9007199254740993})), lab::Error);
  CHECK_THROWS_AS(canonical(Json(std::numeric_limits<std::int64_t>::min())), lab::Error);
  CHECK(canonical(Json(std::uint64_t{9007199254740992})) == "9007199254740992");
  CHECK(canonical(Json(std::int64_t{-9007199254740992})) == "-9007199254740992");
  // What canonical() itself writes for a large double is read.
  CHECK(parse("100000000000000000000").get<double>() == 1e20);
  CHECK(parse("295147905179352830000").get<double>() == 295147905179352825856.0);
}

TEST_CASE("canonical and pretty texts read back as the same value") {
  const Json value = parse(R"({"b":[1,2.5,{"c":null}],"a":{"\u0000":"\ud83d\ude00","e":[],"o":{}},
    "big":1e20,"tiny":5e-324,"neg":-3,"t":true})");
  CHECK(parse(canonical(value)) == value);
  CHECK(parse(pretty(value)) == value);
  CHECK(canonical(parse(canonical(value))) == canonical(value));
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const double number = std::bit_cast<double>(scramble(i + 1000000));
    if (!std::isfinite(number)) continue;
    const std::string text = canonical(Json(number));
    REQUIRE(parse(text).get<double>() == number);
    REQUIRE(canonical(parse(text)) == text);
  }
}

TEST_CASE("pretty breaks what does not fit on a line, and nothing else") {
  CHECK(pretty(parse("{}")) == "{}");
  CHECK(pretty(parse("[]")) == "[]");
  CHECK(pretty(parse(R"({"b":[1,2],"a":"x"})")) == R"({"a": "x", "b": [1, 2]})");
  const std::string word(60, 'w');
  Json value{
      {"first", word}, {"second", Json::array({1, 2, 3})}, {"third", {{"x", word}, {"y", word}}}};
  CHECK(pretty(value) == "{\n  \"first\": \"" + word +
                             "\",\n  \"second\": [1, 2, 3],\n  \"third\": {\n" + "    \"x\": \"" +
                             word + "\",\n    \"y\": \"" + word + "\"\n  }\n}");
}

TEST_CASE("a line of pretty text is never longer than 100 columns when it can be broken") {
  for (std::size_t width = 80; width < 110; ++width) {
    const Json value{{"k", Json::array({Json::array({std::string(width, 'x'), 1}), 2})}};
    const std::string text = pretty(value);
    std::size_t longest = 0;
    std::size_t start = 0;
    while (start <= text.size()) {
      const std::size_t end = std::min(text.find('\n', start), text.size());
      longest = std::max(longest, end - start);
      start = end + 1;
    }
    CAPTURE(width);
    // Unbroken: {"k": [["xxx", 1], 2]} takes 19 more; a string of its own line: 8 of indent,
    // quotes, comma.
    if (width + 19 <= 100) CHECK(longest == width + 19);
    CHECK(longest <= std::max<std::size_t>(100, width + 9));
  }
}

TEST_CASE("a deep value takes no more than a moment to print") {
  Json value = "leaf";
  for (int i = 0; i < 98; ++i) value = Json::array({value, std::string(90, 'x')});
  CHECK(parse(pretty(value)) == value);
}

TEST_CASE("errors say where and what would be right") {
  CHECK(parse_error("") == "t:1:1: the text ends too early; expected a value");
  CHECK(parse_error("  \n ") == "t:2:2: the text ends too early; expected a value");
  CHECK(parse_error("{\"a\": 1,\n  \"b\" 2}") == "t:2:7: unexpected '2'; expected ':'");
  CHECK(parse_error("{\"a\": 1,\n  \"b\": 2") ==
        "t:2:9: the text ends too early; expected ',' or '}'");
  CHECK(parse_error("[1 2]") == "t:1:4: unexpected '2'; expected ',' or ']'");
  CHECK(parse_error("[1,]") == "t:1:4: unexpected ']'; expected a value");
  CHECK(parse_error("{a:1}") == "t:1:2: unexpected 'a'; expected a key in double quotes or '}'");
  CHECK(parse_error("{\"a\":1,}") == "t:1:8: unexpected '}'; expected a key in double quotes");
  CHECK(parse_error("NaN") == "t:1:1: unexpected 'NaN'; expected a value");
  CHECK(parse_error("[nul]") == "t:1:2: unexpected 'nul'; expected a value");
  CHECK(parse_error("nullx") == "t:1:1: unexpected 'nullx'; expected a value");
  CHECK(parse_error("1 2") == "t:1:3: unexpected '2'; expected the end of the text");
  CHECK(parse_error("// no\n1") == "t:1:1: unexpected '/'; expected a value");
  CHECK(parse_error("'a'") == "t:1:1: unexpected '''; expected a value");
  CHECK(parse_error("\xef\xbb\xbf{}") == "t:1:1: a byte order mark; expected plain UTF-8");
  CHECK(parse_error("[1.]") == "t:1:4: unexpected ']'; expected a digit");
  CHECK(parse_error("-") == "t:1:2: the text ends too early; expected a digit");
  CHECK(parse_error("+1") == "t:1:1: unexpected '+'; expected a value");
  CHECK(parse_error(".5") == "t:1:1: unexpected '.'; expected a value");
  CHECK(parse_error("1e") == "t:1:3: the text ends too early; expected a digit");
  CHECK(parse_error("01") == "t:1:1: a number with leading zeros; expected no leading zeros");
  CHECK(parse_error("1e400") ==
        "t:1:1: the number 1e400 is too large; expected a magnitude below 1.8e308");
  CHECK(parse_error("\"abc") == "t:1:1: the string does not end; expected '\"'");
  CHECK(parse_error("\"a\nb\"") ==
        "t:1:3: a control character in the string; expected an escape such as \\n or \\u0009");
  CHECK(parse_error("\"\\x\"").substr(0, 26) == "t:1:2: an unknown escape; ");
  CHECK(parse_error("\"\\u12g4\"").substr(0, 29) == "t:1:2: an incomplete escape; ");
  CHECK(parse_error("\"\\u-123\"").substr(0, 29) == "t:1:2: an incomplete escape; ");
  CHECK(parse_error("\"\\u12").substr(0, 29) == "t:1:2: an incomplete escape; ");
  CHECK(parse_error("\"\\").substr(0, 26) == "t:1:2: an unknown escape; ");
  // A column is a character, not a byte.
  CHECK(parse_error("[\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\" 1]") ==
        "t:1:8: unexpected '1'; expected ',' or ']'");
  CHECK(parse_error("[\xc3\xa9]") == "t:1:2: unexpected '\xc3\xa9'; expected a value");
  for (const std::string_view control :
       {std::string_view("[\0]", 3), std::string_view("[\x7f]"), std::string_view("[\xc2\x9b]")})
    CHECK(parse_error(control) == "t:1:2: unexpected control character; expected a value");
}

TEST_CASE("a key may appear only once, however it is written") {
  CHECK(parse_error("{\"gamma\": 1,\n \"gamma\": 2}") ==
        "t:2:2: the key 'gamma' appears twice; expected each key once");
  CHECK(parse_error("{\"a\":1,\"\\u0061\":1}") ==
        "t:1:8: the key 'a' appears twice; expected each key once");
  CHECK(parse_error("{\"\\u001b\x7f\xc2\x9bx\":1,\"\\u001b\x7f\xc2\x9bx\":1}")
            .find("the key '???x' appears twice") != std::string::npos);
  CHECK(parse_error("{\"a\":{\"a\":1},\"b\":{\"a\":2}}").empty());
}

TEST_CASE("text that is not UTF-8 is an error, read or written") {
  for (const char* bytes :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xc2", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80",
        "\xed\xbf\xbf", "\xe2\x82", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xff", "\xf0\x9f\x98"}) {
    std::string text = "\"";
    text += bytes;
    text += '"';
    CHECK(parse_error(text) == "t:1:2: bytes that are not UTF-8; expected UTF-8");
    CHECK_THROWS_AS(canonical(Json(std::string(bytes))), lab::Error);
    CHECK_THROWS_AS(canonical(Json{{std::string(bytes), 1}}), lab::Error);
    CHECK_THROWS_AS(pretty(Json(std::string(bytes))), lab::Error);
  }
  for (const char* escape : {R"("\ud800")", R"("\udc00")", R"("\ud800x")", R"("\ud800\n")",
                             R"("\ud800\u0041")", R"("\udc00\ud800")"}) {
    CHECK(parse_error(escape).find("half of a surrogate pair") != std::string::npos);
  }
  CHECK(parse(R"("\ud800\udc00\udbff\udfff")").get<std::string>() ==
        "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
}

TEST_CASE("an error in writing names the path") {
  const Json value{{"model", {{"layers", Json::array({1, 2, std::nan("")})}}}};
  CHECK(error_of([&] { canonical(value); }) ==
        "model.layers[2]: a number that is not finite; expected a finite number");
  CHECK_THROWS_AS(canonical(Json::binary({1, 2})), lab::Error);
}

TEST_CASE("hostile texts end in an error, not in a crash") {
  CHECK(parse_error(std::string(100000, '[')).find("nested too deeply") != std::string::npos);
  std::string objects;
  for (int i = 0; i < 10000; ++i) objects += "{\"a\":";
  CHECK(parse_error(objects).find("nested too deeply") != std::string::npos);

  std::string deep(100, '[');
  deep += std::string(100, ']');
  CHECK(parse_error(deep).empty());
  CHECK(canonical(parse(deep)) == deep);
  deep = "[" + deep + "]";
  CHECK(parse_error(deep) ==
        "t:1:101: arrays and objects are nested too deeply; expected at most 100 levels");

  CHECK_NOTHROW(parse_json("[1]", "t", {.bytes = 3, .depth = 1}));
  CHECK_THROWS_AS(parse_json("[1] ", "t", {.bytes = 3, .depth = 1}), lab::Error);
  CHECK_THROWS_AS(parse_json("[[1]]", "t", {.depth = 1}), lab::Error);

  Json too_deep = 1;
  for (int i = 0; i < 101; ++i) too_deep = Json::array({too_deep});
  CHECK_THROWS_AS(canonical(too_deep), lab::Error);
  CHECK_THROWS_AS(pretty(too_deep), lab::Error);

  // Long numbers: many digits, and exponents beyond any integer type.
  CHECK(parse("0." + std::string(100000, '0') + "1").get<double>() == 0);
  CHECK(parse("1e-99999999999999999999").get<double>() == 0);
  CHECK(parse_error("1e99999999999999999999").find("too large") != std::string::npos);
  CHECK(parse_error(std::string(400, '9')).find("too large") != std::string::npos);
}

TEST_CASE("no prefix of a document is a document, and none reads beyond its end") {
  const std::string whole = R"({"a":[1.5e3,"x\u00e9\ud83d\ude00",true,null],"b":{"c":-0.25}})";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<char> part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK_THROWS_AS(parse(std::string_view(part.data(), part.size())), lab::Error);
  }
  CHECK_NOTHROW(parse(whole));
}
