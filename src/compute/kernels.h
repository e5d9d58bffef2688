// Which array operations are worth a kernel, and what exactly does each of them compute?
//
//     const lab::Kernels& k = lab::kernels();     // the best strict table for this processor
//     k.gemv_t(lab::view(features), theta, margins);
//     k.logistic(margins, weights, losses);
//
// A table of out-of-line CPU kernels exists once for each instruction set that it was compiled for,
// and the best one is chosen at run time. All strict tables give the same bits, which are those of
// the plain loops that the comments below describe: reductions add in 16 fixed lanes, products over
// k in order, and transcendental functions are those of core/numerics.h. A fast table is compiled
// from the same source with fused multiply-add; its results are close, not equal, and must be named
// in what they touch.
//
// All kernels exist for double and float. Matrices are row-major and contiguous. No kernel
// allocates (gemm reuses one buffer per thread), reads a global or uses threads: call them from any
// thread. Preconditions (sizes that fit, arrays that do not overlap) are asserted. `x` and an
// output `y` of the same size may be the very same array where "in place" is said; otherwise
// outputs overlap nothing.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/view.h"

namespace lab {

enum class Math {
  strict,  // the same bits on every processor
  fast,    // fused multiply-add where the processor has it
};

enum class Simd {
  baseline,  // what every processor of the target has: sse2 (x86-64), neon (ARM64), wasm128
  avx2,      // x86-64 only; the fast table needs FMA as well
};

// "sse2", "neon" or "wasm128" for the baseline of this target; "avx2".
std::string_view simd_name(Simd simd);
// "strict/avx2".
std::string kernels_name(Math math, Simd simd);

// The instruction set of that name. Throws lab::Error when this target has none of that name, or
// this processor lacks it.
Simd simd_by_name(std::string_view name);

// What a table is made of: one function per kernel, for elements of type T. The public face, with
// checks and documentation, is KernelsOf<T>.
template <class T>
struct KernelTable {
  using Map = void(const T* x, T* y, std::size_t n);
  Map *exp, *log, *tanh, *sigmoid, *softplus;
  double (*sum)(const T* x, std::size_t n);
  double (*dot)(const T* x, const T* y, std::size_t n);
  double (*squared_norm)(const T* x, std::size_t n);
  T (*max)(const T* x, std::size_t n);
  T (*min)(const T* x, std::size_t n);
  T (*max_abs)(const T* x, std::size_t n);
  std::size_t (*argmax)(const T* x, std::size_t n);
  void (*axpy)(T alpha, const T* x, T* y, std::size_t n);
  void (*scale)(T alpha, T* x, std::size_t n);
  void (*logsumexp_rows)(const T* x, T* y, std::size_t rows, std::size_t cols);
  void (*softmax_rows)(const T* x, T* y, std::size_t rows, std::size_t cols);
  void (*log_softmax_rows)(const T* x, T* y, std::size_t rows, std::size_t cols);
  void (*logistic)(const T* margins, T* weights, T* losses, std::size_t n);
  void (*normalized_logistic)(const T* margins, T* weights, std::size_t n);
  void (*gemv)(const T* a, const T* x, T* y, std::size_t rows, std::size_t cols);
  void (*gemv_t)(const T* b, const T* x, T* y, std::size_t rows, std::size_t cols);
  // C (m x n) = A B over k; element (i, p) of A is a[i * a_row + p * a_col], and B likewise.
  void (*gemm)(const T* a, std::size_t a_row, std::size_t a_col, const T* b, std::size_t b_row,
               std::size_t b_col, T* c, std::size_t m, std::size_t n, std::size_t k);
};

template <class T>
class KernelsOf {
 public:
  using In = std::span<const T>;
  using Out = std::span<T>;

  explicit KernelsOf(const KernelTable<T>& table) : t_(table) {}

  // ---- Elementwise, in place allowed: y[i] = f(x[i]), with the function of that name in
  // core/numerics.h.
  void exp(In x, Out y) const { map(t_.exp, x, y); }
  void log(In x, Out y) const { map(t_.log, x, y); }
  void tanh(In x, Out y) const { map(t_.tanh, x, y); }
  void sigmoid(In x, Out y) const { map(t_.sigmoid, x, y); }
  void softplus(In x, Out y) const { map(t_.softplus, x, y); }

  // y[i] = y[i] + alpha x[i]
  void axpy(T alpha, In x, Out y) const {
    assert(x.size() == y.size() && (apart(x, y) || x.data() == y.data()));
    t_.axpy(alpha, x.data(), y.data(), x.size());
  }
  // x[i] = alpha x[i]
  void scale(T alpha, Out x) const { t_.scale(alpha, x.data(), x.size()); }

  // ---- Sums, always accumulated in double, also for float elements (whose products are then
  // exact). Order: lane j of 16, each starting at 0, adds the terms j, j + 16, j + 32 ... in this
  // order; then lane j adds lane j + 8 for j < 8, j + 4 for j < 4, j + 2 for j < 2, and lane 0 adds
  // lane 1.
  double sum(In x) const { return t_.sum(x.data(), x.size()); }
  double dot(In x, In y) const {
    assert(x.size() == y.size());
    return t_.dot(x.data(), y.data(), x.size());
  }
  // sum of x[i]^2
  double squared_norm(In x) const { return t_.squared_norm(x.data(), x.size()); }

  // ---- Extremes. NaN (the canonical one) if any element is NaN; a zero is +0. Of no elements: max
  // is -inf, min is inf, max_abs is 0.
  T max(In x) const { return t_.max(x.data(), x.size()); }
  T min(In x) const { return t_.min(x.data(), x.size()); }
  T max_abs(In x) const { return t_.max_abs(x.data(), x.size()); }
  // The first index of the largest element; of the first NaN if there is one. x is not empty.
  std::size_t argmax(In x) const {
    assert(!x.empty());
    return t_.argmax(x.data(), x.size());
  }

  // ---- Softmax and its relatives, of one vector or of each row. With m the largest element of a
  // row, d[i] = x[i] - m (0 where x[i] == m, even if infinite) and s = sum of exp(d[i]) in the
  // order of `sum`:
  //     logsumexp = m + log s,   softmax = exp(d[i]) / s,   log_softmax = d[i] - log s.
  // So nothing overflows whatever the logits, an entry of -inf has probability 0, and a row whose
  // largest entry is infinite (all -inf, or some +inf) shares the mass equally among the entries
  // equal to it: the limit of equal logits. A NaN makes its whole row NaN. s and log s are double
  // for float elements too; s is rounded to float before the division, log s before the
  // subtraction. softmax and log_softmax may work in place.
  T logsumexp(In x) const {
    T y;
    t_.logsumexp_rows(x.data(), &y, 1, x.size());
    return y;
  }
  void softmax(In x, Out y) const { softmax_rows({x.data(), 1, x.size()}, y); }
  void log_softmax(In x, Out y) const { log_softmax_rows({x.data(), 1, x.size()}, y); }
  // x: rows x cols; y: rows
  void logsumexp_rows(MatrixView<T> x, Out y) const {
    assert(y.size() == x.rows && apart(x.values(), y));
    t_.logsumexp_rows(x.data, y.data(), x.rows, x.cols);
  }
  // x and y: rows x cols
  void softmax_rows(MatrixView<T> x, Out y) const {
    assert(mappable(x.values(), y));
    t_.softmax_rows(x.data, y.data(), x.rows, x.cols);
  }
  void log_softmax_rows(MatrixView<T> x, Out y) const {
    assert(mappable(x.values(), y));
    t_.log_softmax_rows(x.data, y.data(), x.rows, x.cols);
  }

  // ---- Logistic regression on margins m[i] = y_i <a_i, theta>.
  // weights[i] = sigmoid(-m[i]) (the error weights), losses[i] = softplus(-m[i]), from one
  // exponential: e = exp(-|m|), weight (m > 0 ? e : 1) / (1 + e), loss max(0, -m) + 2 artanh(e / (2
  // + e)). Each is within 3 ulp of the exact value. In place (margins and one output the same) is
  // allowed.
  void logistic(In margins, Out weights, Out losses) const {
    assert(mappable(margins, weights) && mappable(margins, losses) && apart(weights, losses));
    t_.logistic(margins.data(), weights.data(), losses.data(), margins.size());
  }
  // weights = softmax(-softplus(m)): the error weights divided by their sum, also where all of them
  // underflow (Tyurin 2024, section 6). In place is allowed.
  void normalized_logistic(In margins, Out weights) const {
    assert(mappable(margins, weights));
    t_.normalized_logistic(margins.data(), weights.data(), margins.size());
  }

  // ---- Products.
  // y = A x. a: rows x cols, x: cols, y: rows. Each y[i] is dot(row i, x), rounded to T.
  void gemv(MatrixView<T> a, In x, Out y) const {
    assert(x.size() == a.cols && y.size() == a.rows && apart(a.values(), y) && apart(x, y));
    t_.gemv(a.data, x.data(), y.data(), a.rows, a.cols);
  }
  // y = B^T x. b: rows x cols, x: rows, y: cols. y[c] starts at 0 and adds b(r, c) x[r] for r = 0,
  // 1, 2 ... in T: a plain loop. The one to choose where there is a choice: it is the faster of the
  // two.
  void gemv_t(MatrixView<T> b, In x, Out y) const {
    assert(x.size() == b.rows && y.size() == b.cols && apart(b.values(), y) && apart(x, y));
    t_.gemv_t(b.data, x.data(), y.data(), b.rows, b.cols);
  }
  // C = A B. a: m x k, b: k x n, c: m x n. c(i, j) starts at 0 and adds a(i, p) b(p, j) for p = 0,
  // 1, 2 ... in T: the naive triple loop, to the bit.
  void gemm(MatrixView<T> a, MatrixView<T> b, Out c) const {
    assert(a.cols == b.rows && product_fits(a, b, c, a.rows * b.cols));
    t_.gemm(a.data, a.cols, 1, b.data, b.cols, 1, c.data(), a.rows, b.cols, a.cols);
  }
  // C = A B^T. a: m x k, b: n x k, c: m x n; the order of gemm.
  void gemm_nt(MatrixView<T> a, MatrixView<T> b, Out c) const {
    assert(a.cols == b.cols && product_fits(a, b, c, a.rows * b.rows));
    t_.gemm(a.data, a.cols, 1, b.data, 1, b.cols, c.data(), a.rows, b.rows, a.cols);
  }
  // C = A^T B. a: k x m, b: k x n, c: m x n; the order of gemm.
  void gemm_tn(MatrixView<T> a, MatrixView<T> b, Out c) const {
    assert(a.rows == b.rows && product_fits(a, b, c, a.cols * b.cols));
    t_.gemm(a.data, 1, a.cols, b.data, b.cols, 1, c.data(), a.cols, b.cols, a.rows);
  }

 private:
  static bool apart(In x, In y) {
    return x.empty() || y.empty() || x.data() + x.size() <= y.data() ||
           y.data() + y.size() <= x.data();
  }
  static bool mappable(In x, In y) {
    return x.size() == y.size() && (x.data() == y.data() || apart(x, y));
  }
  static bool product_fits(MatrixView<T> a, MatrixView<T> b, In c, std::size_t size) {
    return c.size() == size && apart(a.values(), c) && apart(b.values(), c);
  }
  static void map(typename KernelTable<T>::Map* f, In x, Out y) {
    assert(mappable(x, y));
    f(x.data(), y.data(), x.size());
  }

  KernelTable<T> t_;
};

// One table: all kernels for double and for float, picked by the element type of the arguments.
class Kernels : public KernelsOf<double>, public KernelsOf<float> {
 public:
  Kernels(Math math, Simd simd, const KernelTable<double>& f64, const KernelTable<float>& f32);

  Math math;
  Simd simd;
  std::string name;  // kernels_name: goes into the environment of every result

#define LAB_BOTH(kernel)           \
  using KernelsOf<double>::kernel; \
  using KernelsOf<float>::kernel;
  LAB_BOTH(exp)
  LAB_BOTH(log)
  LAB_BOTH(tanh) LAB_BOTH(sigmoid) LAB_BOTH(softplus) LAB_BOTH(axpy) LAB_BOTH(scale) LAB_BOTH(sum)
      LAB_BOTH(dot) LAB_BOTH(squared_norm) LAB_BOTH(max) LAB_BOTH(min) LAB_BOTH(max_abs)
          LAB_BOTH(argmax) LAB_BOTH(logsumexp) LAB_BOTH(softmax) LAB_BOTH(log_softmax)
              LAB_BOTH(logsumexp_rows) LAB_BOTH(softmax_rows) LAB_BOTH(log_softmax_rows)
                  LAB_BOTH(logistic) LAB_BOTH(normalized_logistic) LAB_BOTH(gemv) LAB_BOTH(gemv_t)
                      LAB_BOTH(gemm) LAB_BOTH(gemm_nt) LAB_BOTH(gemm_tn)
#undef LAB_BOTH
};

// The best table for this processor. Where there is no fast table (WebAssembly, ARM64, x86-64
// without AVX2 and FMA), Math::fast gives the strict one, and its name says so. The environment
// variable LAB_SIMD (sse2, avx2, neon, wasm128: what this target has) asks for one instruction set;
// it is read at the first call. Throws lab::Error when LAB_SIMD names none of this target's, or one
// that this processor lacks (see simd_by_name).
const Kernels& kernels(Math math = Math::strict);

// Every table that this processor can run, strict ones first, slowest first. LAB_SIMD is not
// heeded.
std::vector<const Kernels*> available_kernels();

}  // namespace lab
