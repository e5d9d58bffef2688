// How does the program's text fit a terminal? Columns that line up, sentences that wrap, numbers
// short enough to read, and colour only where somebody sees it.
#pragma once

#include <cstddef>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

struct TextStyle {
  bool colour = false;
  std::size_t columns = 80;  // of the terminal; text is laid out within these
};

enum class Ink { plain, strong, faint, good, bad, doubtful };

// The text in that colour, or as it is where the style has none.
std::string inked(const TextStyle& style, Ink ink, std::string_view text);

// Columns that a UTF-8 text takes on a terminal: code points, without colour codes and combining
// marks.
std::size_t display_width(std::string_view text);

// Breaks at blanks into lines of at most `columns`; a longer word has a line of its own. Line
// breaks in the text stay, and so do blanks at the beginning of a line, before all that it is
// broken into.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

// The wrapped text, each line with `indent` blanks before it and a line break after it.
void print_wrapped(std::ostream& out, std::string_view text, std::size_t indent,
                   std::size_t columns);

// "heading" in the style of a section of the output, on a line of its own.
void print_heading(std::ostream& out, const TextStyle& style, std::string_view heading);

// Something and what it means, in two columns: the second begins where the longest term of at most
// `widest` columns ends, and is wrapped; a longer term has a line of its own.
struct Term {
  std::string term;
  std::string meaning;  // line breaks stay
};
void print_terms(std::ostream& out, const TextStyle& style, std::span<const Term> terms,
                 std::size_t indent = 2, std::size_t widest = 28);

// Rows of cells under headings, two blanks between columns. A table that is too wide for the
// terminal is printed in parts one under the other, each with the first column in front.
class TextTable {
 public:
  enum class Align { left, right };
  struct Column {
    std::string heading;  // may have several lines; they end at the same height
    Align align = Align::left;
  };

  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as there are columns.
  void add(std::vector<std::string> cells);
  // A sentence under the last row, wrapped.
  void add_note(std::string note);
  bool empty() const { return rows_.empty(); }

  void print(std::ostream& out, const TextStyle& style, std::size_t indent = 0) const;

 private:
  struct Row {
    std::vector<std::string> cells;
    std::vector<std::string> notes;
  };
  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

// A number for reading: whole numbers below 1e9 in full, others with at most `digits` significant
// digits, "1e12", "2.5e-7".
std::string short_number(double number, int digits = 6);

// "0.4 s", "12 s", "3 min 05 s", "2 h 10 min".
std::string duration_text(double seconds);

// A name as the heading of a narrow column: broken after underscores into lines of at most
// `columns`, where that is possible.
std::string narrow_heading(std::string_view name, std::size_t columns = 12);

// "a, b and c"; with `last` = "or": "a, b or c".
std::string listed(std::span<const std::string> words, std::string_view last = "and");

}  // namespace lab
