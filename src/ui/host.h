// What does the workbench need from where it runs: a browser tab, an embedded frame, a desktop
// window? Every service may be missing (an empty function); the workbench then leaves out what
// needs it.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "session/results.h"

namespace lab {

// What the screen says, as text: for screen readers, for the window's title, for tests.
struct Mirror {
  std::string title;                 // of the experiment
  std::string status;                // one line: "seed 7, step 500 of 1000, running"
  std::vector<std::string> figures;  // text alternative of each figure shown
  std::string verdicts;              // one line a claim
};

struct Host {
  // The address bar, or what stands for it: the part after '#'. Called when it changes.
  std::function<void(std::string_view fragment)> set_link;
  // A link that opens what is shown: copies it, or the system's share sheet.
  std::function<void(std::string_view text)> copy;
  // A file for the person: a download, or a save dialog. `name` is a suggestion.
  std::function<void(std::string_view name, std::string_view media_type,
                     std::span<const std::byte> bytes)>
      save_file;
  // Asks the person for a file; what is chosen comes back through Workbench::drop.
  std::function<void()> open_file;
  // A small text that is still there when the program is opened again.
  std::function<void(std::string_view key, std::string_view text)> store;
  // The picture on the screen as a PNG for the person, taken after this frame: the rectangle in
  // window coordinates.
  std::function<void(std::string_view name, float x, float y, float width, float height)> save_png;
  std::function<void(const Mirror&)> mirror;
  // A web page, in a new tab or the browser.
  std::function<void(std::string_view url)> open_url;
  std::string link_base;    // what stands before '#' in a link
  Environment environment;  // for run files
};

}  // namespace lab
