#include <doctest/doctest.h>

#include <string>

#include "core/base64.h"
#include "core/error.h"

namespace lab {
namespace {

std::string encoded(std::string_view text) {
  return base64(std::as_bytes(std::span(text)));
}

std::string decoded(std::string_view text) {
  const std::vector<std::byte> bytes = from_base64(text, "test");
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

TEST_CASE("base64: the vectors of RFC 4648") {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    CHECK(encoded(plain) == coded);
    CHECK(decoded(coded) == plain);
  }
}

TEST_CASE("base64: every byte, at every place of a group") {
  for (int byte = 0; byte < 256; ++byte) {
    for (const std::size_t before : {0, 1, 2}) {
      const std::string text = std::string(before, 'x') + static_cast<char>(byte);
      CHECK(decoded(encoded(text)) == text);
    }
  }
}

TEST_CASE("base64: what is not base64 is refused") {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "=Zg=", "Z===", "====", "Zm9v Zm9v", "Zm9-",
                           "Zg==Zg==", "Zh==", "Zm9=", "\xff\xff\xff\xff"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(from_base64(text, "test"), Error);
  }
}

}  // namespace lab
