#include "core/names.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace lab {
namespace {

constexpr std::size_t kMostNames = 12;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Optimal string alignment: Levenshtein's distance with swaps of neighbours.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
          lower(a[i - 2]) == lower(b[j - 1])) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before = last;
    last = row;
  }
  return last[b.size()];
}

}  // namespace

std::string nearest_name(std::string_view name, std::span<const std::string> candidates) {
  constexpr std::size_t kLongestName = 64;  // nobody mistypes more; hostile names cost nothing
  std::string best;
  if (name.size() > kLongestName) return best;
  std::size_t best_edits = 0;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edits(name, candidate);
    if (3 * distance > std::max(name.size(), candidate.size())) continue;
    if (best.empty() || distance < best_edits) {
      best = candidate;
      best_edits = distance;
    }
  }
  return best;
}

std::string expected_name(std::string_view name, std::span<const std::string> candidates) {
  if (std::string near = nearest_name(name, candidates); !near.empty()) return "'" + near + "'";
  if (candidates.empty()) return "nothing here";
  std::string text = candidates.size() == 1 ? "" : "one of ";
  const std::size_t shown = std::min(candidates.size(), kMostNames);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += (i + 1 == candidates.size()) ? " or " : ", ";
    text += candidates[i];
  }
  if (shown < candidates.size()) text += ", ...";
  return text;
}

}  // namespace lab
