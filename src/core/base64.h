// How do bytes travel inside a text? As base64 (RFC 4648, section 4, with padding).
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

std::string base64(std::span<const std::byte> bytes);

// The inverse. Error (`where` names the text): a character that is none of the alphabet, a length
// that is no multiple of 4, padding in the middle, bits that are left over.
std::vector<std::byte> from_base64(std::string_view text, std::string_view where);

}  // namespace lab
