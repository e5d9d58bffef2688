#include <doctest/doctest.h>

#include "data/inflate.h"
#include "helpers.h"

using namespace lab;

namespace {

// printf 'hello hello hello\n' | gzip -n9
constexpr std::string_view kHello = "1f8b0800000000000203cb48cdc9c957c840905c003b7c8adf12000000";

std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

TEST_CASE("gzip: expands, with several members and a checked sum") {
  const std::vector<std::byte> file = from_hex(kHello);
  REQUIRE(is_gzip(file));
  CHECK(text_of(gunzip(file, "f.gz")) == "hello hello hello\n");
  std::vector<std::byte> twice = file;
  twice.insert(twice.end(), file.begin(), file.end());
  CHECK(text_of(gunzip(twice, "f.gz")) == "hello hello hello\nhello hello hello\n");
  CHECK_FALSE(is_gzip(bytes_of("ab")));
}

TEST_CASE("gzip: damage") {
  const std::vector<std::byte> file = from_hex(kHello);
  const std::string expected =
      "f.gz: the compressed data is damaged or cut off; expected a complete file; fetch or make it "
      "again";
  for (std::size_t size = 0; size < file.size(); ++size) {
    CHECK(error_of([&] { gunzip(std::span(file).first(size), "f.gz"); }) == expected);
  }
  std::vector<std::byte> wrong_sum = file;
  wrong_sum[file.size() - 6] ^= std::byte{1};
  CHECK(error_of([&] { gunzip(wrong_sum, "f.gz"); }) == expected);
  std::vector<std::byte> trailing = file;
  trailing.push_back(std::byte{'x'});
  CHECK(error_of([&] { gunzip(trailing, "f.gz"); }) == expected);
}

TEST_CASE("gzip: the output is bounded, and the bound itself is allowed") {
  const std::vector<std::byte> file = from_hex(kHello);
  CHECK(gunzip(file, "f.gz", {.max_bytes = 18}).size() == 18);
  CHECK(error_of([&] { gunzip(file, "f.gz", {.max_bytes = 17}); }) ==
        "f.gz: the file expands to too much; expected at most 17 bytes");
}

TEST_CASE("raw deflate: exactly the size that was announced") {
  const std::vector<std::byte> file = from_hex(kHello);
  const auto raw = std::span(file).subspan(10, file.size() - 18);
  CHECK(text_of(inflate_raw(raw, 18, "f")) == "hello hello hello\n");
  CHECK(error_of([&] { inflate_raw(raw, 17, "f"); }) ==
        "f: the data expands to more than 17 bytes; expected as many bytes as the directory says");
  CHECK(error_of([&] { inflate_raw(raw, 19, "f"); }) ==
        "f: the data expands to 18 bytes; expected 19, as the directory says");
  CHECK(error_of([&] { inflate_raw(raw, 100000000, "f"); }) ==
        "f: " + std::to_string(raw.size()) +
            " compressed bytes cannot hold 100000000; expected a size that the data can expand to");
  CHECK(error_of([&] { inflate_raw(raw.first(3), 18, "f"); }) ==
        "f: the compressed data is damaged or cut off; expected a complete file; fetch or make it "
        "again");
  CHECK(inflate_raw(from_hex("0300"), 0, "f").empty());
}

TEST_CASE("crc-32") {
  CHECK(crc32_of(bytes_of("123456789")) == 0xCBF43926u);
  CHECK(crc32_of({}) == 0u);
}
