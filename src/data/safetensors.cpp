#include "data/safetensors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/bytes.h"
#include "core/error.h"
#include "core/json.h"
#include "data/array.h"
#include "data/half.h"
#include "data/text.h"

namespace lab {
namespace {

static_assert(std::endian::native == std::endian::little,
              "elements are copied as they lie in memory");

constexpr std::size_t kMaxHeader = std::size_t{1} << 24;
constexpr std::size_t kMaxRank = 32;
constexpr std::size_t kLengthSize = 8;
constexpr std::string_view kMetadata = "__metadata__";

struct TypeFacts {
  std::string_view name;
  std::size_t size;
};
// In the order of StoredType.
constexpr std::array<TypeFacts, 13> kTypes = {{{"BOOL", 1},
                                               {"U8", 1},
                                               {"I8", 1},
                                               {"U16", 2},
                                               {"I16", 2},
                                               {"F16", 2},
                                               {"BF16", 2},
                                               {"U32", 4},
                                               {"I32", 4},
                                               {"F32", 4},
                                               {"U64", 8},
                                               {"I64", 8},
                                               {"F64", 8}}};

const TypeFacts& facts(StoredType type) {
  return kTypes[static_cast<std::size_t>(type)];
}

// A tensor and where its elements begin and end among those of all.
struct Placed {
  StoredTensor tensor;
  std::size_t begin, end;
};

// Reads one entry of the header; `where` names the file and the tensor.
class EntryReader {
 public:
  EntryReader(const Json& entry, std::string where, const Limits& limits)
      : entry_(entry), where_(std::move(where)), limits_(limits) {}

  Placed read(std::size_t data_size) const {
    if (!entry_.is_object() || entry_.size() != 3 || !entry_.contains("dtype") ||
        !entry_.contains("shape") || !entry_.contains("data_offsets"))
      fail("the entry has other keys", "an object of dtype, shape and data_offsets");
    Placed placed{};
    placed.tensor.type = read_type(entry_.at("dtype"));
    placed.tensor.shape = read_numbers("shape", kMaxRank);
    const std::vector<std::size_t> place = read_numbers("data_offsets", 2);
    if (place.size() != 2 || place[0] > place[1])
      fail("data_offsets are not a begin and an end",
           "two numbers, the second not below the first");
    if (place[1] > data_size)
      fail("the elements end at byte " + std::to_string(place[1]),
           "at most the " + std::to_string(data_size) + " bytes behind the header");
    placed.begin = place[0];
    placed.end = place[1];
    const std::size_t size =
        checked_size(placed.tensor.shape, where_, limits_) * size_of(placed.tensor.type);
    if (placed.end - placed.begin != size)
      fail(std::to_string(placed.end - placed.begin) + " bytes of elements",
           std::to_string(size) + " for " + shape_text(placed.tensor.shape) + " of " +
               std::string(name_of(placed.tensor.type)));
    return placed;
  }

 private:
  [[noreturn]] void fail(std::string problem, std::string expected) const {
    throw Error(std::move(problem), where_, std::move(expected));
  }

  StoredType read_type(const Json& dtype) const {
    std::string known;
    for (std::size_t i = 0; i < kTypes.size(); ++i) {
      if (dtype.is_string() && dtype.get_ref<const std::string&>() == kTypes[i].name)
        return static_cast<StoredType>(i);
      known += (i == 0 ? "" : i + 1 < kTypes.size() ? ", " : " or ") + std::string(kTypes[i].name);
    }
    fail(dtype.is_string() ? "elements of type " + quoted(dtype.get_ref<const std::string&>())
                           : "dtype is no text",
         known);
  }

  std::vector<std::size_t> read_numbers(const char* key, std::size_t most) const {
    const Json& list = entry_.at(key);
    if (!list.is_array() || list.size() > most)
      fail(std::string(key) + " is no list", "at most " + counted(most, "number"));
    std::vector<std::size_t> numbers;
    for (const Json& number : list) {
      // parse_json gives whole numbers up to 2^53 as integers.
      const std::int64_t n = number.is_number_integer() ? number.get<std::int64_t>() : -1;
      if (!std::in_range<std::size_t>(n))
        fail(std::string(key) + " holds " + canonical(number), "whole numbers from 0");
      numbers.push_back(static_cast<std::size_t>(n));
    }
    return numbers;
  }

  const Json& entry_;
  std::string where_;
  const Limits& limits_;
};

std::map<std::string, std::string> read_metadata(const Json& entries, std::string_view source) {
  std::map<std::string, std::string> metadata;
  const auto is_text = [](const Json& value) { return value.is_string(); };
  if (!entries.is_object() || !std::all_of(entries.begin(), entries.end(), is_text))
    throw Error("__metadata__ holds other things than texts", std::string(source),
                "an object of texts");
  for (auto entry = entries.begin(); entry != entries.end(); ++entry)
    metadata[entry.key()] = entry.value().get<std::string>();
  return metadata;
}

// Sorts by place and checks that every byte belongs to exactly one tensor.
void check_places(std::vector<Placed>& placed, std::size_t data_size, const std::string& source) {
  std::stable_sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  std::size_t end = 0;
  const StoredTensor* before = nullptr;
  for (const Placed& p : placed) {
    if (p.begin < end)
      throw Error(
          "the elements of " + quoted(p.tensor.name) + " overlap those of " + quoted(before->name),
          source, "a place of its own for each tensor");
    if (p.begin > end) break;
    end = p.end;
    before = &p.tensor;
  }
  if (end != data_size)
    throw Error("the bytes from " + std::to_string(end) + " on belong to no tensor", source,
                "one tensor behind the other");
}

[[maybe_unused]] std::size_t shape_size(std::span<const std::size_t> shape) {
  std::size_t size = 1;
  for (const std::size_t extent : shape) size *= extent;
  return size;
}

template <class Bits>
Bits bits_at(const StoredTensor& tensor, std::size_t i) {
  Bits bits;
  std::memcpy(&bits, tensor.bytes.data() + i * sizeof bits, sizeof bits);
  return bits;
}

}  // namespace

std::size_t size_of(StoredType type) {
  return facts(type).size;
}

std::string_view name_of(StoredType type) {
  return facts(type).name;
}

const StoredTensor* Safetensors::find(std::string_view name) const {
  const auto at = std::ranges::find(tensors, name, &StoredTensor::name);
  return at == tensors.end() ? nullptr : &*at;
}

Safetensors read_safetensors(std::span<const std::byte> bytes, std::string_view source,
                             const Limits& limits) {
  const std::string where(source);
  if (bytes.size() > limits.max_bytes)
    throw Error("the file has " + std::to_string(bytes.size()) + " bytes", where,
                "at most " + std::to_string(limits.max_bytes));
  if (bytes.size() < kLengthSize)
    throw Error("the file has " + counted(bytes.size(), "byte"), where,
                "the length of the header in 8 bytes");
  std::uint64_t length;
  std::memcpy(&length, bytes.data(), kLengthSize);
  const std::size_t most = std::min(kMaxHeader, bytes.size() - kLengthSize);
  if (length > most)
    throw Error("the header claims " + std::to_string(length) + " bytes", where,
                "at most " + std::to_string(most));
  const auto header_size = static_cast<std::size_t>(length);
  const auto header_bytes = bytes.subspan(kLengthSize, header_size);
  const auto data = bytes.subspan(kLengthSize + header_size);
  const std::string_view header_text(reinterpret_cast<const char*>(header_bytes.data()),
                                     header_size);
  const Json header =
      parse_json(header_text, where + ", header", {.bytes = kMaxHeader, .depth = 3});
  if (!header.is_object())
    throw Error("the header is no object", where, "an object from names to tensors");

  Safetensors out;
  std::vector<Placed> placed;
  for (auto entry = header.begin(); entry != header.end(); ++entry) {
    if (entry.key() == kMetadata) {
      out.metadata = read_metadata(entry.value(), source);
      continue;
    }
    const EntryReader reader(entry.value(), where + ", tensor " + quoted(entry.key()), limits);
    placed.push_back(reader.read(data.size()));
    placed.back().tensor.name = entry.key();
  }
  check_places(placed, data.size(), where);
  for (Placed& p : placed) {
    p.tensor.bytes = data.subspan(p.begin, p.end - p.begin);
    out.tensors.push_back(std::move(p.tensor));
  }
  return out;
}

void to_floats(const StoredTensor& tensor, std::string_view where, std::span<float> into) {
  assert(into.size() == tensor.size());
  switch (tensor.type) {
    case StoredType::F32:
      std::ranges::copy(tensor.bytes, std::as_writable_bytes(into).begin());
      break;
    case StoredType::F16:
      for (std::size_t i = 0; i < into.size(); ++i)
        into[i] = from_f16(bits_at<std::uint16_t>(tensor, i));
      break;
    case StoredType::BF16:
      for (std::size_t i = 0; i < into.size(); ++i)
        into[i] = from_bf16(bits_at<std::uint16_t>(tensor, i));
      break;
    default:
      throw Error("the tensor " + quoted(tensor.name) + " has elements of type " +
                      std::string(name_of(tensor.type)),
                  std::string(where), "F32, F16 or BF16");
  }
}

std::vector<std::byte> write_safetensors(std::span<const FloatTensor> tensors, StoredType type,
                                         const std::map<std::string, std::string>& metadata) {
  assert(type == StoredType::F32 || type == StoredType::F16 || type == StoredType::BF16);
  Json header = Json::object();
  if (!metadata.empty()) header[std::string(kMetadata)] = metadata;
  std::size_t end = 0;
  for (const FloatTensor& tensor : tensors) {
    assert(tensor.name != kMetadata && !header.contains(tensor.name));
    assert(shape_size(tensor.shape) == tensor.values.size());
    const std::size_t begin = end;
    end += tensor.values.size() * size_of(type);
    header[tensor.name] = {{"dtype", std::string(name_of(type))},
                           {"shape", tensor.shape},
                           {"data_offsets", {begin, end}}};
  }
  std::string text = canonical(header);
  text.append((kLengthSize - text.size() % kLengthSize) % kLengthSize, ' ');

  ByteWriter writer;
  writer.u64(text.size());
  writer.raw(std::as_bytes(std::span(text)));
  std::vector<std::uint16_t> halves;
  for (const FloatTensor& tensor : tensors) {
    if (type == StoredType::F32) {
      writer.raw(std::as_bytes(tensor.values));
      continue;
    }
    halves.resize(tensor.values.size());
    for (std::size_t i = 0; i < halves.size(); ++i)
      halves[i] = type == StoredType::F16 ? to_f16(tensor.values[i]) : to_bf16(tensor.values[i]);
    writer.raw(std::as_bytes(std::span(halves)));
  }
  return writer.take();
}

}  // namespace lab
