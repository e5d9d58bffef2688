// `bench`: the figures of bench.h, as a table or JSON.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/bench.h"
#include "app/cli_progress.h"
#include "app/cli_session.h"
#include "app/cli_verbs.h"
#include "core/error.h"
#include "core/names.h"
#include "data/text.h"
#include "experiment/registry.h"

namespace lab {

int bench_command(const CliContext& context) {
  BenchOptions options;
  options.names = context.arguments.positional();
  options.quick = context.arguments.has("quick");
  options.compared = context.arguments.has("compared");
  options.all_cores = context.arguments.has("all-cores");
  options.experiments = experiments();
  const std::vector<std::string> known(bench_names().begin(), bench_names().end());
  for (const std::string& name : options.names)
    if (std::ranges::find(known, name) == known.end())
      throw Error("there is no benchmark " + quoted(name), "command line",
                  expected_name(name, known));

  DataStore data = data_store(context);
  options.data = &data;
  std::vector<BenchRow> rows;
  {
    // How many rows there will be is not known before; the names are, and come in this order.
    Progress progress(context.err, context.shows_progress(), context.environment.columns);
    const std::vector<std::string>& names = options.names.empty() ? known : options.names;
    options.row_done = [&](const BenchRow& row) {
      if (context.interrupted()) throw Interrupted{};
      const auto at = std::ranges::find(names, row.name) - names.begin();
      progress.update(static_cast<double>(at) / static_cast<double>(names.size()),
                      row.name + " " + row.variant + " " + row.size);
    };
    rows = run_bench(options);
  }
  if (context.json) {
    print_json(context.out, bench_json(rows));
  } else {
    bench_table(rows).print(context.out, context.style);
  }
  return exit_status::kDone;
}

}  // namespace lab
