#include "model/windowed_decoder.h"

#include <algorithm>
#include <cassert>

namespace lab {

std::span<const float> WindowedDecoder::read(std::span<const int> text) {
  const std::size_t room = decoder_.context();
  assert(text.size() > begin_ + decoder_.size());
  if (text.size() - begin_ > room) {
    decoder_.keep(0);
    begin_ = text.size() - std::max<std::size_t>(room / 2, 1);
  }
  decoder_.append(text.subspan(begin_ + decoder_.size()));
  return decoder_.logits();
}

void WindowedDecoder::restart(std::span<const int> text, std::size_t begin) {
  decoder_.keep(0);
  begin_ = begin;
  decoder_.append(text.subspan(begin));
}

}  // namespace lab
