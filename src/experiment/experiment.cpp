#include "experiment/experiment.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/error.h"
#include "core/names.h"
#include "experiment/description.h"

namespace lab {
namespace {

nlohmann::json recording_json(const Recording& recording) {
  nlohmann::json json = {{"name", recording.name},
                         {"kind", name(recording.kind)},
                         {"unit", recording.unit},
                         {"help", recording.help}};
  if (recording.kind == RecordingKind::array) json["form"] = name(recording.form);
  if (!recording.columns.empty()) json["columns"] = recording.columns;
  return json;
}

}  // namespace

std::string backend_refusal(const Experiment& experiment, const Config& config) {
  if (!experiment.backend) return experiment.id + " computes on the CPU alone";
  return experiment.backend->refusal ? experiment.backend->refusal(config) : "";
}

FindExperiment find_in(std::span<const Experiment> list) {
  return [list](std::string_view id, std::string_view source) -> const Experiment& {
    const auto found = std::ranges::find(list, id, &Experiment::id);
    if (found != list.end()) return *found;
    std::vector<std::string> ids;
    for (const Experiment& experiment : list) ids.push_back(experiment.id);
    throw Error("there is no experiment '" + std::string(id.substr(0, 60)) + "'",
                std::string(source), expected_name(id, ids));
  };
}

std::string_view name(RecordingKind kind) {
  switch (kind) {
    case RecordingKind::series:
      return "series";
    case RecordingKind::value:
      return "value";
    case RecordingKind::array:
      return "array";
  }
  return "";
}

std::string_view name(ArrayForm form) {
  switch (form) {
    case ArrayForm::none:
      return "none";
    case ArrayForm::vector:
      return "vector";
    case ArrayForm::matrix:
      return "matrix";
    case ArrayForm::points:
      return "points";
    case ArrayForm::field:
      return "field";
    case ArrayForm::table:
      return "table";
    case ArrayForm::histogram:
      return "histogram";
    case ArrayForm::labels:
      return "labels";
  }
  return "";
}

std::string result_digest(std::string_view config_digest, std::uint64_t seed, const Run& run,
                          const Recorder& recorder) {
  Digest digest;
  digest.text(config_digest);
  digest.u64(seed);
  digest.text(run.data_digest());
  digest.text(recorder.digest());
  return digest.hex();
}

Outcome run_to_end(const Experiment& experiment, const Config& config, const RunContext& context) {
  constexpr std::uint64_t kBatch = 1024;  // steps between two reservations of memory
  const std::unique_ptr<Run> run = experiment.make(config, context);
  Recorder recorder(experiment.recordings);
  std::uint64_t step = 0;
  bool more = true;
  recorder.begin_step(step);
  run->begin(recorder);
  recorder.end_step();
  while (more && !recorder.divergence()) {
    if (context.stop != nullptr && context.stop->load(std::memory_order_relaxed)) throw Stopped{};
    if (step % kBatch == 0) recorder.reserve(kBatch);
    recorder.begin_step(++step);
    more = run->step(recorder);
    recorder.end_step();
  }
  run->observe(recorder);
  std::string digest = result_digest(config.digest(), context.seed, *run, recorder);
  return {std::move(recorder), std::move(digest)};
}

nlohmann::json description_json(const Experiment& experiment) {
  nlohmann::json recordings = nlohmann::json::array();
  for (const Recording& recording : experiment.recordings) {
    recordings.push_back(recording_json(recording));
  }
  nlohmann::json figures = nlohmann::json::array();
  for (const Figure& figure : experiment.figures) figures.push_back(figure_json(figure));
  nlohmann::json claims = nlohmann::json::array();
  for (const Claim& claim : experiment.claims) claims.push_back(claim_json(claim));
  nlohmann::json backends = nlohmann::json::array({name(BackendWish::cpu)});
  if (experiment.backend) backends.push_back(name(BackendWish::webgpu));
  return {{"id", experiment.id},
          {"title", experiment.title},
          {"family", experiment.family},
          {"paper",
           {{"title", experiment.paper.title},
            {"authors", experiment.paper.authors},
            {"link", experiment.paper.link},
            {"year", experiment.paper.year}}},
          {"problem", experiment.problem},
          {"equation", experiment.equation},
          {"how_to_fail", experiment.how_to_fail},
          {"schema", schema_json(experiment.schema)},
          {"recordings", std::move(recordings)},
          {"figures", std::move(figures)},
          {"claims", std::move(claims)},
          {"backends", std::move(backends)}};
}

}  // namespace lab
