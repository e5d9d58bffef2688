// Where do results go? Into folders that are made when they are needed, with errors that name them.
#pragma once

#include <filesystem>

namespace lab {

// Makes the folder and those above it, where they are not there yet. Error: a file has that name
// (input), or the system does not let us (machine).
void make_folder(const std::filesystem::path& path);

}  // namespace lab
