// The command line as a person or a script uses it: arguments in, text and an exit status out.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "app/cli.h"
#include "experiment/registry.h"

using namespace lab;

namespace {

struct Answer {
  int status;
  std::string out, err;
};

Answer ask(std::vector<std::string> arguments, std::string input = "") {
  std::istringstream in(input);
  std::ostringstream out, err;
  CliEnvironment environment;
  environment.in = &in;
  environment.columns = 1000;  // no sentence is broken where a test looks for it
  const int status = run_cli(arguments, out, err, environment);
  return {status, out.str(), err.str()};
}

nlohmann::json json(std::vector<std::string> arguments, int status = 0) {
  arguments.push_back("--json");
  const Answer answer = ask(arguments);
  CHECK(answer.status == status);
  return nlohmann::json::parse(answer.out);
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// A folder of its own that goes away.
struct Folder {
  std::filesystem::path path;
  Folder() : path(std::filesystem::temp_directory_path() / "logit-lab-test-cli") {
    std::filesystem::remove_all(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

std::vector<std::string> small_run() {
  return {"run", "lr-gd-perceptron", "--set", "data=four_points", "--set", "gamma=10"};
}

}  // namespace

TEST_CASE("cli: gui becomes the desktop program beside it, or says why not") {
  const Folder folder;
  std::filesystem::create_directories(folder.path);
  std::ostringstream out, err;
  CliEnvironment environment;
  const std::vector<std::string> arguments = {"gui", "lr-gd-perceptron"};
  CHECK(run_cli(arguments, out, err, environment) == exit_status::kMachineFailed);
  CHECK(contains(err.str(), "cannot open a window"));

  std::vector<std::string> given;
  environment.program_folder = folder.path;
  environment.become = [&](const std::filesystem::path& program,
                           std::span<const std::string> words) {
    given = {program.filename().string()};
    given.insert(given.end(), words.begin(), words.end());
    return std::string("no such thing");
  };
  CHECK(run_cli(arguments, out, err, environment) == exit_status::kMachineFailed);
  CHECK(contains(err.str(), "./lab desktop"));
  CHECK(given.empty());

  std::ofstream(folder.path / "logit-lab-desktop") << "";
  CHECK(run_cli(arguments, out, err, environment) == exit_status::kMachineFailed);
  CHECK(given == std::vector<std::string>{"logit-lab-desktop", "lr-gd-perceptron"});
  CHECK(contains(err.str(), "no such thing"));
}

TEST_CASE("cli: every verb answers, in text and in JSON") {
  CHECK(contains(ask({"list"}).out, "lr-gd-perceptron"));
  CHECK(contains(ask({"describe", "lr-gd-perceptron"}).out, "gamma"));
  CHECK(contains(ask({"devices"}).out, "strict/"));
  CHECK(contains(ask({"devices"}).out, "Experiments compute on the CPU"));
  CHECK(json({"devices"})["adapters"].is_array());
  CHECK(!json({"devices"})["default"]["reason"].get<std::string>().empty());
  CHECK(contains(ask({"version"}).out, "logit-lab"));
  CHECK(contains(ask({"help"}).out, "reproduce"));
  CHECK(contains(ask({"help", "run"}).out, "--sweep"));
  CHECK(contains(ask({"data", "list"}).out, "wdbc"));
  for (const char* verb : {"list", "devices", "version"}) CHECK(json({verb}).is_object());
  CHECK(json({"describe", "lr-gd-perceptron"})["claims"].size() ==
        find_experiment("lr-gd-perceptron").claims.size());
}

TEST_CASE("cli: a run gives its numbers and its digest, whatever the order of options") {
  const Answer text = ask(small_run());
  CHECK(text.status == 0);
  CHECK(contains(text.out, "batch_perceptron"));
  const nlohmann::json first = json(small_run());
  const nlohmann::json other =
      json({"run", "--set=gamma=1e1", "--set=data=four_points", "lr-gd-perceptron"});
  CHECK(first["digest"] == other["digest"]);
  CHECK(contains(text.out, first["digest"].get<std::string>()));
  CHECK(first["seeds"][0]["values"]["lr_gd/iterations"] == 8);
  CHECK(first["seeds"][0]["values"]["batch_perceptron/iterations"] == 5);
}

TEST_CASE("cli: a config file and standard input are other ways to say the same") {
  const Answer answer =
      ask({"run", "lr-gd-perceptron", "--config", "-", "--json"},
          R"({"experiment": "lr-gd-perceptron", "set": {"data": "four_points", "gamma": 10}})");
  CHECK(answer.status == 0);
  CHECK(nlohmann::json::parse(answer.out)["digest"] == json(small_run())["digest"]);
}

TEST_CASE("cli: wrong input is exit status 2, with what, where and what would be right") {
  struct Case {
    std::vector<std::string> arguments;
    std::vector<std::string> says;
  };
  const std::vector<Case> cases = {
      {{"rum"}, {"rum", "run"}},
      {{"run"}, {"ID"}},
      {{"run", "lr-gd-perceptorn"}, {"'lr-gd-perceptron'"}},
      {{"run", "lr-gd-perceptron", "--set", "gama=3"}, {"'gama'", "'gamma'"}},
      {{"run", "lr-gd-perceptron", "--set", "gamma=fast"}, {"gamma", "a number from 0.001"}},
      {{"run", "lr-gd-perceptron", "--set", "gamma"}, {"gamma"}},
      {{"run", "lr-gd-perceptron", "--sete", "gamma=1"}, {"--set"}},
      {{"run", "lr-gd-perceptron", "--seeds", "0"}, {"seeds"}},
      {{"run", "lr-gd-perceptron", "--seed", "9007199254740992"}, {"seed"}},
      {{"run", "lr-gd-perceptron", "--config", "no such file"}, {"no such file"}},
      {{"run", "lr-gd-perceptron", "--set", "data=file:nowhere.csv"}, {"nowhere.csv"}},
      {{"reproduce", "lr-gd-perceptron", "--claim", "redution"}, {"reduction"}},
      {{"data", "describe", "wdcb"}, {"'wdbc'"}},
      {{"data", "import", "nowhere.csv"}, {"nowhere.csv"}},
      {{"bench", "exq"}, {"exp"}},
  };
  for (const Case& one : cases) {
    CAPTURE(one.arguments.back());
    const Answer answer = ask(one.arguments);
    CHECK(answer.status == 2);
    CHECK(answer.out.empty());
    for (const std::string& part : one.says) CHECK_MESSAGE(contains(answer.err, part), answer.err);
    std::vector<std::string> as_json = one.arguments;
    const nlohmann::json error = json(as_json, 2);
    CHECK_FALSE(error["error"]["problem"].get<std::string>().empty());
  }
  const Answer broken = ask({"run", "lr-gd-perceptron", "--config", "-"}, "{\n  \"set\": [1,]\n}");
  CHECK(broken.status == 2);
  CHECK_MESSAGE(contains(broken.err, ":2:13"), broken.err);
}

TEST_CASE("cli: results are kept in a folder, and never overwritten unasked") {
  const Folder folder;
  std::vector<std::string> run = small_run();
  run.insert(run.end(), {"--out", folder.path.string()});
  CHECK(ask(run).status == 0);
  for (const char* file : {"config.json", "result.json", "run.jsonl"}) {
    CHECK(std::filesystem::exists(folder.path / file));
  }
  std::ifstream stored(folder.path / "result.json");
  const nlohmann::json result = nlohmann::json::parse(stored);
  CHECK(result["digest"] == json(small_run())["digest"]);
  CHECK(result.contains("environment"));
  CHECK(ask(run).status == 2);
  run.push_back("--force");
  CHECK(ask(run).status == 0);
}

TEST_CASE("cli: claims are checked against stored verdicts, and a stale one is named") {
  const Folder folder;
  const std::vector<std::string> few = {"reproduce", "lr-gd-perceptron", "--claim",
                                        "reduction", "--claim",          "loss-unreliable"};
  std::vector<std::string> write = {"reproduce", "lr-gd-perceptron", "--seeds",
                                    "2",         "--write",          folder.path.string()};
  CHECK(ask(write).status == 0);
  std::vector<std::string> check = few;
  check.insert(check.end(), {"--check", folder.path.string()});
  CHECK(ask(check).status == 0);

  const std::filesystem::path file = folder.path / "lr-gd-perceptron.json";
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  std::string changed = text.str();
  const std::string value = nlohmann::json::parse(changed)["claims"][3]["seeds"][0]["value"].dump();
  const std::size_t at = changed.find(value);
  REQUIRE(at != std::string::npos);
  changed.replace(at, value.size(), "0.25");
  std::ofstream(file) << changed;
  const Answer stale = ask(check);
  CHECK(stale.status == 1);
  CHECK_MESSAGE(contains(stale.out + stale.err, "reduction"), (stale.out + stale.err));
}

TEST_CASE("cli: a sweep has one line for each value") {
  const nlohmann::json sweep =
      json({"run", "lr-gd-perceptron", "--set", "data=four_points", "--sweep", "gamma=1,10,1000"});
  CHECK(sweep["points"].size() == 3);
  const Answer text =
      ask({"run", "lr-gd-perceptron", "--set", "data=four_points", "--sweep", "gamma=1,10,1000"});
  CHECK(text.status == 0);
  CHECK(contains(text.out, "1000"));
}

TEST_CASE("cli: a run prints a link that gives the same bits, or says that it does not") {
  std::vector<std::string> arguments = small_run();
  arguments.insert(arguments.end(), {"--until", "3", "--seed", "5", "--seeds", "2"});
  const nlohmann::json first = json(arguments);
  const std::string link = first["link"];
  CHECK(link.starts_with(
      "lr-gd-perceptron?data=four_points&gamma=10&seed=5&seeds=2&schema=1&step=3"));
  CHECK(first["seeds"][0]["step"] == 3);
  const nlohmann::json again = json({"run", "--link", "https://lab.example/page#" + link});
  CHECK(again["digest"] == first["digest"]);
  CHECK(again["comparison"]["same"] == true);
  const std::string other = link.substr(0, link.size() - 16) + "0123456789abcdef";
  CHECK(json({"run", "--link", other}, 1)["comparison"]["same"] == false);
  CHECK(contains(ask({"run", "--link", other}).out, "Other bits than in the link"));
  CHECK(ask({"run", "--link", "lr-gd-perceptron?gama=1"}).status == 2);
  CHECK(contains(ask({"run", "--link", link, "--seed", "1"}).err, "does not go with --link"));
}

TEST_CASE("cli: a run file is written, read as a config, and checked") {
  const Folder folder;
  std::vector<std::string> arguments = small_run();
  arguments.insert(arguments.end(), {"--seeds", "2", "--out", folder.path.string()});
  const nlohmann::json first = json(arguments);
  const std::string file = (folder.path / "lr-gd-perceptron.lab.json").string();
  CHECK(json({"run", "--config", file})["digest"] == first["digest"]);
  CHECK(json({"check", file})["same"] == true);
  CHECK(contains(ask({"check", file}).out, "seed 1, "));
  CHECK(contains(ask({"check", file}).out, "same bits"));
  std::ifstream in(file);
  nlohmann::json document = nlohmann::json::parse(in);
  document["runs"][1]["digest"] = std::string(64, '0');
  document["runs"][1]["values"]["lr_gd/iterations"] = 9;
  std::ofstream(file) << document;
  CHECK(json({"check", file}, 1)["runs"][1]["differences"][0] ==
        "lr_gd/iterations is 8 instead of 9");
  document["runs"].erase(1);
  std::ofstream(file) << document;
  CHECK(contains(ask({"check", file}).err, "runs: 1 runs"));
}

TEST_CASE("cli: a model is trained, resumed to the same digest, and kept from being overwritten") {
  const Folder folder;
  std::filesystem::create_directories(folder.path);
  const std::string text = (folder.path / "rhyme.txt").string();
  std::ofstream out(text);
  for (int i = 0; i < 40; ++i)
    out << "one for the master and one for the dame, number " << i << "\n";
  out.close();
  const std::string model = (folder.path / "model").string();
  const auto train = [&](const std::string& into, const std::string& steps,
                         std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"train", text, "--out", into, "--set", "steps=" + steps};
    for (const char* field : {"vocabulary=300", "context=16", "width=16", "heads=2", "layers=1",
                              "batch=4", "warm_up=2", "held_out=0.2"})
      arguments.insert(arguments.end(), {"--set", field});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  };
  const nlohmann::json whole = json(train(model, "12"));
  CHECK(whole["steps"] == 12);
  CHECK(whole["loss"] < 5.6);
  CHECK(whole["held_out_loss"] < std::log(300.0));
  for (const char* name : {"config.json", "vocab.json", "merges.txt", "model.safetensors"})
    CHECK(std::filesystem::exists(folder.path / "model" / name));

  CHECK(contains(ask(train(model, "12")).err, "there is a model already"));
  CHECK(json(train(model, "12", {"--resume"}))["digest"] == whole["digest"]);
  CHECK(contains(ask(train(model, "13", {"--resume"})).err, "of other settings"));
  CHECK(contains(ask(train(model, "12", {"--seed", "1", "--resume"})).err, "of other settings"));

  // It goes on with a text, the same each time.
  const std::vector<std::string> generate = {"generate", model, "--prompt", "one for",
                                             "--length", "40",  "--top-k",  "20"};
  const nlohmann::json made = json(generate);
  CHECK(made["tokens"] <= 40);
  CHECK(json(generate) == made);
  CHECK(ask(generate).out == "one for" + made["text"].get<std::string>() + "\n");
  CHECK(contains(ask({"generate", model, "--top-p", "2"}).err, "a number from 0.000001 to 1"));
  CHECK(contains(ask({"generate", folder.path.string()}).err, "config.json"));

  // Trained further, with its own tokens and shape.
  const auto further = [&](const std::string& from, const char* set) {
    return std::vector<std::string>{
        "train",  text,        "--from", from, "--set", "steps=3",
        "--set",  "warm_up=1", "--set",  set,  "--out", (folder.path / "further").string(),
        "--force"};
  };
  const nlohmann::json more = json(further(model, "held_out=0.2"));
  CHECK(more["from"] == "model");
  CHECK(more["config"]["set"]["width"] == 16);
  CHECK(more["held_out_loss"] < whole["held_out_loss"]);
  CHECK(more == json(further(model + "/", "held_out=0.2")));
  CHECK(contains(ask(further(model, "width=32")).err, "16 as in the model of --from"));
  CHECK(contains(ask(further("nowhere", "held_out=0")).err, "nowhere/config.json"));
  CHECK(contains(ask(further("model:small", "held_out=0")).err, "no language model 'small'"));
  CHECK(contains(ask({"generate", "model:large"}).err, "there is no language model 'large'"));
  CHECK(contains(ask({"train", "corpus:novel", "--out", model, "--force"}).err, "'novels'"));

  // Stopped after five steps.
  const std::string part = (folder.path / "part").string();
  int asked = 0;
  std::ostringstream first, error;
  CliEnvironment environment;
  environment.interrupted = [&] { return ++asked > 5; };
  CHECK(run_cli(train(part, "12"), first, error, environment) == exit_status::kInterrupted);
  CHECK(json(train(part, "12", {"--resume"}))["digest"] == whole["digest"]);

  CHECK(
      contains(ask(train(part, "12", {"--force", "--set", "heads=3"})).err, "a multiple of heads"));
  CHECK(contains(ask(train(part, "1", {"--force"})).err, "at most steps"));
  CHECK(contains(ask(train(part, "9", {"--force", "--set", "stepz=3"})).err, "stepz"));
  CHECK(contains(ask({"train", text}).err, "no folder is named"));
  CHECK(contains(ask({"help", "train"}).out, "largest_norm=1"));
}

TEST_CASE("cli: a backend is asked for where there can be one, else it is said why not") {
  const auto refused = [](std::vector<std::string> more, std::string_view why) {
    std::vector<std::string> arguments = small_run();
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Answer answer = ask(arguments);
    CHECK(answer.status == 2);
    CHECK_MESSAGE(contains(answer.err, why), answer.err);
  };
  refused({"--backend", "webgpo"}, "webgpu");
  refused({"--backend", "webgpu"}, "lr-gd-perceptron computes on the CPU alone");
  refused({"--on-device-failure", "stop"}, "--backend webgpu or auto beside it");
  refused({"--backend", "auto", "--sweep", "gamma=1,2"}, "a sweep computes on the CPU");
  CHECK(contains(ask({"describe", "lr-gd-cycles"}).out, "--backend webgpu"));
}

TEST_CASE(
    "cli: with --backend auto a run says where it was computed, and has bits only on the CPU") {
  std::vector<std::string> arguments = {
      "run",   "lr-gd-step-size-map", "--set", "columns=6", "--set", "rows=3",
      "--set", "half_gap_from=0.1"};
  const nlohmann::json strict = json(arguments);
  CHECK_FALSE(strict.contains("device"));
  arguments.insert(arguments.end(), {"--backend", "auto"});
  const nlohmann::json chosen = json(arguments);
  CHECK_FALSE(chosen["device_reason"].get<std::string>().empty());
  const bool on_cpu = chosen["device"] == "";
  CHECK((chosen["digest"] == strict["digest"]) == on_cpu);
  CHECK(contains(chosen["link"].get<std::string>(), "digest=") == on_cpu);
  CHECK(contains(ask(arguments).out, chosen["device_reason"].get<std::string>().substr(0, 20)));
}

#ifndef __EMSCRIPTEN__
TEST_CASE(
    "cli: a run on WebGPU names its adapter and is near the CPU's, where there is an adapter") {
  const std::vector<std::string> few = {"run", "lr-gd-cycles", "--set", "columns=12"};
  const nlohmann::json strict = json(few);
  const Folder folder;
  std::vector<std::string> arguments = few;
  arguments.insert(arguments.end(), {"--backend", "webgpu", "--out", folder.path.string()});
  const nlohmann::json ran = json(arguments);
  if (ran["device"] == "") {
    std::printf("  skipped: %s\n", ran["device_reason"].get<std::string>().c_str());
    return;
  }
  CHECK(contains(ran["device"].get<std::string>(), "WebGPU ("));
  const auto value = [](const nlohmann::json& document, const char* name) {
    return document["seeds"][0]["values"][name].get<double>();
  };
  CHECK(value(ran, "optimum/loss") == value(strict, "optimum/loss"));
  CHECK(value(ran, "descent/mean_loss") ==
        doctest::Approx(value(strict, "descent/mean_loss")).epsilon(0.01));
  const std::string file = (folder.path / "lr-gd-cycles.lab.json").string();
  const Answer checked = ask({"check", file});
  CHECK(checked.status == 2);
  CHECK(contains(checked.err, "which has no bits to compare with"));
  CHECK(json({"run", "--config", file})["digest"] == strict["digest"]);
}
#endif
