// `check`: runs again what is in a run file, and says whether it has the same bits or what differs.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/cli_session.h"
#include "core/error.h"
#include "core/json.h"
#include "data/files.h"
#include "data/text.h"
#include "session/run_file.h"

namespace lab {

namespace {

constexpr std::uint64_t kCheckCommand = 1;

// The kept runs first .. first + count made again, from the config that they have in common.
RunFile run_again(Session& session, const RunFile& kept, std::size_t first, std::size_t count,
                  const CliContext& context) {
  RunFile branch = kept;
  if (!kept.runs[first].config.empty()) branch.config = kept.runs[first].config;
  session.post({command::Open{.config = branch.request(),
                              .seed = kept.runs[first].result.seed,
                              .seeds = static_cast<std::uint32_t>(count)}});
  RunKeeper keeper;
  const auto command = [&](std::size_t i) {
    command::Run run{.run = static_cast<RunIndex>(i), .until = {}};
    const KeptRun& one = kept.runs[first + i];
    if (!one.ended) run.until = one.result.step;
    return Command{run, kCheckCommand + i};
  };
  for (std::size_t i = 0; i + 1 < count; ++i) session.post(command(i));
  carry_out(session, command(count - 1), context, [&](const Event& event) { keeper.take(event); });
  return keeper.file({});
}

std::string run_name(const RunFile& file, std::size_t i) {
  std::string text = "seed " + std::to_string(file.runs[i].result.seed);
  if (i >= file.seeds) text = "branch " + std::to_string(i - file.seeds + 1) + ", " + text;
  return text + ", " + std::to_string(file.runs[i].result.step) + " steps";
}

}  // namespace

int check_command(const CliContext& context) {
  const std::string& path = context.arguments.positional()[0];
  const RunFile kept = read_run_file(as_text(read_file(path)), path);
  if (!kept.environment.device.empty()) {
    throw Error(
        "it was computed on " + kept.environment.device + ", which has no bits to compare with",
        path + ".environment.device", "a run of the CPU");
  }
  DataStore data = data_store(context);
  SessionOptions options = session_options(context, data);
  options.math = kept.environment.math == "fast" ? Math::fast : Math::strict;
  options.snapshot_bytes = 0;  // nobody will go back
  Session session(std::move(options));

  std::vector<KeptRun> again = run_again(session, kept, 0, kept.seeds, context).runs;
  for (std::size_t i = kept.seeds; i < kept.runs.size(); ++i) {
    again.push_back(run_again(session, kept, i, 1, context).runs[0]);
  }

  nlohmann::json runs = nlohmann::json::array();
  bool same = true;
  for (std::size_t i = 0; i < again.size(); ++i) {
    const std::vector<std::string> found = differences(kept.runs[i], again[i]);
    same = same && found.empty();
    runs.push_back({{"seed", kept.runs[i].result.seed},
                    {"digest", again[i].result.digest},
                    {"same", found.empty()},
                    {"differences", found}});
    if (context.json) continue;
    context.out << run_name(kept, i) << ": "
                << inked(context.style, found.empty() ? Ink::good : Ink::bad,
                         found.empty() ? "same bits" : "other bits")
                << '\n';
    for (const std::string& difference : found)
      print_wrapped(context.out, difference, 2, context.style.columns);
  }
  if (context.json) {
    print_json(context.out,
               {{"experiment", kept.experiment}, {"same", same}, {"runs", std::move(runs)}});
  }
  return same ? exit_status::kDone : exit_status::kClaimFailed;
}

}  // namespace lab
