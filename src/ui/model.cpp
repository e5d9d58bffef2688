// [SECTION]s: choices, opening, events, commands.
#include "ui/model.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "core/error.h"
#include "data/text.h"
#include "experiment/config.h"
#include "experiment/description.h"
#include "session/config_file.h"
#include "session/resolve.h"

namespace lab {
namespace {

constexpr double kShortestBetweenOpens = 0.08;    // seconds; a dragged slider asks at every frame
constexpr double kShortestBetweenObserves = 0.2;  // while a run is moving
constexpr double kNoticeSeconds = 6;

std::string short_digest(const std::string& digest) { return digest.substr(0, 12); }

std::string imported_text(const event::Imported& file) {
  std::string text = file.name + ": ";
  switch (file.kind) {
    case FileKind::table:
      text += std::to_string(file.rows) + " rows, " + std::to_string(file.columns) + " columns";
      if (file.classes > 0) text += ", " + std::to_string(file.classes) + " classes";
      break;
    case FileKind::text:
      text += counted(file.rows, "line") + " of text";
      break;
    case FileKind::language_model:
      text += file.missing.empty() ? "a language model" : "of a language model; still to come: ";
      for (const std::string& one : file.missing)
        text += (&one == &file.missing.front() ? "" : ", ") + one;
      break;
  }
  return text;
}

}  // namespace

bool Choices::operator==(const Choices& other) const {
  const auto same_branch = [](const Branch& a, const Branch& b) {
    return a.step == b.step && a.set == b.set;
  };
  return set == other.set && seed == other.seed && seeds == other.seeds &&
         std::ranges::equal(lineage, other.lineage, same_branch);
}

Model::Model(Engine& engine, const Catalogue& catalogue)
    : engine_(engine), catalogue_(catalogue) {}

namespace {

// What differs from the defaults. Precondition: of this schema's version. Error: no such field, a
// wrong value.
Choices choices_of(const ConfigRequest& request, const Schema& schema) {
  Choices choices;
  for (const auto& [name, wanted] : request.set) {
    Value value = checked_value(schema, name, wanted, "link");
    if (value != schema.field(name).value) choices.set.insert_or_assign(name, std::move(value));
  }
  choices.lineage = request.lineage;
  return choices;
}

}  // namespace

// --- [SECTION] choices ------------------------------------------------------------------------

Value Model::value(std::string_view field) const {
  const auto found = choices().set.find(field);
  return found != choices().set.end() ? found->second : experiment_->schema.field(field).value;
}

void Model::push(Choices choices, std::string_view field, bool merge) {
  if (choices == this->choices()) return;
  const bool goes_on = merge && position_ > 0 && last_field_ == field;
  if (!goes_on) {
    history_.resize(position_ + 1);
    history_.push_back({});
    ++position_;
  }
  history_[position_] = std::move(choices);
  last_field_ = field;
  ++revision_;
  older_.reset();
  run_after_open_ = true;
  seek_after_open_.reset();
  expected_digest_.clear();
  bits_.reset();
  reopen();
}

void Model::set(std::string_view field, Value value, bool merge) {
  set_together({{std::string(field), std::move(value)}}, field, merge);
}

void Model::set_together(const Settings& values, std::string_view field, bool merge) {
  Choices next = choices();
  next.lineage.clear();
  for (const auto& [name, value] : values) {
    if (value == experiment_->schema.field(name).value) {
      next.set.erase(name);
    } else {
      next.set.insert_or_assign(name, value);
    }
  }
  push(std::move(next), field, merge);
}

void Model::reset(std::string_view field) {
  set(field, experiment_->schema.field(field).value, false);
}

void Model::reset_all() {
  Choices next = choices();
  next.set.clear();
  next.lineage.clear();
  push(std::move(next), "", false);
}

void Model::set_seed(std::uint64_t seed, bool merge) {
  Choices next = choices();
  next.seed = seed;
  push(std::move(next), "seed", merge);
}

void Model::set_seeds(std::uint32_t seeds, bool merge) {
  Choices next = choices();
  next.seeds = seeds;
  push(std::move(next), "seeds", merge);
}

void Model::set_backend(BackendWish backend) {
  if (backend == backend_) return;
  backend_ = backend;
  run_after_open_ = true;
  seek_after_open_.reset();
  reopen();
}

void Model::undo() {
  if (!can_undo()) return;
  --position_;
  ++revision_;
  older_.reset();
  last_field_.clear();
  run_after_open_ = true;
  reopen();
}

void Model::redo() {
  if (!can_redo()) return;
  ++position_;
  ++revision_;
  older_.reset();
  last_field_.clear();
  run_after_open_ = true;
  reopen();
}

// --- [SECTION] opening ------------------------------------------------------------------------

void Model::open(const Link& link, std::string_view whose) {
  pending_ = link;
  whose_digest_ = whose;
  wanted_ = link.experiment;
  load_description();
}

void Model::load_description() {
  if (!pending_) return;
  if (!experiment_ || experiment_->id != pending_->experiment) {
    const bool known = std::ranges::any_of(
        catalogue_.cards, [&](const Card& card) { return card.id == pending_->experiment; });
    if (!known) {
      notify(Notice::Kind::error, "There is no experiment '" + pending_->experiment +
                                      "'. The gallery shows those that there are.");
      pending_.reset();
      if (experiment_) wanted_ = experiment_->id;
      return;
    }
    const nlohmann::json* description = catalogue_.description(pending_->experiment);
    if (!description) return;
  }
  const Link link = *std::exchange(pending_, std::nullopt);
  try {
    Experiment experiment =
        experiment_ && experiment_->id == link.experiment
            ? *experiment_
            : experiment_from_json(*catalogue_.description(link.experiment), link.experiment);
    const ConfigRequest request = request_of(link, experiment.schema);
    const bool older = request.schema && *request.schema < experiment.schema.version();
    Choices choices = older ? Choices{} : choices_of(request, experiment.schema);
    choices.seed = link.seed;
    choices.seeds = link.seeds;
    const bool another = !experiment_ || experiment_->id != experiment.id;
    experiment_ = std::move(experiment);
    methods_ = figure_methods(experiment_->figures);
    older_.reset();
    if (older) older_ = request;
    if (another) {
      history_ = {std::move(choices)};
      position_ = 0;
      runs_.clear();
      former_.clear();
      pinned_.clear();
      claims_.clear();
      current_ = 0;
    } else if (older || !(choices == this->choices())) {
      history_.resize(position_ + 1);
      history_.push_back(std::move(choices));
      ++position_;
    }
  } catch (const Error& error) {
    notify(Notice::Kind::error, std::string("The link cannot be opened. ") + error.what());
    if (experiment_) wanted_ = experiment_->id;
    return;
  }
  last_field_.clear();
  ++revision_;
  expected_digest_ = link.digest.value_or("");
  bits_.reset();
  seek_after_open_ = link.step;
  run_after_open_ = !link.step;
  stored_digest_.clear();
  first_run_due_ = choices() == Choices{} && !link.step && !older_;
  reopen();
}

// The session has read an older schema's settings: from here on they are those of today's.
void Model::take_migrated(const event::Opened& opened) {
  const ConfigRequest request = read_config_file(opened.config, "opened").config;
  Choices choices = choices_of(request, experiment_->schema);
  choices.seed = opened.seed;
  choices.seeds = opened.seeds;
  history_[position_] = std::move(choices);
  older_.reset();
}

void Model::load_first_run() {
  if (!first_run_due_) return;
  const std::vector<std::byte>* frames = catalogue_.first_run(experiment_->id);
  if (!frames) {
    // Once the engine's own numbers are there, stored ones are of no use.
    if (!runs_.empty()) first_run_due_ = false;
    return;
  }
  first_run_due_ = false;
  if (!runs_.empty()) return;
  try {
    std::span<const std::byte> rest = *frames;
    stored_ = true;
    while (!rest.empty()) {
      const auto [message, size] = unpack(rest, "stored run");
      take(decode_event(message.json, message.numbers, "stored run"));
      rest = rest.subspan(size);
    }
    if (!runs_.empty()) stored_digest_ = runs_.front().digest;
  } catch (const Error& error) {
    runs_.clear();
    stored_ = false;
    notify(Notice::Kind::error, std::string("The stored run cannot be read. ") + error.what());
  }
}

void Model::reopen() { open_due_ = true; }

// --- [SECTION] events -------------------------------------------------------------------------

void Model::update(double now) {
  now_ = now;
  load_description();
  if (experiment_) load_first_run();
  while (const std::optional<Event> event = engine_.poll()) take(*event);
  if (open_due_ && engine_ready_ && experiment_ && open_id_ == 0 &&
      now_ - opened_at_ >= kShortestBetweenOpens) {
    open_due_ = false;
    opened_at_ = now_;
    const Choices& wanted = choices();
    open_id_ = post(command::Open{
        .config = older_.value_or(ConfigRequest{.experiment = experiment_->id,
                                                .schema = experiment_->schema.version(),
                                                .set = wanted.set,
                                                .lineage = wanted.lineage}),
        .seed = wanted.seed,
        .seeds = wanted.seeds,
        .backend = experiment_->backend ? backend_ : BackendWish::cpu});
  }
  observe_if_due();
  while (!notices_.empty() && notices_.front().until > 0 && notices_.front().until < now_) {
    notices_.pop_front();
  }
}

void Model::observe_if_due() {
  if (!engine_ready_ || stored_ || runs_.empty() || observe_id_ != 0 || open_id_ != 0 ||
      open_due_) {
    return;
  }
  const ShownRun& run = runs_[std::min(current_, runs_.size() - 1)];
  if (!run.error.empty() || !run.has_recordings()) return;
  const bool same = observed_index_ == current_ && observed_step_ == run.step;
  if (same) return;
  if (run.moving && now_ - observed_at_ < kShortestBetweenObserves) return;
  observed_at_ = now_;
  observed_index_ = current_;
  observed_run_ = static_cast<RunIndex>(current_);
  observe_id_ = post(command::Observe{observed_run_});
}

ShownRun* Model::run_at(RunIndex run) { return run < runs_.size() ? &runs_[run] : nullptr; }

void Model::take(const Event& event) {
  ++revision_;
  if (!stored_ || event.reply != 0) {
    if (std::holds_alternative<event::Opened>(event.body)) keeper_ = {};
    keeper_.take(event);
  }
  std::visit(
      [&](const auto& body) {
        using Body = std::decay_t<decltype(body)>;
        if constexpr (std::is_same_v<Body, event::Opened>) {
          if (event.reply != 0 && event.reply == open_id_) {
            open_id_ = 0;
            if (older_) take_migrated(body);
          }
          if (std::ranges::any_of(runs_, &ShownRun::has_recordings)) former_ = std::move(runs_);
          runs_.clear();
          runs_.resize(body.seeds);
          for (std::uint32_t i = 0; i < body.seeds; ++i) runs_[i].seed = body.seed + i;
          current_ = 0;
          observe_id_ = 0;
          observed_step_ = ~std::uint64_t{0};
          if (event.reply != 0) stored_ = false;
          device_ = body.device;
          device_reason_ = body.device_reason;
          if (backend_ == BackendWish::webgpu && device_.empty() && !device_reason_.empty())
            notify(Notice::Kind::error, "Computed on the CPU: " + device_reason_ + ".");
          for (const std::string& note : body.notes) notify(Notice::Kind::news, note);
          if (stored_) return;
          if (open_due_) return;  // another config is wanted by now
          if (seek_after_open_) {
            post(command::Seek{{}, *seek_after_open_});
          } else if (run_after_open_) {
            run();
          }
        } else if constexpr (std::is_same_v<Body, event::Progress>) {
          if (ShownRun* run = run_at(body.run)) {
            run->step = body.step;
            run->limit = body.limit;
          }
        } else if constexpr (std::is_same_v<Body, event::Records>) {
          take_records(body);
        } else if constexpr (std::is_same_v<Body, event::Paused>) {
          arrived(body.run, body.step, body.digest);
        } else if constexpr (std::is_same_v<Body, event::Sought>) {
          arrived(body.run, body.step, body.digest);
        } else if constexpr (std::is_same_v<Body, event::Diverged>) {
          if (ShownRun* run = run_at(body.run)) run->divergence = body.divergence;
        } else if constexpr (std::is_same_v<Body, event::DeviceFailed>) {
          if (ShownRun* run = run_at(body.run)) run->device_failure = body;
          notify(Notice::Kind::error,
                 body.text + (body.goes_on ? ". What is left is computed on the CPU."
                                           : ". The run has stopped; it goes on on the CPU."));
        } else if constexpr (std::is_same_v<Body, event::Finished>) {
          arrived(body.run, body.step, body.digest);
          if (ShownRun* run = run_at(body.run)) {
            run->ended = true;
            run->farthest.reset();
          }
          compare_bits();
        } else if constexpr (std::is_same_v<Body, event::Forked>) {
          if (body.run != runs_.size()) return;
          ShownRun branch;
          branch.seed = body.seed;
          branch.parent = body.parent;
          branch.forked_at = body.step;
          branch.step = body.step;
          runs_.push_back(std::move(branch));
          current_ = runs_.size() - 1;
          post(command::Run{body.run, {}});
          runs_.back().moving = true;
        } else if constexpr (std::is_same_v<Body, event::Measurement>) {
          if (!experiment_ || body.experiment != experiment_->id) return;
          ++claims_[body.claim].measured;
        } else if constexpr (std::is_same_v<Body, event::Verdict>) {
          if (!experiment_ || body.experiment != experiment_->id) return;
          ClaimState& claim = claims_[body.claim];
          claim.asked = false;
          claim.result = body.result;
        } else if constexpr (std::is_same_v<Body, event::Cancelled>) {
          for (auto& [id, claim] : claims_) claim.asked = false;
        } else if constexpr (std::is_same_v<Body, event::Imported>) {
          if (event.reply != import_id_) return;
          import_id_ = 0;
          notify(Notice::Kind::success, imported_text(body));
          if (body.missing.empty()) use_file(body);
        } else if constexpr (std::is_same_v<Body, event::Error>) {
          if (event.reply != 0 && event.reply == open_id_) {
            open_id_ = 0;
            older_.reset();
            for (ShownRun& run : runs_) run.moving = false;
          }
          if (event.reply != 0 && event.reply == observe_id_) observe_id_ = 0;
          if (event.reply != 0 && event.reply == import_id_) import_id_ = 0;
          const Error error(body.problem, body.where, body.expected, body.kind);
          if (body.run) {
            if (ShownRun* run = run_at(*body.run)) {
              run->error = error.what();
              run->moving = false;
            }
          }
          notify(Notice::Kind::error, error.what());
        }
      },
      event.body);
}

void Model::take_records(const event::Records& records) {
  ShownRun* run = run_at(records.run);
  if (!run) return;
  if (records.observed) {
    run->observed = observed_arrays(records);
    run->explanations = records.explanations;
    if (records.run == observed_run_) {
      observe_id_ = 0;
      observed_step_ = records.step;
    }
    return;
  }
  // Going back does not lose what is known of later steps.
  if (records.step < run->records.step() && !run->farthest) run->farthest = run->records;
  run->records.read(records);
  run->step = records.step;
  if (run->farthest && run->farthest->step() <= run->records.step()) run->farthest.reset();
  if (!former_.empty() && std::ranges::all_of(runs_, &ShownRun::has_recordings)) former_.clear();
}

void Model::arrived(RunIndex index, std::uint64_t step, const std::string& digest) {
  ShownRun* run = run_at(index);
  if (!run) return;
  run->step = step;
  run->digest = digest;
  run->moving = false;
  run->ended = false;
  compare_bits();
}

// The digest in a link is that of the first seed's run, at the link's step or at its end.
void Model::compare_bits() {
  if (runs_.empty() || stored_ || !device_.empty()) return;
  const ShownRun& run = runs_.front();
  const auto compare = [&](const std::string& expected, const std::string& whose) {
    bits_same_ = run.digest.starts_with(expected);
    bits_ = bits_same_ ? "same bits as " + whose
                       : "other bits than " + whose + ": " + short_digest(run.digest) +
                             " here, " + short_digest(expected) + " there";
  };
  if (!expected_digest_.empty() && (seek_after_open_ ? run.step == *seek_after_open_ : run.ended)) {
    compare(expected_digest_, whose_digest_);
  } else if (!stored_digest_.empty() && run.ended && choices() == Choices{}) {
    compare(stored_digest_, "in the stored run");
  }
}

const std::vector<ShownRun>& Model::runs() const { return former_.empty() ? runs_ : former_; }

const ShownRun* Model::current_run() const {
  const std::vector<ShownRun>& shown = runs();
  return shown.empty() ? nullptr : &shown[std::min(current_, shown.size() - 1)];
}

bool Model::moving() const {
  return open_due_ || open_id_ != 0 || std::ranges::any_of(runs_, &ShownRun::moving);
}

// --- [SECTION] commands -----------------------------------------------------------------------

std::uint64_t Model::post(decltype(Command::body) body) {
  const std::uint64_t id = next_id_++;
  engine_.post({std::move(body), id});
  return id;
}

void Model::run() {
  if (stored_) {
    reopen();
    return;
  }
  post(command::Run{});
  ++revision_;
  for (ShownRun& run : runs_) run.moving = !run.ended && run.error.empty();
}

void Model::pause() { post(command::Pause{}); }

void Model::step(std::uint64_t count) {
  if (stored_ || runs_.empty()) return;
  post(command::Step{{}, count});
}

void Model::seek(std::uint64_t step) {
  if (stored_ || runs_.empty()) return;
  post(command::Seek{{}, step});
}

// The field that takes such files gets this one, and what it has an effect with.
void Model::use_file(const event::Imported& file) {
  if (!experiment_) return;
  const Schema& schema = experiment_->schema;
  const auto found = std::ranges::find_if(schema.fields(), [&](const Field& field) {
    return field.type == FieldType::dataset && field.files == file.kind;
  });
  if (found == schema.fields().end()) {
    notify(Notice::Kind::error, experiment_->title + " has no use for " + file.name + ".");
    return;
  }
  const Value name = std::string("file:" + file.name);
  const auto value_of = [&](std::string_view field) { return value(field); };
  if (has_effect(*found, value_of) && value(found->name) == name) {
    reopen();  // the same name may stand for another file now
    return;
  }
  Settings changed = {{found->name, name}};
  for (const Condition& condition : found->only_with) {
    Field alone = *found;
    alone.only_with = {condition};
    if (has_effect(alone, value_of)) continue;
    const Field& other = schema.field(condition.field);
    for (const Choice& choice : other.choices) {
      const bool listed = std::ranges::count(condition.values, choice.name) > 0;
      if (listed == condition.excluded) continue;
      changed[other.name] = choice.name;
      break;
    }
  }
  set_together(changed, found->name, false);
}

void Model::set_speed(double steps_per_second) {
  speed_ = steps_per_second;
  post(command::Speed{steps_per_second});
}

void Model::fork(const Settings& changed) {
  if (stored_ || current_ >= runs_.size()) return;
  post(command::Fork{static_cast<RunIndex>(current_), runs_[current_].step, changed});
}

void Model::show_run(std::size_t index) {
  current_ = index;
  ++revision_;
}

void Model::pin() {
  constexpr std::size_t kMostPinned = 3;
  if (runs().empty()) return;
  std::string label;
  for (const auto& [name, value] : choices().set) {
    if (!label.empty()) label += ", ";
    label += name + " = " + value_text(value).substr(0, 24);
  }
  if (label.empty()) label = "defaults";
  if (choices().seed != 0) label += ", seed " + std::to_string(choices().seed);
  if (pinned_.size() == kMostPinned) pinned_.erase(pinned_.begin());
  pinned_.push_back({std::move(label), runs()});
  ++revision_;
}

void Model::unpin(std::size_t index) {
  pinned_.erase(pinned_.begin() + static_cast<std::ptrdiff_t>(index));
  ++revision_;
}

void Model::reproduce(std::vector<std::string> claims) {
  if (!experiment_ || !engine_ready_) return;
  for (const Claim& claim : experiment_->claims) {
    if (claims.empty() || std::ranges::find(claims, claim.id) != claims.end()) {
      claims_[claim.id] = {.asked = true, .measured = 0, .result = {}};
    }
  }
  post(command::Reproduce{experiment_->id, std::move(claims), 0});
}

void Model::cancel() { post(command::Cancel{}); }

void Model::import(std::string_view name, std::vector<std::byte> bytes) {
  if (!engine_ready_) {
    notify(Notice::Kind::error, "The engine is still loading: drop the file again in a moment.");
    return;
  }
  import_id_ = post(command::Import{std::string(name), std::move(bytes)});
}

std::optional<std::string> Model::run_file(const Environment& environment) const {
  if (stored_ || runs_.empty() || moving() || !keeper_.complete()) return std::nullopt;
  Environment here = environment;
  here.device = device_;
  return run_file_text(keeper_.file(here));
}

Link Model::link() const {
  Link link;
  if (!experiment_) return link;
  link.experiment = experiment_->id;
  link.schema = experiment_->schema.version();
  for (const auto& [name, value] : choices().set) link.set[name] = value_text(value);
  link.seed = choices().seed;
  link.seeds = choices().seeds;
  link.lineage = choices().lineage;
  if (!runs_.empty() && !stored_) {
    const ShownRun& first = runs_.front();
    if (!first.ended && !first.moving && !first.digest.empty()) link.step = first.step;
    if (!first.moving && !first.digest.empty() && device_.empty())
      link.digest = first.digest.substr(0, 16);
  }
  return link;
}

void Model::notify(Notice::Kind kind, std::string text) {
  constexpr std::size_t kMostNotices = 4;
  if (notices_.size() == kMostNotices) notices_.pop_front();
  std::erase_if(notices_, [&](const Notice& notice) { return notice.text == text; });
  notices_.push_back(
      {kind, std::move(text), kind == Notice::Kind::error ? 0 : now_ + kNoticeSeconds});
}

}  // namespace lab
