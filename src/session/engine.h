// What a front end talks to, wherever the runs are: a session in threads of this process, or one in
// each Web Worker of a page.
#pragma once

#include <optional>

#include "session/protocol.h"

namespace lab {

class Engine {
 public:
  virtual ~Engine() = default;

  // As Session::post: obeyed in order; what is wrong with one comes back as an `error` event.
  virtual void post(Command command) = 0;
  // The next event, if there is one. Never waits.
  virtual std::optional<Event> poll() = 0;
};

}  // namespace lab
