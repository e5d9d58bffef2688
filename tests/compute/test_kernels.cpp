#include <doctest/doctest.h>

#include "compute/kernels.h"
#include "compute/reference.h"
#include "core/digest.h"
#include "core/error.h"

using namespace reference;
using lab::Kernels;

namespace {

template <class T>
using In = std::span<const T>;

void feed(lab::Digest& digest, const std::vector<double>& x) {
  digest.f64s(x);
}
void feed(lab::Digest& digest, const std::vector<float>& x) {
  digest.f32s(x);
}

// Every kernel on ordinary and extreme numbers, at a ragged size.
template <class T>
void feed_all(lab::Digest& digest, const Kernels& k) {
  const std::size_t rows = 37, cols = 61, n = rows * cols;
  std::vector<T> x = numbers<T>(n, 1, 30);
  x[5] = kInf<T>;
  x[6] = -kInf<T>;
  x[n - 2] = kNan<T>;
  std::vector<T> y(n), z(n);
  const auto map = [&](auto kernel) {
    kernel();
    feed(digest, y);
  };
  map([&] { k.exp(In<T>(x), y); });
  map([&] { k.log(In<T>(x), y); });
  map([&] { k.tanh(In<T>(x), y); });
  map([&] { k.sigmoid(In<T>(x), y); });
  map([&] { k.softplus(In<T>(x), y); });
  map([&] { k.logistic(In<T>(x), y, z); });
  feed(digest, z);
  map([&] { k.normalized_logistic(In<T>(x).first(n - 2), std::span<T>(y).first(n - 2)); });
  const lab::MatrixView<T> logits{x.data(), rows, cols};
  map([&] { k.softmax_rows(logits, y); });
  map([&] { k.log_softmax_rows(logits, y); });
  std::vector<T> per_row(rows), per_col(cols);
  k.logsumexp_rows(logits, per_row);
  feed(digest, per_row);

  x = numbers<T>(n, 2, 3);
  y = numbers<T>(n, 3);
  const lab::MatrixView<T> view{x.data(), rows, cols};
  digest.f64(k.sum(In<T>(x))).f64(k.dot(In<T>(x), In<T>(y))).f64(k.squared_norm(In<T>(x)));
  digest.f64(k.max(In<T>(x))).f64(k.min(In<T>(x))).f64(k.max_abs(In<T>(x))).u64(k.argmax(In<T>(x)));
  k.axpy(T(0.7), In<T>(x), y);
  k.scale(T(1.3), y);
  feed(digest, y);
  k.gemv(view, In<T>(y).first(cols), per_row);
  k.gemv_t(view, In<T>(y).first(rows), per_col);
  feed(digest, per_row);
  feed(digest, per_col);
  std::vector<T> c(rows * rows), d(cols * cols);
  k.gemm(view, lab::MatrixView<T>{y.data(), cols, rows}, c);
  feed(digest, c);
  k.gemm_nt(view, lab::MatrixView<T>{y.data(), rows, cols}, c);
  feed(digest, c);
  k.gemm_tn(view, lab::MatrixView<T>{y.data(), rows, cols}, d);
  feed(digest, d);
}

}  // namespace

TEST_CASE("All strict kernels have one digest, on every instruction set, compiler and target") {
  for_each_strict([](const Kernels& k) {
    lab::Digest f64, f32;
    feed_all<double>(f64, k);
    feed_all<float>(f32, k);
    CHECK(f64.hex() == "f83c1e74cb203df8da9a2b76d3ca29806a21cc769c50b714998044e88ccc3981");
    CHECK(f32.hex() == "df0dce946b2742ad729ab8b6b6716af2fd83f2f2d2405ee84cd182d99cdc3e68");
  });
}

TEST_CASE("An instruction set has a name, and an unknown name says which there are") {
  using lab::Simd;
  CHECK(lab::simd_by_name(lab::simd_name(Simd::baseline)) == Simd::baseline);
  try {
    lab::simd_by_name("avx1");
    FAIL("no error");
  } catch (const lab::Error& error) {
    CHECK(error.problem() == "unknown instruction set 'avx1'");
    CHECK(error.expected().find(lab::simd_name(Simd::baseline)) == 0);
  }
  for (const Kernels* k : lab::available_kernels())
    CHECK(lab::simd_by_name(lab::simd_name(k->simd)) == k->simd);
}

TEST_CASE("The table chosen is the last strict one, or what LAB_SIMD names") {
  const Kernels& strict = lab::kernels();
  CHECK(strict.math == lab::Math::strict);
  CHECK(strict.name == "strict/" + std::string(lab::simd_name(strict.simd)));
  const Kernels& fast = lab::kernels(lab::Math::fast);
  CHECK(fast.simd == strict.simd);
  CHECK((fast.math == lab::Math::fast || &fast == &strict));
  const auto all = lab::available_kernels();
  REQUIRE(!all.empty());
  CHECK(all[0]->name == "strict/" + std::string(lab::simd_name(lab::Simd::baseline)));
}
