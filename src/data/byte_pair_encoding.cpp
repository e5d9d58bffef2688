#include "data/byte_pair_encoding.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "data/pretokens.h"

namespace lab {
namespace {

constexpr std::uint32_t kNoMerge = UINT32_MAX;

// The smallest of different numbers first. (The library's heaps leave the order of equals open and
// are therefore not for results.)
class Heap {
 public:
  bool empty() const { return values_.empty(); }
  std::uint64_t smallest() const { return values_.front(); }

  void push(std::uint64_t value) {
    std::size_t i = values_.size();
    values_.push_back(value);
    for (; i > 0 && values_[(i - 1) / 2] > value; i = (i - 1) / 2)
      values_[i] = values_[(i - 1) / 2];
    values_[i] = value;
  }

  void pop() {
    const std::uint64_t value = values_.back();
    values_.pop_back();
    if (values_.empty()) return;
    std::size_t i = 0;
    for (std::size_t child = 1; child < values_.size(); child = 2 * i + 1) {
      if (child + 1 < values_.size() && values_[child + 1] < values_[child]) ++child;
      if (values_[child] >= value) break;
      values_[i] = values_[child];
      i = child;
    }
    values_[i] = value;
  }

 private:
  std::vector<std::uint64_t> values_;
};

}  // namespace

// Of one piece while it is merged. A pair is known by the place of its left token among the bytes.
struct BytePairEncoding::Workspace {
  struct Place {
    int token;
    std::uint32_t previous, next;  // places of the neighbours; `size of the piece` where none is
    std::uint32_t rank;            // of the pair that begins here; kNoMerge when it has no merge
  };
  std::vector<Place> places;
  Heap pairs;  // rank * 2^32 + place; out of date where the place's rank differs
  std::vector<std::uint64_t> fresh;  // pairs that this round has made, for the next one
};

BytePairEncoding::BytePairEncoding(std::vector<std::string> tokens, std::vector<Merge> merges)
    : tokens_(std::move(tokens)), merges_(std::move(merges)) {
  by_bytes_.resize(tokens_.size());
  for (std::size_t i = 0; i < tokens_.size(); ++i) by_bytes_[i] = static_cast<int>(i);
  std::stable_sort(by_bytes_.begin(), by_bytes_.end(),
                   [&](int a, int b) { return bytes_of(a) < bytes_of(b); });
  for (std::size_t byte = 0; byte < byte_tokens_.size(); ++byte) {
    const std::optional<int> token = find(std::string(1, static_cast<char>(byte)));
    assert(token);
    byte_tokens_[byte] = *token;
  }

  begin_.assign(tokens_.size() + 1, 0);
  partners_.resize(merges_.size());
  for (const Merge& merge : merges_) {
    assert(tokens_[static_cast<std::size_t>(merge.product)] ==
           std::string(bytes_of(merge.left)) + std::string(bytes_of(merge.right)));
    ++begin_[static_cast<std::size_t>(merge.left) + 1];
  }
  for (std::size_t i = 0; i < tokens_.size(); ++i) begin_[i + 1] += begin_[i];
  std::vector<std::size_t> end(begin_.begin(), begin_.end() - 1);
  for (std::size_t rank = 0; rank < merges_.size(); ++rank) {
    const auto left = static_cast<std::size_t>(merges_[rank].left);
    partners_[end[left]++] = {merges_[rank].right, static_cast<std::uint32_t>(rank)};
  }
  for (std::size_t i = 0; i < tokens_.size(); ++i)
    std::stable_sort(partners_.begin() + static_cast<std::ptrdiff_t>(begin_[i]),
                     partners_.begin() + static_cast<std::ptrdiff_t>(begin_[i + 1]),
                     [](const Partner& a, const Partner& b) { return a.right < b.right; });
}

std::string_view BytePairEncoding::bytes_of(int token) const {
  assert(token >= 0 && static_cast<std::size_t>(token) < tokens_.size());
  return tokens_[static_cast<std::size_t>(token)];
}

std::optional<int> BytePairEncoding::find(std::string_view bytes) const {
  const auto at =
      std::lower_bound(by_bytes_.begin(), by_bytes_.end(), bytes,
                       [&](int token, std::string_view b) { return bytes_of(token) < b; });
  if (at == by_bytes_.end() || bytes_of(*at) != bytes) return std::nullopt;
  return *at;
}

std::uint32_t BytePairEncoding::rank_of(int left, int right) const {
  const auto i = static_cast<std::size_t>(left);
  const Partner* const end = partners_.data() + begin_[i + 1];
  const Partner* const at =
      std::lower_bound(partners_.data() + begin_[i], end, right,
                       [](const Partner& partner, int r) { return partner.right < r; });
  return at != end && at->right == right ? at->rank : kNoMerge;
}

void BytePairEncoding::encode_piece(std::string_view piece, Workspace& workspace,
                                    std::vector<int>& tokens) const {
  auto& [places, pairs, fresh] = workspace;
  const auto size = static_cast<std::uint32_t>(piece.size());
  places.resize(size);
  for (std::uint32_t i = 0; i < size; ++i)
    places[i] = {byte_tokens_[static_cast<unsigned char>(piece[i])], i > 0 ? i - 1 : size, i + 1,
                 kNoMerge};
  // Looks up the pair that begins at a place.
  const auto update = [&](std::uint32_t i) {
    Workspace::Place& place = places[i];
    place.rank = place.next < size ? rank_of(place.token, places[place.next].token) : kNoMerge;
    if (place.rank != kNoMerge) fresh.push_back(std::uint64_t{place.rank} << 32 | i);
  };
  for (std::uint32_t i = 0; i < size; ++i) update(i);

  // In each round the pairs of one merge become tokens, from left to right; pairs that they make
  // wait for the next round even where their merge is an earlier one.
  while (true) {
    for (const std::uint64_t pair : fresh) pairs.push(pair);
    fresh.clear();
    if (pairs.empty()) break;
    const std::uint64_t rank = pairs.smallest() >> 32;
    while (!pairs.empty() && pairs.smallest() >> 32 == rank) {
      const auto i = static_cast<std::uint32_t>(pairs.smallest());
      pairs.pop();
      Workspace::Place& place = places[i];
      if (place.rank != rank) continue;
      Workspace::Place& right = places[place.next];
      place.token = merges_[rank].product;
      place.next = right.next;
      right.rank = kNoMerge;
      if (place.next < size) places[place.next].previous = i;
      if (place.previous < size) update(place.previous);
      update(i);
    }
  }
  for (std::uint32_t i = 0; i < size; i = places[i].next) tokens.push_back(places[i].token);
}

std::vector<int> BytePairEncoding::encode(std::string_view text) const {
  std::vector<int> tokens;
  Workspace workspace;
  while (!text.empty()) {
    const std::size_t length = pretoken_length(text);
    assert(length < UINT32_MAX);
    encode_piece(text.substr(0, length), workspace, tokens);
    text.remove_prefix(length);
  }
  return tokens;
}

std::string BytePairEncoding::decode(std::span<const int> tokens) const {
  std::string text;
  for (const int token : tokens) text += bytes_of(token);
  return text;
}

}  // namespace lab
