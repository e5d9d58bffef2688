#include "data/arff.h"

#include <limits>
#include <map>
#include <set>

#include "core/error.h"
#include "data/text.h"

namespace lab {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Token {
  std::string text;
  std::size_t begin = 0;  // byte in the file
  bool in_quotes = false;

  bool is_missing() const { return !in_quotes && text == "?"; }
};

void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// Tokens of a text of lines.
class Scanner {
 public:
  Scanner(std::string_view text, std::string_view source) : text_(text), source_(source) {}

  std::size_t position() const { return position_; }
  std::size_t line() const { return line_; }
  char current() const { return position_ < text_.size() ? text_[position_] : '\n'; }
  bool at_end() const { return position_ == text_.size(); }
  // A comment ends the line's contents.
  bool at_line_end() const { return current() == '\n' || current() == '\r' || current() == '%'; }

  [[noreturn]] void fail(std::string problem, std::size_t offset, std::string expected) const {
    throw Error(std::move(problem), place(source_, text_, offset), std::move(expected));
  }
  [[noreturn]] void fail(std::string problem, std::string expected) const {
    fail(std::move(problem), position_, std::move(expected));
  }

  // True if any blank was there.
  bool skip_blanks() {
    const std::size_t begin = position_;
    while (current() == ' ' || current() == '\t') ++position_;
    return position_ > begin;
  }

  // Goes to the first character of the next line that holds more than blanks and comments.
  void skip_empty_lines() {
    while (true) {
      skip_blanks();
      if (at_end() || !at_line_end()) return;
      next_line();
    }
  }

  void next_line() {
    position_ = std::min(text_.find_first_of("\r\n", position_), text_.size());
    if (at_end()) return;
    const bool crlf = current() == '\r' && text_.substr(position_ + 1, 1) == "\n";
    position_ += crlf ? 2 : 1;
    ++line_;
  }

  bool take(char c) {
    skip_blanks();
    if (at_end() || current() != c) return false;
    ++position_;
    return true;
  }

  void expect_line_end() {
    skip_blanks();
    if (!at_line_end()) fail("text behind the end of the declaration", "the end of the line");
    next_line();
  }

  // A word in quotes, or a bare one up to a blank, comma, brace, quote, comment or line end. `what`
  // is named when there is none.
  Token read_word(std::string_view what) {
    skip_blanks();
    Token token{.text = {}, .begin = position_};
    if (current() == '\'' || current() == '"') {
      token.in_quotes = true;
      token.text = read_quoted();
      return token;
    }
    const std::size_t end =
        std::min(text_.find_first_of(" \t\r\n,{}'\"%", position_), text_.size());
    token.text = text_.substr(position_, end - position_);
    position_ = end;
    if (token.text.empty()) {
      fail("there is no " + std::string(what), "a " + std::string(what) + ", bare or in quotes");
    }
    return token;
  }

 private:
  std::string read_quoted() {
    const std::size_t open = position_;
    const char quote = text_[position_++];
    std::string out;
    while (true) {
      if (at_end() || current() == '\n' || current() == '\r') {
        fail("the quote is not closed on its line", open, std::string("a closing ") + quote);
      }
      const char c = text_[position_++];
      if (c == quote) return out;
      if (c != '\\') {
        out += c;
        continue;
      }
      if (at_end() || current() == '\n' || current() == '\r') {
        fail("a backslash at the end of the line", position_ - 1, "a character behind it");
      }
      const char escaped = text_[position_++];
      switch (escaped) {
        case 'n':
          out += '\n';
          break;
        case 'r':
          out += '\r';
          break;
        case 't':
          out += '\t';
          break;
        case 'u':
          append_utf8(out, read_code());
          break;
        default:
          out += escaped;
      }
    }
  }

  // Four hexadecimal digits.
  unsigned read_code() {
    const std::size_t begin = position_ - 2;
    unsigned code = 0;
    for (int k = 0; k < 4; ++k) {
      const char c = current();
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) fail("a \\u that is not a character", begin, "four hexadecimal digits");
      code = code << 4 | static_cast<unsigned>(digit);
      ++position_;
    }
    if (code == 0 || (code >= 0xD800 && code < 0xE000)) {
      fail("a \\u that is not a character", begin, "a Unicode character of the first plane");
    }
    return code;
  }

  std::string_view text_;
  std::string source_;
  std::size_t position_ = 0;
  std::size_t line_ = 1;
};

class ArffReader {
 public:
  ArffReader(std::string_view text, std::string_view source, const Limits& limits)
      : scanner_(text, source), limits_(limits) {
    table_.source = source;
    table_.name = table_name(source);
  }

  Table read() {
    read_header();
    while (true) {
      scanner_.skip_empty_lines();
      if (scanner_.at_end()) break;
      read_instance();
    }
    if (table_.rows == 0) scanner_.fail("there are no instances", "lines of values below @data");
    return std::move(table_);
  }

 private:
  void read_header() {
    bool has_relation = false;
    while (true) {
      scanner_.skip_empty_lines();
      if (scanner_.at_end()) scanner_.fail("the file ends before @data", "@attribute or @data");
      const Token keyword = scanner_.read_word("keyword");
      if (equal_ignoring_case(keyword.text, "@relation")) {
        if (has_relation) scanner_.fail("a second @relation", keyword.begin, "@attribute or @data");
        has_relation = true;
        table_.name = scanner_.read_word("name of the relation").text;
        if (table_.name.empty()) table_.name = table_name(table_.source);
        scanner_.expect_line_end();
      } else if (!has_relation) {
        scanner_.fail("the file begins with " + quoted(keyword.text), keyword.begin, "@relation");
      } else if (equal_ignoring_case(keyword.text, "@attribute")) {
        read_attribute();
      } else if (equal_ignoring_case(keyword.text, "@data")) {
        if (table_.columns.empty()) {
          scanner_.fail("there are no attributes", keyword.begin, "@attribute before @data");
        }
        scanner_.expect_line_end();
        return;
      } else {
        scanner_.fail("unknown keyword " + quoted(keyword.text), keyword.begin,
                      "@attribute or @data");
      }
    }
  }

  void read_attribute() {
    const Token name = scanner_.read_word("name of the attribute");
    if (name.text.empty()) scanner_.fail("the attribute's name is empty", name.begin, "a name");
    if (!names_.insert(name.text).second) {
      scanner_.fail("two attributes are named " + quoted(name.text), name.begin,
                    "a different name");
    }
    if (table_.columns.size() == limits_.max_columns) {
      scanner_.fail("there are too many attributes", name.begin,
                    "at most " + std::to_string(limits_.max_columns));
    }
    Column column;
    column.name = name.text;
    codes_.emplace_back();
    if (scanner_.take('{')) {
      column.type = ColumnType::categorical;
      read_levels(column);
    } else {
      const Token type = scanner_.read_word("type of the attribute");
      const auto is = [&](std::string_view word) { return equal_ignoring_case(type.text, word); };
      if (is("numeric") || is("real") || is("integer")) {
        column.type = ColumnType::numeric;
      } else if (is("string")) {
        column.type = ColumnType::text;
      } else if (is("date")) {
        column.type = ColumnType::text;
        scanner_.skip_blanks();
        if (!scanner_.at_line_end()) scanner_.read_word("date format");
      } else {
        scanner_.fail(is("relational") ? "relational attributes are not read"
                                       : "unknown type " + quoted(type.text),
                      type.begin, "numeric, real, integer, string, date or {levels}");
      }
    }
    scanner_.expect_line_end();
    table_.columns.push_back(std::move(column));
  }

  void read_levels(Column& column) {
    std::map<std::string, int, std::less<>>& codes = codes_.back();
    while (true) {
      const Token level = scanner_.read_word("level");
      if (!codes.emplace(level.text, static_cast<int>(column.levels.size())).second) {
        scanner_.fail("the level " + quoted(level.text) + " occurs twice", level.begin,
                      "different levels");
      }
      column.levels.push_back(level.text);
      if (scanner_.take('}')) return;
      // Weka also takes blanks between levels.
      scanner_.take(',');
    }
  }

  void read_instance() {
    if (table_.columns.size() > limits_.max_cells - cells_) {
      scanner_.fail("the file has too many values",
                    "at most " + std::to_string(limits_.max_cells) + " in all");
    }
    cells_ += table_.columns.size();
    table_.lines.push_back(scanner_.line());
    if (scanner_.take('{')) {
      read_sparse();
    } else {
      read_dense();
    }
    scanner_.next_line();
    ++table_.rows;
  }

  std::string expected_values() const {
    return counted(table_.columns.size(), "value") + ", one for each attribute";
  }

  void read_dense() {
    for (std::size_t j = 0; j < table_.columns.size(); ++j) {
      if (scanner_.current() == ',') {
        scanner_.fail("the value of " + quoted(table_.columns[j].name) + " is empty",
                      "a value, or ? for a missing one");
      }
      add(j, scanner_.read_word("value"));
      const bool blank = scanner_.skip_blanks();
      const bool comma = scanner_.take(',');
      if (comma) scanner_.skip_blanks();
      const bool last = j + 1 == table_.columns.size();
      if (last) {
        if (comma && scanner_.current() == '{') {
          scanner_.fail("an instance weight", "an instance without a weight");
        }
        if (comma || !scanner_.at_line_end()) {
          scanner_.fail("the instance has more than " + counted(j + 1, "value"), expected_values());
        }
      } else if (scanner_.at_line_end()) {
        scanner_.fail("the instance has only " + counted(j + 1, "value"), expected_values());
      } else if (!comma && !blank) {
        scanner_.fail("two values are not parted", "a comma");
      }
    }
  }

  void read_sparse() {
    std::size_t next = 0;  // the first attribute that has no value yet
    const auto fill_to = [&](std::size_t end) {
      for (; next < end; ++next) add_default(next);
    };
    if (!scanner_.take('}')) {
      while (true) {
        const Token index = scanner_.read_word("number of an attribute");
        const auto j = parse_count(index.text, table_.columns.size() - 1);
        if (!j || *j < next) {
          scanner_.fail("the index " + quoted(index.text) +
                            (j ? " does not ascend" : " is not an attribute's"),
                        index.begin,
                        next < table_.columns.size()
                            ? "a whole number from " + std::to_string(next) + " to " +
                                  std::to_string(table_.columns.size() - 1)
                            : "} behind the value of the last attribute");
        }
        fill_to(*j);
        add(next++, scanner_.read_word("value"));
        if (scanner_.take('}')) break;
        if (!scanner_.take(',')) scanner_.fail("the sparse instance is not closed", "a comma or }");
      }
    }
    fill_to(table_.columns.size());
    scanner_.skip_blanks();
    if (scanner_.take(',') && scanner_.take('{')) {
      scanner_.fail("an instance weight", "an instance without a weight");
    }
    if (!scanner_.at_line_end())
      scanner_.fail("text behind the sparse instance", "the end of the line");
  }

  void add(std::size_t j, const Token& token) {
    Column& column = table_.columns[j];
    if (token.is_missing()) {
      column.missing.push_back(table_.rows);
      if (column.type == ColumnType::numeric) column.numbers.push_back(kNaN);
      if (column.type == ColumnType::categorical) column.codes.push_back(-1);
      if (column.type == ColumnType::text) column.texts.emplace_back();
      return;
    }
    switch (column.type) {
      case ColumnType::numeric: {
        const auto x = parse_value(trim_blanks(token.text));
        if (!x) {
          scanner_.fail("the value of " + quoted(column.name) + " is " + quoted(token.text),
                        token.begin, "a number, or ? for a missing one");
        }
        column.numbers.push_back(*x);
        break;
      }
      case ColumnType::categorical: {
        const auto code = codes_[j].find(token.text);
        if (code == codes_[j].end()) {
          scanner_.fail("the value of " + quoted(column.name) + " is " + quoted(token.text),
                        token.begin, levels_text(column));
        }
        column.codes.push_back(code->second);
        break;
      }
      case ColumnType::text:
        column.texts.push_back(token.text);
        break;
    }
  }

  // What a sparse instance leaves out.
  void add_default(std::size_t j) {
    Column& column = table_.columns[j];
    if (column.type == ColumnType::numeric) column.numbers.push_back(0);
    if (column.type == ColumnType::categorical) column.codes.push_back(0);
    if (column.type == ColumnType::text) column.texts.emplace_back();
  }

  static std::string levels_text(const Column& column) {
    constexpr std::size_t kMaxListed = 8;
    std::string text = "one of the declared levels ";
    for (std::size_t k = 0; k < column.levels.size() && k < kMaxListed; ++k) {
      text += (k > 0 ? ", " : "") + quoted(column.levels[k]);
    }
    return text + (column.levels.size() > kMaxListed ? ", ..." : "");
  }

  Scanner scanner_;
  Limits limits_;
  Table table_;
  std::set<std::string, std::less<>> names_;
  std::vector<std::map<std::string, int, std::less<>>> codes_;  // per attribute: level -> code
  std::size_t cells_ = 0;
};

}  // namespace

bool is_arff(std::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  Scanner scanner(text, "");
  scanner.skip_empty_lines();
  constexpr std::string_view kKeyword = "@relation";
  return equal_ignoring_case(text.substr(scanner.position(), kKeyword.size()), kKeyword);
}

Table read_arff(std::string_view text, std::string_view source, const Limits& limits) {
  if (text.size() > limits.max_bytes) {
    throw Error("the file has " + std::to_string(text.size()) + " bytes", std::string(source),
                "at most " + std::to_string(limits.max_bytes));
  }
  return ArffReader(checked_text(text, source), source, limits).read();
}

}  // namespace lab
