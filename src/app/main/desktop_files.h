// How does a person save and open files? With the desktop's own dialogs (zenity or kdialog, as
// children); where there are none, files go to the downloads folder under a name that is free, and
// come by being dropped on the window.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "desktop_child.h"

namespace lab {

// Files above this are refused: nothing that is dropped on the workbench is that large.
inline constexpr std::size_t kMostFileBytes = std::size_t{256} << 20;

// Errors (input): it cannot be read, or is larger than kMostFileBytes.
std::vector<std::byte> read_file(const std::filesystem::path& path);
// Error (machine): it cannot be written whole.
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

// folder/name, or with "-2", "-3", .. before the ending if there is such a file.
std::filesystem::path free_path(const std::filesystem::path& folder, std::string_view name);

class DesktopFiles {
 public:
  struct Answers {
    std::function<void(const std::filesystem::path&)> chosen;  // to be opened
    std::function<void(const std::string&)> tell;              // a line for the person
  };

  explicit DesktopFiles(Answers answers) : answers_(std::move(answers)) {}

  // Asks where to save the bytes. A dialog that is still open takes the place of a new one.
  void save(std::string_view name, std::span<const std::byte> bytes);
  // Asks for a file.
  void open();
  // Whether a dialog has been answered; to be called from time to time.
  void poll();
  bool waiting() const { return dialog_ != nullptr; }

 private:
  void write(const std::filesystem::path& path);

  Answers answers_;
  std::unique_ptr<ChildProcess> dialog_;
  bool saving_ = false;
  std::vector<std::byte> bytes_;
};

}  // namespace lab
