#include "desktop_options.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string_view>

#include "core/error.h"

namespace lab {
namespace {

template <class Number>
Number number(std::string_view text, std::string_view option, Number least, Number most) {
  Number value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size() || !(value >= least) ||
      !(value <= most)) {
    throw Error("'" + std::string(text) + "' is not right", std::string(option),
                "a number from " + std::to_string(static_cast<int>(least)) + " to " +
                    std::to_string(static_cast<int>(most)));
  }
  return value;
}

// The options that have a value.
constexpr std::string_view kValued[] = {"--theme", "--size", "--density", "--frames",
                                        "--screenshot"};

// The part of a link that says what to open: what stands after '#', or all of it.
std::string fragment(std::string_view link) {
  const std::size_t hash = link.find('#');
  return std::string(hash == std::string_view::npos ? link : link.substr(hash + 1));
}

}  // namespace

const char* const kDesktopHelp =
    R"(usage: logit-lab-desktop [ID | LINK] [OPTIONS]

  ID | LINK          the experiment, or a link's state, to open; nothing: what was open last
  --theme T          light, dark, or system (default)
  --size WxH         of the window, in units; a unit is a pixel on an ordinary screen
  --density D        pixels per unit, from 0.5 to 8, instead of what the screen says
  --frames N         ends after N frames; what is open is neither read nor kept
  --screenshot FILE  then writes the window's content as PNG (without --frames: after 60)
  --version, --help

Exit status: 0 done, 2 an argument was wrong, 3 the machine failed (no screen, no OpenGL 3.2).
)";

DesktopOptions desktop_options(std::span<const std::string> arguments) {
  constexpr int kLeastSide = 100, kMostSide = 16384;
  DesktopOptions options;
  bool opened = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string_view name = arguments[i];
    if (!name.starts_with("--")) {
      if (opened) throw Error("'" + std::string(name) + "' is one too many", "", "one ID or LINK");
      opened = true;
      options.link = fragment(name);
      continue;
    }
    if (name == "--help" || name == "--version") {
      (name == "--help" ? options.help : options.version) = true;
      continue;
    }
    std::string_view value;
    const std::string_view plain = name.substr(0, name.find('='));
    if (std::ranges::find(kValued, plain) == std::end(kValued))
      throw Error("unknown option '" + std::string(plain) + "'", "", "one of those in --help");
    if (const std::size_t equals = name.find('='); equals != std::string_view::npos) {
      value = name.substr(equals + 1);
      name = name.substr(0, equals);
    } else if (i + 1 < arguments.size()) {
      value = arguments[++i];
    } else {
      throw Error("needs a value", std::string(name), "");
    }
    if (name == "--theme") {
      if (value == "light") {
        options.theme = ThemeChoice::light;
      } else if (value == "dark") {
        options.theme = ThemeChoice::dark;
      } else if (value != "system") {
        throw Error("'" + std::string(value) + "' is not a theme", "--theme",
                    "light, dark or system");
      }
    } else if (name == "--size") {
      const std::size_t cross = value.find('x');
      if (cross == std::string_view::npos)
        throw Error("'" + std::string(value) + "' is not a size", "--size", "e.g. 1280x800");
      options.width = number(value.substr(0, cross), "--size", kLeastSide, kMostSide);
      options.height = number(value.substr(cross + 1), "--size", kLeastSide, kMostSide);
    } else if (name == "--density") {
      options.density = number(value, "--density", 0.5f, 8.0f);
    } else if (name == "--frames") {
      options.frames = number(value, "--frames", 1, 1000000);
    } else {
      options.screenshot = value;
    }
  }
  constexpr int kFramesToSettle = 60;
  if (!options.screenshot.empty() && !options.frames) options.frames = kFramesToSettle;
  return options;
}

}  // namespace lab
