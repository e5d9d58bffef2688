#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>

#include "data/store.h"
#include "session/fleet.h"
#include "session/local_engine.h"
#include "session/records.h"
#include "session/walk.h"

namespace lab {
namespace {

using walk::all_of;

// A fleet over sessions without threads, and what carries the messages: slowly, a little at a time.
class Crew {
 public:
  explicit Crew(std::size_t channels) {
    std::vector<Channel> all;
    inboxes_.resize(channels);
    for (std::size_t i = 0; i < channels; ++i) {
      stores_.push_back(std::make_unique<DataStore>(DataSource{}));
      SessionOptions options = walk::options(0);
      options.data = stores_.back().get();
      sessions_.push_back(std::make_unique<Session>(std::move(options)));
      all.push_back(
          {[this, i](std::string command) { inboxes_[i].push_back(std::move(command)); }});
    }
    fleet.emplace(std::move(all));
  }

  void silence(std::size_t channel) { silent_ = channel; }

  // Lets every session work a little.
  void carry() {
    for (std::size_t i = 0; i < sessions_.size(); ++i) {
      if (i == silent_) continue;
      for (std::string& command : std::exchange(inboxes_[i], {})) sessions_[i]->post(command);
      sessions_[i]->pump(50 + 30 * i);
      std::vector<std::byte> frames;
      while (const auto event = sessions_[i]->poll()) {
        const auto frame = pack(encode(*event));
        frames.insert(frames.end(), frame.begin(), frame.end());
      }
      fleet->receive(i, frames);
    }
  }

  std::optional<Fleet> fleet;

 private:
  std::vector<std::unique_ptr<DataStore>> stores_;
  std::vector<std::unique_ptr<Session>> sessions_;
  std::vector<std::deque<std::string>> inboxes_;
  std::size_t silent_ = 1000;
};

std::vector<Event> until_idle(Crew& crew, std::uint64_t id) {
  std::vector<Event> events;
  for (int i = 0; i < 100'000; ++i) {
    while (auto event = crew.fleet->poll()) {
      events.push_back(*event);
      if (std::holds_alternative<event::Idle>(event->body) && event->reply == id) return events;
    }
    crew.carry();
  }
  FAIL("the fleet never rests");
  return events;
}

std::uint64_t next_id() {
  static std::uint64_t last = 1'000'000;
  return ++last;
}

// What a receiver knows after some events.
struct Told {
  std::map<RunIndex, std::vector<std::string>>
      runs;                         // events of each, but for progress and records
  std::vector<std::string> others;  // in order of their text
  std::map<RunIndex, RecordsReader> records;
  std::map<RunIndex, std::uint64_t> progress;

  void take(Event event) {
    event.reply = 0;
    if (const auto* records_of = std::get_if<event::Records>(&event.body)) {
      if (!records_of->observed) return records[records_of->run].read(*records_of);
    }
    if (const auto* now = std::get_if<event::Progress>(&event.body)) {
      progress[now->run] = now->step;
      return;
    }
    std::optional<RunIndex> run;
    std::visit(
        [&](const auto& body) {
          if constexpr (requires { body.run; }) run = body.run;
        },
        event.body);
    // How often it rests in between depends on when the commands arrive.
    if (std::holds_alternative<event::Idle>(event.body)) return;
    if (std::holds_alternative<event::Opened>(event.body)) records.clear();
    const Message message = encode(event);
    std::string text = message.json;
    for (const double number : message.numbers) text += " " + std::to_string(number);
    if (run) {
      runs[*run].push_back(text);
      // How far it was said to be before it broke depends on when that was fetched.
      if (std::holds_alternative<event::Error>(event.body)) {
        records.erase(*run);
        progress.erase(*run);
      }
    } else {
      others.push_back(text);
    }
  }
};

std::string text_of(const RecordsReader& reader) {
  std::string text = std::to_string(reader.step());
  for (const auto& [name, buckets] : reader.series()) {
    text += "\n" + name;
    for (const Bucket& b : buckets) {
      text += " " + std::to_string(b.index) + "," + std::to_string(b.min) + "," +
              std::to_string(b.max) + "," + std::to_string(b.last);
    }
  }
  for (const auto& [name, value] : reader.values()) text += "\n" + name + std::to_string(value);
  for (const auto& [name, array] : reader.arrays()) {
    text += "\n" + name + " " + std::to_string(array.step);
    for (const double value : array.values) text += " " + std::to_string(value);
  }
  return text;
}

// Asked for one after the other, each when the last one has come to rest.
using Story = std::vector<std::vector<Command>>;

Command open(Settings set, std::uint64_t seed, std::uint32_t seeds) {
  return {command::Open{.config = walk::config(std::move(set)), .seed = seed, .seeds = seeds}};
}

// Tells the same story to a session and to fleets of 1, 2 and 5, and compares all that came of it.
void same_as_one_session(const Story& story) {
  for (const std::size_t channels : {1, 2, 5}) {
    CAPTURE(channels);
    DataStore data{DataSource{}};
    SessionOptions options = walk::options(0);
    options.data = &data;
    LocalEngine alone(std::move(options));
    Crew crew(channels);
    Told expected, told;
    std::size_t chapter = 0;
    for (const std::vector<Command>& commands : story) {
      CAPTURE(chapter);
      ++chapter;
      std::uint64_t id = 0;
      for (Command command : commands) {
        command.id = id = next_id();
        alone.post(command);
        crew.fleet->post(command);
      }
      for (const Event& event : walk::until_idle(alone.session(), id)) expected.take(event);
      for (const Event& event : until_idle(crew, id)) told.take(event);
      std::ranges::stable_sort(expected.others);
      std::ranges::stable_sort(told.others);
      REQUIRE(told.others.size() == expected.others.size());
      for (std::size_t i = 0; i < told.others.size(); ++i)
        CHECK(told.others[i] == expected.others[i]);
      for (const auto& [run, events] : expected.runs) {
        CAPTURE(run);
        REQUIRE(told.runs[run].size() == events.size());
        for (std::size_t i = 0; i < events.size(); ++i) CHECK(told.runs[run][i] == events[i]);
      }
      CHECK(told.runs.size() == expected.runs.size());
      CHECK(told.progress == expected.progress);
      REQUIRE(told.records.size() == expected.records.size());
      for (const auto& [run, reader] : expected.records) {
        CAPTURE(run);
        const bool same = text_of(told.records[run]) == text_of(reader);
        CHECK(same);
      }
    }
  }
}

}  // namespace

TEST_CASE("fleet: runs, seeks and branches are those of one session") {
  same_as_one_session(
      {{open({{"steps", std::int64_t{3000}}, {"throw_at", std::int64_t{2500}}}, 3, 7),
        {command::Run{.run = {}, .until = 1500}}},
       {{command::Observe{.run = 5}}},
       {{command::Seek{.run = {}, .step = 321}}},
       {{command::Step{.run = 4, .count = 10}}},
       // The branches are numbered as they were asked for, whoever makes them.
       {{command::Fork{.run = 6, .step = 100, .set = {{"pull", 0.3}}}},
        {command::Fork{.run = 1, .step = 50, .set = {{"noise", 0.0}}}},
        {command::Fork{.run = 7, .step = 200, .set = {{"pull", 0.4}}}},
        {command::Fork{.run = 3, .step = 5000, .set = {{"pull", 0.4}}}},
        {command::Fork{.run = 2, .step = 0, .set = {{"noise", 1.0}}}}},
       {{command::Run{}}},
       {{command::Step{.run = 1, .count = 1}}},
       {{command::Step{.run = 2, .count = 1}}},
       {{command::Seek{.run = 9, .step = 2000}}, {command::Run{.run = 10, .until = {}}}},
       {{command::Run{.run = 99, .until = {}}}},
       {{command::Fork{.run = 0, .step = 1, .set = {{"steps", 0.5}}}}},
       {{command::Reproduce{}}}});
}

TEST_CASE("fleet: a new config, fewer seeds than channels, and none that is open") {
  same_as_one_session(
      {{{command::Run{}}},
       {{command::Reproduce{}}},
       {open({{"steps", std::int64_t{500}}}, 0, 9), {command::Run{}}},
       {open({{"steps", std::int64_t{700}}}, 9, 2), {command::Run{}}},
       {open({{"steps", std::int64_t{700}}}, 1, 4), {command::Seek{.run = 3, .step = 50}}},
       {{command::Close{}}, {command::Pause{}}}});
}

TEST_CASE("fleet: what a config cannot do leaves alone what was open") {
  same_as_one_session({{open({{"steps", std::int64_t{500}}}, 0, 6), {command::Run{}}},
                       {open({{"pull", 7.0}}, 0, 6), {command::Seek{.run = {}, .step = 100}}},
                       // The first seed cannot be made: refused. A later one cannot: it has failed.
                       {open({{"broken_seed", std::int64_t{0}}}, 0, 6), {command::Run{}}},
                       {open({{"broken_seed", std::int64_t{4}}}, 0, 6), {command::Run{}}},
                       {open({{"broken_seed", std::int64_t{3}}}, 0, 6), {command::Run{}}},
                       {{command::Step{.run = 3, .count = 1}}}});
}

TEST_CASE("fleet: a branch opens again over several channels") {
  ConfigRequest branch = walk::config({{"steps", std::int64_t{900}}});
  branch.lineage = {{.parent = {}, .step = 300, .set = {{"pull", 0.2}}},
                    {.parent = {}, .step = 600, .set = {{"noise", 0.0}}}};
  same_as_one_session(
      {{{command::Open{.config = branch, .seed = 2, .seeds = 5}}, {command::Cancel{}}},
       {{command::Run{}}}});
}

TEST_CASE("fleet: claims and sweeps are shared, and judged as one") {
  command::Sweep sweep{.config = walk::config({{"steps", std::int64_t{300}}}),
                       .field = "pull",
                       .values = {0.1, 0.2, 0.3, 0.4},
                       .seed = 1,
                       .seeds = 3};
  command::Sweep wrong = sweep;
  wrong.values = {0.1, 5.0};
  command::Sweep breaks = sweep;
  breaks.config.set["throw_at"] = std::int64_t{50};
  same_as_one_session(
      {{{command::Reproduce{.experiment = "walk", .claims = {}, .seeds = 0}}},
       {{command::Reproduce{.experiment = "walk", .claims = {"low", "lov"}, .seeds = 6}}},
       {{command::Reproduce{.experiment = "walk", .claims = {"fixed", "low"}, .seeds = 6}}},
       {{sweep}},
       {{wrong}},
       {{breaks}}});
}

TEST_CASE("fleet: a file is imported everywhere, and answered once") {
  const auto bytes = [](std::string_view text) {
    const auto view = std::as_bytes(std::span(text));
    return std::vector<std::byte>(view.begin(), view.end());
  };
  same_as_one_session({{{command::Import{.name = "a.csv", .bytes = bytes("x,y\n1,no\n2,yes\n")}}},
                       {{command::Import{.name = "b.csv", .bytes = bytes("x,y\n1,no\n2\n")}}},
                       {{command::Cancel{}}}});
}

TEST_CASE("fleet: cancel counts what all channels gave up") {
  for (const std::size_t channels : {1, 3}) {
    Crew crew(channels);
    crew.fleet->post({command::Sweep{.config = walk::config({{"steps", std::int64_t{1'000'000}}}),
                                     .field = "pull",
                                     .values = {0.1, 0.2},
                                     .seed = 0,
                                     .seeds = 5},
                      next_id()});
    crew.carry();
    const std::uint64_t id = next_id();
    crew.fleet->post({command::Cancel{}, id});
    const auto cancelled = all_of<event::Cancelled>(until_idle(crew, id));
    REQUIRE(cancelled.size() == 1);
    CHECK(cancelled[0].left == 10);
  }
}

TEST_CASE("fleet: what cannot even be sent is refused, and the fleet rests") {
  Crew crew(2);
  const std::uint64_t id = next_id();
  crew.fleet->post({command::Speed{-1}, next_id()});
  crew.fleet->post(
      {command::Sweep{
           .config = walk::config({}), .field = "pull", .values = {0.1}, .seed = 0, .seeds = 0},
       id});
  CHECK(all_of<event::Error>(until_idle(crew, id)).size() == 2);
}

TEST_CASE("fleet: events that nobody fetches are merged") {
  Crew crew(2);
  crew.fleet->post(open({{"steps", std::int64_t{20'000}}}, 0, 4));
  const std::uint64_t id = next_id();
  crew.fleet->post({command::Run{}, id});
  for (int i = 0; i < 2000; ++i) crew.carry();
  const std::vector<Event> events = until_idle(crew, id);
  CHECK(events.size() == 1 + 4 * 3 + 1);
  Told told;
  for (const Event& event : events) told.take(event);
  const auto finished = all_of<event::Finished>(events);
  REQUIRE(finished.size() == 4);
  for (const event::Finished& run : finished) {
    CHECK(run.digest == walk::digest_of({{"steps", std::int64_t{20'000}}}, run.seed));
    const auto& position = told.records[run.run].series().at("walk/position");
    CHECK(position.front().index == 0);
    CHECK(position.back().index == bucket_of(20'000));
    CHECK(position.size() == position.back().index + 1);
  }
}

TEST_CASE("fleet: a channel that is lost takes its runs with it, and nothing else") {
  Crew crew(3);
  crew.fleet->post(open({{"steps", std::int64_t{500}}}, 0, 6));
  std::uint64_t id = next_id();
  crew.fleet->post({command::Pause{}, id});
  until_idle(crew, id);
  crew.silence(1);
  id = next_id();
  crew.fleet->post({command::Run{}, id});
  crew.fleet->post({command::Import{.name = "a.csv", .bytes = {std::byte{'1'}}}, next_id()});
  for (int i = 0; i < 100; ++i) crew.carry();
  crew.fleet->lose(1, "out of memory");
  id = next_id();
  crew.fleet->post({command::Cancel{}, id});
  const auto events = until_idle(crew, id);
  const auto errors = all_of<event::Error>(events);
  REQUIRE(errors.size() >= 2);
  CHECK(errors[0].run == 2);
  CHECK(errors[1].run == 3);
  CHECK(all_of<event::Finished>(events).size() == 4);
  // The others open what comes next.
  crew.fleet->post(open({{"steps", std::int64_t{500}}}, 0, 6));
  id = next_id();
  crew.fleet->post({command::Run{}, id});
  CHECK(all_of<event::Finished>(until_idle(crew, id)).size() == 6);
  crew.fleet->lose(0, "gone");
  crew.fleet->lose(2, "gone");
  id = next_id();
  crew.fleet->post({command::Run{}, id});
  const auto last = until_idle(crew, id);
  CHECK(all_of<event::Error>(last).size() == 7);
}

TEST_CASE("fleet: what may compute on a device goes to one channel") {
  Crew crew(3);
  crew.silence(1);  // it is not asked for anything
  Command command = open({{"steps", std::int64_t{50}}}, 3, 6);
  std::get<command::Open>(command.body).backend = BackendWish::automatic;
  crew.fleet->post(std::move(command));
  const std::uint64_t id = next_id();
  crew.fleet->post({command::Run{}, id});
  const auto finished = all_of<event::Finished>(until_idle(crew, id));
  REQUIRE(finished.size() == 6);
  for (RunIndex run = 0; run < 6; ++run) {
    CHECK(finished[run].run == run);
    CHECK(finished[run].seed == 3 + run);
  }
}

TEST_CASE("fleet: bytes that are no frames are an error") {
  Crew crew(1);
  const std::byte junk[20] = {};
  crew.fleet->receive(0, junk);
  const auto event = crew.fleet->poll();
  REQUIRE(event);
  CHECK(std::get<event::Error>(event->body).where == "channel 0");
}

}  // namespace lab
