// Which table of kernels does this processor get?

#include "compute/kernels.h"

#include <array>
#include <cstdlib>
#include <string>

#include "compute/cpu/tables.h"
#include "core/error.h"

namespace lab {
namespace {

#if defined(__x86_64__)
constexpr std::string_view kBaselineName = "sse2";
#elif defined(__aarch64__)
constexpr std::string_view kBaselineName = "neon";
#elif defined(__wasm_simd128__)
constexpr std::string_view kBaselineName = "wasm128";
#else
#error "compute: name the baseline instruction set of this target here"
#endif

struct Tables {
  std::vector<Kernels> all;  // strict first, slowest first

  Tables() {
    all.push_back(cpu::strict_baseline());
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
      all.push_back(cpu::strict_avx2());
      if (__builtin_cpu_supports("fma")) all.push_back(cpu::fast_avx2());
    }
#endif
  }

  const Kernels* find(Math math, Simd simd) const {
    for (const Kernels& k : all)
      if (k.math == math && k.simd == simd) return &k;
    return nullptr;
  }
};

const Tables& tables() {
  static const Tables instance;
  return instance;
}

bool has_avx2() {
  return tables().find(Math::strict, Simd::avx2) != nullptr;
}

// The instruction set to use: LAB_SIMD's, or else the best there is.
Simd chosen_simd() {
  const char* const asked = std::getenv("LAB_SIMD");
  if (asked != nullptr && *asked != '\0') return simd_by_name(asked);
  return has_avx2() ? Simd::avx2 : Simd::baseline;
}

}  // namespace

std::string_view simd_name(Simd simd) {
  return simd == Simd::avx2 ? "avx2" : kBaselineName;
}

std::string kernels_name(Math math, Simd simd) {
  return (math == Math::strict ? "strict/" : "fast/") + std::string(simd_name(simd));
}

Simd simd_by_name(std::string_view name) {
  std::string expected(kBaselineName);
  if (name == kBaselineName) return Simd::baseline;
#if defined(__x86_64__)
  if (name == "avx2") {
    if (has_avx2()) return Simd::avx2;
    throw Error("this processor has no AVX2", "LAB_SIMD", expected, Error::Kind::machine);
  }
  expected += " or avx2";
#endif
  throw Error("unknown instruction set '" + std::string(name) + "'", "LAB_SIMD", expected);
}

Kernels::Kernels(Math math, Simd simd, const KernelTable<double>& f64,
                 const KernelTable<float>& f32)
    : KernelsOf<double>(f64),
      KernelsOf<float>(f32),
      math(math),
      simd(simd),
      name(kernels_name(math, simd)) {}

const Kernels& kernels(Math math) {
  static const Simd simd = chosen_simd();  // a throw leaves it to the next call
  static const std::array<const Kernels*, 2> chosen = [] {
    const Kernels* strict = tables().find(Math::strict, simd);
    const Kernels* fast = tables().find(Math::fast, simd);
    return std::array{strict, fast ? fast : strict};
  }();
  return *chosen[math == Math::fast];
}

std::vector<const Kernels*> available_kernels() {
  std::vector<const Kernels*> all;
  for (const Kernels& k : tables().all) all.push_back(&k);
  return all;
}

}  // namespace lab
