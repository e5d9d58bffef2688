// Zip, as far as NPZ needs it. Everything is taken from the central directory at the end of the
// file: NumPy leaves the sizes out of the headers before the data.
#include <algorithm>
#include <set>
#include <string>

#include "core/error.h"
#include "data/inflate.h"
#include "data/npy.h"
#include "data/text.h"

namespace lab {
namespace {

constexpr std::uint32_t kLocalSignature = 0x04034B50;
constexpr std::uint32_t kEntrySignature = 0x02014B50;
constexpr std::uint32_t kEndSignature = 0x06054B50;
constexpr std::size_t kLocalSize = 30;
constexpr std::size_t kEntrySize = 46;
constexpr std::size_t kEndSize = 22;
constexpr std::size_t kMaxComment = 65535;
constexpr std::uint32_t kZip64Size = 0xFFFFFFFF;
constexpr std::uint16_t kZip64Count = 0xFFFF;
constexpr std::uint16_t kEncrypted = 1;
constexpr std::uint16_t kStored = 0;
constexpr std::uint16_t kDeflated = 8;
constexpr std::uint16_t kFirstDate = 1 << 5 | 1;  // 1 January 1980
constexpr std::string_view kExtension = ".npy";

// Little-endian integers at a place that the caller has checked to lie inside.
std::uint16_t read_u16(std::span<const std::byte> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(std::to_integer<unsigned>(bytes[at]) |
                                    std::to_integer<unsigned>(bytes[at + 1]) << 8);
}
std::uint32_t read_u32(std::span<const std::byte> bytes, std::size_t at) {
  return read_u16(bytes, at) | static_cast<std::uint32_t>(read_u16(bytes, at + 2)) << 16;
}

struct Entry {
  std::string name;
  std::uint16_t flags, method;
  std::uint32_t crc, compressed, size, local;
};

class ZipReader {
 public:
  ZipReader(std::span<const std::byte> bytes, std::string_view source)
      : bytes_(bytes), source_(source) {}

  std::vector<Entry> directory() const {
    const std::size_t end = find_end();
    const std::uint16_t count = read_u16(bytes_, end + 10);
    const std::uint32_t size = read_u32(bytes_, end + 12);
    const std::uint32_t start = read_u32(bytes_, end + 16);
    if (count == kZip64Count || size == kZip64Size || start == kZip64Size) refuse_zip64();
    if (read_u16(bytes_, end + 4) != 0 || read_u16(bytes_, end + 6) != 0 ||
        read_u16(bytes_, end + 8) != count) {
      throw Error("the zip file has several volumes", source_, "a single one");
    }
    if (start > end || size > end - start) refuse_damaged("its directory lies outside the file");

    std::vector<Entry> entries;
    std::size_t at = start;
    const std::size_t stop = std::size_t{start} + size;
    for (std::size_t k = 0; k < count; ++k) {
      if (stop - at < kEntrySize || read_u32(bytes_, at) != kEntrySignature) {
        refuse_damaged("entry " + std::to_string(k + 1) + " of the directory is not one");
      }
      Entry entry{};
      entry.flags = read_u16(bytes_, at + 8);
      entry.method = read_u16(bytes_, at + 10);
      entry.crc = read_u32(bytes_, at + 16);
      entry.compressed = read_u32(bytes_, at + 20);
      entry.size = read_u32(bytes_, at + 24);
      entry.local = read_u32(bytes_, at + 42);
      const std::size_t name = read_u16(bytes_, at + 28);
      const std::size_t rest = name + read_u16(bytes_, at + 30) + read_u16(bytes_, at + 32);
      if (stop - at - kEntrySize < rest) refuse_damaged("its directory is cut off");
      entry.name.assign(reinterpret_cast<const char*>(bytes_.data()) + at + kEntrySize, name);
      at += kEntrySize + rest;
      entries.push_back(std::move(entry));
    }
    return entries;
  }

  std::vector<std::byte> contents(const Entry& entry) const {
    const std::string where = place_of(entry);
    if (entry.flags & kEncrypted) throw Error("the entry is encrypted", where, "an open one");
    if (entry.compressed == kZip64Size || entry.size == kZip64Size || entry.local == kZip64Size) {
      refuse_zip64();
    }
    if (entry.method != kStored && entry.method != kDeflated) {
      throw Error("the entry is compressed by method " + std::to_string(entry.method), where,
                  "0 (stored) or 8 (deflated)");
    }
    if (bytes_.size() < kLocalSize || entry.local > bytes_.size() - kLocalSize ||
        read_u32(bytes_, entry.local) != kLocalSignature) {
      throw Error("the entry's data is not where the directory says", where, "an undamaged file");
    }
    const std::size_t begin = entry.local + kLocalSize + read_u16(bytes_, entry.local + 26) +
                              read_u16(bytes_, entry.local + 28);
    if (begin > bytes_.size() || entry.compressed > bytes_.size() - begin) {
      throw Error("the entry's data is cut off", where,
                  std::to_string(entry.compressed) + " bytes of it");
    }
    const auto data = bytes_.subspan(begin, entry.compressed);
    if (entry.method == kStored && entry.compressed != entry.size) {
      throw Error("a stored entry has two sizes", where, "the same size twice");
    }
    std::vector<std::byte> out = entry.method == kStored
                                     ? std::vector<std::byte>(data.begin(), data.end())
                                     : inflate_raw(data, entry.size, where);
    if (crc32_of(out) != entry.crc) {
      throw Error("the entry's checksum is wrong", where, "an undamaged file");
    }
    return out;
  }

  std::string place_of(const Entry& entry) const {
    return source_ + ", entry " + quoted(entry.name);
  }

 private:
  // The end record is the last thing in the file but for a comment.
  std::size_t find_end() const {
    if (bytes_.size() >= kEndSize) {
      const std::size_t last = bytes_.size() - kEndSize;
      const std::size_t first = last > kMaxComment ? last - kMaxComment : 0;
      for (std::size_t at = last + 1; at-- > first;) {
        if (read_u32(bytes_, at) == kEndSignature && read_u16(bytes_, at + 20) == last - at)
          return at;
      }
    }
    refuse_damaged("it has no directory at its end");
  }
  [[noreturn]] void refuse_damaged(const std::string& how) const {
    throw Error("the zip file is damaged or cut off: " + how, source_, "a complete NPZ file");
  }
  [[noreturn]] void refuse_zip64() const {
    throw Error("the zip file is in the zip64 form", source_,
                "a file of less than 4 GiB and 65535 entries");
  }

  std::span<const std::byte> bytes_;
  std::string source_;
};

class ByteList {
 public:
  void u16(std::uint32_t value) {
    for (int shift = 0; shift < 16; shift += 8)
      out_.push_back(static_cast<std::byte>(value >> shift));
  }
  void u32(std::uint32_t value) {
    u16(value & 0xFFFF);
    u16(value >> 16);
  }
  void append(std::span<const std::byte> bytes) {
    out_.insert(out_.end(), bytes.begin(), bytes.end());
  }
  std::size_t size() const { return out_.size(); }
  std::vector<std::byte> take() && { return std::move(out_); }
  std::span<const std::byte> view() const { return out_; }

 private:
  std::vector<std::byte> out_;
};

}  // namespace

bool is_zip(std::span<const std::byte> bytes) {
  if (bytes.size() < 4) return false;
  const std::uint32_t signature = read_u32(bytes, 0);
  return signature == kLocalSignature || signature == kEndSignature;
}

std::vector<NamedArray> read_npz(std::span<const std::byte> bytes, std::string_view source,
                                 const Limits& limits) {
  const ZipReader zip(bytes, source);
  std::vector<NamedArray> arrays;
  std::set<std::string, std::less<>> names;
  std::size_t left = limits.max_bytes;
  for (const Entry& entry : zip.directory()) {
    const std::string where = zip.place_of(entry);
    const std::string_view full = entry.name;
    if (full.size() <= kExtension.size() ||
        full.substr(full.size() - kExtension.size()) != kExtension || !is_utf8(full)) {
      throw Error("the entry is not an array", where, "a name in UTF-8 that ends in .npy");
    }
    std::string name(full.substr(0, full.size() - kExtension.size()));
    if (!names.insert(name).second) throw Error("the entry occurs twice", where, "each name once");
    if (entry.size > left) {
      throw Error("the file expands to too much", where,
                  "at most " + std::to_string(limits.max_bytes) + " bytes in all");
    }
    left -= entry.size;
    FileArray array = read_npy(zip.contents(entry), where, limits);
    arrays.push_back({.name = std::move(name), .array = std::move(array)});
  }
  return arrays;
}

std::vector<std::byte> write_npz(std::span<const NamedArray> arrays) {
  ByteList file, directory;
  // Both headers of an entry share these fields, in this order.
  const auto common = [](ByteList& out, std::uint32_t crc, std::size_t size,
                         std::size_t name_length) {
    out.u16(20);      // version needed: 2.0
    out.u16(0x0800);  // the name is UTF-8
    out.u16(kStored);
    out.u16(0);  // midnight
    out.u16(kFirstDate);
    out.u32(crc);
    out.u32(static_cast<std::uint32_t>(size));
    out.u32(static_cast<std::uint32_t>(size));
    out.u16(static_cast<std::uint32_t>(name_length));
    out.u16(0);  // no extra field
  };
  if (arrays.size() >= kZip64Count) {
    throw Error("too many arrays for an NPZ file", "", "fewer than 65535");
  }
  for (const NamedArray& entry : arrays) {
    const std::string name = entry.name + std::string(kExtension);
    const std::vector<std::byte> contents = write_npy(entry.array);
    const std::size_t local = file.size();
    if (local + contents.size() > kZip64Size / 2 || name.size() > kMaxComment) {
      throw Error("the arrays are too large for an NPZ file", "", "less than 2 GiB in all");
    }
    const std::uint32_t crc = crc32_of(contents);
    const auto name_bytes = std::as_bytes(std::span(name));
    file.u32(kLocalSignature);
    common(file, crc, contents.size(), name.size());
    file.append(name_bytes);
    file.append(contents);
    directory.u32(kEntrySignature);
    directory.u16(20);  // made by version 2.0
    common(directory, crc, contents.size(), name.size());
    directory.u16(0);  // no comment
    directory.u16(0);  // volume
    directory.u16(0);  // internal attributes
    directory.u32(0);  // external attributes
    directory.u32(static_cast<std::uint32_t>(local));
    directory.append(name_bytes);
  }
  const std::size_t start = file.size();
  file.append(directory.view());
  const auto count = static_cast<std::uint32_t>(arrays.size());
  file.u32(kEndSignature);
  file.u16(0);
  file.u16(0);
  file.u16(count);
  file.u16(count);
  file.u32(static_cast<std::uint32_t>(directory.size()));
  file.u32(static_cast<std::uint32_t>(start));
  file.u16(0);
  return std::move(file).take();
}

}  // namespace lab
