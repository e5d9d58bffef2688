// What is shown, and what was done? Everything behind the screen that is not drawing: the open
// experiment, its config with undo and redo, the runs as their events tell, claims, messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "experiment/experiment.h"
#include "figure/plot.h"
#include "session/engine.h"
#include "session/figures.h"
#include "session/link.h"
#include "session/records.h"
#include "session/run_file.h"
#include "ui/catalogue.h"

namespace lab {

// What a person chose: what undo and redo go through, and what a link holds.
struct Choices {
  Settings set;  // only what differs from the defaults
  std::uint64_t seed = 0;
  std::uint32_t seeds = 1;
  std::vector<Branch> lineage;  // of an opened branch

  bool operator==(const Choices&) const;
};

// A run as far as its events have told.
struct ShownRun {
  std::uint64_t seed = 0;
  RecordsReader records;                // up to `step`
  std::optional<RecordsReader> farthest;  // up to the farthest step, if that lies ahead
  Arrays observed;
  std::vector<Explanation> explanations;
  std::uint64_t step = 0, limit = 0;
  bool ended = false, moving = false;
  std::string digest;  // at `step`; empty while it moves
  std::optional<Divergence> divergence;
  std::optional<event::DeviceFailed> device_failure;
  std::string error;  // why it cannot go on
  // Of a branch:
  std::optional<RunIndex> parent;
  std::uint64_t forked_at = 0;
  Settings changed;

  bool has_recordings() const { return !records.series().empty() || !records.values().empty(); }
  std::uint64_t farthest_step() const { return farthest ? farthest->step() : step; }
  RunView view(bool up_to_farthest) const {
    return {up_to_farthest && farthest ? &*farthest : &records, &observed};
  }
};

// Runs that are kept to be compared with the present ones.
struct Pinned {
  std::string label;
  std::vector<ShownRun> runs;
};

// A claim while and after it is measured here.
struct ClaimState {
  bool asked = false;
  std::size_t measured = 0;
  std::optional<ClaimResult> result;
};

struct Notice {
  enum class Kind { news, success, error };
  Kind kind = Kind::news;
  std::string text;
  double until = 0;  // seconds; errors stay until they are dismissed
};

class Model {
 public:
  // Both must outlive the model.
  Model(Engine& engine, const Catalogue& catalogue);

  // Takes what the engine has told, and asks for what is due. now: seconds.
  void update(double now);
  void set_engine_ready(bool ready) { engine_ready_ = ready; }
  bool engine_ready() const { return engine_ready_; }

  // --- what is shown -----------------------------------------------------------------------
  // Another number whenever something that figures are made of may have changed.
  std::uint64_t revision() const { return revision_; }
  // nullptr until its description has come.
  const Experiment* experiment() const { return experiment_ ? &*experiment_ : nullptr; }
  const std::string& wanted() const { return wanted_; }  // the id that was asked for
  const Choices& choices() const { return history_[position_]; }
  Value value(std::string_view field) const;
  bool is_changed(std::string_view field) const { return choices().set.contains(field); }
  const std::vector<std::string>& methods() const { return methods_; }

  // The runs of the seeds, then the branches. While a new config has not recorded anything, those
  // of the one before.
  const std::vector<ShownRun>& runs() const;
  std::size_t current() const { return current_; }
  const ShownRun* current_run() const;
  const std::vector<Pinned>& pinned() const { return pinned_; }
  bool showing_stored() const { return stored_; }
  bool moving() const;
  const std::map<std::string, ClaimState, std::less<>>& claims() const { return claims_; }
  std::deque<Notice>& notices() { return notices_; }
  // What came of the digest that the link expected: nothing yet, or a sentence.
  const std::optional<std::string>& bits() const { return bits_; }
  bool bits_are_same() const { return bits_same_; }

  // Where the runs are to compute, if the experiment can on a device, until another is chosen; no
  // part of a link: what cannot be computed there on another machine is on the CPU.
  BackendWish backend() const { return backend_; }
  // What came of it: the device's name, empty: the CPU; and why, as a sentence, or empty.
  const std::string& device() const { return device_; }
  const std::string& device_reason() const { return device_reason_; }

  // Everything that the engine's runs have recorded, as a run file (run_file.h); nothing while they move.
  std::optional<std::string> run_file(const Environment& environment) const;

  // The link to what is shown; without what only the screen knows (figures, controls, view).
  Link link() const;

  // --- what a person does --------------------------------------------------------------------
  // whose: where the link's digest comes from, "in the link".
  void open(const Link& link, std::string_view whose = "in the link");
  // merge: the change goes on with the last one (a slider that is being dragged).
  void set(std::string_view field, Value value, bool merge);
  void reset(std::string_view field);
  void reset_all();
  void set_seed(std::uint64_t seed, bool merge);
  void set_seeds(std::uint32_t seeds, bool merge);
  void set_backend(BackendWish backend);
  bool can_undo() const { return position_ > 0; }
  bool can_redo() const { return position_ + 1 < history_.size(); }
  void undo();
  void redo();

  void run();
  void pause();
  void step(std::uint64_t count);
  void seek(std::uint64_t step);
  void set_speed(double steps_per_second);
  double speed() const { return speed_; }
  void fork(const Settings& changed);
  void show_run(std::size_t index);
  void pin();
  void unpin(std::size_t index);
  void reproduce(std::vector<std::string> claims);
  void cancel();
  void import(std::string_view name, std::vector<std::byte> bytes);

  void notify(Notice::Kind kind, std::string text);

 private:
  void push(Choices choices, std::string_view field, bool merge);
  // As set, of several fields at once; `field` is the one that the change is of.
  void set_together(const Settings& values, std::string_view field, bool merge);
  void use_file(const event::Imported& file);
  void reopen();
  void load_description();
  void load_first_run();
  void take(const Event& event);
  void take_migrated(const event::Opened& opened);
  void take_records(const event::Records& records);
  std::vector<ShownRun>& target();
  ShownRun* run_at(RunIndex run);
  void arrived(RunIndex run, std::uint64_t step, const std::string& digest);
  void compare_bits();
  void observe_if_due();
  std::uint64_t post(decltype(Command::body) body);

  Engine& engine_;
  const Catalogue& catalogue_;
  bool engine_ready_ = false;
  double now_ = 0;
  std::uint64_t revision_ = 1;

  std::string wanted_;
  std::optional<Link> pending_;  // a link whose experiment's description has not come
  std::optional<ConfigRequest> older_;  // of an older schema: the session makes it today's
  std::optional<Experiment> experiment_;
  std::vector<std::string> methods_;
  std::vector<Choices> history_ = {{}};
  std::size_t position_ = 0;
  std::string last_field_;  // of the latest change, while it may be merged

  std::vector<ShownRun> runs_, former_;
  std::size_t current_ = 0;
  std::vector<Pinned> pinned_;
  std::map<std::string, ClaimState, std::less<>> claims_;
  std::deque<Notice> notices_;

  bool stored_ = false;  // the runs are the stored first run's
  bool first_run_due_ = false;
  std::string stored_digest_;
  bool open_due_ = false;
  double opened_at_ = -1;
  BackendWish backend_ = BackendWish::cpu;
  std::string device_, device_reason_;
  std::uint64_t open_id_ = 0;  // of an `open` that has not been answered
  bool run_after_open_ = true;
  std::optional<std::uint64_t> seek_after_open_;
  std::uint64_t next_id_ = 1;
  std::uint64_t import_id_ = 0;
  double speed_ = 0;

  std::uint64_t observe_id_ = 0;
  RunIndex observed_run_ = 0;
  std::uint64_t observed_step_ = ~std::uint64_t{0};
  std::size_t observed_index_ = 0;
  double observed_at_ = -1;

  RunKeeper keeper_;  // of the engine's runs
  std::string expected_digest_, whose_digest_;
  std::optional<std::string> bits_;
  bool bits_same_ = false;
};

}  // namespace lab
