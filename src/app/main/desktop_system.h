// What the desktop around the window knows and does: dark or light, and opening web pages.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "desktop_child.h"

namespace lab {

class DesktopSystem {
 public:
  DesktopSystem();

  // Whether the person wants dark windows, once that is known and whenever it has changed; to be
  // called from time to time.
  std::optional<bool> dark();
  // In the browser. Addresses other than http and https are not opened.
  void open_url(std::string_view url);

 private:
  std::unique_ptr<ChildProcess> question_;
  double asked_at_ = 0;
  std::optional<bool> known_;
  std::vector<std::unique_ptr<ChildProcess>> openers_;
};

}  // namespace lab
