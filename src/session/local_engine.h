// The engine of a program whose runs are in its own process: a session.
#pragma once

#include <utility>

#include "session/engine.h"
#include "session/session.h"

namespace lab {

class LocalEngine final : public Engine {
 public:
  // As Session; with options.workers = 0 whoever has the engine calls session().pump.
  explicit LocalEngine(SessionOptions options) : session_(std::move(options)) {}

  void post(Command command) override { session_.post(std::move(command)); }
  std::optional<Event> poll() override { return session_.poll(); }

  Session& session() { return session_; }

 private:
  Session session_;
};

}  // namespace lab
