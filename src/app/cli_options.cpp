#include "app/cli_options.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "app/cli_verbs.h"
#include "core/error.h"
#include "core/names.h"
#include "data/text.h"

namespace lab {

namespace {

constexpr std::string_view kWhere = "command line";

std::vector<VerbSpec> make_verbs() {
  const OptionSpec set{"set", "NAME=VALUE", "gives a field a value other than its default", true};
  const OptionSpec workers{"workers", "N", "threads; default: as many as there are cores"};
  const OptionSpec math{"math", "strict|fast",
                        "strict: the same bits everywhere; fast: this machine's best"};
  const OptionSpec backend{"backend", "cpu|webgpu|auto",
                           "cpu (default): the same bits everywhere; auto: what is faster here"};
  const OptionSpec on_device_failure{"on-device-failure", "continue|stop",
                                     "continue (default): on the CPU, from what is recorded"};
  const OptionSpec force{"force", "", "overwrites what is there"};
  return {
      {.name = "list",
       .arguments = "",
       .summary = "the experiments, with the verdicts on their claims",
       .details =
           "Verdicts are those of the last `reproduce --write`. Without a stored verdict the "
           "number of claims is shown.",
       .options = {{"verdicts", "DIR", "where the stored verdicts are; default: found by itself"}},
       .examples = {"logit-lab list"}},
      {.name = "describe",
       .arguments = "ID",
       .summary = "what an experiment does, can be set to, records and claims",
       .details = "",
       .least_arguments = 1,
       .most_arguments = 1,
       .options = {},
       .examples = {"logit-lab describe lr-gd-perceptron"}},
      {.name = "run",
       .arguments = "ID",
       .summary = "an experiment with any settings, over any number of seeds",
       .details =
           "Settings come from the defaults, then from --config, then from --set. A config is "
           "JSON: "
           "{\"experiment\": ID, \"schema\": VERSION, \"set\": {NAME: VALUE, ...}, \"seed\": S, "
           "\"seeds\": N}; all but the experiment may be left out. ID may be left out when the "
           "config "
           "names it. FILE may also be a run file (NAME.lab.json), whose runs are then made "
           "again.\n\n"
           "--link takes a link as the program prints it at the end of a run, or the address of a "
           "page that shows one. If it has a digest, the first seed's is compared with it.\n\n"
           "--out DIR writes config.json (the resolved config in canonical form), run.jsonl (the "
           "log, "
           "appended to while the run goes on), result.json (results, digests and environment) "
           "and, "
           "unless it is a sweep, series-SEED.csv (every recorded series) and ID.lab.json (a run "
           "file, with all of it).\n\n"
           "--backend webgpu computes on a graphics processor where the experiment can (describe "
           "ID "
           "says so). Such a run is near the CPU's and has no bits to compare; its device is named "
           "with every result. When the device fails the rest is computed on the CPU, or the run "
           "stops there (exit status 3); what was recorded is kept.",
       .least_arguments = 0,
       .most_arguments = 1,
       .options = {set,
                   {"config", "FILE", "reads settings from a JSON file; - reads standard input"},
                   {"link", "LINK", "reads everything from a link; 1 if its digest is another"},
                   {"until", "STEP", "stops there; default: at the run's end"},
                   {"seed", "S", "the first seed; default 0"},
                   {"seeds", "N", "how many seeds, from the first on; default 1"},
                   {"sweep", "NAME=V1,V2,...", "runs every one of these values of a field"},
                   {"out", "DIR", "writes config, log, results and series into this folder"},
                   force,
                   workers,
                   math,
                   backend,
                   on_device_failure},
       .examples = {"logit-lab run lr-gd-perceptron",
                    "logit-lab run lr-gd-perceptron --set gamma=1e6 --seeds 20 --out result",
                    "logit-lab run lr-gd-perceptron --sweep gamma=0.1,1,10,100,1000",
                    "logit-lab run --link 'lr-gd-perceptron?data=moons&gamma=10&seed=7'"}},
      {.name = "render",
       .arguments = "ID --figure NAME",
       .summary = "one figure of an experiment as SVG or CSV, and in words",
       .details =
           "Runs the experiment and draws the figure as the page does: with several seeds "
           "each is a faint line under their mean with its 95 % interval. The words are those "
           "that a screen reader says.",
       .least_arguments = 0,
       .most_arguments = 1,
       .options = {{"figure", "NAME", "which one: describe ID lists them"},
                   {"out", "FILE", "where to: FILE.svg or FILE.csv"},
                   {"size", "WxH", "of the picture in pixels; default 720x440"},
                   {"theme", "T", "light (default) or dark"},
                   set,
                   {"config", "FILE", "reads settings from a JSON file; - reads standard input"},
                   {"seed", "S", "the first seed; default 0"},
                   {"seeds", "N", "how many seeds, from the first on; default 1"},
                   workers,
                   math,
                   backend,
                   on_device_failure},
       .examples = {"logit-lab render lr-gd-perceptron --figure loss --out loss.svg",
                    "logit-lab render lr-gd-perceptron --set data=moons --figure boundary --out "
                    "moons.svg"}},
      {.name = "reproduce",
       .arguments = "[ID...]",
       .summary = "checks the papers' claims over seeds and gives verdicts",
       .details =
           "Every claim is measured on seeds 0, 1, ... An identity or a bound is reproduced if no "
           "seed "
           "violates it. An effect or a trend is reproduced if the 95 % bootstrap interval of its "
           "mean "
           "over seeds lies beyond the threshold, not reproduced if it lies wholly on the other "
           "side, "
           "and otherwise not decided (as with fewer than 5 seeds).\n\n"
           "Exit status 1: a claim is not reproduced, or --check found a difference. An effect or "
           "a "
           "trend that the checked verdicts already call not reproduced is known, and not a "
           "failure; "
           "an identity or a bound that is violated always is one. Not decided is no failure.",
       .least_arguments = 0,
       .most_arguments = SIZE_MAX,
       .options = {{"all", "", "the claims of every experiment"},
                   {"claim", "C", "only this claim", true},
                   {"seeds", "N", "how many seeds; default: as many as each claim asks for"},
                   {"write", "DIR", "stores the verdicts as DIR/ID.json"},
                   {"check", "DIR", "compares claims and every seed with the verdicts in DIR"},
                   workers},
       .examples = {"logit-lab reproduce lr-gd-perceptron",
                    "logit-lab reproduce --all --seeds 3 --check examples/verdicts"}},
      {.name = "check",
       .arguments = "FILE",
       .summary = "runs again what is in a run file: the same bits?",
       .details =
           "FILE is a NAME.lab.json of `run --out` or of the workbench. What differs is said, "
           "first where it begins. Exit status 1: something differs.",
       .least_arguments = 1,
       .most_arguments = 1,
       .options = {workers},
       .examples = {"logit-lab check result/lr-gd-perceptron.lab.json"}},
      {.name = "data",
       .arguments = "list | describe NAME | import FILE",
       .summary = "the data sets, texts and language models that can be used, and your own",
       .details = "import reads a table (CSV, ARFF, NPY, NPZ or IDX, also gzipped) and says what "
                  "is in it. An "
                  "experiment learns from it with --set data=file:FILE.",
       .least_arguments = 1,
       .most_arguments = 2,
       .options = {},
       .examples = {"logit-lab data list", "logit-lab data import my.csv"}},
      {.name = "train",
       .arguments = "TEXT...",
       .summary = "a small language model on texts of your own",
       .details = training_help(),
       .least_arguments = 1,
       .most_arguments = SIZE_MAX,
       .options = {{"out", "DIR", "where the model goes"},
                   {"from", "MODEL",
                    "trains this model further: its folder, or model:ID of a shipped one"},
                   set,
                   {"config", "FILE", "reads settings from a JSON file"},
                   {"seed", "S", "of the initial numbers and the windows; default 0"},
                   {"resume", "", "goes on from the checkpoint in DIR"},
                   force},
       .examples = {"logit-lab train poems.txt --out poems",
                    "logit-lab train a.txt b.txt --set steps=5000 --set width=128 --out both",
                    "logit-lab train corpus:novels --from model:small-base --out novels"}},
      {.name = "generate",
       .arguments = "MODEL",
       .summary = "goes on with a text as a model does",
       .details =
           "MODEL is a folder with config.json, vocab.json, merges.txt and model.safetensors of a "
           "model of the GPT-2 family, as `train` writes them, or model:ID for a shipped one (see "
           "`data list`). Logits are changed in this order: penalty, "
           "temperature, top-k, top-p, min-p; then a token is drawn. Ends at <|endoftext|>.",
       .least_arguments = 1,
       .most_arguments = 1,
       .options = {{"prompt", "TEXT", "what to go on with; default: the beginning of a text"},
                   {"length", "N", "at most so many tokens; default 100"},
                   {"temperature", "T", "divides the logits; 0: always the most likely; default 1"},
                   {"top-k", "N", "only the N most likely"},
                   {"top-p", "P", "only the fewest that are together so likely"},
                   {"min-p", "P", "only those so likely as this share of the most likely one"},
                   {"repetition-penalty", "R", "for tokens that are there already; default 1"},
                   {"seed", "S", "of the draws; default 0"}},
       .examples = {"logit-lab generate model:large-novels --prompt 'Mr. Darcy'",
                    "logit-lab generate poems --prompt 'The sea' --temperature 0.8 --top-p 0.95"}},
      {.name = "gui",
       .arguments = "[ID]",
       .summary = "the workbench in a window of the desktop",
       .details =
           "Starts the program logit-lab-desktop, which lies beside this one. ID may also be a "
           "link; without it the window shows what was open last. The program is over when the "
           "window is closed.",
       .most_arguments = 1,
       .options = {},
       .examples = {"logit-lab gui", "logit-lab gui lr-gd-perceptron"}},
      {.name = "manifest",
       .arguments = "",
       .summary = "the files that a page shows before its engine is loaded",
       .details =
           "DIR/manifest.json lists the experiments with the counts of their verdicts; "
           "DIR/experiments has each one's description, ID.json, and a whole first run of its "
           "defaults, ID.frames.",
       .options = {{"out", "DIR", "where they go"},
                   {"verdicts", "DIR", "where the stored verdicts are; default: found by itself"},
                   workers},
       .examples = {"logit-lab manifest --out site"}},
      {.name = "bench",
       .arguments = "[NAME...]",
       .summary = "how fast this machine computes",
       .details =
           "Each figure stands beside a plain loop of the same run. Budgets are upper limits of "
           "the medians; a miss is shown and is no failure.",
       .least_arguments = 0,
       .most_arguments = SIZE_MAX,
       .options = {{"quick", "", "shorter measurements, smaller matrices"},
                   {"all-cores", "", "every core does the same at once; default: one core"},
                   {"compared", "", "only what other programs are compared at"}},
       .examples = {"logit-lab bench --quick", "logit-lab bench gemm"}},
      {.name = "devices",
       .arguments = "",
       .summary = "what this machine computes with",
       .details =
           "Tables of kernels for this processor, and the adapters that WebGPU finds. Experiments "
           "compute on the CPU, with the same bits everywhere, unless --backend says otherwise; no "
           "result is ever taken from an adapter unless its name is said with it.",
       .options = {},
       .examples = {"logit-lab devices --json"}},
      {.name = "version",
       .arguments = "",
       .summary = "the version of this program and how it was built",
       .details = "",
       .options = {},
       .examples = {}},
      {.name = "help",
       .arguments = "[VERB]",
       .summary = "this, or all about one verb",
       .details = "",
       .least_arguments = 0,
       .most_arguments = 1,
       .options = {},
       .examples = {"logit-lab help run"}},
  };
}

const OptionSpec* find_option(const VerbSpec& verb, std::string_view name) {
  for (const OptionSpec& option : verb.options)
    if (option.name == name) return &option;
  for (const OptionSpec& option : common_options())
    if (option.name == name) return &option;
  return nullptr;
}

std::string dashed(std::string_view name) {
  return "--" + std::string(name);
}

[[noreturn]] void unknown_option(const VerbSpec& verb, std::string_view name) {
  std::vector<std::string> names;
  for (const OptionSpec& option : verb.options) names.push_back(dashed(option.name));
  for (const OptionSpec& option : common_options()) names.push_back(dashed(option.name));
  const std::string wrong = dashed(name);
  throw Error("unknown option " + quoted(wrong) + " of " + std::string(verb.name),
              std::string(kWhere), expected_name(wrong, names));
}

// What an option or an argument is called in a usage line.
std::string usage_of(const VerbSpec& verb) {
  std::string text = "logit-lab " + std::string(verb.name);
  if (!verb.arguments.empty()) text += " " + std::string(verb.arguments);
  return text;
}

}  // namespace

std::span<const VerbSpec> verbs() {
  static const std::vector<VerbSpec> table = make_verbs();
  return table;
}

std::span<const OptionSpec> common_options() {
  static const std::vector<OptionSpec> table = {
      {"json", "", "one JSON document on standard output, and nothing else there"},
      {"quiet", "", "no progress"},
      {"help", "", "what this verb does and takes"},
  };
  return table;
}

const VerbSpec& find_verb(std::string_view name) {
  std::vector<std::string> names;
  for (const VerbSpec& verb : verbs()) {
    if (verb.name == name) return verb;
    names.emplace_back(verb.name);
  }
  throw Error("unknown verb " + quoted(name), std::string(kWhere), expected_name(name, names));
}

std::optional<std::string> Arguments::value(std::string_view option) const {
  const auto found = values_.find(option);
  if (found == values_.end()) return std::nullopt;
  return found->second.front();
}

std::span<const std::string> Arguments::values(std::string_view option) const {
  const auto found = values_.find(option);
  if (found == values_.end()) return {};
  return found->second;
}

Arguments parse_arguments(const VerbSpec& verb, std::span<const std::string> args) {
  Arguments result;
  bool options_end = false;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string& arg = args[i];
    if (options_end || arg.size() < 2 || arg[0] != '-') {
      result.positional_.push_back(arg);
      continue;
    }
    if (arg == "--") {
      options_end = true;
      continue;
    }
    if (arg[1] != '-' && arg != "-h") {
      throw Error(
          "unknown option " + quoted(arg) + " of " + std::string(verb.name), std::string(kWhere),
          "an option with two hyphens; an argument that begins with a hyphen stands after --");
    }
    const std::string_view text = arg == "-h" ? "help" : std::string_view(arg).substr(2);
    const std::size_t equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    const OptionSpec* option = find_option(verb, name);
    if (!option) unknown_option(verb, name);

    std::string value;
    if (option->value.empty()) {
      if (equals != std::string_view::npos)
        throw Error(dashed(name) + " takes no value", std::string(kWhere), dashed(name) + " alone");
    } else if (equals != std::string_view::npos) {
      value = text.substr(equals + 1);
    } else {
      const bool given = i + 1 < args.size() && !args[i + 1].starts_with("--");
      if (!given)
        throw Error(dashed(name) + " has no value", std::string(kWhere),
                    dashed(name) + " " + std::string(option->value));
      value = args[++i];
    }
    std::vector<std::string>& values = result.values_[std::string(name)];
    if (!values.empty() && !option->repeats)
      throw Error(dashed(name) + " is given twice", std::string(kWhere), "it once");
    values.push_back(std::move(value));
  }

  if (result.has("help")) return result;
  const std::size_t count = result.positional_.size();
  if (count < verb.least_arguments)
    throw Error(std::string(verb.name) + " lacks an argument", std::string(kWhere), usage_of(verb));
  if (count > verb.most_arguments)
    throw Error("argument " + quoted(result.positional_[verb.most_arguments]) + " is one too many",
                std::string(kWhere), usage_of(verb));
  return result;
}

std::uint64_t parse_whole(std::string_view text, std::string_view option, std::uint64_t least,
                          std::uint64_t most) {
  std::uint64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc{} || end != text.data() + text.size() || number < least || number > most)
    throw Error(quoted(text) + " is not possible here", dashed(option),
                "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return number;
}

}  // namespace lab
