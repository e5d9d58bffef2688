// The page: the workbench on a canvas, compiled to a module of its own that holds no experiment.
// The runs are in Web Workers (engine.cpp), one session in each.
//
// web/page.mjs calls the functions at the end of this file: it hands in what comes over the net,
// from the workers and from the person, and asks for a frame when there is something new to draw.
#include <SDL.h>
#include <emscripten.h>
#include <emscripten/console.h>
#include <imgui.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "page_catalogue.h"
#include "page_host.h"
#include "session/fleet.h"
#include "session/results.h"
#include "ui/workbench.h"
#include "window.h"

namespace lab {
namespace {

struct PageOptions {
  bool embedded = false, dark = false;
  ThemeChoice theme = ThemeChoice::system;
  int width = 0, height = 0;
  std::size_t workers = 1;
  std::string link_base;
};

class Page {
 public:
  Page(const PageOptions& options, const Catalogue& catalogue)
      : fleet_(channels(options.workers)),
        window_(window_options(options)),
        workbench_(fleet_, catalogue, host(options), workbench_options(options)) {
    ImGuiIO& io = ImGui::GetIO();
    io.SetClipboardTextFn = [](void*, const char* text) {
      copy_to_clipboard(text);
      clipboard = text;
    };
    io.GetClipboardTextFn = [](void*) { return clipboard.c_str(); };
  }

  Fleet& fleet() { return fleet_; }
  Workbench& workbench() { return workbench_; }
  Window& window() { return window_; }

  // Bits: 1 the next frame is wanted soon, 2 a text field waits for letters.
  int frame() {
    SDL_Event event;
    while (SDL_PollEvent(&event)) window_.process(event);
    window_.frame([this] {
      const double started = emscripten_get_now();
      workbench_.frame();
      layout_milliseconds_ += emscripten_get_now() - started;
    });
    save_pictures();
    return (workbench_.lively() ? 1 : 0) | (ImGui::GetIO().WantTextInput ? 2 : 0);
  }

  // Of all frames together, without what the graphics do afterwards.
  double layout_milliseconds() const { return layout_milliseconds_; }

  // The canvas is, or is no longer, where keys go.
  void set_focus(bool focused) {
    SDL_Event event = {};
    event.type = SDL_WINDOWEVENT;
    event.window.windowID = SDL_GetWindowID(window_.handle());
    event.window.event =
        static_cast<Uint8>(focused ? SDL_WINDOWEVENT_FOCUS_GAINED : SDL_WINDOWEVENT_FOCUS_LOST);
    SDL_PushEvent(&event);
  }

  void paste(std::string_view text) {
    clipboard = text;
    press({ImGuiMod_Ctrl, ImGuiKey_V});
  }

  // Keys that are held and, last, the one that is pressed with them. That one is let go first: the
  // others then are still held in the frame in which it is pressed.
  static void press(std::initializer_list<ImGuiKey> keys) {
    ImGuiIO& io = ImGui::GetIO();
    for (const ImGuiKey key : keys) io.AddKeyEvent(key, true);
    for (auto key = std::rbegin(keys); key != std::rend(keys); ++key) io.AddKeyEvent(*key, false);
  }

 private:
  static std::vector<Channel> channels(std::size_t workers) {
    std::vector<Channel> channels;
    for (std::size_t worker = 0; worker < workers; ++worker)
      channels.push_back({[worker](std::string json) { send_to_engine(worker, json); }});
    return channels;
  }

  static WindowOptions window_options(const PageOptions& options) {
    WindowOptions window;
    window.title = "Logit Lab";
    window.width = options.width;
    window.height = options.height;
    return window;
  }

  static WorkbenchOptions workbench_options(const PageOptions& options) {
    return {.theme = options.theme, .system_is_dark = options.dark, .embedded = options.embedded};
  }

  Host host(const PageOptions& options) {
    Host host = page_host();
    host.link_base = options.link_base;
    host.environment = environment("logit-lab-page " LAB_VERSION, Math::strict, Simd::baseline,
                                   static_cast<unsigned>(options.workers));
    host.save_png = [this](std::string_view name, float x, float y, float width, float height) {
      pictures_.push_back({std::string(name), x, y, width, height});
    };
    save_file_ = host.save_file;
    return host;
  }

  void save_pictures() {
    if (pictures_.empty()) return;
    const Picture whole = window_.picture();
    for (const PictureRequest& request : std::exchange(pictures_, {})) {
      save_file_(request.name, "image/png", requested_png(whole, request, window_.density()));
    }
  }

  // What ImGui's functions give and take; the page may read the system's clipboard only when the
  // person pastes.
  static inline std::string clipboard;

  double layout_milliseconds_ = 0;
  Fleet fleet_;
  Window window_;
  std::vector<PictureRequest> pictures_;
  std::function<void(std::string_view, std::string_view, std::span<const std::byte>)> save_file_;
  Workbench workbench_;
};

PageCatalogue& catalogue() {
  static PageCatalogue catalogue(request_experiment);
  return catalogue;
}

std::unique_ptr<Page> page;

// What is wrong with a file of the site is said in the console; the page goes on without it.
template <class Action>
int tell_errors(Action&& action) {
  try {
    action();
    return 1;
  } catch (const std::exception& error) {
    emscripten_console_error(error.what());
    return 0;
  }
}

}  // namespace
}  // namespace lab

extern "C" {

EMSCRIPTEN_KEEPALIVE int page_manifest(const char* json) {
  return lab::tell_errors([&] { lab::catalogue().set_manifest(json); });
}

EMSCRIPTEN_KEEPALIVE int page_description(const char* id, const char* json) {
  return lab::tell_errors([&] { lab::catalogue().set_description(id, json); });
}

EMSCRIPTEN_KEEPALIVE void page_first_run(const char* id, const std::byte* bytes, std::size_t size) {
  lab::catalogue().set_first_run(id, {bytes, size});
}

// theme: 0 as the system, 1 light, 2 dark. 1: the page is there; 0: the console says why not.
EMSCRIPTEN_KEEPALIVE int page_start(int width, int height, int workers, int embedded, int dark,
                                    int theme, const char* link_base) {
  return lab::tell_errors([&] {
    const lab::PageOptions options{
        .embedded = embedded != 0,
        .dark = dark != 0,
        .theme = static_cast<lab::ThemeChoice>(std::clamp(theme, 0, 2)),
        .width = width,
        .height = height,
        .workers = static_cast<std::size_t>(std::max(1, workers)),
        .link_base = link_base,
    };
    lab::page = std::make_unique<lab::Page>(options, lab::catalogue().catalogue());
  });
}

EMSCRIPTEN_KEEPALIVE int page_frame() {
  return lab::page->frame();
}

EMSCRIPTEN_KEEPALIVE double page_layout_milliseconds() {
  return lab::page->layout_milliseconds();
}

EMSCRIPTEN_KEEPALIVE void page_open(const char* fragment) {
  lab::page->workbench().open(fragment);
}

EMSCRIPTEN_KEEPALIVE void page_drop(const char* name, const std::byte* bytes, std::size_t size) {
  lab::page->workbench().drop(name, std::vector<std::byte>(bytes, bytes + size));
}

EMSCRIPTEN_KEEPALIVE void page_engine_ready(int ready) {
  lab::page->workbench().set_engine_ready(ready != 0);
}

EMSCRIPTEN_KEEPALIVE void page_loading(double loaded, double total) {
  lab::page->workbench().set_loading(loaded, total);
}

EMSCRIPTEN_KEEPALIVE void page_receive(int worker, const std::byte* bytes, std::size_t size) {
  lab::tell_errors([&] {
    lab::page->fleet().receive(static_cast<std::size_t>(worker), {bytes, size});
  });
}

EMSCRIPTEN_KEEPALIVE void page_lose(int worker, const char* why) {
  lab::page->fleet().lose(static_cast<std::size_t>(worker), why);
}

EMSCRIPTEN_KEEPALIVE void page_dark(int dark) {
  lab::page->workbench().set_system_dark(dark != 0);
}

EMSCRIPTEN_KEEPALIVE void page_resize(int width, int height) {
  lab::page->window().set_size(width, height);
}

EMSCRIPTEN_KEEPALIVE void page_focus(int focused) {
  lab::page->set_focus(focused != 0);
}

EMSCRIPTEN_KEEPALIVE void page_paste(const char* text) {
  lab::page->paste(text);
}

// From a soft keyboard: letters, and the two keys that are none. key: 0 backspace, 1 enter.
EMSCRIPTEN_KEEPALIVE void page_text(const char* text) {
  ImGui::GetIO().AddInputCharactersUTF8(text);
}
EMSCRIPTEN_KEEPALIVE void page_key(int key) {
  lab::Page::press({key == 0 ? ImGuiKey_Backspace : ImGuiKey_Enter});
}

// Ctrl and this letter (lower case), perhaps with shift.
EMSCRIPTEN_KEEPALIVE void page_shortcut(int letter, int shift) {
  const ImGuiKey key = static_cast<ImGuiKey>(ImGuiKey_A + (letter - 'a'));
  if (shift != 0) {
    lab::Page::press({ImGuiMod_Ctrl, ImGuiMod_Shift, key});
  } else {
    lab::Page::press({ImGuiMod_Ctrl, key});
  }
}

// A command for the engines, as JSON: for scripts. 1: it was one.
EMSCRIPTEN_KEEPALIVE int page_post(const char* json) {
  return lab::tell_errors([&] { lab::page->fleet().post(lab::decode_command(json)); });
}

// Valid until it is asked for again.
EMSCRIPTEN_KEEPALIVE const char* page_state() {
  static std::string state;
  state = lab::page->workbench().state();
  return state.c_str();
}

EMSCRIPTEN_KEEPALIVE void page_restore_graphics() {
  lab::page->window().restore_graphics();
}

}  // extern "C"
