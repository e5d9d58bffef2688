// How often memory has been asked for in this test program: defined where operator new is replaced.
#pragma once

#include <cstddef>

namespace lab::test {

std::size_t allocations();

}  // namespace lab::test
