// The ARFF reader.
#include "data/arff.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lab;
  using namespace lab::fuzz;
  is_arff(text_of(data, size));
  expect_result_or_error([&] {
    const Table table = read_arff(text_of(data, size), "f.arff", kLimits);
    check_table(table);
    make_datasets(table);
  });
  return 0;
}
