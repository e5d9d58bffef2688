#include "data/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <string>

#include "core/error.h"
#include "data/text.h"

namespace lab {
namespace {

constexpr std::size_t kMaxChunk = std::size_t{1} << 20;  // zlib counts in unsigned int
constexpr int kGzip = 15 + 16;  // window bits: the largest window, gzip wrapper
constexpr int kRaw = -15;       // no wrapper
// No deflate stream expands more: 258 bytes for two bits at best.
constexpr std::size_t kMaxRatio = 1032;

// A zlib inflate state that frees itself.
class Inflater {
 public:
  explicit Inflater(int window_bits) {
    if (inflateInit2(&stream_, window_bits) != Z_OK) {
      throw Error("out of memory", "inflate", "", Error::Kind::machine);
    }
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  void set_input(std::span<const std::byte> input) { input_ = input; }
  std::size_t unread() const { return input_.size() + stream_.avail_in; }
  bool reset() { return inflateReset(&stream_) == Z_OK; }

  // Expands into `output`; returns the bytes written. `status` is zlib's.
  std::size_t run(std::span<std::byte> output, int& status) {
    if (stream_.avail_in == 0) {
      const std::size_t chunk = std::min(input_.size(), kMaxChunk);
      // zlib's interface is not const-correct; it does not write to its input.
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(input_.data()));
      stream_.avail_in = static_cast<uInt>(chunk);
      input_ = input_.subspan(chunk);
    }
    const std::size_t room = std::min(output.size(), kMaxChunk);
    stream_.next_out = reinterpret_cast<Bytef*>(output.data());
    stream_.avail_out = static_cast<uInt>(room);
    status = inflate(&stream_, Z_NO_FLUSH);
    return room - stream_.avail_out;
  }

 private:
  z_stream stream_{};
  std::span<const std::byte> input_;
};

[[noreturn]] void refuse_damaged(std::string_view where) {
  throw Error("the compressed data is damaged or cut off", std::string(where),
              "a complete file; fetch or make it again");
}

}  // namespace

bool is_gzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 3 && bytes[0] == std::byte{0x1F} && bytes[1] == std::byte{0x8B} &&
         bytes[2] == std::byte{8};
}

std::vector<std::byte> gunzip(std::span<const std::byte> bytes, std::string_view source,
                              const Limits& limits) {
  Inflater inflater(kGzip);
  inflater.set_input(bytes);
  std::vector<std::byte> out;
  std::size_t used = 0;
  while (true) {
    if (used == out.size()) {
      if (out.size() > limits.max_bytes) {
        throw Error("the file expands to too much", std::string(source),
                    "at most " + std::to_string(limits.max_bytes) + " bytes");
      }
      // One byte above the limit, so that a file of exactly the limit is not refused.
      out.resize(std::min(std::max(out.size() * 2, kMaxChunk / 16), limits.max_bytes + 1));
    }
    int status = Z_OK;
    const std::size_t got = inflater.run(std::span(out).subspan(used), status);
    used += got;
    if (status == Z_STREAM_END) {
      if (inflater.unread() == 0) break;
      if (!inflater.reset()) refuse_damaged(source);
    } else if (status != Z_OK || (got == 0 && inflater.unread() == 0)) {
      refuse_damaged(source);
    }
  }
  if (used > limits.max_bytes) {
    throw Error("the file expands to too much", std::string(source),
                "at most " + std::to_string(limits.max_bytes) + " bytes");
  }
  out.resize(used);
  return out;
}

std::vector<std::byte> inflate_raw(std::span<const std::byte> bytes, std::size_t size,
                                   std::string_view where) {
  if (size / kMaxRatio > bytes.size()) {
    throw Error(
        std::to_string(bytes.size()) + " compressed bytes cannot hold " + std::to_string(size),
        std::string(where), "a size that the data can expand to");
  }
  Inflater inflater(kRaw);
  inflater.set_input(bytes);
  std::vector<std::byte> out(size + 1);  // a byte of room shows a stream that holds more
  std::size_t used = 0;
  int status = Z_OK;
  while (status == Z_OK && used < out.size()) {
    const std::size_t got = inflater.run(std::span(out).subspan(used), status);
    used += got;
    if (got == 0 && status == Z_OK && inflater.unread() == 0) break;
  }
  if (used > size) {
    throw Error("the data expands to more than " + counted(size, "byte"), std::string(where),
                "as many bytes as the directory says");
  }
  if (status != Z_STREAM_END || inflater.unread() != 0) refuse_damaged(where);
  if (used != size) {
    throw Error("the data expands to " + counted(used, "byte"), std::string(where),
                std::to_string(size) + ", as the directory says");
  }
  out.resize(size);
  return out;
}

std::uint32_t crc32_of(std::span<const std::byte> bytes) {
  uLong crc = crc32(0, nullptr, 0);
  for (std::size_t i = 0; i < bytes.size(); i += kMaxChunk) {
    const std::size_t count = std::min(kMaxChunk, bytes.size() - i);
    crc = crc32(crc, reinterpret_cast<const Bytef*>(bytes.data() + i), static_cast<uInt>(count));
  }
  return static_cast<std::uint32_t>(crc);
}

}  // namespace lab
