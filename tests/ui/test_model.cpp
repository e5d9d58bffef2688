#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "allocations.h"
#include "compute/late_backend.h"
#include "data/sources.h"
#include "data/store.h"
#include "experiment/registry.h"
#include "session/local_engine.h"
#include "session/run_file.h"
#include "ui/model.h"

using namespace lab;

namespace {

// A model over a session that works in this thread, as a page's does in its worker.
struct Bench {
  double now = 0;
  DataStore data{folder_source(data_folders(""))};
  LocalEngine engine;
  std::map<std::string, nlohmann::json> descriptions;
  Catalogue catalogue;
  Model model{engine, catalogue};

  explicit Bench(std::span<const Experiment> list = experiments())
      : engine(
            SessionOptions{.data = &data, .find = find_in(list), .clock = [this] { return now; }}) {
    for (const Experiment& experiment : list) {
      descriptions[experiment.id] = description_json(experiment);
      catalogue.cards.push_back({.id = experiment.id,
                                 .title = experiment.title,
                                 .family = experiment.family,
                                 .paper = experiment.paper.title,
                                 .claim = ""});
    }
    catalogue.description = [this](std::string_view id) -> const nlohmann::json* {
      const auto found = descriptions.find(std::string(id));
      return found != descriptions.end() ? &found->second : nullptr;
    };
    catalogue.first_run = [](std::string_view) -> const std::vector<std::byte>* { return nullptr; };
    model.set_engine_ready(true);
  }

  void frame(double seconds = 0.1) {
    now += seconds;
    model.update(now);
    while (engine.session().pump(256)) {
    }
  }
  // Frames until nothing moves and what came of it has been looked at.
  void settle() {
    for (int i = 0; i < 6; ++i) frame();
    for (int i = 0; i < 2000 && model.moving(); ++i) frame();
    for (int i = 0; i < 4; ++i) frame();
  }
  void open(std::string_view fragment) {
    model.open(decode_link(fragment));
    settle();
  }
  std::string notice() const {
    auto& self = const_cast<Bench&>(*this);
    return self.model.notices().empty() ? "" : self.model.notices().back().text;
  }
};

constexpr std::string_view kSmall = "lr-gd-perceptron?data=worst_case&samples=100&gamma=10";

}  // namespace

TEST_CASE("a link of an older schema: its settings become today's, with a word about it") {
  // As if gamma had been called eta, and a tenth, in the first version.
  std::vector<Experiment> list = {find_experiment("lr-gd-perceptron")};
  const auto fields = list[0].schema.fields();
  list[0].schema = Schema(2, std::vector<Field>(fields.begin(), fields.end()));
  list[0].migrations = {{.from = 1,
                         .change =
                             [](nlohmann::json set) {
                               if (set.contains("eta")) {
                                 set["gamma"] = 10 * set["eta"].get<double>();
                                 set.erase("eta");
                               }
                               return set;
                             },
                         .note = "eta is gamma now"}};
  Bench bench(list);
  bench.open("lr-gd-perceptron?data=worst_case&samples=100&eta=1&schema=1&seed=3");
  REQUIRE(bench.model.runs().size() == 1);
  CHECK(bench.model.runs()[0].ended);
  CHECK(std::get<double>(bench.model.value("gamma")) == 10);
  CHECK(bench.notice().find("eta is gamma now") != std::string::npos);
  const Link link = bench.model.link();
  CHECK(link.schema == 2);
  CHECK(link.seed == 3);
  CHECK(link.set.at("gamma") == "10");
  CHECK_FALSE(link.set.contains("eta"));
}

TEST_CASE("a link opens, runs to its end, and gives itself back with the digest") {
  Bench bench;
  bench.open(kSmall);
  REQUIRE(bench.model.runs().size() == 1);
  const ShownRun& run = bench.model.runs()[0];
  CHECK(run.ended);
  CHECK(run.digest.size() == 64);
  CHECK(run.records.values().at("lr_gd/iterations") == 55);
  CHECK_FALSE(run.observed.empty());
  const Link link = bench.model.link();
  CHECK(link.set.size() == 3);
  CHECK(link.digest == run.digest.substr(0, 16));

  Bench elsewhere;
  elsewhere.open(encode(link));
  REQUIRE(elsewhere.model.bits());
  CHECK(elsewhere.model.bits_are_same());
  CHECK(*elsewhere.model.bits() == "same bits as in the link");

  Link forged = link;
  forged.digest = "0123456789abcdef";
  elsewhere.open(encode(forged));
  REQUIRE(elsewhere.model.bits());
  CHECK_FALSE(elsewhere.model.bits_are_same());
}

TEST_CASE("changes can be undone and done again; a dragged slider is one change") {
  Bench bench;
  bench.open(kSmall);
  const std::string digest = bench.model.runs()[0].digest;
  bench.model.set("gamma", 11.0, false);
  bench.model.set("gamma", 12.0, true);
  bench.model.set("gamma", 13.0, true);
  bench.settle();
  CHECK(bench.model.runs()[0].digest != digest);
  CHECK(std::get<double>(bench.model.value("gamma")) == 13.0);
  bench.model.undo();
  CHECK(std::get<double>(bench.model.value("gamma")) == 10.0);
  CHECK_FALSE(bench.model.can_undo());
  bench.settle();
  CHECK(bench.model.runs()[0].digest == digest);
  bench.model.redo();
  bench.settle();
  CHECK(std::get<double>(bench.model.value("gamma")) == 13.0);
  CHECK_FALSE(bench.model.can_redo());
}

TEST_CASE("going back and forth ends at the same digest, and keeps what lies ahead on screen") {
  Bench bench;
  bench.open(kSmall);
  const std::string digest = bench.model.runs()[0].digest;
  const std::uint64_t end = bench.model.runs()[0].step;
  bench.model.seek(20);
  bench.settle();
  {
    const ShownRun& run = bench.model.runs()[0];
    CHECK(run.step == 20);
    CHECK_FALSE(run.ended);
    CHECK(run.digest != digest);
    CHECK(run.records.step() == 20);
    CHECK(run.farthest_step() == end);
    CHECK(run.view(true).records->step() == end);
  }
  bench.model.run();
  bench.settle();
  CHECK(bench.model.runs()[0].ended);
  CHECK(bench.model.runs()[0].digest == digest);
  CHECK_FALSE(bench.model.runs()[0].farthest);
}

TEST_CASE("a branch is another run from the same step on") {
  Bench bench;
  bench.open(kSmall);
  bench.model.seek(20);
  bench.settle();
  bench.model.fork({{"gamma", 1000.0}});
  bench.settle();
  REQUIRE(bench.model.runs().size() == 2);
  const ShownRun& branch = bench.model.runs()[1];
  CHECK(branch.parent == 0u);
  CHECK(branch.forked_at == 20);
  CHECK(branch.ended);
  CHECK(bench.model.current() == 1);
  CHECK(bench.model.runs()[0].step == 20);
}

TEST_CASE("a wrong link or file says what is wrong and changes nothing") {
  Bench bench;
  bench.open(kSmall);
  const std::string digest = bench.model.runs()[0].digest;
  bench.open("lr-gd-perceptron?gamma=minus");
  CHECK(bench.notice().find("gamma") != std::string::npos);
  bench.open("no-such-experiment");
  CHECK(bench.notice().find("no-such-experiment") != std::string::npos);
  CHECK(bench.model.wanted() == "lr-gd-perceptron");
  const std::string broken = "a,b,class\n1,2,x\n3,four,y\n5\n";
  const auto bytes = std::as_bytes(std::span(broken));
  bench.model.import("broken.csv", {bytes.begin(), bytes.end()});
  bench.settle();
  CHECK(bench.notice().find("broken.csv") != std::string::npos);
  CHECK(bench.model.runs()[0].digest == digest);
  CHECK(std::get<std::string>(bench.model.value("data")) == "worst_case");
}

TEST_CASE("a dropped file becomes the data set") {
  Bench bench;
  bench.open(kSmall);
  const std::string good = "x1,x2,class\n-1,0,a\n-2,1,a\n1,0,b\n2,0.5,b\n";
  const auto bytes = std::as_bytes(std::span(good));
  bench.model.import("four.csv", {bytes.begin(), bytes.end()});
  bench.settle();
  CHECK(std::get<std::string>(bench.model.value("data")) == "file:four.csv");
  REQUIRE(bench.model.runs().size() == 1);
  CHECK(bench.model.runs()[0].records.values().at("data/samples") == 4);
  CHECK(bench.model.can_undo());
}

TEST_CASE("claims are measured and judged on demand") {
  Bench bench;
  bench.open(kSmall);
  bench.model.reproduce({"batch-lower-bound"});
  for (int i = 0; i < 50; ++i) bench.frame();
  const ClaimState& claim = bench.model.claims().at("batch-lower-bound");
  REQUIRE(claim.result);
  CHECK(claim.result->verdict == Verdict::reproduced);
  CHECK_FALSE(claim.asked);
}

TEST_CASE("several seeds are several runs") {
  Bench bench;
  bench.open("lr-gd-perceptron?data=gaussians&samples=40&seeds=3&seed=5");
  REQUIRE(bench.model.runs().size() == 3);
  CHECK(bench.model.runs()[2].seed == 7);
  const std::vector<Figure>& figures = bench.model.experiment()->figures;
  const Figure& figure = *std::ranges::find(figures, "loss", &Figure::name);
  std::vector<RunView> views;
  for (const ShownRun& run : bench.model.runs()) views.push_back(run.view(true));
  const FigureData data = figure_data(figure, bench.model.methods(), views);
  REQUIRE_FALSE(data.lines.empty());
  CHECK(data.lines[0].curves.size() == 3);
  CHECK_FALSE(data.lines[0].mean.x.empty());
}

TEST_CASE(
    "whatever figures are made of changes the revision, and a frame in which nothing happens does "
    "not") {
  Bench bench;
  bench.open(kSmall);
  std::uint64_t revision = bench.model.revision();
  const auto changed = [&] {
    const std::uint64_t before = revision;
    revision = bench.model.revision();
    return revision != before;
  };
  bench.frame();
  CHECK_FALSE(changed());
  bench.model.pin();
  CHECK(changed());
  bench.model.unpin(0);
  CHECK(changed());
  bench.model.show_run(0);
  CHECK(changed());
  bench.model.set("gamma", 20.0, false);
  CHECK(changed());
  bench.settle();
  CHECK(changed());
  bench.model.undo();
  CHECK(changed());
  bench.model.redo();
  CHECK(changed());
  bench.settle();
  changed();
  bench.model.seek(3);
  bench.settle();
  CHECK(changed());
}

TEST_CASE("a device is asked for where the experiment can, its name stands beside the run, no link has its bits") {
  std::vector<Experiment> list = {find_experiment("lr-gd-cycles"),
                                  find_experiment("lr-gd-perceptron")};
  std::shared_ptr<LateBackend> device;
  list[0].backend = BackendUse{.refusal = {},
                               .open =
                                   [&](bool, Clock, BackendChosen done) {
                                     device = std::make_shared<LateBackend>(1);
                                     done({device, "a test has one", {}});
                                   },
                               .poll = [&] { device->poll(); }};
  Bench bench(list);
  CHECK(bench.descriptions["lr-gd-cycles"]["backends"].size() == 2);
  bench.open("lr-gd-cycles?columns=20&burn_in=50");
  REQUIRE(bench.model.runs().size() == 1);
  CHECK(bench.model.device().empty());
  const std::optional<std::string> of_cpu = bench.model.link().digest;
  CHECK(of_cpu);

  bench.model.set_backend(BackendWish::webgpu);
  bench.settle();
  CHECK(bench.model.runs()[0].ended);
  CHECK(bench.model.device() == "a late device");
  CHECK(bench.model.device_reason() == "a test has one");
  CHECK_FALSE(bench.model.link().digest);
  const RunFile file = read_run_file(*bench.model.run_file({}), "file");
  CHECK(file.environment.device == "a late device");

  // Where the device has gone the next run finds out, and goes on.
  device->fail({DeviceFailure::Reason::lost, "the device was lost: a test took it"});
  bench.model.set("columns", std::int64_t{30}, false);
  bench.settle();
  CHECK(bench.model.runs()[0].ended);
  REQUIRE(bench.model.runs()[0].device_failure);
  CHECK(bench.model.runs()[0].device_failure->step == 0);
  CHECK(bench.notice().find("a test took it. What is left is computed on the CPU") !=
        std::string::npos);

  // Another experiment computes on the CPU and says nothing of it.
  bench.open(kSmall);
  CHECK(bench.model.device().empty());
  CHECK(bench.model.link().digest);
}

TEST_CASE("an hour live takes no more memory than its first minutes") {
  // Looked at once a second, as a page in the background: a run then makes up for a quarter of it.
  Bench bench;
  bench.model.set_speed(60);
  bench.model.open(
      decode_link("lr-gd-perceptron?data=overlapping&samples=50&max_iterations=1000000&gamma=10"));
  // The most that was in use in each ten minutes.
  std::array<std::size_t, 6> most = {};
  const double start = bench.now;
  while (bench.now - start < 3600) {
    bench.frame(1);
    std::size_t& here = most[static_cast<std::size_t>((bench.now - start) / 600) % most.size()];
    here = std::max(here, bytes_in_use());
  }
  REQUIRE(bench.model.current_run() != nullptr);
  CHECK(bench.model.moving());
  CHECK(bench.model.current_run()->step > 50'000);
  CHECK(bench.model.current_run()->step <= 55'000);
  // Keyframes and series are thinned out by halves, so that what they take goes up and down.
  for (std::size_t i = 2; i < most.size(); ++i) {
    CAPTURE(i);
    CHECK(static_cast<double>(most[i]) <= 1.2 * static_cast<double>(most[1]));
  }
}

TEST_CASE("a dropped text is learnt, a dropped language model used, a wrong one refused by name") {
  Bench bench;
  bench.open(
      "language-models?width=8&heads=1&layers=1&context=8&updates=2&batch=1&length=2"
      "&sample_length=2&most_text=2000");
  REQUIRE(bench.model.runs().size() == 1);
  const auto drop = [&](const char* name, std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    bench.model.import(name, {bytes.begin(), bytes.end()});
    bench.settle();
  };
  std::string poem;
  for (int i = 0; i < 30; ++i) poem += "what is dropped is learnt\n";
  drop("poem.txt", poem);
  CHECK(std::get<std::string>(bench.model.value("corpus")) == "file:poem.txt");
  CHECK(bench.model.runs()[0].ended);
  const std::string digest = bench.model.runs()[0].digest;
  // A table is of no use here.
  drop("four.csv", "x1,x2,class\n-1,0,a\n-2,1,a\n1,0,b\n2,0.5,b\n");
  CHECK(bench.notice().find("no use for four.csv") != std::string::npos);
  drop("config.json", "{}");
  CHECK(bench.notice().find("still to come: vocab.json, merges.txt, model.safetensors") !=
        std::string::npos);
  drop("vocab.json", "{}");
  drop("merges.txt", "");
  CHECK(std::get<std::string>(bench.model.value("training")) == "new_model");
  drop("model.safetensors", "none");
  // All are there: it is asked for, and what is wrong with it is said; the run is still to be seen.
  CHECK(std::get<std::string>(bench.model.value("training")) == "none");
  CHECK(std::get<std::string>(bench.model.value("model")).starts_with("file:model-"));
  CHECK(bench.notice().find("config.json") != std::string::npos);
  CHECK(bench.model.runs()[0].digest == digest);
  bench.model.undo();
  bench.settle();
  CHECK(std::get<std::string>(bench.model.value("training")) == "new_model");
  CHECK(bench.model.runs()[0].digest == digest);
}
