// The desktop program: the workbench in a window, with a session in threads behind it.
#include <SDL.h>
#include <imgui.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "core/error.h"
#include "data/sources.h"
#include "data/store.h"
#include "desktop_catalogue.h"
#include "desktop_files.h"
#include "desktop_options.h"
#include "desktop_state.h"
#include "desktop_system.h"
#include "experiment/registry.h"
#include "places.h"
#include "session/local_engine.h"
#include "session/results.h"
#include "ui/workbench.h"
#include "window.h"

namespace lab {
namespace {

// An engine that can be asked whether an event is there without taking it, so that the window is
// drawn again only when there is something new to show.
class WatchedEngine final : public Engine {
 public:
  explicit WatchedEngine(SessionOptions options) : engine_(std::move(options)) {}

  void post(Command command) override { engine_.post(std::move(command)); }
  std::optional<Event> poll() override {
    if (!next_) next_ = engine_.poll();
    return std::exchange(next_, std::nullopt);
  }
  bool has_event() {
    if (!next_) next_ = engine_.poll();
    return next_.has_value();
  }

 private:
  LocalEngine engine_;
  std::optional<Event> next_;
};

WindowOptions window_options(const DesktopOptions& options, const DesktopState& state) {
  WindowOptions window;
  window.title = "Logit Lab";
  window.density = options.density;
  if (const auto place = state.window_place()) {
    window.width = place->width;
    window.height = place->height;
    window.maximised = place->maximised;
    window.position = SDL_Point{place->x, place->y};
  }
  if (options.width > 0) window.maximised = false;
  return window;
}

// A window that was left on a screen that is no longer there comes back to one that is.
void bring_to_a_screen(SDL_Window* window) {
  SDL_Rect place = {};
  SDL_GetWindowPosition(window, &place.x, &place.y);
  SDL_GetWindowSize(window, &place.w, &place.h);
  for (int display = 0; display < SDL_GetNumVideoDisplays(); ++display) {
    SDL_Rect bounds = {};
    if (SDL_GetDisplayBounds(display, &bounds) == 0 && SDL_HasIntersection(&place, &bounds)) return;
  }
  SDL_SetWindowPosition(window, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED);
}

class Desktop {
 public:
  Desktop(const DesktopOptions& options, const std::filesystem::path& program)
      : options_(options),
        state_(options.frames ? std::filesystem::path() : DesktopState::default_folder()),
        data_(folder_source(data_folders(program.parent_path().string()))),
        engine_(SessionOptions{.workers = workers(), .data = &data_, .find = find_experiment}),
        catalogue_(verdict_folder(program)),
        window_(window_options(options, state_)),
        files_({.chosen = [this](const std::filesystem::path& path) { open_file(path); },
                .tell = [this](const std::string& line) { tell(line); }}),
        workbench_(engine_, catalogue_.catalogue(), host(), workbench_options()) {
    bring_to_a_screen(window_.handle());
    if (options.width > 0) window_.set_size(options.width, options.height);
    workbench_.set_engine_ready(true);
    kept_ = state_.read("open");
    std::string link = options.link.empty() ? kept_ : options.link;
    if (link.empty()) link = catalogue_.catalogue().cards.front().id;
    workbench_.open(link);
  }

  void run() {
    for (int frame = 0; !quit_; ++frame) {
      if (options_.frames && frame == *options_.frames) break;
      wait();
      SDL_Event event;
      while (SDL_PollEvent(&event)) take(event);
      files_.poll();
      if (const auto dark = system_.dark()) workbench_.set_system_dark(*dark);
      if (workbench_.lively() || engine_.has_event()) last_action_ = SDL_GetTicks64();
      window_.frame([this] { workbench_.frame(); });
      save_pictures();
      keep();
    }
    if (!options_.screenshot.empty()) write_file(options_.screenshot, png(window_.picture()));
    keep_now();
  }

 private:
  // Milliseconds for which a person's last action, or a run that has come to rest, is still at
  // work: a button that lights up, a help text that comes after a while.
  static constexpr Uint64 kSettling = 800;
  static constexpr int kLook = 30;       // between looks at the engine and the dialogs
  static constexpr Uint64 kBlink = 400;  // of the text cursor

  static unsigned workers() { return std::max(1u, std::thread::hardware_concurrency()); }

  // Until there is something to draw.
  void wait() {
    if (options_.frames) return;
    const Uint64 started = SDL_GetTicks64();
    while (!(workbench_.lively() || SDL_GetTicks64() - last_action_ < kSettling ||
             engine_.has_event() ||
             (ImGui::GetIO().WantTextInput && SDL_GetTicks64() - started > kBlink))) {
      if (SDL_WaitEventTimeout(nullptr, kLook) != 0) return;
      files_.poll();
      if (const auto dark = system_.dark()) {
        workbench_.set_system_dark(*dark);
        return;
      }
    }
    // Where the screen does not hold back the frames, something else must.
    constexpr Uint64 kLeastFrame = 12;
    const Uint64 frame = SDL_GetTicks64() - last_frame_;
    if (frame < kLeastFrame) SDL_Delay(static_cast<Uint32>(kLeastFrame - frame));
    last_frame_ = SDL_GetTicks64();
  }

  void take(const SDL_Event& event) {
    last_action_ = SDL_GetTicks64();
    switch (event.type) {
      case SDL_QUIT:
        quit_ = true;
        return;
      case SDL_DROPFILE:
        open_file(event.drop.file);
        SDL_free(event.drop.file);
        return;
      case SDL_DROPTEXT: {  // a link
        const std::string text = event.drop.file;
        SDL_free(event.drop.file);
        if (const std::size_t hash = text.find('#'); hash != std::string::npos)
          workbench_.open(std::string_view(text).substr(hash + 1));
        return;
      }
      case SDL_KEYDOWN:
        if (event.key.keysym.sym == SDLK_q && (event.key.keysym.mod & KMOD_CTRL) != 0) {
          quit_ = true;
          return;
        }
        if (event.key.keysym.sym == SDLK_F11) {
          const bool full = (SDL_GetWindowFlags(window_.handle()) & SDL_WINDOW_FULLSCREEN) != 0;
          SDL_SetWindowFullscreen(window_.handle(), full ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP);
          return;
        }
        break;
      default:
        break;
    }
    window_.process(event);
  }

  WorkbenchOptions workbench_options() const {
    WorkbenchOptions workbench{.theme = options_.theme};
    const std::string kept = state_.read("theme");
    if (workbench.theme == ThemeChoice::system && kept == "light")
      workbench.theme = ThemeChoice::light;
    if (workbench.theme == ThemeChoice::system && kept == "dark")
      workbench.theme = ThemeChoice::dark;
    return workbench;
  }

  Host host() {
    Host host;
    host.copy = [](std::string_view text) { SDL_SetClipboardText(std::string(text).c_str()); };
    host.save_file = [this](std::string_view name, std::string_view,
                            std::span<const std::byte> bytes) { files_.save(name, bytes); };
    host.open_file = [this] { files_.open(); };
    host.store = [this](std::string_view key, std::string_view text) { state_.write(key, text); };
    host.save_png = [this](std::string_view name, float x, float y, float width, float height) {
      pictures_.push_back({std::string(name), x, y, width, height});
    };
    host.mirror = [this](const Mirror& mirror) {
      const std::string title = mirror.title.empty() ? "Logit Lab" : mirror.title + " - Logit Lab";
      if (title == title_) return;
      title_ = title;
      SDL_SetWindowTitle(window_.handle(), title.c_str());
    };
    host.open_url = [this](std::string_view url) { system_.open_url(url); };
    host.environment = environment("logit-lab-desktop " LAB_VERSION, kernels(), workers());
    return host;
  }

  void open_file(const std::filesystem::path& path) {
    try {
      workbench_.drop(path.filename().string(), read_file(path));
    } catch (const Error& error) {
      tell(error.what());
    }
  }

  void tell(const std::string& line) {
    SDL_ShowSimpleMessageBox(SDL_MESSAGEBOX_INFORMATION, "Logit Lab", line.c_str(),
                             window_.handle());
  }

  void save_pictures() {
    if (pictures_.empty()) return;
    const Picture whole = window_.picture();
    for (const PictureRequest& request : std::exchange(pictures_, {})) {
      files_.save(request.name, requested_png(whole, request, window_.density()));
    }
  }

  // What is open, so that it is open again the next time: once a second.
  void keep() {
    if (SDL_GetTicks64() - kept_at_ < 1000) return;
    kept_at_ = SDL_GetTicks64();
    if (const std::string now = workbench_.state(); now != kept_) state_.write("open", kept_ = now);
  }

  void keep_now() {
    kept_at_ = 0;
    if (const std::string now = workbench_.state(); now != kept_) state_.write("open", now);
    SDL_Window* window = window_.handle();
    const Uint32 flags = SDL_GetWindowFlags(window);
    if ((flags & (SDL_WINDOW_FULLSCREEN | SDL_WINDOW_MINIMIZED)) != 0) return;
    WindowPlace place = state_.window_place().value_or(WindowPlace{});
    place.maximised = (flags & SDL_WINDOW_MAXIMIZED) != 0;
    if (!place.maximised || place.width == 0) {
      SDL_GetWindowPosition(window, &place.x, &place.y);
      SDL_GetWindowSize(window, &place.width, &place.height);
    }
    state_.keep(place);
  }

  DesktopOptions options_;
  DesktopState state_;
  DataStore data_;
  WatchedEngine engine_;
  DesktopCatalogue catalogue_;
  Window window_;
  DesktopFiles files_;
  DesktopSystem system_;
  std::vector<PictureRequest> pictures_;
  std::string title_, kept_;
  bool quit_ = false;
  Uint64 last_action_ = 0, last_frame_ = 0, kept_at_ = 0;
  Workbench workbench_;
};

}  // namespace
}  // namespace lab

int main(int count, char** values) {
  constexpr int kInputWrong = 2, kMachineFailed = 3;
  try {
    const std::vector<std::string> arguments(values + std::min(count, 1), values + count);
    const lab::DesktopOptions options = lab::desktop_options(arguments);
    if (options.help) {
      std::cout << lab::kDesktopHelp;
    } else if (options.version) {
      std::cout << "logit-lab-desktop " LAB_VERSION "\n";
    } else {
      lab::Desktop(options, lab::program_path(count > 0 ? values[0] : "")).run();
    }
    return 0;
  } catch (const lab::Error& error) {
    std::cerr << "logit-lab-desktop: " << error.what() << "\n";
    return error.kind() == lab::Error::Kind::input ? kInputWrong : kMachineFailed;
  } catch (const std::exception& error) {
    std::cerr << "logit-lab-desktop: " << error.what() << "\n";
    return kMachineFailed;
  }
}
