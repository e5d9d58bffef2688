#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "session/protocol.h"
#include "session/walk.h"

namespace lab {
namespace {

// What the decoder has against a text; empty if nothing.
struct Complaint {
  std::string problem, where, expected;
};

template <class Action>
Complaint complaint_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return {error.problem(), error.where(), error.expected()};
  }
  return {};
}

Complaint about_command(std::string_view text) {
  return complaint_of([&] { decode_command(text); });
}

Complaint about_event(std::string_view text, std::span<const double> numbers = {}) {
  return complaint_of([&] { decode_event(text, numbers); });
}

void check_command(const Command& command, std::string_view text) {
  CHECK(encode(command) == text);
  CHECK(encode(decode_command(text)) == text);
}

Event check_event(const Event& event, std::string_view text) {
  const Message message = encode(event);
  CHECK(message.json == text);
  const Event decoded = decode_event(message.json, message.numbers);
  const Message again = encode(decoded);
  CHECK(again.json == text);
  CHECK(again.numbers == message.numbers);
  CHECK(decoded.body.index() == event.body.index());
  CHECK(decoded.reply == event.reply);
  return decoded;
}

}  // namespace

TEST_CASE("protocol: every command goes to JSON and back") {
  check_command(
      {command::Open{.config = {.experiment = "walk",
                                .schema = 2,
                                .set = {{"pull", 0.5}, {"steps", std::int64_t{7}}, {"on", true}},
                                .lineage = {{.parent = "ab", .step = 3, .set = {{"t", "x"}}}}},
                     .seed = 9007199254740990,
                     .seeds = 2},
       3},
      R"({"command":"open","config":{"experiment":"walk","lineage":[{"parent":"ab","set":{"t":"x"},)"
      R"("step":3}],"schema":2,"set":{"on":true,"pull":0.5,"steps":7}},"id":3,"protocol":1,)"
      R"("seed":9007199254740990,"seeds":2})");
  check_command({command::Run{}}, R"({"command":"run","protocol":1})");
  check_command({command::Run{.run = 4, .until = 100}},
                R"({"command":"run","protocol":1,"run":4,"until":100})");
  check_command({command::Pause{.run = 0}}, R"({"command":"pause","protocol":1,"run":0})");
  check_command({command::Step{.run = {}, .count = 5}},
                R"({"command":"step","count":5,"protocol":1})");
  check_command({command::Speed{12.5}},
                R"({"command":"speed","protocol":1,"steps_per_second":12.5})");
  check_command({command::Seek{.run = 1, .step = 8}},
                R"({"command":"seek","protocol":1,"run":1,"step":8})");
  check_command({command::Fork{.run = 1, .step = 8, .set = {{"pull", 1e-300}}}},
                R"({"command":"fork","protocol":1,"run":1,"set":{"pull":1e-300},"step":8})");
  check_command({command::Observe{.run = 2}}, R"({"command":"observe","protocol":1,"run":2})");
  check_command({command::Reproduce{.experiment = "walk", .claims = {"a", "b"}, .seeds = 3}},
                R"({"claims":["a","b"],"command":"reproduce","experiment":"walk","protocol":1,)"
                R"("seeds":3})");
  check_command({command::Sweep{.config = walk::config({}),
                                .field = "pull",
                                .values = {0.5, std::int64_t{1}, "x", false},
                                .seed = 1,
                                .seeds = 2}},
                R"({"command":"sweep","config":{"experiment":"walk","set":{}},"field":"pull",)"
                R"("protocol":1,"seed":1,"seeds":2,"values":[0.5,1,"x",false]})");
  check_command({command::Open{.config = walk::config({}), .seed = 0, .seeds = 1, .check = false}},
                R"({"check":false,"command":"open","config":{"experiment":"walk","set":{}},)"
                R"("protocol":1,"seed":0,"seeds":1})");
  check_command({command::Open{.config = walk::config({}),
                               .backend = BackendWish::automatic,
                               .on_device_failure = OnDeviceFailure::stop}},
                R"({"backend":"auto","command":"open","config":{"experiment":"walk","set":{}},)"
                R"("on_device_failure":"stop","protocol":1,"seed":0,"seeds":1})");
  check_command({command::Reproduce{
                    .experiment = {}, .claims = {}, .seeds = 0, .part = 1, .parts = 3}},
                R"({"claims":[],"command":"reproduce","part":1,"parts":3,"protocol":1,"seeds":0})");
  check_command({command::Import{.name = "a.csv",
                                 .bytes = {std::byte{'f'}, std::byte{'o'}, std::byte{0xff}}}},
                R"({"bytes":"Zm//","command":"import","name":"a.csv","protocol":1})");
  check_command({command::Close{.runs_only = true}},
                R"({"command":"close","protocol":1,"runs_only":true})");
  check_command({command::Cancel{}}, R"({"command":"cancel","protocol":1})");
  check_command({command::Close{}, 1}, R"({"command":"close","id":1,"protocol":1})");
}

TEST_CASE("protocol: what may be left out of a command") {
  const Command command =
      decode_command(R"({"protocol": 1, "command": "open", "config": {"experiment": "walk"}})");
  const auto& open = std::get<command::Open>(command.body);
  CHECK(command.id == 0);
  CHECK(open.seed == 0);
  CHECK(open.seeds == 1);
  CHECK_FALSE(open.config.schema);
  CHECK(open.config.set.empty());
  const Command import =
      decode_command(R"({"protocol": 1, "command": "import", "name": "a.csv", "text": "1,2"})");
  CHECK(std::get<command::Import>(import.body).bytes.size() == 3);
  const Command step = decode_command(R"({"protocol": 1.0, "command": "step", "count": 1e3})");
  CHECK(std::get<command::Step>(step.body).count == 1000);
}

TEST_CASE("protocol: hostile commands are refused by name") {
  struct Case {
    const char* text;
    const char* where;
    const char* expected;  // what the expectation contains
  };
  const std::string deep = R"({"protocol":1,"command":"fork","run":0,"step":0,"set":)" +
                           std::string(5000, '[') + std::string(5000, ']') + "}";
  const Case cases[] = {
      {"", "command:1:1", ""},
      {"{", "command:1:2", ""},
      {"null", "command", "an object"},
      {"[]", "command", "an object"},
      {"7", "command", "an object"},
      {"{}", "command", "a whole number"},
      {R"({"command":"run"})", "command", "a whole number"},
      {R"({"protocol":2,"command":"run"})", "command.protocol", "1"},
      {R"({"protocol":"1","command":"run"})", "command.protocol", "a whole number"},
      {R"({"protocol":1})", "command", "a text"},
      {R"({"protocol":1,"command":7})", "command.command", "a text"},
      {R"({"protocol":1,"command":"rum"})", "command.command", "'run'"},
      {R"({"protocol":1,"command":"run","command":"run"})", "command:1:31", ""},
      {R"({"protocol":1,"command":"run","runs":1})", "command",
       "protocol, command, id, run, until"},
      {R"({"protocol":1,"command":"run","id":-1})", "command.id", "a whole number"},
      {R"({"protocol":1,"command":"run","run":1.5})", "command.run", "0 to 4294967295"},
      {R"({"protocol":1,"command":"run","run":4294967296})", "command.run", "0 to 4294967295"},
      {R"({"protocol":1,"command":"run","run":null})", "command.run", "a whole number"},
      {R"({"protocol":1,"command":"run","until":9007199254740992})", "command.until",
       "0 to 9007199254740991"},
      {R"({"protocol":1,"command":"run","until":1e400})", "command:1:39", ""},
      {R"({"protocol":1,"command":"run","until":[]})", "command.until", "a whole number"},
      {R"({"protocol":1,"command":"step","count":"3"})", "command.count", "a whole number"},
      {R"({"protocol":1,"command":"seek"})", "command", "a whole number"},
      {R"({"protocol":1,"command":"seek","step":true})", "command.step", "a whole number"},
      {R"({"protocol":1,"command":"speed"})", "command", "a number"},
      {R"({"protocol":1,"command":"speed","steps_per_second":-1})", "command.steps_per_second",
       "at least 0"},
      {R"({"protocol":1,"command":"speed","steps_per_second":"NaN"})", "command.steps_per_second",
       "at least 0"},
      {R"({"protocol":1,"command":"speed","steps_per_second":"fast"})", "command.steps_per_second",
       "a number"},
      {R"({"protocol":1,"command":"fork","run":0,"step":1})", "command", "the live fields"},
      {R"({"protocol":1,"command":"fork","run":0,"step":1,"set":[]})", "command.set", "an object"},
      {R"({"protocol":1,"command":"fork","run":0,"step":1,"set":{"pull":{}}})", "command.set.pull",
       "a number, a text, true or false"},
      {R"({"protocol":1,"command":"fork","run":0,"step":1,"set":{"pull":null}})",
       "command.set.pull", "a number, a text, true or false"},
      {deep.c_str(), "command:1:154", ""},
      {R"({"protocol":1,"command":"observe"})", "command", "a whole number"},
      {R"({"protocol":1,"command":"reproduce","claims":"all"})", "command.claims", "an array"},
      {R"({"protocol":1,"command":"reproduce","claims":["a",1]})", "command.claims[1]", "a text"},
      {R"({"protocol":1,"command":"reproduce","seeds":4097})", "command.seeds", "0 to 4096"},
      {R"({"protocol":1,"command":"open"})", "command", "experiment"},
      {R"({"protocol":1,"command":"open","config":"walk"})", "command.config", "an object"},
      {R"({"protocol":1,"command":"open","config":{}})", "command.config", "a text"},
      {R"({"protocol":1,"command":"open","config":{"experiment":"walk","sets":{}}})",
       "command.config", "experiment, schema, set, lineage"},
      {R"({"protocol":1,"command":"open","config":{"experiment":"walk"},"seeds":0})",
       "command.seeds", "1 to 4096"},
      {R"({"protocol":1,"command":"open","config":{"experiment":"walk"},"seeds":1e9})",
       "command.seeds", "0 to 4096"},
      {R"({"protocol":1,"command":"open","config":{"experiment":"walk"},"seed":9007199254740991,)"
       R"("seeds":2})",
       "command.seed", "seeds below 2^53"},
      {R"({"protocol":1,"command":"open","config":{"experiment":"walk","schema":"new"}})",
       "command.config.schema", "a whole number"},
      {R"({"protocol":1,"command":"open","config":{"experiment":"walk","lineage":{}}})",
       "command.config.lineage", "step"},
      {R"({"protocol":1,"command":"open","config":{"experiment":"walk","lineage":[{"step":1}]}})",
       "command.config.lineage[0]", "the fields that change"},
      {R"({"protocol":1,"command":"sweep","config":{"experiment":"walk"},"field":"a","values":1})",
       "command.values", "an array"},
      {R"({"protocol":1,"command":"sweep","config":{"experiment":"walk"},"field":"a",)"
       R"("values":[[]]})",
       "command.values[0]", "a number, a text"},
      {R"({"protocol":1,"command":"reproduce","part":2,"parts":2})", "command.part", "0 to 1"},
      {R"({"protocol":1,"command":"reproduce","parts":0})", "command.parts", "1 to 4096"},
      {R"({"protocol":1,"command":"import","text":"1"})", "command", "a text"},
      {R"({"protocol":1,"command":"import","name":"","text":"1"})", "command.name", "1 to 255"},
      {R"({"protocol":1,"command":"import","name":"a"})", "command.bytes", "base64"},
      {R"({"protocol":1,"command":"import","name":"a","bytes":"","text":""})", "command.bytes",
       "base64"},
      {R"({"protocol":1,"command":"import","name":"a","bytes":"Zg="})", "command.bytes", "base64"},
      {R"({"protocol":1,"command":"close","runs_only":1})", "command.runs_only", "true or false"},
      {R"({"protocol":1,"command":"cancel","all":true})", "command", "protocol, command, id"},
  };
  for (const Case& one : cases) {
    const std::string_view text(one.text);
    CAPTURE(text.substr(0, 120));
    const Complaint complaint = about_command(text);
    CHECK_FALSE(complaint.problem.empty());
    CHECK(complaint.where == one.where);
    CHECK(complaint.expected.find(one.expected) != std::string::npos);
  }
  CHECK(about_command("{\"protocol\":1,\"command\":\"\xff\"}").where == "command:1:26");
}

TEST_CASE("protocol: every cut of a command is refused") {
  const std::string text = encode(
      Command{command::Open{.config = walk::config({{"pull", 0.5}}), .seed = 1, .seeds = 2}, 3});
  for (std::size_t size = 0; size < text.size(); ++size) {
    CHECK_FALSE(about_command(std::string_view(text).substr(0, size)).problem.empty());
  }
  CHECK(about_command(text).problem.empty());
}

TEST_CASE("protocol: every event goes to JSON and back") {
  const double inf = std::numeric_limits<double>::infinity();
  check_event(
      {event::Opened{.experiment = "walk",
                     .config = R"({"experiment":"walk"})",
                     .digest = "d",
                     .seed = 1,
                     .seeds = 2},
       7},
      R"({"config":{"experiment":"walk"},"digest":"d","event":"opened","experiment":"walk",)"
      R"("protocol":1,"reply":7,"seed":1,"seeds":2})");
  check_event({event::Progress{.run = 1, .seed = 2, .step = 3, .limit = 4}},
              R"({"event":"progress","limit":4,"protocol":1,"run":1,"seed":2,"step":3})");
  check_event({event::Opened{.experiment = "walk",
                             .config = R"({"experiment":"walk"})",
                             .digest = "d",
                             .seed = 1,
                             .seeds = 2,
                             .notes = {"pull was tug"}}},
              R"({"config":{"experiment":"walk"},"digest":"d","event":"opened",)"
              R"("experiment":"walk","notes":["pull was tug"],"protocol":1,"seed":1,"seeds":2})");
  check_event({event::Paused{.run = 1, .step = 2, .digest = "d", .values = {{"a", 0.5}}}},
              R"({"digest":"d","event":"paused","protocol":1,"run":1,"step":2,"values":{"a":0.5}})");
  check_event({event::Records{.run = 1,
                              .step = 2,
                              .observed = true,
                              .series = {},
                              .values = {},
                              .arrays = {},
                              .explanations = {{"high-loss", "Why?", "Because."}}}},
              R"({"blocks":[],"event":"records","explanations":[{"id":"high-loss",)"
              R"("text":"Because.","title":"Why?"}],"observed":true,"protocol":1,"run":1,)"
              R"("step":2})");
  const ColumnSummary numbers{.name = "a", .missing = 1, .least = -1, .greatest = 2, .mean = 0.5};
  const ColumnSummary levels{.name = "b",
                             .type = ColumnType::categorical,
                             .levels = {"x", "y"},
                             .counts = {3, 4}};
  const ColumnSummary text{.name = "c", .type = ColumnType::text};
  check_event(
      {event::Imported{.name = "my.csv",
                       .format = "CSV",
                       .rows = 7,
                       .columns = 3,
                       .classes = 2,
                       .sha256 = "s",
                       .summary = {numbers, levels, text}},
       5},
      R"({"classes":2,"columns":3,"event":"imported","format":"CSV","kind":"table",)"
      R"("missing":[],"name":"my.csv","protocol":1,"reply":5,"rows":7,"sha256":"s","summary":[{"greatest":2,)"
      R"("least":-1,"mean":0.5,"missing":1,"name":"a","type":"numeric"},{"counts":[3,4],)"
      R"("levels":["x","y"],"missing":0,"name":"b","type":"categorical"},{"missing":0,)"
      R"("name":"c","type":"text"}]})");
  check_event({event::Imported{.name = "vocab.json",
                               .kind = FileKind::language_model,
                               .format = "GPT-2",
                               .sha256 = "s",
                               .missing = {"config.json", "merges.txt"}},
               5},
              R"({"classes":0,"columns":0,"event":"imported","format":"GPT-2",)"
              R"("kind":"language_model","missing":["config.json","merges.txt"],)"
              R"("name":"vocab.json","protocol":1,"reply":5,"rows":0,"sha256":"s","summary":[]})");
  check_event({event::Diverged{.run = 1, .divergence = {"a/b", 5, "too large"}}},
              R"({"event":"diverged","protocol":1,"reason":"too large","recording":"a/b","run":1,)"
              R"("step":5})");
  check_event({event::DeviceFailed{
                  .run = 1, .step = 5, .reason = "lost", .text = "it is gone", .goes_on = true}},
              R"({"event":"device_failed","goes_on":true,"protocol":1,"reason":"lost","run":1,)"
              R"("step":5,"text":"it is gone"})");
  check_event({event::Finished{.run = 1,
                               .seed = 2,
                               .step = 3,
                               .values = {{"a/b", 0.1}, {"c", -0.0}},
                               .diverged = true,
                               .digest = "d"}},
              R"({"digest":"d","diverged":true,"event":"finished","protocol":1,"run":1,"seed":2,)"
              R"("step":3,"values":{"a/b":0.1,"c":0}})");
  check_event({event::Sought{.run = 1, .step = 2, .digest = "d"}},
              R"({"digest":"d","event":"sought","protocol":1,"run":1,"step":2})");
  check_event({event::Forked{.run = 3,
                             .parent = 1,
                             .seed = 2,
                             .step = 4,
                             .config = R"({"experiment":"walk"})",
                             .digest = "d"}},
              R"({"config":{"experiment":"walk"},"digest":"d","event":"forked","parent":1,)"
              R"("protocol":1,"run":3,"seed":2,"step":4})");
  check_event(
      {event::Measurement{.experiment = "walk", .claim = "low", .measurement = {3, 0.5, "d"}}},
      R"({"claim":"low","digest":"d","event":"measurement","experiment":"walk",)"
      R"("protocol":1,"seed":3,"value":0.5})");
  const Event verdict = check_event(
      {event::Verdict{.experiment = "walk",
                      .claim = "low",
                      .result = {.verdict = Verdict::not_decided,
                                 .measured = std::nan(""),
                                 .low = -inf,
                                 .high = inf,
                                 .seeds = {{0, 1, "a"}, {1, 2, "b"}},
                                 .digest = "d"}}},
      R"({"claim":"low","digest":"d","event":"verdict","experiment":"walk",)"
      R"("interval":["-Infinity","Infinity"],"measured":"NaN","protocol":1,)"
      R"("seeds":[{"digest":"a","seed":0,"value":1},{"digest":"b","seed":1,"value":2}],)"
      R"("verdict":"not decided"})");
  CHECK(std::isnan(std::get<event::Verdict>(verdict.body).result.measured));
  CHECK(std::get<event::Verdict>(verdict.body).result.high == inf);
  check_event({event::Point{.point = 2,
                            .field = "pull",
                            .value = 0.5,
                            .seed = 1,
                            .step = 9,
                            .values = {{"a", 1}},
                            .divergence = Divergence{"a", 9, ""},
                            .digest = "d"}},
              R"({"digest":"d","divergence":{"reason":"","recording":"a","step":9},)"
              R"("event":"point","field":"pull","point":2,"protocol":1,"seed":1,"step":9,)"
              R"("value":0.5,"values":{"a":1}})");
  check_event({event::Cancelled{.left = 12}}, R"({"event":"cancelled","left":12,"protocol":1})");
  check_event({event::Idle{}, 4}, R"({"event":"idle","protocol":1,"reply":4})");
  check_event(
      {event::Error{
          .problem = "p", .where = "w", .expected = "e", .kind = Error::Kind::machine, .run = 3}},
      R"({"event":"error","expected":"e","kind":"machine","problem":"p","protocol":1,)"
      R"("run":3,"where":"w"})");
  check_event({event::Closed{}}, R"({"event":"closed","protocol":1})");
}

TEST_CASE("protocol: an error can be sent whatever bytes it quotes") {
  const Message message = encode(
      Event{event::Error{.problem = "no file 'caf\xe9'", .where = "\xf0\x9f", .expected = "", .run = {}}});
  const Event event = decode_event(message.json);
  CHECK(std::get<event::Error>(event.body).problem == "no file 'caf\xef\xbf\xbd'");
}

TEST_CASE("protocol: the blocks of records, as a reader of typed arrays sees them") {
  const event::Records records{
      .run = 2,
      .step = 640,
      .observed = false,
      .series = {{.recording = "a/loss",
                  .from = 5,
                  .index = {5, 6},
                  .min = {0.5, 0.25},
                  .max = {1, 2},
                  .last = {0.75, 1.5}},
                 {.recording = "b/loss", .from = 9, .index = {}, .min = {}, .max = {}, .last = {}}},
      .values = {{.recording = "a/solved", .value = 17}, {.recording = "b/solved", .value = {}}},
      .arrays = {{.recording = "a/w", .step = 640, .shape = {2, 3}, .values = {1, 2, 3, 4, 5, 6}},
                 {.recording = "b/w", .step = 0, .shape = {}, .values = {}}}};
  check_event(
      {records},
      R"({"blocks":[{"count":2,"from":5,"kind":"series","length":8,"offset":0,"recording":"a/loss"},)"
      R"({"count":0,"from":9,"kind":"series","length":0,"offset":8,"recording":"b/loss"},)"
      R"({"kind":"value","recording":"a/solved","value":17},)"
      R"({"kind":"value","recording":"b/solved","value":null},)"
      R"({"kind":"array","length":6,"offset":8,"recording":"a/w","shape":[2,3],"step":640},)"
      R"({"kind":"array","length":0,"offset":14,"recording":"b/w","shape":[],"step":0}],)"
      R"("event":"records","observed":false,"protocol":1,"run":2,"step":640})");
  const Message message = encode(Event{records});
  CHECK(message.numbers == std::vector<double>{5, 6, 0.5, 0.25, 1, 2, 0.75, 1.5, 1, 2, 3, 4, 5, 6});
}

TEST_CASE("protocol: hostile blocks are refused") {
  const std::vector<double> numbers(8, 1.0);
  const auto about_block = [&](const std::string& block) {
    return about_event(R"({"protocol":1,"event":"records","run":0,"step":0,)"
                       R"("observed":false,"blocks":[)" +
                           block + "]}",
                       numbers);
  };
  CHECK(about_block(R"({"recording":"a","kind":"series","from":0,"count":2,"offset":0,"length":8})")
            .problem.empty());
  CHECK(about_block(R"({"recording":"a","kind":"series","from":0,"count":2,"offset":1,"length":8})")
            .where == "event.blocks[0]");
  CHECK(about_block(
            R"({"recording":"a","kind":"series","from":0,"count":2,"offset":9007199254740991,)"
            R"("length":8})")
            .where == "event.blocks[0]");
  CHECK(about_block(R"({"recording":"a","kind":"series","from":0,"count":1,"offset":0,"length":8})")
            .where == "event.blocks[0].length");
  CHECK(about_block(R"({"recording":"a","kind":"series","from":0,"count":1,"offset":0,"length":7})")
            .where == "event.blocks[0].length");
  CHECK(about_block(
            R"({"recording":"a","kind":"array","step":0,"shape":[2,3],"offset":0,"length":8})")
            .where == "event.blocks[0].length");
  CHECK(about_block(R"({"recording":"a","kind":"array","step":0,"shape":[9007199254740991,)"
                    R"(9007199254740991],"offset":0,"length":8})")
            .where == "event.blocks[0].shape[1]");
  CHECK(
      about_block(R"({"recording":"a","kind":"array","step":0,"shape":[-1],"offset":0,"length":1})")
          .where == "event.blocks[0].shape[0]");
  CHECK(about_block(R"({"recording":"a","kind":"tree"})").where == "event.blocks[0].kind");
  CHECK(about_block(R"({"recording":"a","kind":"value","value":"x"})").where ==
        "event.blocks[0].value");
  CHECK(about_block(R"({"recording":"a","kind":"value"})").where == "event.blocks[0]");
  CHECK(about_block("7").where == "event.blocks[0]");
}

TEST_CASE("protocol: a frame has the documented layout, and frames follow one another") {
  const Message message = {.json = R"({"a":1})", .numbers = {1.5, -2}};
  const std::vector<std::byte> frame = pack(message);
  REQUIRE(frame.size() == 16 + 8 + 16);
  CHECK(std::memcmp(frame.data(), "LAB1", 4) == 0);
  CHECK(frame[4] == std::byte{8});
  CHECK(frame[8] == std::byte{2});
  CHECK(std::memcmp(frame.data() + 16, R"({"a":1} )", 8) == 0);
  double number = 0;
  std::memcpy(&number, frame.data() + 24, 8);
  CHECK(number == 1.5);

  std::vector<std::byte> stream = frame;
  const std::vector<std::byte> second = pack({.json = "{}", .numbers = {}});
  stream.insert(stream.end(), second.begin(), second.end());
  const auto [first, size] = unpack(stream);
  CHECK(size == frame.size());
  CHECK(first.json == message.json);
  CHECK(first.numbers == message.numbers);
  const auto [other, rest] = unpack(std::span(stream).subspan(size));
  CHECK(other.json == "{}");
  CHECK(size + rest == stream.size());
}

TEST_CASE("protocol: a frame that is cut or forged is refused") {
  const std::vector<std::byte> frame = pack({.json = R"({"a":1})", .numbers = {1.5, -2}});
  for (std::size_t size = 0; size < frame.size(); ++size) {
    CHECK_THROWS_AS(unpack(std::span(frame).first(size)), Error);
  }
  const auto forged = [&](std::size_t at, unsigned char value) {
    std::vector<std::byte> bytes = frame;
    bytes[at] = static_cast<std::byte>(value);
    return complaint_of([&] { unpack(bytes); });
  };
  CHECK(forged(0, 'X').problem == "this is not a frame");
  CHECK(forged(4, 7).expected == "a multiple of 8");
  CHECK(forged(7, 0xff).problem == "the frame is cut short");
  CHECK(forged(15, 0xff).problem == "the frame is cut short");
}

}  // namespace lab
