#include "app/cli_files.h"

#include <system_error>

#include "core/error.h"

namespace lab {

void make_folder(const std::filesystem::path& path) {
  std::error_code code;
  if (std::filesystem::is_directory(path, code)) return;
  if (std::filesystem::exists(path, code))
    throw Error("this is not a folder", path.string(), "the name of a folder, or a new name");
  std::filesystem::create_directories(path, code);
  if (code)
    throw Error("the folder cannot be made: " + code.message(), path.string(),
                "a place where you may write", Error::Kind::machine);
}

}  // namespace lab
