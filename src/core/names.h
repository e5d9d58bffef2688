// Which name did a person mean? For the "did you mean" of error messages.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace lab {

// The candidate nearest to `name` by edits (insert, delete, replace, swap neighbours; case is ignored), if
// it is near enough to be meant: at most a third of the longer name's letters. Empty otherwise; the first
// of equals.
std::string nearest_name(std::string_view name, std::span<const std::string> candidates);

// What an error message expects in place of `name`: "'a'" where that is near, else "one of a, b or c".
// At most twelve names are listed.
std::string expected_name(std::string_view name, std::span<const std::string> candidates);

}  // namespace lab
