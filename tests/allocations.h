// How many allocations has this test program made? Runs and networks must not allocate while they
// step.
#pragma once

#include <cstddef>

std::size_t allocations_made();
