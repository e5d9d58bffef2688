// Where does a program find what lies beside it?
#pragma once

#include <filesystem>

namespace lab {

// The program itself; called_as: its own name among its arguments, for systems that do not tell.
std::filesystem::path program_path(const char* called_as);

// The stored verdicts of the source tree that the program was built in; empty if there are none.
std::filesystem::path verdict_folder(std::filesystem::path program);

}  // namespace lab
