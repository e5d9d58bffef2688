// The CSV reader, both forms; the first byte chooses the options.
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lab;
  using namespace lab::fuzz;
  expect_result_or_error([&] {
    const std::string_view text = text_of(data, size);
    if (is_counted_csv(text)) read_counted_csv(text, "f.csv", {}, kLimits);
  });
  if (size == 0) return 0;
  constexpr char kDelimiters[] = {0, ',', '\t', ' '};
  constexpr CsvHeader kHeaders[] = {CsvHeader::detect, CsvHeader::detect, CsvHeader::present,
                                    CsvHeader::absent};
  // A letter chooses detection of both: a file as people have it, with its first letter in front.
  const bool as_it_is = data[0] >= '@';
  const CsvOptions options{.delimiter = as_it_is ? '\0' : kDelimiters[data[0] & 3],
                           .header = as_it_is ? CsvHeader::detect : kHeaders[data[0] >> 2 & 3],
                           .max_levels = 8,
                           .limits = kLimits};
  expect_result_or_error([&] {
    const Table table = read_csv(text_of(data + 1, size - 1), "f.csv", options);
    check_table(table);
    make_datasets(table);
  });
  return 0;
}
