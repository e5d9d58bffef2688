#include "app/cli_session.h"

#include "core/error.h"
#include "data/sources.h"
#include "experiment/registry.h"
#include "model/shipped_models.h"

namespace lab {

DataStore data_store(const CliContext& context) {
  std::vector<std::string> folders = data_folders(context.environment.program_folder.string());
  return DataStore(folder_source(std::move(folders)));
}

LanguageModel language_model(const CliContext& context, const std::string& source) {
  constexpr std::string_view kShipped = "model:";
  if (source.starts_with(kShipped))
    return load_language_model(source.substr(kShipped.size()), data_store(context));
  return read_language_model(source);
}

SessionOptions session_options(const CliContext& context, DataStore& data) {
  SessionOptions options;
  options.workers = context.environment.cores;
  if (const auto text = context.arguments.value("workers")) {
    const auto asked = static_cast<unsigned>(parse_whole(*text, "workers", 1, 1024));
    // Where there are no threads, the caller's own does everything: with the same results.
    if (options.workers > 0) options.workers = asked;
  }
  options.data = &data;
  options.find = find_experiment;
  return options;
}

Event next_event(Session& session, const CliContext& context) {
  constexpr double kSecondsBetweenLooks = 0.05;
  for (;;) {
    if (context.interrupted()) throw Interrupted{};
    std::optional<Event> event = session.wait(kSecondsBetweenLooks);
    if (!event) continue;
    if (const auto* error = std::get_if<event::Error>(&event->body))
      throw Error(error->problem, error->where, error->expected, error->kind);
    return std::move(*event);
  }
}

}  // namespace lab
