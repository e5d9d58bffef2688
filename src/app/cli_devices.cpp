// `devices` and `version`: what computes here.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/cli_verbs.h"
#include "compute/kernels.h"
#include "session/results.h"

namespace lab {

namespace {

std::string_view math_name(Math math) {
  return math == Math::strict ? "strict" : "fast";
}

}  // namespace

std::string program_name() {
  return "logit-lab " LAB_VERSION;
}

int devices_command(const CliContext& context) {
  const std::vector<const Kernels*> available = available_kernels();
  const Environment machine = environment(program_name(), kernels(), context.environment.cores);
  if (context.json) {
    nlohmann::json tables = nlohmann::json::array();
    for (const Kernels* table : available) {
      tables.push_back({{"name", table->name},
                        {"math", math_name(table->math)},
                        {"simd", simd_name(table->simd)}});
    }
    print_json(
        context.out,
        {{"processor", context.environment.processor},
         {"cores", std::max(1u, context.environment.cores)},
         {"target", machine.target},
         {"kernels", std::move(tables)},
         {"chosen", {{"strict", kernels(Math::strict).name}, {"fast", kernels(Math::fast).name}}}});
    return exit_status::kDone;
  }
  std::vector<Term> terms;
  if (!context.environment.processor.empty())
    terms.push_back({"processor", context.environment.processor});
  terms.push_back({"cores", std::to_string(std::max(1u, context.environment.cores)) +
                                (context.environment.cores == 0 ? " (no threads here)" : "")});
  terms.push_back({"target", machine.target});
  print_terms(context.out, context.style, terms);
  context.out << '\n';
  TextTable table({{"KERNELS"}, {"ARITHMETIC"}, {"USED FOR"}});
  for (const Kernels* kernel : available) {
    std::vector<std::string> uses;
    for (const Math math : {Math::strict, Math::fast})
      if (kernels(math).name == kernel->name)
        uses.push_back("--math " + std::string(math_name(math)));
    table.add({std::string(kernel->name),
               kernel->math == Math::strict ? "the same bits everywhere" : "fused multiply-add",
               listed(uses)});
  }
  table.print(context.out, context.style, 2);
  return exit_status::kDone;
}

int version_command(const CliContext& context) {
  const Environment machine = environment(program_name(), kernels(), context.environment.cores);
  if (context.json) {
    print_json(context.out, {{"program", machine.program},
                             {"version", LAB_VERSION},
                             {"compiler", machine.compiler},
                             {"target", machine.target}});
  } else {
    context.out << machine.program << " (" << machine.compiler << ", " << machine.target << ")\n";
  }
  return exit_status::kDone;
}

}  // namespace lab
