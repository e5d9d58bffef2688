#include <doctest/doctest.h>

#include <filesystem>
#include <random>

#include "data/files.h"
#include "helpers.h"

using namespace lab;

namespace {

// A folder of its own that goes away with it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    const auto base = std::filesystem::temp_directory_path();
    do {
      path_ = base / ("logit-lab-test-" + std::to_string(std::random_device()()));
    } while (!std::filesystem::create_directory(path_));
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("files: what is written is read") {
  const TemporaryFolder folder;
  const std::string path = folder / "f.bin";
  std::string text(200000, 'x');
  text += '\0';
  CHECK_FALSE(is_file(path));
  write_file(path, bytes_of(text));
  CHECK(is_file(path));
  CHECK(as_text(read_file(path)) == text);
  write_file(path, bytes_of("short"));
  CHECK(as_text(read_file(path)) == "short");
  write_file(path, {});
  CHECK(read_file(path).empty());
  CHECK_FALSE(is_file(path + ".part"));
}

TEST_CASE("files: errors") {
  const TemporaryFolder folder;
  const std::string path = folder / "f.bin";
  CHECK(error_of([&] { read_file(path); }) ==
        path + ": there is no such file; expected the path of a file");
  CHECK(error_of([&] { read_file(folder / ""); }).find("this is a folder; expected a file") !=
        std::string::npos);
  write_file(path, bytes_of("12345"));
  CHECK(read_file(path, {.max_bytes = 5}).size() == 5);
  CHECK(error_of([&] { read_file(path, {.max_bytes = 4}); }) ==
        path + ": the file is too large; expected at most 4 bytes");
  const std::string nowhere = folder / "no/f.bin";
  CHECK(
      error_of([&] { write_file(nowhere, {}); }) ==
      nowhere +
          ": the file cannot be written; expected a folder that you may write to, with room left");
}
