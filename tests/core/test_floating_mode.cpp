#include <doctest/doctest.h>

#include <cfenv>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/floating_mode.h"

#if defined(__x86_64__) || defined(__i386__)
#include <xmmintrin.h>
#endif

namespace {

// What check_floating_mode() says while `enter` holds, and "" if nothing; `leave` undoes it at
// once, because the test library computes too.
template <class Enter, class Leave>
std::string said_while(Enter enter, Leave leave) {
  std::string said;
  bool machine = true;
  enter();
  try {
    lab::check_floating_mode();
  } catch (const lab::Error& error) {
    said = error.problem();
    machine = error.kind() == lab::Error::Kind::machine;
  }
  leave();
  CHECK(machine);
  return said;
}

}  // namespace

TEST_CASE("the mode that programs start with is right") {
  CHECK_NOTHROW(lab::check_floating_mode());
}

#if defined(__x86_64__) || defined(__i386__)
TEST_CASE("every wrong bit of MXCSR is found") {
  constexpr unsigned kDenormalsAreZero = 0x0040;
  constexpr unsigned kFlushToZero = 0x8000;
  constexpr unsigned kRoundDown = 0x2000;
  constexpr unsigned kRoundUp = 0x4000;
  constexpr unsigned kRoundToZero = 0x6000;
  const unsigned before = _mm_getcsr();
  const auto said_with = [before](unsigned bits) {
    return said_while([=] { _mm_setcsr(before | bits); }, [=] { _mm_setcsr(before); });
  };
  CHECK(said_with(0).empty());
  for (const unsigned bits : {kDenormalsAreZero, kFlushToZero, kDenormalsAreZero | kFlushToZero}) {
    CAPTURE(bits);
    CHECK(said_with(bits).find("denormal") != std::string::npos);
  }
  for (const unsigned bits : {kRoundDown, kRoundUp, kRoundToZero}) {
    CAPTURE(bits);
    CHECK(said_with(bits).find("round") != std::string::npos);
  }
  CHECK_NOTHROW(lab::check_floating_mode());
}
#endif

TEST_CASE("every rounding mode but to nearest is found, where there are others") {
  std::vector<int> modes;
#ifdef FE_UPWARD
  modes.push_back(FE_UPWARD);
#endif
#ifdef FE_DOWNWARD
  modes.push_back(FE_DOWNWARD);
#endif
#ifdef FE_TOWARDZERO
  modes.push_back(FE_TOWARDZERO);
#endif
  for (const int mode : modes) {
    // Names of modes may exist where the machine has none, as in WebAssembly.
    if (std::fesetround(mode) != 0 || std::fegetround() != mode) continue;
    std::fesetround(FE_TONEAREST);
    const std::string said =
        said_while([=] { std::fesetround(mode); }, [] { std::fesetround(FE_TONEAREST); });
    CHECK(said.find("round") != std::string::npos);
  }
  CHECK_NOTHROW(lab::check_floating_mode());
}
