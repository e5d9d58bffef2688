#include "desktop_state.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <system_error>

namespace lab {

std::filesystem::path DesktopState::default_folder() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::filesystem::path(value == nullptr ? "" : value);
  };
  // A relative path is not valid there and is to be ignored.
  if (const auto folder = variable("XDG_STATE_HOME"); folder.is_absolute())
    return folder / "logit-lab";
  if (const auto home = variable("HOME"); home.is_absolute())
    return home / ".local" / "state" / "logit-lab";
  return {};
}

std::filesystem::path DesktopState::path(std::string_view name) const {
  std::string file;
  for (const char letter : name) {
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                       (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
    file += plain ? letter : '_';
  }
  return folder_ / file;
}

std::string DesktopState::read(std::string_view name) const {
  if (folder_.empty()) return "";
  std::ifstream file(path(name), std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void DesktopState::write(std::string_view name, std::string_view text) {
  if (folder_.empty() || failed_) return;
  std::error_code code;
  std::filesystem::create_directories(folder_, code);
  const std::filesystem::path whole = path(name);
  std::filesystem::path beside = whole;
  beside += ".new";
  std::ofstream file(beside, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file) std::filesystem::rename(beside, whole, code);
  if (!file || code) {
    failed_ = true;
    std::cerr << "logit-lab-desktop: cannot write to " << folder_.string()
              << ": what is open will not be remembered\n";
  }
}

std::optional<WindowPlace> DesktopState::window_place() const {
  std::istringstream text(read("window"));
  WindowPlace place;
  if (!(text >> place.x >> place.y >> place.width >> place.height >> place.maximised)) return {};
  constexpr int kLeast = 100, kMost = 20000;
  for (const int side : {place.width, place.height})
    if (side < kLeast || side > kMost) return {};
  return place;
}

void DesktopState::keep(const WindowPlace& place) {
  std::ostringstream text;
  text << place.x << ' ' << place.y << ' ' << place.width << ' ' << place.height << ' '
       << place.maximised << '\n';
  write("window", text.str());
}

}  // namespace lab
