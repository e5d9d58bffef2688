#include "desktop_files.h"

#include <cstdlib>
#include <fstream>
#include <system_error>

#include "core/error.h"

namespace lab {
namespace {

std::filesystem::path home() {
  const char* value = std::getenv("HOME");
  return value == nullptr ? std::filesystem::current_path() : std::filesystem::path(value);
}

std::filesystem::path save_folder() {
  std::error_code code;
  const std::filesystem::path downloads = home() / "Downloads";
  return std::filesystem::is_directory(downloads, code) ? downloads : home();
}

// The command that shows a dialog and prints the path chosen, with status 0; no words: there is no
// such program. target: suggested for saving; empty to open.
std::vector<std::string> dialog_command(const std::string& target) {
  if (program_exists("zenity")) {
    if (target.empty()) return {"zenity", "--file-selection", "--title=Open a file"};
    return {"zenity",          "--file-selection",    "--save", "--confirm-overwrite",
            "--title=Save as", "--filename=" + target};
  }
  if (program_exists("kdialog")) {
    if (target.empty()) return {"kdialog", "--getopenfilename", home().string()};
    return {"kdialog", "--getsavefilename", target};
  }
  return {};
}

}  // namespace

std::vector<std::byte> read_file(const std::filesystem::path& path) {
  std::error_code code;
  const std::uintmax_t size = std::filesystem::file_size(path, code);
  std::ifstream file(path, std::ios::binary);
  if (code || !file) throw Error("cannot be read", path.string(), "a file");
  if (size > kMostFileBytes)
    throw Error("is too large", path.string(),
                "at most " + std::to_string(kMostFileBytes >> 20) + " MiB");
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (static_cast<std::uintmax_t>(file.gcount()) != size)
    throw Error("cannot be read to its end", path.string(), "");
  return bytes;
}

void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (file) return;
  throw Error("cannot be written", path.string(), "a folder with space that you may write to",
              Error::Kind::machine);
}

std::filesystem::path free_path(const std::filesystem::path& folder, std::string_view name) {
  const std::filesystem::path file = std::filesystem::path(name).filename();
  std::filesystem::path path = folder / file;
  std::error_code code;
  for (int number = 2; std::filesystem::exists(path, code); ++number)
    path =
        folder / (file.stem().string() + "-" + std::to_string(number) + file.extension().string());
  return path;
}

void DesktopFiles::save(std::string_view name, std::span<const std::byte> bytes) {
  if (dialog_) return;
  bytes_.assign(bytes.begin(), bytes.end());
  saving_ = true;
  const std::filesystem::path target = free_path(save_folder(), name);
  const std::vector<std::string> command = dialog_command(target.string());
  if (!command.empty()) {
    dialog_ = std::make_unique<ChildProcess>(command);
  } else {
    write(target);
    answers_.tell("Saved as " + target.string());
  }
}

void DesktopFiles::open() {
  if (dialog_) return;
  saving_ = false;
  const std::vector<std::string> command = dialog_command("");
  if (!command.empty()) {
    dialog_ = std::make_unique<ChildProcess>(command);
  } else {
    answers_.tell(
        "This desktop has no dialog for files (zenity or kdialog): drop the file on the "
        "window instead.");
  }
}

void DesktopFiles::poll() {
  if (!dialog_) return;
  const auto end = dialog_->poll();
  if (!end) return;
  dialog_.reset();
  std::string path = end->output;
  while (path.ends_with('\n')) path.pop_back();
  if (end->status != 0 || path.empty()) return;  // the person thought better of it
  if (saving_) {
    write(path);
  } else {
    answers_.chosen(path);
  }
}

void DesktopFiles::write(const std::filesystem::path& path) {
  try {
    write_file(path, bytes_);
  } catch (const Error& error) {
    answers_.tell(error.what());
  }
  bytes_.clear();
}

}  // namespace lab
