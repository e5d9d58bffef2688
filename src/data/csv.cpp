#include "data/csv.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <set>

#include "core/error.h"
#include "data/text.h"

namespace lab {
namespace {

constexpr std::uint32_t kMaxCellLength = (std::uint32_t{1} << 30) - 1;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Where a value stands in the text: between its quotes, if it has any.
struct Cell {
  std::uint32_t begin;
  std::uint32_t length : 30;
  std::uint32_t doubled : 1;  // holds doubled quotes
};

struct Records {
  std::string_view text;
  std::size_t columns = 0;
  std::vector<Cell> cells;         // records x columns
  std::vector<std::size_t> lines;  // of the text, one per record

  std::size_t count() const { return lines.size(); }
  const Cell& cell(std::size_t record, std::size_t column) const {
    return cells[record * columns + column];
  }
};

// The value of a cell; `scratch` keeps it when doubled quotes had to be undone.
std::string_view value_of(const Records& records, const Cell& cell, std::string& scratch) {
  const std::string_view raw = records.text.substr(cell.begin, cell.length);
  if (!cell.doubled) return raw;
  scratch.clear();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    scratch += raw[i];
    if (raw[i] == '"') ++i;
  }
  return scratch;
}

// Splits a text into records of equally many cells.
class Splitter {
 public:
  Splitter(std::string_view text, std::string_view source, char delimiter, const Limits& limits)
      : source_(source), delimiter_(delimiter), limits_(limits) {
    records_.text = text;
  }

  // Splits from byte `start`, which begins line `line`. When `columns` is 0 the first record
  // decides.
  Records split(std::size_t start = 0, std::size_t line = 1, std::size_t columns = 0) && {
    position_ = start;
    line_ = line;
    records_.columns = columns;
    expected_ = columns > 0 ? counted(columns, "value") : "";
    while (true) {
      skip_blanks();
      if (at_end()) break;
      if (at_line_end()) {
        skip_line_end();
      } else {
        read_record();
      }
    }
    return std::move(records_);
  }

 private:
  char current() const { return records_.text[position_]; }
  bool at_end() const { return position_ == records_.text.size(); }
  bool at_line_end() const { return at_end() || current() == '\n' || current() == '\r'; }
  bool at_delimiter() const { return !at_end() && current() == delimiter_; }
  bool is_blank(char c) const { return (c == ' ' || c == '\t') && c != delimiter_; }
  void skip_blanks() {
    while (!at_end() && is_blank(current())) ++position_;
  }
  void skip_line_end() {
    if (at_end()) return;
    const bool crlf = current() == '\r' && position_ + 1 < records_.text.size() &&
                      records_.text[position_ + 1] == '\n';
    position_ += crlf ? 2 : 1;
    ++line_;
  }

  [[noreturn]] void fail(std::string problem, std::size_t offset, std::string expected) const {
    throw Error(std::move(problem), place(source_, records_.text, offset), std::move(expected));
  }

  void read_record() {
    const std::size_t line = line_;
    std::size_t count = 0;
    while (true) {
      skip_blanks();
      if (records_.columns > 0 && count == records_.columns) {
        fail("the record has more than " + counted(count, "value"), position_, expected_);
      }
      if (count == limits_.max_columns) {
        fail("the record has too many values", position_,
             "at most " + std::to_string(limits_.max_columns));
      }
      if (records_.cells.size() == limits_.max_cells) {
        fail("the file has too many values", position_,
             "at most " + std::to_string(limits_.max_cells) + " in all");
      }
      records_.cells.push_back(!at_end() && current() == '"' ? read_quoted() : read_plain());
      ++count;
      if (!at_delimiter()) break;
      ++position_;
    }
    if (records_.columns == 0) {
      records_.columns = count;
      expected_ = counted(count, "value") + ", as in line " + std::to_string(line);
    } else if (count < records_.columns) {
      fail("the record has only " + counted(count, "value"), position_, expected_);
    }
    records_.lines.push_back(line);
    skip_line_end();
  }

  Cell read_plain() {
    const std::size_t begin = position_;
    std::size_t end = begin;  // behind the last character that is not blank
    while (!at_line_end() && !at_delimiter()) {
      if (current() == '"') {
        fail("a quote inside a value that is not in quotes", position_,
             "the whole value in quotes, and each quote in it doubled");
      }
      if (!is_blank(current())) end = position_ + 1;
      ++position_;
    }
    return make_cell(begin, end, false);
  }

  Cell read_quoted() {
    const std::size_t open = position_++;
    bool doubled = false;
    while (true) {
      if (at_end()) fail("the quote is never closed", open, "a closing quote");
      if (current() == '"') {
        const bool pair =
            position_ + 1 < records_.text.size() && records_.text[position_ + 1] == '"';
        if (!pair) break;
        doubled = true;
        position_ += 2;
      } else if (at_line_end()) {
        skip_line_end();
      } else {
        ++position_;
      }
    }
    const Cell cell = make_cell(open + 1, position_, doubled);
    ++position_;
    skip_blanks();
    if (!at_line_end() && !at_delimiter()) {
      fail("text behind a closing quote", position_, "a delimiter or the end of the line");
    }
    return cell;
  }

  Cell make_cell(std::size_t begin, std::size_t end, bool doubled) const {
    Cell cell{};
    cell.begin = static_cast<std::uint32_t>(begin);
    cell.length = static_cast<std::uint32_t>(end - begin) & kMaxCellLength;
    cell.doubled = doubled;
    return cell;
  }

  std::string source_;
  char delimiter_;
  Limits limits_;
  Records records_;
  std::size_t position_ = 0;
  std::size_t line_ = 1;
  std::string expected_;
};

char detect_delimiter(std::string_view text) {
  constexpr std::array<char, 3> kCandidates = {',', ';', '\t'};
  constexpr std::size_t kRecords = 32;
  std::array<std::size_t, 3> first{}, least{}, most{}, counts{};
  std::size_t records = 0;
  bool in_quotes = false, blank = true;
  const auto end_record = [&] {
    if (!blank) {
      for (std::size_t k = 0; k < kCandidates.size(); ++k) {
        if (records == 0) first[k] = least[k] = most[k] = counts[k];
        least[k] = std::min(least[k], counts[k]);
        most[k] = std::max(most[k], counts[k]);
      }
      ++records;
    }
    counts = {};
    blank = true;
  };
  for (const char c : text) {
    if (records == kRecords) break;
    if (c == '"') in_quotes = !in_quotes;
    if (!in_quotes && (c == '\n' || c == '\r')) {
      end_record();
      continue;
    }
    if (c != ' ') blank = false;
    if (in_quotes) continue;
    for (std::size_t k = 0; k < kCandidates.size(); ++k) counts[k] += c == kCandidates[k] ? 1 : 0;
  }
  end_record();

  // The best of those that split every record alike; if there is none, the best on the first
  // record.
  const auto even = [&](std::size_t k) { return least[k] == most[k] ? least[k] : 0; };
  std::size_t best = 0;
  for (std::size_t k = 1; k < kCandidates.size(); ++k) {
    if (even(k) > even(best)) best = k;
  }
  if (even(best) > 0) return kCandidates[best];
  for (std::size_t k = 1; k < kCandidates.size(); ++k) {
    if (first[k] > first[best]) best = k;
  }
  return kCandidates[best];
}

std::string_view checked_csv(std::string_view text, std::string_view source, const Limits& limits) {
  const std::size_t most = std::min<std::size_t>(limits.max_bytes, kMaxCellLength);
  if (text.size() > most) {
    throw Error("the file has " + std::to_string(text.size()) + " bytes", std::string(source),
                "at most " + std::to_string(most));
  }
  return checked_text(text, source);
}

class TableBuilder {
 public:
  TableBuilder(Records records, std::string_view source, const CsvOptions& options)
      : records_(std::move(records)), source_(source), options_(options) {}

  Table build() {
    const bool header = has_header();
    Table table;
    table.source = source_;
    table.name = table_name(source_);
    table.rows = records_.count() - (header ? 1 : 0);
    if (table.rows == 0) {
      throw Error("the file has a header but no data", source_,
                  "at least one record below line " + std::to_string(records_.lines[0]));
    }
    table.lines.assign(records_.lines.begin() + (header ? 1 : 0), records_.lines.end());
    for (std::size_t j = 0; j < records_.columns; ++j) {
      table.columns.push_back(read_column(j, header ? 1 : 0));
    }
    name_columns(table, header);
    return table;
  }

 private:
  std::string_view value(std::size_t record, std::size_t column) {
    return value_of(records_, records_.cell(record, column), scratch_);
  }
  bool is_missing(std::string_view value) const {
    value = trim_blanks(value);
    if (value.empty()) return true;
    for (const std::string& spelling : options_.missing) {
      if (equal_ignoring_case(value, spelling)) return true;
    }
    return false;
  }
  bool is_missing(std::size_t record, std::size_t column) {
    return is_missing(value(record, column));
  }
  std::optional<double> number(std::size_t record, std::size_t column) {
    return parse_value(trim_blanks(value(record, column)));
  }

  bool has_header() {
    if (options_.header != CsvHeader::detect) return options_.header == CsvHeader::present;
    for (std::size_t j = 0; j < records_.columns; ++j) {
      if (number(0, j)) return false;
    }
    bool any_numeric = false;
    for (std::size_t j = 0; j < records_.columns && !any_numeric; ++j) {
      any_numeric = !is_missing(0, j) && is_numeric_below_first(j);
    }
    return any_numeric || looks_like_names();
  }

  bool is_numeric_below_first(std::size_t column) {
    bool any = false;
    for (std::size_t i = 1; i < records_.count(); ++i) {
      if (is_missing(i, column)) continue;
      if (!number(i, column)) return false;
      any = true;
    }
    return any;
  }

  // Without a numeric column to tell by: all different, none empty, none used again below.
  bool looks_like_names() {
    if (records_.count() < 2) return false;
    std::set<std::string, std::less<>> seen;
    for (std::size_t j = 0; j < records_.columns; ++j) {
      if (is_missing(0, j)) return false;
      const std::string first(value(0, j));
      if (!seen.insert(first).second) return false;
      for (std::size_t i = 1; i < records_.count(); ++i) {
        if (value(i, j) == first) return false;
      }
    }
    return true;
  }

  Column read_column(std::size_t j, std::size_t first_record) {
    Column column;
    const std::size_t rows = records_.count() - first_record;
    std::size_t numbers = 0;
    std::optional<std::size_t> first_other;
    column.numbers.reserve(rows);
    for (std::size_t row = 0; row < rows; ++row) {
      if (is_missing(first_record + row, j)) {
        column.missing.push_back(row);
        column.numbers.push_back(kNaN);
        continue;
      }
      const std::optional<double> x = number(first_record + row, j);
      column.numbers.push_back(x.value_or(kNaN));
      if (x) {
        ++numbers;
      } else if (!first_other) {
        first_other = row;
      }
    }
    if (!first_other) return column;

    column.number_like = numbers;
    column.first_other = *first_other;
    column.numbers.clear();
    column.numbers.shrink_to_fit();
    column.type = ColumnType::categorical;
    column.codes.reserve(rows);
    std::map<std::string, int, std::less<>> codes;
    for (std::size_t row = 0; row < rows; ++row) {
      const std::string_view text = value(first_record + row, j);
      if (is_missing(text)) {
        column.codes.push_back(-1);
        continue;
      }
      const auto [entry, added] =
          codes.emplace(std::string(text), static_cast<int>(column.levels.size()));
      if (added) column.levels.emplace_back(text);
      if (column.levels.size() > options_.max_levels)
        return read_text(std::move(column), j, first_record);
      column.codes.push_back(entry->second);
    }
    return column;
  }

  Column read_text(Column column, std::size_t j, std::size_t first_record) {
    column.type = ColumnType::text;
    column.codes.clear();
    column.levels.clear();
    const std::size_t rows = records_.count() - first_record;
    column.texts.reserve(rows);
    for (std::size_t row = 0; row < rows; ++row) {
      const std::string_view text = value(first_record + row, j);
      column.texts.emplace_back(is_missing(text) ? std::string_view() : text);
    }
    return column;
  }

  void name_columns(Table& table, bool header) {
    std::set<std::string, std::less<>> seen;
    for (std::size_t j = 0; j < table.columns.size(); ++j) {
      std::string name = header ? std::string(trim_blanks(value(0, j))) : "";
      if (name.empty()) name = "x" + std::to_string(j + 1);
      if (!seen.insert(name).second) {
        throw Error("two columns are named " + quoted(name),
                    place(source_, records_.text, records_.cell(0, j).begin),
                    "a different name for each column");
      }
      table.columns[j].name = std::move(name);
    }
  }

  Records records_;
  std::string source_;
  const CsvOptions& options_;
  std::string scratch_;
};

// The values of the first line of a counted file, if it is one: rows, features, class names.
struct CountedHeader {
  std::size_t rows = 0;
  std::size_t features = 0;
  std::vector<std::string_view> class_names;
  std::size_t length = 0;  // bytes of the line, without its end
};

std::optional<CountedHeader> counted_header(std::string_view text) {
  CountedHeader header;
  header.length = std::min(text.find_first_of("\r\n"), text.size());
  std::string_view line = text.substr(0, header.length);
  std::vector<std::string_view> values;
  while (true) {
    const std::size_t comma = line.find(',');
    values.push_back(trim_blanks(line.substr(0, comma)));
    if (comma == std::string_view::npos) break;
    line.remove_prefix(comma + 1);
  }
  if (values.size() < 3) return std::nullopt;
  const auto rows = parse_count(values[0]);
  const auto features = parse_count(values[1]);
  if (!rows || !features || *rows == 0 || *features == 0) return std::nullopt;
  for (std::size_t k = 2; k < values.size(); ++k) {
    if (values[k].empty() || parse_value(values[k])) return std::nullopt;
    header.class_names.push_back(values[k]);
  }
  header.rows = *rows;
  header.features = *features;
  return header;
}

}  // namespace

Table read_csv(std::string_view text, std::string_view source, const CsvOptions& options) {
  text = checked_csv(text, source, options.limits);
  const char delimiter = options.delimiter != 0 ? options.delimiter : detect_delimiter(text);
  if (delimiter == '"' || delimiter == '\n' || delimiter == '\r') {
    throw Error("a quote or line end cannot be the delimiter", std::string(source),
                "for example a comma, a semicolon or a tab");
  }
  Records records = Splitter(text, source, delimiter, options.limits).split();
  if (records.count() == 0) {
    throw Error("the file has no records", std::string(source), "lines of values");
  }
  return TableBuilder(std::move(records), source, options).build();
}

bool is_counted_csv(std::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  const auto header = counted_header(text);
  if (!header) return false;
  std::string_view second = text.substr(header->length);
  second.remove_prefix(std::min(second.find_first_not_of("\r\n"), second.size()));
  second = second.substr(0, second.find_first_of("\r\n"));
  return static_cast<std::size_t>(std::count(second.begin(), second.end(), ',')) ==
         header->features;
}

Dataset read_counted_csv(std::string_view text, std::string_view source,
                         std::vector<std::string> feature_names, const Limits& limits) {
  text = checked_csv(text, source, limits);
  const auto header = counted_header(text);
  if (!header) {
    throw Error("the first line does not count rows and features", place(source, {1, 1}),
                "a line like 569,30,malignant,benign: rows, features, class names");
  }
  const std::size_t columns = header->features + 1;
  if (!feature_names.empty() && feature_names.size() != header->features) {
    throw Error("the file has " + counted(header->features, "feature"), place(source, {1, 1}),
                counted(feature_names.size(), "feature"));
  }
  const Records records = Splitter(text, source, ',', limits).split(header->length, 1, columns);
  if (records.count() != header->rows) {
    throw Error("the file has " + counted(records.count(), "row"), std::string(source),
                counted(header->rows, "row") + ", as line 1 says");
  }

  Dataset dataset;
  dataset.name = table_name(source);
  dataset.provenance.source = source;
  dataset.features = Matrix::from_shape({header->rows, header->features});
  dataset.labels.reserve(header->rows);
  dataset.class_names.assign(header->class_names.begin(), header->class_names.end());
  dataset.feature_names = std::move(feature_names);
  if (dataset.feature_names.empty()) {
    for (std::size_t j = 0; j < header->features; ++j) {
      dataset.feature_names.push_back("x" + std::to_string(j + 1));
    }
  }
  std::string scratch;
  for (std::size_t i = 0; i < header->rows; ++i) {
    for (std::size_t j = 0; j < header->features; ++j) {
      const Cell& cell = records.cell(i, j);
      const std::string_view value = value_of(records, cell, scratch);
      const std::optional<double> x = parse_value(value);
      if (!x) {
        throw Error("feature " + std::to_string(j + 1) + " is " + quoted(value),
                    place(source, text, cell.begin), "a finite number");
      }
      dataset.features(i, j) = *x;
    }
    const Cell& cell = records.cell(i, header->features);
    const std::string_view value = value_of(records, cell, scratch);
    const auto label = parse_count(value, header->class_names.size() - 1);
    if (!label) {
      throw Error("the class index is " + quoted(value), place(source, text, cell.begin),
                  "a whole number from 0 to " + std::to_string(header->class_names.size() - 1));
    }
    dataset.labels.push_back(static_cast<int>(*label));
  }
  check(dataset);
  return dataset;
}

}  // namespace lab
