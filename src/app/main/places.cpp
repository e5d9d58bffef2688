#include "places.h"

#include <system_error>

namespace lab {

std::filesystem::path program_path(const char* called_as) {
#ifndef __EMSCRIPTEN__
  std::error_code code;
  std::filesystem::path path = std::filesystem::read_symlink("/proc/self/exe", code);
  if (!code) return path;
#endif
  return called_as;
}

std::filesystem::path verdict_folder(std::filesystem::path program) {
  std::error_code code;
  program = std::filesystem::weakly_canonical(program, code);
  for (std::filesystem::path folder = program.parent_path(); folder != folder.parent_path();
       folder = folder.parent_path()) {
    const std::filesystem::path verdicts = folder / "tests" / "golden" / "verdicts";
    if (std::filesystem::is_directory(verdicts, code)) return verdicts;
  }
  return {};
}

}  // namespace lab
