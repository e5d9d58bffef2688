// `reproduce`: the claims of the papers, measured over seeds and judged; stored, or compared with
// what is stored.
#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "app/cli_files.h"
#include "app/cli_progress.h"
#include "app/cli_session.h"
#include "app/cli_verdicts.h"
#include "core/digest.h"
#include "core/json.h"
#include "core/names.h"
#include "data/files.h"
#include "data/text.h"
#include "experiment/registry.h"

namespace lab {

namespace {

// What is measured of one experiment.
struct ClaimTask {
  const Experiment* experiment;
  std::vector<const Claim*> claims;
};

struct Reproduced {
  const Experiment* experiment;
  std::vector<JudgedClaim> claims;       // in the experiment's order
  std::optional<StoredVerdicts> stored;  // with --check
  std::vector<std::string> differences;  // with --check
};

std::vector<const Experiment*> chosen_experiments(const CliContext& context) {
  const std::vector<std::string>& ids = context.arguments.positional();
  std::vector<const Experiment*> chosen;
  if (context.arguments.has("all")) {
    if (!ids.empty())
      throw Error("--all and " + quoted(ids[0]) + " contradict each other", "command line",
                  "one of the two");
    for (const Experiment& experiment : experiments()) chosen.push_back(&experiment);
    return chosen;
  }
  if (ids.empty())
    throw Error("no experiment is named", "command line", "logit-lab reproduce ID..., or --all");
  for (const std::string& id : ids) {
    const Experiment& experiment = find_experiment(id);
    if (std::ranges::find(chosen, &experiment) != chosen.end())
      throw Error("experiment " + quoted(id) + " is named twice", "command line", "it once");
    chosen.push_back(&experiment);
  }
  return chosen;
}

// The claims of the chosen experiments, or those of them that --claim names.
std::vector<ClaimTask> chosen_tasks(const CliContext& context) {
  const std::span<const std::string> ids = context.arguments.values("claim");
  std::vector<ClaimTask> tasks;
  std::vector<std::string> known;
  for (const Experiment* experiment : chosen_experiments(context)) {
    ClaimTask task{experiment, {}};
    for (const Claim& claim : experiment->claims) {
      known.push_back(claim.id);
      if (ids.empty() || std::ranges::find(ids, claim.id) != ids.end())
        task.claims.push_back(&claim);
    }
    if (!task.claims.empty()) tasks.push_back(std::move(task));
  }
  for (const std::string& id : ids)
    if (std::ranges::find(known, id) == known.end())
      throw Error("there is no claim " + quoted(id), "--claim", expected_name(id, known));
  return tasks;
}

// As the session does: a claim of one seed has nothing random, and more seeds would say the same.
std::size_t seeds_of(const Claim& claim, std::uint32_t asked) {
  const auto own = static_cast<std::size_t>(std::max(1, claim.seeds));
  return own == 1 || asked == 0 ? own : asked;
}

std::vector<JudgedClaim> measure_task(Session& session, const ClaimTask& task, std::uint32_t seeds,
                                      const CliContext& context,
                                      const std::function<void(const std::string&)>& measured) {
  command::Reproduce command{.experiment = task.experiment->id, .claims = {}, .seeds = seeds};
  for (const Claim* claim : task.claims) command.claims.push_back(claim->id);
  std::vector<JudgedClaim> judged(task.claims.size());
  carry_out(session, {std::move(command), 1}, context, [&](const Event& event) {
    if (const auto* one = std::get_if<event::Measurement>(&event.body)) {
      measured(one->claim);
    } else if (const auto* verdict = std::get_if<event::Verdict>(&event.body)) {
      for (std::size_t i = 0; i < task.claims.size(); ++i)
        if (task.claims[i]->id == verdict->claim) judged[i] = {task.claims[i], verdict->result};
    }
  });
  return judged;
}

Ink ink_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::reproduced:
      return Ink::good;
    case Verdict::not_reproduced:
      return Ink::bad;
    case Verdict::not_decided:
      return Ink::doubtful;
  }
  return Ink::plain;
}

constexpr int kDigits = 4;

// What stands below a claim's line: the numbers behind the one that decided, and the paper's own.
std::string details_text(const JudgedClaim& judged) {
  const ClaimResult& result = judged.result;
  const std::size_t seeds = result.seeds.size();
  std::string text = counted(seeds, "seed");
  if (seeds > 1) {
    const ClaimKind kind = judged.claim->kind;
    const bool worst = kind == ClaimKind::identity || kind == ClaimKind::bound;
    text += worst ? ", the worst of them; all in [" : ", their mean; 95 % interval [";
    text += short_number(result.low, kDigits) + ", " + short_number(result.high, kDigits) + "]";
  }
  text += ".";
  if (!judged.claim->paper_value.empty()) text += " The paper: " + judged.claim->paper_value + ".";
  return text;
}

void print_reproduced(const CliContext& context, const Reproduced& reproduced) {
  print_heading(context.out, context.style,
                reproduced.experiment->id + ": " + reproduced.experiment->title);
  TextTable table({{"VERDICT"}, {"CLAIM"}, {"MEASURED", TextTable::Align::right}, {"CLAIMED"}});
  for (const JudgedClaim& judged : reproduced.claims) {
    const Claim& claim = *judged.claim;
    const ClaimResult& result = judged.result;
    table.add({inked(context.style, ink_of(result.verdict), name(result.verdict)), claim.id,
               short_number(result.measured, kDigits),
               std::string(name(claim.comparison)) + " " + short_number(claim.threshold)});
    table.add_note(claim.sentence + " [" + claim.source + "]");
    table.add_note(details_text(judged));
    if (result.verdict != Verdict::reproduced && !claim.remark.empty())
      table.add_note("Remark: " + claim.remark);
  }
  table.print(context.out, context.style);
}

nlohmann::json reproduced_json(const Reproduced& reproduced, bool checked) {
  nlohmann::json json = verdicts_json(*reproduced.experiment, reproduced.claims);
  json.erase("format");
  if (checked) json["differences"] = reproduced.differences;
  return json;
}

struct Counts {
  std::size_t reproduced = 0, not_reproduced = 0, not_decided = 0;
  std::size_t failures = 0;  // what makes the exit status 1
};

// A violated identity or bound always counts; an effect or a trend that is not reproduced counts
// unless the verdicts it was checked against say so too.
bool is_failure(const JudgedClaim& judged, const Reproduced& reproduced) {
  if (judged.result.verdict != Verdict::not_reproduced) return false;
  const ClaimKind kind = judged.claim->kind;
  if (kind == ClaimKind::identity || kind == ClaimKind::bound || !reproduced.stored) return true;
  const JudgedClaim* known = reproduced.stored->find(judged.claim->id);
  return !known || known->result.verdict != Verdict::not_reproduced;
}

Counts count(const std::vector<Reproduced>& all) {
  Counts counts;
  for (const Reproduced& reproduced : all) {
    counts.failures += reproduced.differences.size();
    for (const JudgedClaim& judged : reproduced.claims) {
      switch (judged.result.verdict) {
        case Verdict::reproduced:
          ++counts.reproduced;
          break;
        case Verdict::not_reproduced:
          ++counts.not_reproduced;
          break;
        case Verdict::not_decided:
          ++counts.not_decided;
          break;
      }
      if (is_failure(judged, reproduced)) ++counts.failures;
    }
  }
  return counts;
}

// What the check found; `folder` and what to do if the change was meant.
void print_differences(const CliContext& context, const std::vector<Reproduced>& all,
                       const std::string& folder) {
  std::size_t differing = 0;
  for (const Reproduced& reproduced : all) {
    for (const std::string& difference : reproduced.differences) {
      if (differing++ == 0) {
        context.out << '\n'
                    << inked(context.style, Ink::bad, "The stored verdicts are stale:") << '\n';
      }
      print_wrapped(context.out,
                    verdict_file(folder, *reproduced.experiment).string() + ": " + difference, 2,
                    context.style.columns);
    }
  }
  if (differing > 0) {
    print_wrapped(context.out,
                  "If this is meant, store them anew: logit-lab reproduce --all --write " + folder,
                  2, context.style.columns);
  } else {
    context.out << '\n'
                << inked(context.style, Ink::good, "The same as the stored verdicts") << " in "
                << folder << ", seed by seed.\n";
  }
}

}  // namespace

int reproduce_command(const CliContext& context) {
  const Arguments& arguments = context.arguments;
  const std::vector<ClaimTask> tasks = chosen_tasks(context);
  std::uint32_t seeds = 0;
  if (const auto text = arguments.value("seeds"))
    seeds = static_cast<std::uint32_t>(parse_whole(*text, "seeds", 1, 100'000));
  const std::optional<std::string> check = arguments.value("check");
  const std::optional<std::string> write = arguments.value("write");
  if (write && check)
    throw Error("verdicts are either compared or stored", "command line",
                "--check or --write alone");
  if (write && arguments.has("claim"))
    throw Error("verdicts are stored for all claims of an experiment", "--write",
                "no --claim beside it");

  std::vector<Reproduced> all;
  for (const ClaimTask& task : tasks) {
    Reproduced reproduced{task.experiment, {}, {}, {}};
    if (check) {
      reproduced.stored = read_verdicts(*check, *task.experiment);
      if (!reproduced.stored)
        throw Error("there are no stored verdicts of " + task.experiment->id,
                    verdict_file(*check, *task.experiment).string(),
                    "the file, as `logit-lab reproduce --write` makes it");
    }
    all.push_back(std::move(reproduced));
  }
  if (write) make_folder(*write);

  const auto started = std::chrono::steady_clock::now();
  {
    std::size_t total = 0, done = 0;
    for (const ClaimTask& task : tasks)
      for (const Claim* claim : task.claims) total += seeds_of(*claim, seeds);
    Progress progress(context.err, context.shows_progress(), context.environment.columns);
    DataStore data = data_store(context);
    Session session(session_options(context, data));
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      progress.update(static_cast<double>(done) / static_cast<double>(total),
                      tasks[i].experiment->id);
      all[i].claims =
          measure_task(session, tasks[i], seeds, context, [&](const std::string& claim) {
            ++done;
            progress.update(static_cast<double>(done) / static_cast<double>(total),
                            tasks[i].experiment->id + "/" + claim);
          });
    }
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();

  for (Reproduced& reproduced : all) {
    if (check) reproduced.differences = differences(*reproduced.stored, reproduced.claims);
    if (write) {
      const std::string text =
          pretty(verdicts_json(*reproduced.experiment, reproduced.claims)) + "\n";
      write_file(verdict_file(*write, *reproduced.experiment).string(),
                 std::as_bytes(std::span(text)));
    }
  }

  const Counts counts = count(all);
  if (context.json) {
    nlohmann::json document = {{"experiments", nlohmann::json::array()},
                               {"reproduced", counts.reproduced},
                               {"not reproduced", counts.not_reproduced},
                               {"not decided", counts.not_decided},
                               {"passed", counts.failures == 0}};
    Digest digest;
    for (const Reproduced& reproduced : all) {
      document["experiments"].push_back(reproduced_json(reproduced, check.has_value()));
      digest.text(document["experiments"].back()["digest"].get<std::string>());
    }
    document["digest"] = digest.hex();
    print_json(context.out, document);
  } else {
    for (const Reproduced& reproduced : all) {
      print_reproduced(context, reproduced);
      context.out << '\n';
    }
    context.out << counts.reproduced << " reproduced, " << counts.not_reproduced
                << " not reproduced, " << counts.not_decided << " not decided, in "
                << duration_text(seconds) << '\n';
    if (check) print_differences(context, all, *check);
    if (write)
      for (const Reproduced& reproduced : all)
        context.out << "Wrote " << verdict_file(*write, *reproduced.experiment).string() << '\n';
  }
  return counts.failures == 0 ? exit_status::kDone : exit_status::kClaimFailed;
}

}  // namespace lab
