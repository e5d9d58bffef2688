// The IDX reader, and what stands before it: the expansion of gzip and the choice of the format.
#include "data/idx.h"
#include "data/import.h"
#include "data/inflate.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lab;
  using namespace lab::fuzz;
  const auto bytes = bytes_of(data, size);
  expect_result_or_error([&] {
    const FileArray array = read_idx(bytes, "f.idx", kLimits);
    require(array.rank() >= 1 && array.bytes.size() <= size);
    require(to_doubles(array, "f.idx").size() == array.size());
  });
  if (is_gzip(bytes)) {
    expect_result_or_error(
        [&] { require(gunzip(bytes, "f.gz", kLimits).size() <= kLimits.max_bytes); });
  }
  expect_result_or_error([&] { check_table(import_bytes(bytes, "f", {.limits = kLimits}).table); });
  return 0;
}
