#include "desktop_system.h"

#include <SDL.h>

#include <cstdlib>

namespace lab {
namespace {

constexpr double kSecondsBetweenQuestions = 10;

double now() {
  return static_cast<double>(SDL_GetTicks64()) / 1000;
}

// GNOME and all that follow its settings say 'prefer-dark', also through the settings portal, where
// the number 1 stands for it.
std::vector<std::string> question() {
  if (program_exists("gsettings"))
    return {"gsettings", "get", "org.gnome.desktop.interface", "color-scheme"};
  if (program_exists("gdbus"))
    return {"gdbus",
            "call",
            "--session",
            "--timeout=2",
            "--dest=org.freedesktop.portal.Desktop",
            "--object-path=/org/freedesktop/portal/desktop",
            "--method=org.freedesktop.portal.Settings.Read",
            "org.freedesktop.appearance",
            "color-scheme"};
  return {};
}

bool says_dark(std::string_view answer) {
  return answer.find("prefer-dark") != std::string_view::npos ||
         answer.find("uint32 1") != std::string_view::npos;
}

}  // namespace

DesktopSystem::DesktopSystem() : asked_at_(-kSecondsBetweenQuestions) {}

std::optional<bool> DesktopSystem::dark() {
  if (const char* theme = std::getenv("GTK_THEME"); theme != nullptr && *theme != '\0') {
    if (known_) return std::nullopt;
    known_ = std::string_view(theme).ends_with("dark");
    return known_;
  }
  if (!question_) {
    if (now() - asked_at_ < kSecondsBetweenQuestions) return std::nullopt;
    asked_at_ = now();
    const std::vector<std::string> words = question();
    if (words.empty()) return std::nullopt;
    question_ = std::make_unique<ChildProcess>(words);
  }
  const auto end = question_->poll();
  if (!end) return std::nullopt;
  question_.reset();
  if (end->status != 0) return std::nullopt;
  const bool dark = says_dark(end->output);
  if (known_ == dark) return std::nullopt;
  known_ = dark;
  return known_;
}

void DesktopSystem::open_url(std::string_view url) {
  if (!url.starts_with("https://") && !url.starts_with("http://")) return;
  std::erase_if(openers_, [](const auto& opener) { return opener->poll().has_value(); });
#ifdef __APPLE__
  const std::string opener = "open";
#else
  const std::string opener = "xdg-open";
#endif
  openers_.push_back(
      std::make_unique<ChildProcess>(std::vector<std::string>{opener, std::string(url)}));
  openers_.back()->leave();
}

}  // namespace lab
