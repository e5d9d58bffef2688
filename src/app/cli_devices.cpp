// `devices` and `version`: what computes here.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/cli_verbs.h"
#include "compute/kernels.h"
#include "compute/webgpu/webgpu_backend.h"
#include "session/results.h"

namespace lab {

namespace {

std::string_view math_name(Math math) {
  return math == Math::strict ? "strict" : "fast";
}

GpuAdapters adapters() {
  GpuAdapters found;
#ifdef __EMSCRIPTEN__
  found.absent = "WebGPU is a browser's, and this is none";
#else
  find_webgpu_adapters([&](const GpuAdapters& all) { found = all; });
#endif
  return found;
}

nlohmann::json adapters_json(const GpuAdapters& found) {
  nlohmann::json list = nlohmann::json::array();
  for (const GpuAdapter& adapter : found.all) {
    list.push_back({{"name", adapter.name},
                    {"vendor", adapter.vendor},
                    {"architecture", adapter.architecture},
                    {"driver", adapter.driver},
                    {"backend", adapter.backend},
                    {"software", adapter.is_software},
                    {"f16", adapter.has_f16},
                    {"subgroups", adapter.has_subgroups},
                    {"buffer_bytes", adapter.buffer_bytes},
                    {"workgroup_bytes", adapter.workgroup_bytes},
                    {"workgroup_threads", adapter.workgroup_threads}});
  }
  return list;
}

void print_adapters(const CliContext& context, const GpuAdapters& found) {
  const auto yes = [](bool is) { return std::string(is ? "yes" : "no"); };
  TextTable table({{"WEBGPU ADAPTER"},
                   {"BY"},
                   {"KIND"},
                   {"LARGEST BUFFER", TextTable::Align::right},
                   {"WORKGROUP", TextTable::Align::right},
                   {"F16"},
                   {"SUBGROUPS"}});
  for (const GpuAdapter& adapter : found.all) {
    table.add({adapter.name, adapter.backend, adapter.is_software ? "software" : "hardware",
               std::to_string(adapter.buffer_bytes >> 20) + " MB",
               std::to_string(adapter.workgroup_threads) + " threads, " +
                   std::to_string(adapter.workgroup_bytes >> 10) + " KB",
               yes(adapter.has_f16), yes(adapter.has_subgroups)});
  }
  if (!table.empty()) {
    table.print(context.out, context.style, 2);
    context.out << '\n';
  }
  const DeviceChoice choice = choose_device(found);
  print_wrapped(context.out,
                std::string(found.all.empty() ? "No WebGPU adapter" : "Default device: ") +
                    (found.all.empty() ? ""
                     : choice.on_gpu   ? "webgpu"
                                       : "cpu") +
                    " (" + choice.reason + "). Experiments compute on the CPU.",
                2, context.style.columns);
}

}  // namespace

std::string program_name() {
  return "logit-lab " LAB_VERSION;
}

int devices_command(const CliContext& context) {
  const std::vector<const Kernels*> available = available_kernels();
  const Environment machine = environment(program_name(), kernels(), context.environment.cores);
  const GpuAdapters found = adapters();
  if (context.json) {
    const DeviceChoice choice = choose_device(found);
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
         {"adapters", adapters_json(found)},
         {"default", {{"device", choice.on_gpu ? "webgpu" : "cpu"}, {"reason", choice.reason}}},
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
  context.out << '\n';
  print_adapters(context, found);
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
