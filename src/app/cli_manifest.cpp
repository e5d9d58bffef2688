// `manifest`: what a page shows before the engine is loaded, as files: the gallery, every
// experiment's description, a whole first run of its defaults, and pictures of it.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/cli_files.h"
#include "app/cli_session.h"
#include "app/cli_verdicts.h"
#include "core/json.h"
#include "data/files.h"
#include "data/text.h"
#include "experiment/registry.h"
#include "figure/svg.h"
#include "session/figures.h"
#include "session/records.h"

namespace lab {

namespace {

constexpr int kManifestVersion = 1;
constexpr std::uint64_t kPointsPerOctave = 24;
constexpr double kPictureWidth = 720, kPictureHeight = 400;

nlohmann::json card_json(const Experiment& experiment, const std::filesystem::path& verdicts) {
  nlohmann::json figures = nlohmann::json::array();
  for (const Figure& figure : experiment.figures) {
    figures.push_back({{"name", figure.name}, {"title", figure.title}});
  }
  nlohmann::json card = {
      {"id", experiment.id},
      {"title", experiment.title},
      {"family", experiment.family},
      {"paper", experiment.paper.title},
      {"claim", experiment.claims.empty() ? "" : experiment.claims.front().sentence},
      {"claims", experiment.claims.size()},
      {"figures", std::move(figures)},
      {"reproduced", 0},
      {"not_reproduced", 0}};
  if (verdicts.empty()) return card;
  const std::optional<StoredVerdicts> stored = read_verdicts(verdicts, experiment);
  if (stored && !stored->stale.empty()) {
    throw Error("the stored verdicts are stale: " + stored->stale.front(),
                verdict_file(verdicts, experiment).string(),
                "those that `logit-lab reproduce " + experiment.id + " --write` makes");
  }
  if (stored) {
    card["reproduced"] = stored->reproduced;
    card["not_reproduced"] = stored->not_reproduced;
  }
  return card;
}

// Only the series that some figure draws, and the arrays that were not observed at the end as well.
event::Records drawn(event::Records records, const Experiment& experiment,
                     const event::Records& observed) {
  std::erase_if(records.series, [&](const event::SeriesPart& part) {
    return std::ranges::none_of(experiment.figures, [&](const Figure& figure) {
      return std::ranges::find(figure.sources, part.recording, &Source::recording) !=
             figure.sources.end();
    });
  });
  std::erase_if(records.arrays, [&](const event::ArrayPart& part) {
    return std::ranges::find(observed.arrays, part.recording, &event::ArrayPart::recording) !=
           observed.arrays.end();
  });
  return records;
}

void append(std::vector<std::byte>& frames, Event event) {
  event.reply = 0;
  const std::vector<std::byte> frame = pack(encode(event));
  frames.insert(frames.end(), frame.begin(), frame.end());
}

// Opened, records, what is observed at the end, finished: the shortest story of a whole run. Its curves
// are thinned to what a picture shows; the digest is that of the whole.
std::vector<std::byte> first_run(const Experiment& experiment, DataStore& data,
                                 const CliContext& context, FigureKeeper& keeper) {
  constexpr std::uint64_t kRun = 1, kObserve = 2;
  SessionOptions options = session_options(context, data);
  options.snapshot_bytes = 0;  // nobody will go back
  Session session(std::move(options));
  session.post({command::Open{.config = {.experiment = experiment.id,
                                         .schema = experiment.schema.version(),
                                         .set = {},
                                         .lineage = {}},
                              .seed = 0,
                              .seeds = 1}});
  std::optional<Event> opened, diverged, finished;
  event::Records records, observed;
  const auto take = [&](const Event& event) {
    keeper.take(event);
    if (std::holds_alternative<event::Opened>(event.body)) opened = event;
    if (std::holds_alternative<event::Diverged>(event.body)) diverged = event;
    if (std::holds_alternative<event::Finished>(event.body)) finished = event;
    const auto* part = std::get_if<event::Records>(&event.body);
    if (part != nullptr && part->observed) observed = *part;
    if (part != nullptr && !part->observed) records = merged(std::move(records), *part);
  };
  carry_out(session, {command::Run{}, kRun}, context, take);
  carry_out(session, {command::Observe{.run = 0}, kObserve}, context, take);
  std::vector<std::byte> frames;
  append(frames, *opened);
  append(frames, {thinned(drawn(std::move(records), experiment, observed), kPointsPerOctave)});
  append(frames, {thinned(std::move(observed), kPointsPerOctave)});
  if (diverged) append(frames, *diverged);
  append(frames, *finished);
  return frames;
}

void write_text(const std::filesystem::path& path, std::string_view text) {
  write_file(path.string(), std::as_bytes(std::span(text)));
}

}  // namespace

int manifest_command(const CliContext& context) {
  const auto out = context.arguments.value("out");
  if (!out) throw Error("--out is missing", "command line", "--out DIR, where the files go");
  const std::filesystem::path folder = *out;
  std::filesystem::path verdicts = context.environment.verdict_folder;
  if (const auto given = context.arguments.value("verdicts")) verdicts = *given;
  make_folder(folder / "experiments");

  DataStore data = data_store(context);
  nlohmann::json cards = nlohmann::json::array();
  nlohmann::json sizes = nlohmann::json::object();
  for (const Experiment& experiment : experiments()) {
    cards.push_back(card_json(experiment, verdicts));
    const std::filesystem::path base = folder / "experiments" / experiment.id;
    write_text(base.string() + ".json", canonical(description_json(experiment)) + "\n");
    FigureKeeper keeper(experiment);
    const std::vector<std::byte> frames = first_run(experiment, data, context, keeper);
    write_file(base.string() + ".frames", frames);
    make_folder(base);
    for (const Figure& figure : experiment.figures) {
      const FigureData numbers = keeper.data(figure);
      for (const Theme* theme : {&light_theme(), &dark_theme()}) {
        const std::string name = figure.name + (theme->dark ? "-dark.svg" : ".svg");
        write_text(base / name, svg(figure, numbers, {}, kPictureWidth, kPictureHeight, *theme));
      }
    }
    sizes[experiment.id] = frames.size();
  }
  const nlohmann::json manifest = {
      {"manifest", kManifestVersion}, {"version", LAB_VERSION}, {"cards", std::move(cards)}};
  write_text(folder / "manifest.json", canonical(manifest) + "\n");
  if (context.json) {
    print_json(context.out, {{"folder", folder.string()}, {"first_runs", std::move(sizes)}});
  } else {
    context.out << "Wrote " << (folder / "manifest.json").string() << " and "
                << counted(experiments().size(), "experiment") << " beside it\n";
  }
  return exit_status::kDone;
}

}  // namespace lab
