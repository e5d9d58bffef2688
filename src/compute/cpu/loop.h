// How is the compiler told that a loop's passes do not depend on each other? Outputs may be the
// very array that is read, which the compiler would otherwise answer with a second, scalar copy of
// the loop.
#pragma once

#if defined(__clang__)
#define LAB_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define LAB_INDEPENDENT _Pragma("GCC ivdep")
#else
#define LAB_INDEPENDENT
#endif
