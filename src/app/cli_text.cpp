#include "app/cli_text.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdio>
#include <utility>

namespace lab {

namespace {

constexpr std::size_t kGap = 2;  // blanks between columns

std::string_view escape_of(Ink ink) {
  switch (ink) {
    case Ink::plain:
      return "";
    case Ink::strong:
      return "\x1b[1m";
    case Ink::faint:
      return "\x1b[2m";
    case Ink::good:
      return "\x1b[32m";
    case Ink::bad:
      return "\x1b[31m";
    case Ink::doubtful:
      return "\x1b[33m";
  }
  return "";
}

std::string padded(std::string_view text, std::size_t columns, TextTable::Align align) {
  const std::size_t have = display_width(text);
  const std::string blanks(columns > have ? columns - have : 0, ' ');
  return align == TextTable::Align::right ? blanks + std::string(text) : std::string(text) + blanks;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (;;) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

std::string without_trailing_blanks(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::string inked(const TextStyle& style, Ink ink, std::string_view text) {
  if (!style.colour || ink == Ink::plain) return std::string(text);
  return std::string(escape_of(ink)) + std::string(text) + "\x1b[0m";
}

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == 0x1b) {
      while (i < text.size() && text[i] != 'm') ++i;
      continue;
    }
    if ((byte & 0xc0) == 0x80) continue;  // inside a code point
    // U+0300..U+036F, the combining marks, begin with the bytes CC and CD.
    if (byte == 0xcc || byte == 0xcd) continue;
    ++columns;
  }
  return columns;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  if (text.empty()) return lines;
  for (const std::string_view given : lines_of(text)) {
    const std::size_t begin = std::min(given.find_first_not_of(' '), given.size());
    const std::string indent(begin, ' ');
    std::string line = indent;
    bool empty = true;  // but for the indent
    for (std::size_t i = begin; i < given.size();) {
      if (given[i] == ' ') {
        ++i;
        continue;
      }
      const std::size_t end = std::min(given.find(' ', i), given.size());
      const std::string_view word = given.substr(i, end - i);
      if (!empty && display_width(line) + 1 + display_width(word) > columns) {
        lines.push_back(std::exchange(line, indent));
        empty = true;
      }
      if (!empty) line += ' ';
      line += word;
      empty = false;
      i = end;
    }
    lines.push_back(empty ? "" : std::move(line));
  }
  return lines;
}

void print_wrapped(std::ostream& out, std::string_view text, std::size_t indent,
                   std::size_t columns) {
  const std::size_t room = columns > indent + 20 ? columns - indent : 20;
  for (const std::string& line : wrapped(text, room)) {
    if (!line.empty()) out << std::string(indent, ' ') << line;
    out << '\n';
  }
}

void print_heading(std::ostream& out, const TextStyle& style, std::string_view heading) {
  out << inked(style, Ink::strong, heading) << '\n';
}

void print_terms(std::ostream& out, const TextStyle& style, std::span<const Term> terms,
                 std::size_t indent, std::size_t widest) {
  std::size_t width = 0;
  for (const Term& term : terms)
    if (display_width(term.term) <= widest) width = std::max(width, display_width(term.term));
  const std::size_t column = indent + width + kGap;
  const std::size_t room = std::max<std::size_t>(style.columns, column + 20) - column;
  for (const Term& term : terms) {
    out << std::string(indent, ' ') << inked(style, Ink::strong, term.term);
    const std::size_t used = display_width(term.term);
    bool same_line = used <= width;
    if (!same_line) out << '\n';
    for (const std::string& line : wrapped(term.meaning, room)) {
      if (!line.empty())
        out << (same_line ? std::string(width - used + kGap, ' ') : std::string(column, ' '))
            << line;
      out << '\n';
      same_line = false;
    }
    if (same_line) out << '\n';
  }
}

void TextTable::add(std::vector<std::string> cells) {
  assert(cells.size() == columns_.size());
  rows_.push_back({.cells = std::move(cells), .notes = {}});
}

void TextTable::add_note(std::string note) {
  assert(!rows_.empty());
  rows_.back().notes.push_back(std::move(note));
}

void TextTable::print(std::ostream& out, const TextStyle& style, std::size_t indent) const {
  std::vector<std::size_t> widths;
  std::vector<std::vector<std::string_view>> headings;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    headings.push_back(lines_of(columns_[c].heading));
    std::size_t width = 0;
    for (const std::string_view line : headings[c]) width = std::max(width, display_width(line));
    for (const Row& row : rows_) width = std::max(width, display_width(row.cells[c]));
    widths.push_back(width);
  }

  const std::string margin(indent, ' ');
  const auto print_line = [&](std::span<const std::size_t> part, auto&& cell) {
    std::string line = margin;
    for (std::size_t k = 0; k < part.size(); ++k) {
      if (k > 0) line.append(kGap, ' ');
      line += cell(part[k]);
    }
    out << without_trailing_blanks(std::move(line)) << '\n';
  };

  std::size_t next = columns_.empty() ? 0 : 1;
  bool first_part = true;
  do {
    std::vector<std::size_t> part{0};
    std::size_t used = indent + widths[0];
    while (next < columns_.size() &&
           (part.size() == 1 || used + kGap + widths[next] <= style.columns)) {
      used += kGap + widths[next];
      part.push_back(next++);
    }
    if (!first_part) out << '\n';
    std::size_t height = 0;
    for (const std::size_t c : part) height = std::max(height, headings[c].size());
    for (std::size_t line = 0; line < height; ++line) {
      print_line(part, [&](std::size_t c) {
        const std::size_t first = height - headings[c].size();
        const std::string_view text = line >= first ? headings[c][line - first] : "";
        return inked(style, Ink::faint, padded(text, widths[c], columns_[c].align));
      });
    }
    for (const Row& row : rows_) {
      // A row that has nothing in a further part is not repeated there.
      const bool blank = std::all_of(part.begin() + 1, part.end(),
                                     [&](std::size_t c) { return row.cells[c].empty(); });
      if (!first_part && blank) continue;
      print_line(part,
                 [&](std::size_t c) { return padded(row.cells[c], widths[c], columns_[c].align); });
      if (first_part)
        for (const std::string& note : row.notes)
          print_wrapped(out, note, indent + 4, style.columns);
    }
    first_part = false;
  } while (next < columns_.size());
}

std::string short_number(double number, int digits) {
  char buffer[64];
  if (std::isnan(number)) return "not a number";
  if (std::isinf(number)) return number > 0 ? "infinite" : "-infinite";
  const bool whole = std::abs(number) < 1e9 && number == std::floor(number);
  if (whole) {
    // Adding 0 turns -0 into 0.
    std::snprintf(buffer, sizeof buffer, "%.0f", number + 0.0);
  } else {
    std::snprintf(buffer, sizeof buffer, "%.*g", digits, number);
  }
  // The exponent as people write it: 1e-06 -> 1e-6, 1e+12 -> 1e12.
  std::string text = buffer;
  const std::size_t e = text.find('e');
  if (e == std::string::npos) return text;
  std::size_t from = e + 1;
  if (text[from] == '-') ++from;
  const std::size_t digit = std::min(text.find_first_not_of("+0", from), text.size() - 1);
  return text.erase(from, digit - from);
}

std::string duration_text(double seconds) {
  char buffer[64];
  if (!(seconds >= 0)) seconds = 0;
  if (seconds < 9.95) {
    std::snprintf(buffer, sizeof buffer, "%.1f s", seconds);
    return buffer;
  }
  const double whole = std::min(std::round(seconds), 1e15);
  const auto total = static_cast<long long>(whole);
  if (total < 60) {
    std::snprintf(buffer, sizeof buffer, "%lld s", total);
  } else if (total < 3600) {
    std::snprintf(buffer, sizeof buffer, "%lld min %02lld s", total / 60, total % 60);
  } else {
    std::snprintf(buffer, sizeof buffer, "%lld h %02lld min", total / 3600, total % 3600 / 60);
  }
  return buffer;
}

std::string narrow_heading(std::string_view name, std::size_t columns) {
  std::string heading;
  std::size_t on_line = 0;
  while (!name.empty()) {
    const std::size_t underscore = name.find('_');
    const std::string_view word =
        name.substr(0, underscore == std::string_view::npos ? name.size() : underscore + 1);
    if (on_line > 0 && on_line + display_width(word) > columns) {
      heading += '\n';
      on_line = 0;
    }
    heading += word;
    on_line += display_width(word);
    name.remove_prefix(word.size());
  }
  return heading;
}

std::string listed(std::span<const std::string> words, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " " + std::string(last) + " " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace lab
