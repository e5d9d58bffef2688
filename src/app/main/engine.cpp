// The engine of a page: a session without threads, in a Web Worker, compiled to a module of its
// own, without any experiment. web/engine-worker.mjs calls the functions below: it hands in
// commands, lets the session work in slices between messages, and takes out the events as frames.
//
// Each experiment is a module beside it (engine_experiment.cpp) that is linked to the engine when
// it is asked for: a person who opens one does not wait for the code of all.
#include <emscripten.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/error.h"
#include "data/store.h"
#include "experiment/experiment.h"
#include "session/session.h"

// The bytes of a prepared data file, malloced; null: there is none. Module.readFile: the worker's.
EM_JS(std::uint8_t*, read_site_file, (const char* name, std::size_t* size), {
  const bytes = Module.readFile("data/" + UTF8ToString(name));
  if (!bytes) return 0;
  const at = _malloc(bytes.length);
  HEAPU8.set(bytes, at);
  HEAPU32[size >> 2] = bytes.length;
  return at;
});

// The experiment of an id that is fit for a file name; null: there is no such file.
EM_JS_DEPS(load_experiment, "$loadWebAssemblyModule");
EM_JS(const lab::Experiment*, load_experiment, (const char* id), {
  const file = "experiments/" + UTF8ToString(id) + ".wasm";
  const bytes = Module.readFile(file);
  if (!bytes) return 0;
  return loadWebAssemblyModule(bytes, {global: true, nodelete: true}, file, {}).lab_experiment();
});

namespace lab {
namespace {

bool is_slug(std::string_view id) {
  return !id.empty() && id.size() <= 100 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

const Experiment& find_experiment(std::string_view id, std::string_view source) {
  static std::map<std::string, const Experiment*, std::less<>> loaded;
  const auto found = loaded.find(id);
  if (found != loaded.end()) return *found->second;
  const std::string name(id.substr(0, 100));
  const Experiment* experiment = is_slug(id) ? load_experiment(name.c_str()) : nullptr;
  if (!experiment) {
    throw Error("the experiment '" + name + "' could not be loaded", std::string(source),
                "one that lies beside the page, experiments/ID.wasm");
  }
  loaded.emplace(name, experiment);
  return *experiment;
}

std::optional<DataFile> read_data(std::string_view file) {
  const std::string packed = std::string(file) + ".gz";
  std::size_t size = 0;
  std::uint8_t* bytes = read_site_file(packed.c_str(), &size);
  if (bytes == nullptr) return std::nullopt;
  const auto* begin = reinterpret_cast<const std::byte*>(bytes);
  DataFile read{.bytes = {begin, begin + size}, .where = "data/" + packed};
  std::free(bytes);
  return read;
}

class PageEngine {
 public:
  explicit PageEngine(std::size_t snapshot_bytes)
      : data_({.read = read_data, .places = "the page's folder data"}),
        session_({.snapshot_bytes = snapshot_bytes, .data = &data_, .find = find_experiment}) {}

  void post(std::string_view json) {
    idle_due_ = idle_due_ || is_answered_with_idle(json);
    session_.post(json);
  }

  // Works for so long. 2: there is more to do now; 1: later, when the speed that was asked for
  // allows it or a device has answered; 0: not before the next command.
  int work(double seconds) {
    constexpr std::uint64_t kAnySteps = UINT64_MAX;
    const bool more = session_.pump(kAnySteps, seconds);
    frames_.clear();
    while (const auto event = session_.poll()) {
      if (std::holds_alternative<event::Idle>(event->body)) idle_due_ = false;
      const std::vector<std::byte> frame = pack(encode(*event));
      frames_.insert(frames_.end(), frame.begin(), frame.end());
    }
    return more ? 2 : idle_due_ || session_.waits_for_device() ? 1 : 0;
  }

  const std::vector<std::byte>& frames() const { return frames_; }

 private:
  static bool is_answered_with_idle(std::string_view json) {
    try {
      const Command command = decode_command(json);
      return !std::holds_alternative<command::Open>(command.body) &&
             !std::holds_alternative<command::Speed>(command.body) &&
             !std::holds_alternative<command::Close>(command.body);
    } catch (const Error&) {
      return false;  // the session answers it with an error
    }
  }

  DataStore data_;
  Session session_;
  bool idle_due_ = false;
  std::vector<std::byte> frames_;
};

std::unique_ptr<PageEngine> engine;

}  // namespace
}  // namespace lab

extern "C" {

EMSCRIPTEN_KEEPALIVE void engine_start(double snapshot_bytes) {
  lab::engine = std::make_unique<lab::PageEngine>(static_cast<std::size_t>(snapshot_bytes));
}

EMSCRIPTEN_KEEPALIVE void engine_post(const char* json) {
  lab::engine->post(json);
}

EMSCRIPTEN_KEEPALIVE int engine_work(double seconds) {
  return lab::engine->work(seconds);
}

// What `engine_work` had to tell: frames one after another, valid until it is called again.
EMSCRIPTEN_KEEPALIVE const std::byte* engine_frames() {
  return lab::engine->frames().data();
}
EMSCRIPTEN_KEEPALIVE std::size_t engine_frames_size() {
  return lab::engine->frames().size();
}

}  // extern "C"
