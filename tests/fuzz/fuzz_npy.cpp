// The NPY reader; what it accepts must come back the same after being written.
#include "data/npy.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lab;
  using namespace lab::fuzz;
  expect_result_or_error([&] {
    const FileArray array = read_npy(bytes_of(data, size), "f.npy", kLimits);
    require(array.bytes.size() <= size);
    const FileArray again = read_npy(write_npy(array), "f.npy", kLimits);
    require(again.type == array.type && again.shape == array.shape && again.bytes == array.bytes);
    const Matrix matrix = to_matrix(array, "f.npy");
    const Table table = table_of(view(matrix), "f", "f.npy");
    check_table(table);
    make_datasets(table);
  });
  return 0;
}
