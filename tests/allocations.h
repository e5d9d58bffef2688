// How many allocations has this test program made, and how many bytes has it now? Runs and networks
// must not allocate while they step, and what goes on for an hour must not gather memory.
#pragma once

#include <cstddef>

std::size_t allocations_made();
// What new has given and delete not taken back, as large as the allocator made it.
std::size_t bytes_in_use();
