#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>

#include "core/random.h"
#include "data/store.h"
#include "session/records.h"
#include "session/session.h"
#include "session/walk.h"

namespace lab {
namespace {

using walk::all_of;
using walk::ask;

Command open(Settings set, std::uint64_t seed = 0, std::uint32_t seeds = 1) {
  return {command::Open{.config = walk::config(std::move(set)), .seed = seed, .seeds = seeds}};
}

// The events of each run without progress and records (how many of these there are depends on when
// they are fetched), as text.
std::map<RunIndex, std::vector<std::string>> by_run(const std::vector<Event>& events) {
  std::map<RunIndex, std::vector<std::string>> runs;
  for (Event event : events) {
    event.reply = 0;
    std::visit(
        [&](const auto& body) {
          using Body = std::decay_t<decltype(body)>;
          if constexpr (std::is_same_v<Body, event::Progress> ||
                        std::is_same_v<Body, event::Records>) {
            return;
          } else if constexpr (requires { body.run; }) {
            if constexpr (std::is_same_v<decltype(body.run), std::optional<RunIndex>>) {
              if (body.run) runs[*body.run].push_back(encode(event).json);
            } else {
              runs[body.run].push_back(encode(event).json);
            }
          }
        },
        event.body);
  }
  return runs;
}

void append(std::vector<Event>& all, std::vector<Event> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

event::Error only_error(const std::vector<Event>& events) {
  const auto errors = all_of<event::Error>(events);
  REQUIRE(errors.size() == 1);
  return errors[0];
}

}  // namespace

TEST_CASE("session: the digests are those of run_to_end, for any number of workers") {
  const Settings set = {{"steps", std::int64_t{3000}}};
  for (const unsigned workers : walk::worker_counts()) {
    CAPTURE(workers);
    Session session(walk::options(workers));
    session.post(open(set, 5, 6));
    const auto events = ask(session, {command::Run{}});
    const auto opened = all_of<event::Opened>(events);
    REQUIRE(opened.size() == 1);
    CHECK(opened[0].experiment == "walk");
    CHECK(opened[0].seeds == 6);
    const auto finished = all_of<event::Finished>(events);
    REQUIRE(finished.size() == 6);
    for (const event::Finished& run : finished) {
      CHECK(run.seed == 5 + run.run);
      CHECK(run.step == 3000);
      CHECK_FALSE(run.diverged);
      CHECK(run.digest == walk::digest_of(set, run.seed));
      CHECK(run.values.at("shown/energy") == 3000 * 0.01);
      CHECK(run.values.contains("walk/position"));
    }
  }
}

TEST_CASE("session: a story of many commands is the same for any number of workers") {
  std::map<RunIndex, std::vector<std::string>> expected;
  for (const unsigned workers : walk::worker_counts()) {
    CAPTURE(workers);
    Session session(walk::options(workers));
    std::vector<Event> events = ask(session, {command::Cancel{}});
    session.post(open({{"steps", std::int64_t{20'000}}, {"throw_at", std::int64_t{19'000}}}, 0, 5));
    append(events, ask(session, {command::Run{.run = {}, .until = 9000}}));
    append(events, ask(session, {command::Seek{.run = {}, .step = 4321}}));
    append(events, ask(session, {command::Fork{.run = 1, .step = 100, .set = {{"pull", 0.3}}}}));
    append(events, ask(session, {command::Fork{.run = 5, .step = 50, .set = {{"noise", 0.0}}}}));
    append(events, ask(session, {command::Fork{.run = 5, .step = 8000, .set = {{"noise", 2.0}}}}));
    append(events, ask(session, {command::Step{.run = 7, .count = 10}}));
    append(events, ask(session, {command::Run{}}));
    append(events, ask(session, {command::Seek{.run = 0, .step = 19'999}}));
    append(events, ask(session, {command::Step{.run = 0, .count = 1}}));
    const auto runs = by_run(events);
    CHECK(runs.size() == 8);
    if (expected.empty()) expected = runs;
    for (const auto& [run, told] : runs) {
      CAPTURE(run);
      CHECK(told == expected[run]);
    }
    // The odd seeds broke, and with them what had not left them by then; the others went on.
    std::size_t errors = all_of<event::Error>(events).size();
    CHECK(errors == 5);
  }
}

TEST_CASE("session: seek, fork and go on at random points, digest by digest") {
  constexpr std::uint64_t kSteps = 35'000;
  const Settings set = {{"steps", static_cast<std::int64_t>(kSteps)}};
  for (const unsigned workers : walk::worker_counts()) {
    CAPTURE(workers);
    Session session(walk::options(workers));
    session.post(open(set, 9));
    const auto first = ask(session, {command::Run{}});
    const std::string end = all_of<event::Finished>(first).at(0).digest;
    CHECK(end == walk::digest_of(set, 9));
    Stream stream(3, "test");
    for (int i = 0; i < 8; ++i) {
      const std::uint64_t step = stream.below(kSteps);
      CAPTURE(step);
      const auto sought =
          all_of<event::Sought>(ask(session, {command::Seek{.run = 0, .step = step}}));
      REQUIRE(sought.size() == 1);
      CHECK(sought[0].step == step);
      // The same step reached from the beginning, in another session.
      Session straight(walk::options(0));
      straight.post(open(set, 9));
      const auto paused =
          all_of<event::Paused>(ask(straight, {command::Run{.run = 0, .until = step}}));
      REQUIRE(paused.size() == 1);
      CHECK(paused[0].digest == sought[0].digest);
      const auto finished =
          all_of<event::Finished>(ask(session, {command::Run{.run = 0, .until = {}}}));
      REQUIRE(finished.size() == 1);
      CHECK(finished[0].digest == end);
    }
    // A branch opens again from its own config.
    const auto forked =
        ask(session, {command::Fork{.run = 0, .step = 1234, .set = {{"pull", 0.25}}}});
    const event::Forked fork = all_of<event::Forked>(forked).at(0);
    CHECK(fork.run == 1);
    CHECK(all_of<event::Sought>(forked).at(0).step == 1234);
    const std::string branch =
        all_of<event::Finished>(ask(session, {command::Run{.run = 1, .until = {}}})).at(0).digest;
    Session again(walk::options(workers));
    again.post(R"({"protocol": 1, "command": "open", "seed": 9, "config": )" + fork.config + "}");
    const auto reopened = ask(again, {command::Run{}});
    CHECK(all_of<event::Opened>(reopened).at(0).config == fork.config);
    CHECK(all_of<event::Opened>(reopened).at(0).digest == fork.digest);
    CHECK(all_of<event::Finished>(reopened).at(0).digest == branch);
  }
}

TEST_CASE("session: records lead to what the run recorded, whenever they are fetched") {
  for (const unsigned workers : walk::worker_counts()) {
    CAPTURE(workers);
    Session session(walk::options(workers));
    session.post(open({{"steps", std::int64_t{12'000}}}, 0, 3));
    std::map<RunIndex, RecordsReader> readers;
    const auto read = [&](const std::vector<Event>& events) {
      for (const auto& records : all_of<event::Records>(events)) readers[records.run].read(records);
    };
    read(ask(session, {command::Run{}}));
    read(ask(session, {command::Seek{.run = {}, .step = 777}}));
    read(ask(session, {command::Run{.run = {}, .until = 10'000}}));
    REQUIRE(readers.size() == 3);
    for (const auto& [run, reader] : readers) {
      CAPTURE(run);
      RunContext context;
      context.seed = run;
      const Experiment& walk = walk::list()[0];
      const Recorder straight =
          run_to_end(walk, Config(walk.id, walk.schema, {{"steps", std::int64_t{12'000}}}), context)
              .recorder;
      const auto& series = reader.series().at("walk/position");
      REQUIRE(series.size() == bucket_of(10'000) + 1);
      bool same = true;
      for (std::size_t i = 0; i + 1 < series.size(); ++i) {
        const Bucket& expected = straight.buckets(walk::kPosition)[i];
        same = same && series[i].last == expected.last && series[i].min == expected.min &&
               series[i].max == expected.max;
      }
      CHECK(same);
      // Not at the end any more: what was observed there is gone.
      CHECK_FALSE(reader.values().contains("shown/energy"));
      CHECK_FALSE(reader.arrays().contains("shown/field"));
      CHECK(reader.arrays().at("walk/trace").step == 10'000);
    }
  }
}

TEST_CASE("session: divergence is told, and a seek leaves it") {
  Session session(walk::options(0));
  session.post(open({{"diverge_at", std::int64_t{40}}}, 0, 2));
  const auto events = ask(session, {command::Run{}});
  const auto diverged = all_of<event::Diverged>(events);
  REQUIRE(diverged.size() == 2);
  CHECK(diverged[0].divergence.step == 40);
  CHECK(diverged[0].divergence.recording == "walk/position");
  CHECK(diverged[0].divergence.reason == "it was told to");
  const auto finished = all_of<event::Finished>(events);
  REQUIRE(finished.size() == 2);
  CHECK(finished[0].diverged);
  CHECK(finished[0].step == 40);
  const auto back = ask(session, {command::Seek{.run = 0, .step = 39}});
  CHECK(all_of<event::Sought>(back).at(0).step == 39);
  CHECK(all_of<event::Finished>(back).empty());
  const auto fork = ask(session, {command::Fork{.run = 0, .step = 41, .set = {{"pull", 0.1}}}});
  CHECK(only_error(fork).where == "fork.step");
  CHECK(only_error(fork).expected == "a whole number from 0 to 40");
}

TEST_CASE("session: an exception in a run stops that run alone") {
  for (const unsigned workers : walk::worker_counts()) {
    Session session(walk::options(workers));
    session.post(open({{"throw_at", std::int64_t{100}}, {"broken_seed", std::int64_t{2}}}, 0, 5));
    const auto events = ask(session, {command::Run{}});
    std::map<RunIndex, std::string> errors;
    for (const auto& error : all_of<event::Error>(events))
      errors[error.run.value()] = error.problem;
    CHECK(errors == std::map<RunIndex, std::string>{{1, "an odd seed broke"},
                                                    {2, "this seed cannot be made"},
                                                    {3, "an odd seed broke"}});
    CHECK(all_of<event::Finished>(events).size() == 2);
    // It cannot be asked for anything any more; all of the others can.
    CHECK(only_error(ask(session, {command::Seek{.run = 3, .step = 0}})).where == "seek.run");
    CHECK(all_of<event::Sought>(ask(session, {command::Seek{.run = {}, .step = 7}})).size() == 2);
  }
}

TEST_CASE("session: an open that fails leaves what was open") {
  Session session(walk::options(0));
  session.post(open({}, 4));
  ask(session, {command::Run{.run = {}, .until = 10}});
  for (Command wrong : {open({{"pul", 0.5}}), open({{"pull", 2.0}}), open({{"pull", "high"}}),
                        open({{"broken_seed", std::int64_t{0}}}), open({}, 0, 0), open({}, 0, 5000),
                        open({}, std::uint64_t{1} << 53)}) {
    session.post(std::move(wrong));
    const auto events = ask(session, {command::Step{}});
    const event::Error error = only_error(events);
    CHECK_FALSE(error.problem.empty());
    CHECK_FALSE(error.where.empty());
    CHECK_FALSE(error.expected.empty());
    CHECK(all_of<event::Opened>(events).empty());
    CHECK(all_of<event::Paused>(events).size() == 1);
  }
  const auto events = ask(session, {command::Run{}});
  CHECK(all_of<event::Finished>(events).at(0).digest == walk::digest_of({}, 4));
}

TEST_CASE("session: what makes no sense is an error that names the field, and changes nothing") {
  Session session(walk::options(0));
  const auto error = [&](Command command) { return only_error(ask(session, std::move(command))); };
  CHECK(error({command::Run{}}).problem == "nothing is open");
  CHECK(error({command::Observe{}}).problem == "nothing is open");
  CHECK(error({command::Reproduce{}}).where == "reproduce.experiment");
  CHECK(error({command::Reproduce{.experiment = "wal", .claims = {}, .seeds = 0}}).expected ==
        "'walk'");
  session.post(open({}));
  ask(session, {command::Run{.run = {}, .until = 100}});
  CHECK(error({command::Run{.run = 1, .until = {}}}).where == "run.run");
  CHECK(error({command::Fork{.run = 7, .step = 0, .set = {{"pull", 0.0}}}}).where == "fork.run");
  CHECK(error({command::Fork{.run = 0, .step = 0, .set = {}}}).problem == "nothing changes");
  CHECK(
      error({command::Fork{.run = 0, .step = 0, .set = {{"ballast", std::int64_t{1}}}}}).expected ==
      "one of pull, noise or steps");
  CHECK(error({command::Fork{.run = 0, .step = 0, .set = {{"pull", 3.0}}}}).expected ==
        "a number from 0 to 1");
  CHECK(error({command::Fork{.run = 0, .step = 1001, .set = {{"pull", 0.0}}}}).where ==
        "fork.step");
  CHECK(error({command::Speed{-1}}).where == "speed.steps_per_second");
  CHECK(error({command::Reproduce{.experiment = "", .claims = {"lo"}, .seeds = 0}}).expected ==
        "'low'");
  command::Sweep sweep{.config = walk::config({}), .field = "pull", .values = {}};
  CHECK(error({sweep}).where == "sweep.values");
  sweep.values = {0.5, 1.5};
  CHECK(error({sweep}).where == "sweep.values[1]: field pull");
  sweep.values = {0.5};
  sweep.field = "pulls";
  CHECK(error({sweep}).where == "sweep.field");
  sweep.field = "pull";
  sweep.seeds = kMostRuns + 1;
  CHECK(error({sweep}).where == "sweep.values");
  session.post("{\"protocol\": 1, \"command\": \"seek\"}");
  CHECK(only_error(ask(session, {command::Cancel{}})).problem == "'step' is missing");
  const auto events = ask(session, {command::Run{}});
  CHECK(all_of<event::Finished>(events).size() == 1);
  CHECK(all_of<event::Finished>(events)[0].digest == walk::digest_of({}, 0));
}

TEST_CASE("session: pause, seek and close answer within a batch") {
  for (const unsigned workers : walk::worker_counts()) {
    CAPTURE(workers);
    SessionOptions options = walk::options(workers);
    options.batch_steps = 1'000'000'000;
    options.batch_seconds = 0.01;
    Session session(std::move(options));
    session.post(open({{"steps", std::int64_t{1'000'000'000}}}, 0, 3));
    session.post({command::Run{}, 1});
    // Wait until they move.
    while (const auto event = session.wait(60)) {
      const auto* progress = std::get_if<event::Progress>(&event->body);
      if (progress != nullptr && progress->step > 0) break;
    }
    const auto events = ask(session, {command::Pause{}});
    CHECK(all_of<event::Paused>(events).size() == 3);
    for (const auto& paused : all_of<event::Paused>(events)) CHECK(paused.step < 1'000'000'000);
    // Nothing moves: nothing to answer.
    CHECK(all_of<event::Paused>(ask(session, {command::Pause{}})).empty());
    session.post({command::Run{}, 2});
    const auto sought = all_of<event::Sought>(ask(session, {command::Seek{.run = {}, .step = 3}}));
    REQUIRE(sought.size() == 3);
    for (const auto& run : sought) CHECK(run.step == 3);
    session.post({command::Run{}, 3});
    session.post({command::Close{}, 4});
    bool closed = false;
    for (int i = 0; i < 1000 && !closed; ++i) {
      const auto event = session.wait(60);
      closed = event && std::holds_alternative<event::Closed>(event->body);
    }
    CHECK(closed);
    CHECK(session.snapshot_bytes() == 0);
    // It opens again.
    session.post(open({{"steps", std::int64_t{10}}}));
    const auto again = all_of<event::Finished>(ask(session, {command::Run{}}));
    CHECK(again.at(0).digest == walk::digest_of({{"steps", std::int64_t{10}}}, 0));
  }
}

TEST_CASE("session: it may be destroyed in the middle of everything") {
  for (const unsigned workers : walk::worker_counts()) {
    Session session(walk::options(workers));
    session.post(open({{"steps", std::int64_t{1'000'000}}}, 0, 4));
    session.post({command::Run{}});
    session.post({command::Fork{.run = 2, .step = 100, .set = {{"pull", 0.5}}}});
    session.post({command::Reproduce{}});
    session.wait(1);
    session.wait(1);
  }
}

TEST_CASE("session: queued motions") {
  Session session(walk::options(0));
  session.post(open({}));
  ask(session, {command::Run{.run = {}, .until = 500}});
  SUBCASE("steps add up") {
    session.post({command::Step{.run = {}, .count = 3}});
    session.post({command::Step{.run = {}, .count = 4}});
    const auto paused = all_of<event::Paused>(ask(session, {command::Step{}}));
    REQUIRE(paused.size() == 3);
    CHECK(paused[0].step == 503);
    CHECK(paused[1].step == 507);
    CHECK(paused[2].step == 508);
  }
  SUBCASE("of many seeks only the last need arrive") {
    for (std::uint64_t step = 100; step < 200; ++step) {
      session.post({command::Seek{.run = {}, .step = step}});
    }
    const auto sought = all_of<event::Sought>(ask(session, {command::Seek{.run = {}, .step = 42}}));
    REQUIRE(sought.size() == 1);
    CHECK(sought[0].step == 42);
  }
  SUBCASE("run after seek goes from there; observe sees the place") {
    session.post({command::Seek{.run = {}, .step = 90}});
    session.post({command::Observe{}});
    const auto events = ask(session, {command::Run{.run = {}, .until = 95}});
    CHECK(all_of<event::Sought>(events).at(0).step == 90);
    CHECK(all_of<event::Paused>(events).at(0).step == 95);
    bool seen = false;
    for (const auto& records : all_of<event::Records>(events)) {
      if (!records.observed) continue;
      seen = true;
      CHECK(records.step == 90);
      CHECK(records.arrays.at(0).values[1] == 90);
    }
    CHECK(seen);
  }
  SUBCASE("pause drops what was waiting") {
    session.post({command::Seek{.run = {}, .step = 90}});
    session.post({command::Run{}});
    const auto paused = all_of<event::Paused>(ask(session, {command::Pause{}}));
    REQUIRE(paused.size() == 1);
    CHECK(paused[0].step == 500);
  }
  SUBCASE("beyond the end is the end") {
    const auto events = ask(session, {command::Seek{.run = {}, .step = 5'000'000}});
    CHECK(all_of<event::Sought>(events).at(0).step == 1000);
    CHECK(all_of<event::Finished>(events).at(0).digest == walk::digest_of({}, 0));
    // At the end already.
    CHECK(all_of<event::Finished>(ask(session, {command::Run{}})).size() == 1);
    CHECK(all_of<event::Finished>(ask(session, {command::Step{}})).size() == 1);
  }
  SUBCASE("a goal that lies behind is reached") {
    CHECK(all_of<event::Paused>(ask(session, {command::Run{.run = {}, .until = 3}})).at(0).step ==
          500);
  }
}

TEST_CASE("session: answers carry the id of the command") {
  Session session(walk::options(0));
  Command command = open({{"steps", std::int64_t{20}}});
  command.id = 11;
  session.post(std::move(command));
  session.post({command::Run{.run = {}, .until = 10}, 12});
  session.post({command::Fork{.run = 0, .step = 5, .set = {{"pull", 0.0}}}, 13});
  session.post({command::Observe{.run = 9}, 14});
  std::map<std::string, std::uint64_t> replies;
  for (const Event& event : walk::until_idle(session, 14)) {
    replies[std::string(name(event))] = event.reply;
  }
  CHECK(replies == std::map<std::string, std::uint64_t>{{"opened", 11},
                                                        {"progress", 0},
                                                        {"records", 0},
                                                        {"forked", 13},
                                                        {"error", 14},
                                                        {"paused", 12},
                                                        {"sought", 13},
                                                        {"idle", 14}});
}

TEST_CASE("session: speed is kept by the clock, and changes no result") {
  double now = 0;
  SessionOptions options = walk::options(0);
  options.clock = [&now] { return now; };
  options.batch_seconds = 1e9;
  Session session(std::move(options));
  session.post(open({{"steps", std::int64_t{200}}}));
  session.post({command::Speed{10}});
  session.post({command::Run{}, 1});
  const auto steps_by = [&](double time) {
    now = time;
    while (session.pump(1000)) {
    }
    std::uint64_t step = 0;
    while (const auto event = session.poll()) {
      if (const auto* progress = std::get_if<event::Progress>(&event->body)) step = progress->step;
    }
    return step;
  };
  CHECK(steps_by(0) == 0);
  CHECK(steps_by(0.05) == 0);
  CHECK(steps_by(0.1001) == 1);
  CHECK(steps_by(0.3001) == 3);
  // Asleep for a minute: it makes up for a quarter of a second of it.
  CHECK(steps_by(60) == 5);
  CHECK(steps_by(60.2001) == 7);
  session.post({command::Speed{0}});
  const auto finished = all_of<event::Finished>(walk::until_idle(session, 0));
  REQUIRE(finished.size() == 1);
  CHECK(finished[0].digest == walk::digest_of({{"steps", std::int64_t{200}}}, 0));
}

TEST_CASE("session: a slow pace on threads") {
  for (const unsigned workers : walk::worker_counts()) {
    if (workers == 0) continue;
    Session session(walk::options(workers));
    session.post(open({}, 0, 2));
    session.post({command::Speed{200}});
    const auto paused = all_of<event::Paused>(ask(session, {command::Run{.run = {}, .until = 10}}));
    REQUIRE(paused.size() == 2);
    CHECK(paused[0].step == 10);
  }
}

TEST_CASE("session: keyframes of all runs stay within the cap, also when branches come") {
  for (const unsigned workers : walk::worker_counts()) {
    SessionOptions options = walk::options(workers);
    options.snapshot_bytes = 300'000;
    Session session(std::move(options));
    const Settings set = {{"steps", std::int64_t{2000}}, {"ballast", std::int64_t{2000}}};
    session.post(open(set, 0, 3));
    ask(session, {command::Run{}});
    CHECK(session.snapshot_bytes() <= 300'000);
    CHECK(session.snapshot_bytes() > 50'000);
    for (std::uint64_t i = 0; i < 6; ++i) {
      ask(session, {command::Fork{.run = 0, .step = 300 * i, .set = {{"pull", 0.1}}}});
      CHECK(session.snapshot_bytes() <= 300'000);
    }
    const auto finished = all_of<event::Finished>(ask(session, {command::Run{}}));
    CHECK(session.snapshot_bytes() <= 300'000);
    REQUIRE(finished.size() == 9);
    for (const auto& run : finished) {
      if (run.run < 3) CHECK(run.digest == walk::digest_of(set, run.seed));
    }
  }
}

TEST_CASE("session: claims are measured in order and judged, whatever the workers") {
  std::map<std::string, std::string> expected;
  for (const unsigned workers : walk::worker_counts()) {
    CAPTURE(workers);
    Session session(walk::options(workers));
    const auto events =
        ask(session, {command::Reproduce{.experiment = "walk", .claims = {}, .seeds = 0}});
    std::map<std::string, std::uint64_t> next;
    for (const auto& measured : all_of<event::Measurement>(events)) {
      CHECK(measured.measurement.seed == next[measured.claim]++);
    }
    CHECK(next == std::map<std::string, std::uint64_t>{
                      {"breaks", 3}, {"fixed", 1}, {"low", 8}, {"never", 4}});
    std::map<std::string, std::string> digests;
    for (const auto& verdict : all_of<event::Verdict>(events)) {
      digests[verdict.claim] = verdict.result.digest;
      CHECK(verdict.result.verdict ==
            (verdict.claim == "never" ? Verdict::not_reproduced : Verdict::reproduced));
      CHECK(verdict.result.seeds.size() == next[verdict.claim]);
    }
    CHECK(digests.size() == 3);
    if (expected.empty()) expected = digests;
    CHECK(digests == expected);
    const event::Error error = only_error(events);
    CHECK(error.problem == "no such seed");
    CHECK(error.where == "walk/breaks, seed 3");
  }
  SUBCASE("over as many seeds as asked for, but one where nothing is random") {
    Session session(walk::options(0));
    session.post(open({}));
    const auto events = ask(
        session, {command::Reproduce{.experiment = "", .claims = {"fixed", "low"}, .seeds = 2}});
    const auto verdicts = all_of<event::Verdict>(events);
    REQUIRE(verdicts.size() == 2);
    CHECK(verdicts[0].result.seeds.size() == 1);
    CHECK(verdicts[1].result.seeds.size() == 2);
    CHECK(verdicts[1].result.verdict == Verdict::not_decided);
  }
}

TEST_CASE("session: cancel gives up measurements and points, and leaves runs alone") {
  Session session(walk::options(0));
  session.post(open({}));
  ask(session, {command::Run{.run = {}, .until = 5}});
  session.post({command::Reproduce{.experiment = "walk", .claims = {"low"}, .seeds = 100}});
  session.post({command::Sweep{
      .config = walk::config({}), .field = "pull", .values = {0.1, 0.2}, .seed = 0, .seeds = 2}});
  session.pump(3);
  const auto events = ask(session, {command::Cancel{}});
  const auto cancelled = all_of<event::Cancelled>(events);
  REQUIRE(cancelled.size() == 1);
  const std::size_t done =
      all_of<event::Measurement>(events).size() + all_of<event::Point>(events).size();
  CHECK(cancelled[0].left + done == 104);
  CHECK(all_of<event::Verdict>(events).empty());
  CHECK(all_of<event::Finished>(ask(session, {command::Run{}})).at(0).digest ==
        walk::digest_of({}, 0));
}

TEST_CASE("session: a sweep is every value times every seed") {
  for (const unsigned workers : walk::worker_counts()) {
    CAPTURE(workers);
    Session session(walk::options(workers));
    const std::vector<Value> values = {std::int64_t{0}, 0.5, std::int64_t{1}};
    const auto events =
        ask(session, {command::Sweep{.config = walk::config({{"diverge_at", std::int64_t{900}}}),
                                     .field = "pull",
                                     .values = values,
                                     .seed = 3,
                                     .seeds = 4}});
    const auto points = all_of<event::Point>(events);
    REQUIRE(points.size() == 12);
    std::vector<bool> seen(12);
    for (const event::Point& point : points) {
      seen[point.point] = true;
      const double pull = std::array{0.0, 0.5, 1.0}[point.point / 4];
      CHECK(point.value == Value(pull));
      CHECK(point.seed == 3 + point.point % 4);
      CHECK(point.step == 900);
      REQUIRE(point.divergence);
      CHECK(point.divergence->step == 900);
      CHECK(point.digest ==
            walk::digest_of({{"pull", pull}, {"diverge_at", std::int64_t{900}}}, point.seed));
    }
    CHECK(std::count(seen.begin(), seen.end(), true) == 12);
  }
  SUBCASE("a point that breaks does not stop the others") {
    Session session(walk::options(0));
    const auto events =
        ask(session, {command::Sweep{.config = walk::config({{"steps", std::int64_t{50}}}),
                                     .field = "throw_at",
                                     .values = {std::int64_t{0}, std::int64_t{20}},
                                     .seed = 0,
                                     .seeds = 2}});
    CHECK(all_of<event::Point>(events).size() == 3);
    CHECK(only_error(events).where == "throw_at = 20, seed 1: seed 1");
  }
}

TEST_CASE("session: pump keeps to its budget") {
  Session session(walk::options(0));
  CHECK_FALSE(session.pump(100));
  session.post(open({}));
  session.post({command::Run{}});
  CHECK(session.pump(1));
  while (session.poll()) {
  }
  CHECK(session.pump(10));
  std::uint64_t step = 0;
  while (const auto event = session.poll()) {
    if (const auto* progress = std::get_if<event::Progress>(&event->body)) step = progress->step;
  }
  CHECK(step == 10);
  CHECK(session.pump(100, 0.0));
  CHECK_FALSE(session.pump(1'000'000));
}

TEST_CASE("session: threads are not to be had in WebAssembly") {
#ifdef __EMSCRIPTEN__
  CHECK_THROWS_AS(Session(walk::options(1)), Error);
#else
  CHECK_NOTHROW(Session(walk::options(1)));
#endif
}

TEST_CASE("session: import adds a file, or says what is wrong with it and changes nothing") {
  const auto bytes = [](std::string_view text) {
    const auto view = std::as_bytes(std::span(text));
    return std::vector<std::byte>(view.begin(), view.end());
  };
  DataStore data{DataSource{}};
  SessionOptions options = walk::options(0);
  options.data = &data;
  Session session(std::move(options));
  const auto events =
      ask(session, {command::Import{.name = "a.csv", .bytes = bytes("x,y\n1,no\n3,yes\n")}});
  const auto imported = all_of<event::Imported>(events);
  REQUIRE(imported.size() == 1);
  CHECK(imported[0].rows == 2);
  CHECK(imported[0].columns == 2);
  CHECK(imported[0].classes == 2);
  CHECK(imported[0].summary[0].mean == 2);
  CHECK(data.file("a.csv")->provenance.sha256 == imported[0].sha256);
  const auto wrong =
      only_error(ask(session, {command::Import{.name = "a.csv", .bytes = bytes("x,y\n1,no\n3\n")}}));
  CHECK(wrong.where == "a.csv:3:2");
  CHECK(data.file("a.csv")->rows() == 2);
  Session without(walk::options(0));
  only_error(ask(without, {command::Import{.name = "a.csv", .bytes = bytes("1")}}));
}

TEST_CASE("session: without a check a config is opened whose first run cannot be made") {
  Session session(walk::options(0));
  Command command = open({{"broken_seed", std::int64_t{3}}}, 3, 2);
  std::get<command::Open>(command.body).check = false;
  session.post(command);
  const auto events = ask(session, {command::Run{}});
  CHECK(all_of<event::Opened>(events).size() == 1);
  CHECK(only_error(events).run == 0);
  CHECK(all_of<event::Finished>(events).size() == 1);
}

TEST_CASE("session: parts of claims and points make up the whole") {
  Session session(walk::options(0));
  const command::Sweep sweep{.config = walk::config({{"steps", std::int64_t{20}}}),
                             .field = "pull",
                             .values = {0.1, 0.2, 0.3},
                             .seed = 0,
                             .seeds = 2};
  std::map<std::uint32_t, std::string> whole, parts;
  for (const auto& point : all_of<event::Point>(ask(session, {sweep}))) whole[point.point] = point.digest;
  for (std::uint32_t part = 0; part < 4; ++part) {
    command::Sweep one = sweep;
    one.part = part;
    one.parts = 4;
    for (const auto& point : all_of<event::Point>(ask(session, {one}))) {
      CHECK(point.point % 4 == part);
      parts[point.point] = point.digest;
    }
  }
  CHECK(whole.size() == 6);
  CHECK(parts == whole);
  command::Reproduce second{.experiment = "walk", .claims = {}, .seeds = 0};
  second.part = 1;
  second.parts = 3;
  const auto verdicts = all_of<event::Verdict>(ask(session, {second}));
  REQUIRE(verdicts.size() == 1);
  CHECK(verdicts[0].claim == "never");
  second.part = 3;
  CHECK(only_error(ask(session, {second})).where == "reproduce.parts");
}

}  // namespace lab
