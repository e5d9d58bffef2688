#include "data/files.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "core/error.h"

namespace lab {
namespace {

struct Closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Closer>;

}  // namespace

std::vector<std::byte> read_file(const std::string& path, const Limits& limits) {
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (status.type() == std::filesystem::file_type::not_found) {
    throw Error("there is no such file", path, "the path of a file");
  }
  if (std::filesystem::is_directory(status)) throw Error("this is a folder", path, "a file");
  const File file(std::fopen(path.c_str(), "rb"));
  if (!file) throw Error("the file cannot be opened", path, "a file that you may read");

  // The size is found by reading: a pipe does not tell it, and a file may grow meanwhile.
  std::vector<std::byte> bytes;
  std::size_t used = 0;
  constexpr std::size_t kFirst = std::size_t{1} << 16;
  while (true) {
    if (used > limits.max_bytes) {
      throw Error("the file is too large", path,
                  "at most " + std::to_string(limits.max_bytes) + " bytes");
    }
    if (used == bytes.size()) {
      bytes.resize(std::min(std::max(bytes.size() * 2, kFirst), limits.max_bytes + 1));
    }
    const std::size_t got = std::fread(bytes.data() + used, 1, bytes.size() - used, file.get());
    used += got;
    if (got == 0) break;
  }
  if (std::ferror(file.get())) {
    throw Error("the file cannot be read", path, "a readable file", Error::Kind::machine);
  }
  bytes.resize(used);
  return bytes;
}

void write_file(const std::string& path, std::span<const std::byte> bytes) {
  const std::string partial = path + ".part";
  const auto fail = [&] {
    std::remove(partial.c_str());
    throw Error("the file cannot be written", path,
                "a folder that you may write to, with room left", Error::Kind::machine);
  };
  File file(std::fopen(partial.c_str(), "wb"));
  if (!file) fail();
  const bool written =
      bytes.empty() || std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
  const bool closed = std::fclose(file.release()) == 0;
  if (!written || !closed) fail();
  std::error_code failure;
  std::filesystem::rename(partial, path, failure);
  if (failure) fail();
}

bool is_file(const std::string& path) {
  std::error_code failure;
  return std::filesystem::is_regular_file(path, failure);
}

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace lab
