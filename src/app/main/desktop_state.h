// What the desktop program remembers between two starts: small text files in
// ${XDG_STATE_HOME:-$HOME/.local/state}/logit-lab.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace lab {

struct WindowPlace {
  int x = 0, y = 0, width = 0, height = 0;
  bool maximised = false;
};

class DesktopState {
 public:
  // Nothing is kept if the folder is empty.
  explicit DesktopState(std::filesystem::path folder) : folder_(std::move(folder)) {}
  static std::filesystem::path default_folder();

  // Empty if there is no such text.
  std::string read(std::string_view name) const;
  // Whole or not at all. That it cannot be written is said once, on standard error: nothing else
  // depends on it.
  void write(std::string_view name, std::string_view text);

  // Nothing if none was kept, or what was kept makes no sense.
  std::optional<WindowPlace> window_place() const;
  void keep(const WindowPlace& place);

 private:
  std::filesystem::path path(std::string_view name) const;

  std::filesystem::path folder_;
  bool failed_ = false;
};

}  // namespace lab
