// How does a verb wait for the session? By fetching events until everything asked for is done,
// looking for Ctrl-C in between.
#pragma once

#include <variant>

#include "app/cli_verbs.h"
#include "data/store.h"
#include "model/language_model.h"
#include "session/session.h"

namespace lab {

// The data sets that runs may use: those prepared by set-up, and the person's own.
DataStore data_store(const CliContext& context);

// A language model from its folder, or "model:ID": a shipped one. Errors: those of
// read_language_model and load_language_model.
LanguageModel language_model(const CliContext& context, const std::string& source);

// The session's options as the command line asks for them.
SessionOptions session_options(const CliContext& context, DataStore& data);

// Waits for the next event. Throws what an error event says, and Interrupted.
Event next_event(Session& session, const CliContext& context);

// Posts the command and hands every event to `on_event(const Event&)` until the session is idle
// again. Throws as next_event does.
template <class OnEvent>
void carry_out(Session& session, const Command& command, const CliContext& context,
               OnEvent&& on_event) {
  session.post(command);
  for (;;) {
    const Event event = next_event(session, context);
    on_event(event);
    if (std::holds_alternative<event::Idle>(event.body) && event.reply == command.id) return;
  }
}

}  // namespace lab
