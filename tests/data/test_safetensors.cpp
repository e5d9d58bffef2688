#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/helpers.h"
#include "data/safetensors.h"

using lab::FloatTensor;
using lab::Safetensors;
using lab::StoredTensor;
using lab::StoredType;

namespace {

// A file with this header and these bytes behind it.
std::vector<std::byte> file(std::string_view header, std::string_view data = "") {
  std::vector<std::byte> out;
  for (int i = 0; i < 8; ++i)
    out.push_back(static_cast<std::byte>(i < 4 ? header.size() >> (8 * i) & 0xFF : 0));
  for (const std::string_view text : {header, data})
    for (const std::byte b : bytes_of(text)) out.push_back(b);
  return out;
}

std::string error(std::string_view header, std::string_view data = "") {
  return error_of([&] { lab::read_safetensors(file(header, data), "m.safetensors"); });
}

// The error of a file with one tensor of this entry.
std::string entry_error(const std::string& entry, std::string_view data = "abcd") {
  return error("{\"w\":" + entry + "}", data);
}

std::vector<float> floats(const StoredTensor* tensor) {
  REQUIRE(tensor != nullptr);
  std::vector<float> values(tensor->size());
  to_floats(*tensor, "m.safetensors", values);
  return values;
}

}  // namespace

TEST_CASE("safetensors: each type, in the order of the elements") {
  const std::vector<std::byte> bytes =
      file(R"( {)"
           "\"b\":{\"dtype\":\"F16\",\"shape\":[2,1],\"data_offsets\":[0,4]},"
           R"("a":{"dtype":"F32","shape":[],"data_offsets":[8,12]},)"
           R"("__metadata__":{"format":"pt"},)"
           R"("c":{"shape":[2],"data_offsets":[4,8],"dtype":"BF16"},)"
           R"("none":{"dtype":"F64","shape":[0,7],"data_offsets":[4,4]},)"
           R"("mask":{"dtype":"BOOL","shape":[1],"data_offsets":[12,13]}})"
           "   ",
           std::string_view("\x00\x3c\x00\xc0\x80\x3f\x00\xc0\x00\x00\x20\x41\x01", 13));
  const Safetensors read = lab::read_safetensors(bytes, "m.safetensors");
  std::vector<std::string> names;
  for (const StoredTensor& tensor : read.tensors) names.push_back(tensor.name);
  CHECK(names == std::vector<std::string>{"b", "none", "c", "a", "mask"});
  CHECK(floats(read.find("b")) == std::vector<float>{1, -2});
  CHECK(read.find("b")->shape == std::vector<std::size_t>{2, 1});
  CHECK(floats(read.find("c")) == std::vector<float>{1, -2});
  CHECK(floats(read.find("a")) == std::vector<float>{10});
  CHECK(read.find("none")->size() == 0);
  CHECK(read.metadata.at("format") == "pt");
  CHECK(read.find("d") == nullptr);
  CHECK(error_of([&] { floats(read.find("mask")); }) ==
        "m.safetensors: the tensor 'mask' has elements of type BOOL; expected F32, F16 or BF16");
  CHECK(lab::read_safetensors(file("{}"), "m").tensors.empty());
}

TEST_CASE("safetensors: what is written comes back, rounded to its type") {
  const std::vector<float> w = {1, -2.5f, 1e-8f, 65519, 0.1f, 3}, b = {7};
  const std::vector<FloatTensor> tensors = {{"w", {2, 3}, w}, {"\xc3\xa9", {}, b}, {"e", {0}, {}}};
  for (const StoredType type : {StoredType::F32, StoredType::F16, StoredType::BF16}) {
    const std::vector<std::byte> bytes = write_safetensors(tensors, type, {{"step", "12"}});
    const Safetensors read = lab::read_safetensors(bytes, "m");
    CHECK(read.metadata.at("step") == "12");
    REQUIRE(read.tensors.size() == 3);
    CHECK(read.find("w")->type == type);
    CHECK(read.find("w")->shape == std::vector<std::size_t>{2, 3});
    CHECK(floats(read.find("\xc3\xa9")) == b);
    const std::vector<float> back = floats(read.find("w"));
    if (type == StoredType::F32) CHECK(back == w);
    if (type == StoredType::F16)
      CHECK(back == std::vector<float>{1, -2.5f, 0, 65504, 0x1.998p-4f, 3});
    if (type == StoredType::BF16)
      CHECK(back == std::vector<float>{1, -2.5f, 0x1.58p-27f, 65536, 0x1.9ap-4f, 3});
    std::uint64_t header = 0;
    for (int i = 0; i < 8; ++i) header |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
    CHECK(header % 8 == 0);
    CHECK(write_safetensors(tensors, type, {{"step", "12"}}) == bytes);
  }
}

TEST_CASE("safetensors: hostile headers are refused by name") {
  const auto cut = [](std::string_view hex) {
    return error_of([&] { lab::read_safetensors(from_hex(hex), "m.safetensors"); });
  };
  CHECK(cut("00 00 00") ==
        "m.safetensors: the file has 3 bytes; expected the length of the header in 8 bytes");
  CHECK(cut("03 00 00 00 00 00 00 00 7b 7d") ==
        "m.safetensors: the header claims 3 bytes; expected at most 2");
  CHECK(cut("ff ff ff ff ff ff ff ff 7b 7d") ==
        "m.safetensors: the header claims 18446744073709551615 bytes; expected at most 2");
  CHECK(cut("00 00 00 00 00 00 00 00").starts_with("m.safetensors, header:1:1: "));
  CHECK(error("[]") ==
        "m.safetensors: the header is no object; expected an object from names to tensors");
  CHECK(error("{\"a\":1").starts_with("m.safetensors, header:1:7: "));
  CHECK(
      error("{\"a\":[[[[1]]]]}").starts_with("m.safetensors, header:1:8: arrays and objects are "));
  CHECK(error(R"({"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"a":{}})", "x")
            .starts_with("m.safetensors, header:1:53: the key 'a' appears twice"));
  CHECK(error(R"({"__metadata__":{"a":1}})") ==
        "m.safetensors: __metadata__ holds other things than texts; expected an object of texts");
  CHECK(error(R"({"__metadata__":7})").starts_with("m.safetensors: __metadata__"));

  const std::string keys =
      "m.safetensors, tensor 'w': the entry has other keys; expected an object "
      "of dtype, shape and data_offsets";
  CHECK(entry_error("1") == keys);
  CHECK(entry_error(R"({"dtype":"F32","shape":[1]})") == keys);
  CHECK(entry_error(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1})") == keys);
  CHECK(entry_error(R"({"dtype":"F31","shape":[1],"data_offsets":[0,4]})") ==
        "m.safetensors, tensor 'w': elements of type 'F31'; expected BOOL, U8, I8, U16, I16, F16, "
        "BF16, U32, I32, F32, U64, I64 or F64");
  CHECK(entry_error(R"({"dtype":4,"shape":[1],"data_offsets":[0,4]})")
            .starts_with("m.safetensors, tensor 'w': dtype is no text"));
  CHECK(entry_error(R"({"dtype":"F32","shape":1,"data_offsets":[0,4]})") ==
        "m.safetensors, tensor 'w': shape is no list; expected at most 32 numbers");
  for (const char* extent : {"-1", "1.5", "\"1\"", "null", "true"})
    CHECK(entry_error("{\"dtype\":\"F32\",\"shape\":[" + std::string(extent) +
                      "],\"data_offsets\":[0,4]}") == "m.safetensors, tensor 'w': shape holds " +
                                                          std::string(extent) +
                                                          "; expected whole numbers from 0");
  CHECK(entry_error(R"({"dtype":"F32","shape":[[1]],"data_offsets":[0,4]})")
            .find("header:1:30: arrays and objects are nested too deeply") != std::string::npos);
  const std::string order =
      "m.safetensors, tensor 'w': data_offsets are not a begin and an end; "
      "expected two numbers, the second not below the first";
  CHECK(entry_error(R"({"dtype":"F32","shape":[1],"data_offsets":[4,0]})") == order);
  CHECK(entry_error(R"({"dtype":"F32","shape":[1],"data_offsets":[0]})") == order);
  CHECK(
      entry_error(R"({"dtype":"F32","shape":[1],"data_offsets":[4,8]})") ==
      "m.safetensors, tensor 'w': the elements end at byte 8; expected at most the 4 bytes behind "
      "the header");
  CHECK(entry_error(R"({"dtype":"F32","shape":[2],"data_offsets":[0,4]})") ==
        "m.safetensors, tensor 'w': 4 bytes of elements; expected 8 for 2 of F32");
  // Products of about 2^64, of 2^32 and of 0 with more.
  for (const char* shape : {"4294967295,4294967295", "65536,65536", "0,4294967295,4294967295"})
    CHECK(entry_error("{\"dtype\":\"F32\",\"shape\":[" + std::string(shape) +
                      "],\"data_offsets\":[0,0]}")
              .starts_with("m.safetensors, tensor 'w': the array has the shape"));
}

TEST_CASE("safetensors: places that overlap, holes and bytes of nobody are refused") {
  const auto two = [](int begin, int end, std::string_view data) {
    return error(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8",)"
                 R"("shape":[)" +
                     std::to_string(end - begin) + R"(],"data_offsets":[)" + std::to_string(begin) +
                     "," + std::to_string(end) + "]}}",
                 data);
  };
  CHECK(two(4, 6, "abcdef") == "no error");
  CHECK(two(3, 6, "abcdef") ==
        "m.safetensors: the elements of 'b' overlap those of 'a'; expected a "
        "place of its own for each tensor");
  CHECK(two(0, 4, "abcd").starts_with("m.safetensors: the elements of 'b' overlap"));
  CHECK(two(1, 2, "abcd").starts_with("m.safetensors: the elements of 'b' overlap"));
  const std::string nobody = " on belong to no tensor; expected one tensor behind the other";
  CHECK(two(5, 6, "abcdef") == "m.safetensors: the bytes from 4" + nobody);
  CHECK(two(4, 6, "abcdefg") == "m.safetensors: the bytes from 6" + nobody);
  CHECK(error("{}", "x") == "m.safetensors: the bytes from 0" + nobody);
}
