#include "core/error.h"

#include <utility>

namespace lab {

Error::Error(std::string problem, std::string where, std::string expected, Kind kind)
    : problem_(std::move(problem)),
      where_(std::move(where)),
      expected_(std::move(expected)),
      kind_(kind) {
  if (!where_.empty()) text_ = where_ + ": ";
  text_ += problem_;
  if (!expected_.empty()) text_ += "; expected " + expected_;
}

}  // namespace lab
