// Matrix times matrix: packed panels and a register tile (Goto and van de Geijn 2008), with the
// sums over k in the order of the naive triple loop: a tile of C goes through k = 0, 1, 2 ... in
// registers, is put down between two blocks of k and taken up again, which rounds nothing.
#pragma once

#include <cstddef>

#include "compute/cpu/batch.h"
#include "compute/scratch.h"

namespace lab::cpu {
namespace {

// The sums of a tile, two rows' worth of B and one factor fill the processor's registers.
#if defined(__AVX2__)
constexpr std::size_t kTileRows = 6;
#else
constexpr std::size_t kTileRows = 4;
#endif
template <class T>
constexpr std::size_t kTileCols = 2 * kWidth<T>;

// Blocks: a panel of B (kBlockK x kTileCols) stays in the first-level cache, a block of A
// (kBlockRows x kBlockK) in the second, a block of B (kBlockK x kBlockCols) in the third.
constexpr std::size_t kBlockK = 256;
template <class T>
constexpr std::size_t kBlockRows = 768 / sizeof(T);  // a multiple of kTileRows
constexpr std::size_t kBlockCols = 1024;

// Copies `count` lines (rows of A or columns of B) of k elements, width at a time and zeros in
// place of what is missing, so that the tile reads width elements after width elements.
template <std::size_t Width, class T>
[[gnu::always_inline]] inline void pack(const T* source, std::size_t line_stride,
                                        std::size_t k_stride, std::size_t count, std::size_t k,
                                        T* out) {
  for (std::size_t first = 0; first < count; first += Width) {
    const T* const s = source + first * line_stride;
    const std::size_t lines = count - first < Width ? count - first : Width;
    if (lines == Width && line_stride == 1) {
      for (std::size_t p = 0; p < k; ++p, out += Width)
        for (std::size_t j = 0; j < Width; ++j) out[j] = s[p * k_stride + j];
    } else if (lines == Width) {
      for (std::size_t p = 0; p < k; ++p, out += Width)
        for (std::size_t j = 0; j < Width; ++j) out[j] = s[p * k_stride + j * line_stride];
    } else {
      for (std::size_t p = 0; p < k; ++p, out += Width)
        for (std::size_t j = 0; j < Width; ++j)
          out[j] = j < lines ? s[p * k_stride + j * line_stride] : T(0);
    }
  }
}

// C tile (Rows x kTileCols) = (first ? 0 : C tile) + A panel x B panel, over k. Rows <= kTileRows,
// which is how many the panel of A has.
template <std::size_t Rows, class T>
void tile(const T* a, const T* b, std::size_t k, T* c, std::size_t c_row, bool first) {
  constexpr std::size_t w = kWidth<T>;
  Batch<T> sums[Rows][2];
  for (std::size_t i = 0; i < Rows; ++i)
    for (std::size_t v = 0; v < 2; ++v)
      sums[i][v] = first ? Batch<T>(T(0)) : load(c + i * c_row + v * w);
  for (std::size_t p = 0; p < k; ++p, a += kTileRows, b += kTileCols<T>) {
    const Batch<T> b0 = load(b), b1 = load(b + w);
    for (std::size_t i = 0; i < Rows; ++i) {
      const Batch<T> factor(a[i]);
      sums[i][0] = sums[i][0] + factor * b0;
      sums[i][1] = sums[i][1] + factor * b1;
    }
  }
  for (std::size_t i = 0; i < Rows; ++i)
    for (std::size_t v = 0; v < 2; ++v) sums[i][v].store_unaligned(c + i * c_row + v * w);
}

// The same of `rows` rows, at most Rows.
template <std::size_t Rows, class T>
[[gnu::always_inline]] inline void tile_of(std::size_t rows, const T* a, const T* b, std::size_t k,
                                           T* c, std::size_t c_row, bool first) {
  if constexpr (Rows > 1) {
    if (rows < Rows) return tile_of<Rows - 1>(rows, a, b, k, c, c_row, first);
  }
  tile<Rows>(a, b, k, c, c_row, first);
}

// Asks for the numbers of a tile of C that is next: its rows are far apart, and to wait for each of
// them takes as long as a good part of a tile.
template <class T>
[[gnu::always_inline]] inline void prefetch_tile(const T* c, std::size_t c_row, std::size_t rows) {
  for (std::size_t i = 0; i < rows; ++i) __builtin_prefetch(c + i * c_row, 1);
}

// A tile at the right edge of C, by way of one that is wide enough.
template <class T>
void edge_tile(const T* a, const T* b, std::size_t k, T* c, std::size_t c_row, bool first,
               std::size_t rows, std::size_t cols) {
  T wide[kTileRows * kTileCols<T>] = {};
  if (!first)
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < cols; ++j) wide[i * kTileCols<T> + j] = c[i * c_row + j];
  tile_of<kTileRows>(rows, a, b, k, wide, kTileCols<T>, first);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < cols; ++j) c[i * c_row + j] = wide[i * kTileCols<T> + j];
}

template <class T>
void gemm(const T* a, std::size_t a_row, std::size_t a_col, const T* b, std::size_t b_row,
          std::size_t b_col, T* c, std::size_t m, std::size_t n, std::size_t k) {
  const auto smaller = [](std::size_t p, std::size_t q) { return p < q ? p : q; };
  const auto round_up = [](std::size_t p, std::size_t q) { return (p + q - 1) / q * q; };
  if (k == 0) {
    for (std::size_t i = 0; i < m * n; ++i) c[i] = 0;
    return;
  }
  constexpr std::size_t tile_cols = kTileCols<T>;
  const std::size_t depth = smaller(k, kBlockK);
  const std::size_t a_size = round_up(smaller(m, kBlockRows<T>), kTileRows) * depth;
  const std::size_t b_size = round_up(smaller(n, kBlockCols), tile_cols) * depth;
  T* const a_packed = static_cast<T*>(scratch((round_up(a_size, 64) + b_size) * sizeof(T)));
  T* const b_packed = a_packed + round_up(a_size, 64);

  for (std::size_t j0 = 0; j0 < n; j0 += kBlockCols) {
    const std::size_t cols = smaller(n - j0, kBlockCols);
    for (std::size_t p0 = 0; p0 < k; p0 += kBlockK) {
      const std::size_t kk = smaller(k - p0, kBlockK);
      pack<tile_cols>(b + p0 * b_row + j0 * b_col, b_col, b_row, cols, kk, b_packed);
      for (std::size_t i0 = 0; i0 < m; i0 += kBlockRows<T>) {
        const std::size_t rows = smaller(m - i0, kBlockRows<T>);
        pack<kTileRows>(a + i0 * a_row + p0 * a_col, a_row, a_col, rows, kk, a_packed);
        for (std::size_t j = 0; j < cols; j += tile_cols)
          for (std::size_t i = 0; i < rows; i += kTileRows) {
            const T* const a_panel = a_packed + i * kk;
            const T* const b_panel = b_packed + j * kk;
            const std::size_t tile_rows = smaller(rows - i, kTileRows);
            T* const corner = c + (i0 + i) * n + j0 + j;
            if (i + kTileRows < rows)
              prefetch_tile(corner + kTileRows * n, n, smaller(rows - i - kTileRows, kTileRows));
            if (j + tile_cols <= cols)
              tile_of<kTileRows>(tile_rows, a_panel, b_panel, kk, corner, n, p0 == 0);
            else
              edge_tile(a_panel, b_panel, kk, corner, n, p0 == 0, tile_rows, cols - j);
          }
      }
    }
  }
}

}  // namespace
}  // namespace lab::cpu
