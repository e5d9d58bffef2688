// [SECTION]s: commands, what channels say, events.
#include "session/fleet.h"

#include <algorithm>
#include <cassert>
#include <type_traits>
#include <variant>

#include "session/records.h"

namespace lab {
namespace {

template <class T, class... Others>
constexpr bool is_one_of = (std::is_same_v<T, Others> || ...);

// These are not answered by `idle` (protocol.h).
bool is_silent(const Command& command) {
  return std::holds_alternative<command::Open>(command.body) ||
         std::holds_alternative<command::Speed>(command.body) ||
         std::holds_alternative<command::Close>(command.body);
}

// The run that an event is about, if it is about one.
std::optional<RunIndex> run_of(const Event& event) {
  return std::visit(
      [](const auto& body) -> std::optional<RunIndex> {
        if constexpr (requires { body.run; }) return body.run;
        return std::nullopt;
      },
      event.body);
}

void set_run(Event& event, RunIndex run) {
  std::visit(
      [&](auto& body) {
        if constexpr (requires { body.run; }) body.run = run;
      },
      event.body);
}

}  // namespace

Fleet::Fleet(std::vector<Channel> channels) {
  assert(!channels.empty());
  for (Channel& channel : channels) {
    lines_.emplace_back();
    lines_.back().channel = std::move(channel);
  }
}

// --- [SECTION] commands ----------------------------------------------------------------------

void Fleet::post(Command command) {
  try {
    // What a session would not even read, it could not answer.
    decode_command(encode(command));
  } catch (const Error& error) {
    last_id_ = command.id;
    if (!is_silent(command)) idle_due_ = true;
    tell({event::error_of(error), command.id});
    note_idle();
    return;
  }
  waiting_.push_back(std::move(command));
  go_on();
}

void Fleet::go_on() {
  while (barrier_ == 0 && !waiting_.empty()) {
    const Command command = std::move(waiting_.front());
    waiting_.pop_front();
    obey(command);
  }
  note_idle();
}

void Fleet::obey(const Command& command) {
  last_id_ = command.id;
  if (!is_silent(command)) idle_due_ = true;
  try {
    if (std::ranges::all_of(lines_, &Line::lost)) {
      throw Error("nothing is left to compute with", std::string(name(command)),
                  "the program started again", Error::Kind::machine);
    }
    std::visit([&](const auto& body) { obey_body(body, command); }, command.body);
  } catch (const Error& error) {
    tell({event::error_of(error), command.id});
  }
}

Fleet::Ticket Fleet::ticket_for(std::uint64_t id) {
  ids_.push_back(id);
  return ids_.size();
}

void Fleet::send(std::size_t line, Command command, Ticket ticket) {
  if (!is_silent(command)) lines_[line].asked = ticket;
  command.id = ticket;
  lines_[line].channel.send(encode(command));
}

// The same errors as a session's.
Fleet::Place& Fleet::place_of(RunIndex run, std::string_view command) {
  if (runs_.empty()) throw Error("nothing is open", std::string(command), "an `open` before");
  if (run >= runs_.size()) {
    throw Error("there is no run " + std::to_string(run), std::string(command) + ".run",
                "a whole number from 0 to " + std::to_string(runs_.size() - 1));
  }
  if (runs_[run].failed) {
    throw Error("the run has failed and cannot go on", std::string(command) + ".run",
                "another run, or a new `open`");
  }
  return runs_[run];
}

template <class Body>
void Fleet::send_to_run(Body body, const Command& whole) {
  const std::optional<RunIndex> run = body.run;
  const Place& place = place_of(*run, name(whole));
  body.run = place.local;
  send(place.line, {std::move(body)}, ticket_for(whole.id));
}

template <class Body>
void Fleet::send_parts(Body body, const Command& whole) {
  std::vector<std::size_t> there;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (!lines_[i].lost) there.push_back(i);
  }
  const Ticket ticket = ticket_for(whole.id);
  const std::uint32_t part = body.part, parts = body.parts;
  body.parts = parts * static_cast<std::uint32_t>(there.size());
  for (std::size_t i = 0; i < there.size(); ++i) {
    body.part = part + parts * static_cast<std::uint32_t>(i);
    send(there[i], {body}, ticket);
  }
}

// To all; they answer together.
void Fleet::gather(const Command& whole, Ticket ticket) {
  Gathering& gathering = gatherings_[ticket];
  gathering.waits.resize(lines_.size());
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (lines_[i].lost) continue;
    gathering.waits[i] = true;
    send(i, whole, ticket);
  }
}

template <class Body>
void Fleet::obey_body(const Body& command, const Command& whole) {
  if constexpr (is_one_of<Body, command::Import, command::Cancel>) {
    const Ticket ticket = ticket_for(whole.id);
    gather(whole, ticket);
    if (std::is_same_v<Body, command::Import>) barrier_ = ticket;
  } else if constexpr (std::is_same_v<Body, command::Speed>) {
    const Ticket ticket = ticket_for(whole.id);
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (!lines_[i].lost) send(i, whole, ticket);
    }
  } else {
    static_assert(is_one_of<Body, command::Run, command::Pause, command::Step, command::Seek>);
    if (command.run) return send_to_run(command, whole);
    if (runs_.empty()) place_of(0, name(whole));
    std::vector<bool> has_runs(lines_.size());
    for (const Place& place : runs_) has_runs[place.line] = true;
    const Ticket ticket = ticket_for(whole.id);
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (has_runs[i] && !lines_[i].lost) send(i, whole, ticket);
    }
  }
}

void Fleet::obey_body(const command::Observe& command, const Command& whole) {
  send_to_run(command, whole);
}

void Fleet::obey_body(const command::Fork& command, const Command& whole) {
  const std::size_t line = place_of(command.run, "fork").line;
  if (runs_.size() >= kMostRuns) {
    throw Error("there are too many runs", "fork",
                "at most " + std::to_string(kMostRuns) + " runs in a session");
  }
  send_to_run(command, whole);
  barrier_ = ids_.size();
  barrier_line_ = line;
}

void Fleet::obey_body(const command::Reproduce& command, const Command& whole) {
  command::Reproduce body = command;
  if (body.experiment.empty()) body.experiment = experiment_;
  if (body.experiment.empty()) {
    throw Error("nothing is open", "reproduce.experiment",
                "an experiment's id, or an `open` before");
  }
  send_parts(std::move(body), whole);
}

void Fleet::obey_body(const command::Sweep& command, const Command& whole) {
  send_parts(command, whole);
}

void Fleet::obey_body(const command::Close&, const Command& whole) {
  const Ticket ticket = ticket_for(whole.id);
  gather(whole, ticket);
  runs_.clear();
  experiment_.clear();
  for (Line& line : lines_) {
    line.turning = line.lost ? 0 : ticket;
    line.next_runs.clear();
  }
}

void Fleet::obey_body(const command::Open& command, const Command& whole) {
  const auto first = std::ranges::find(lines_, false, &Line::lost);
  const auto there = static_cast<std::uint32_t>(std::ranges::count(lines_, false, &Line::lost));
  barrier_ = ticket_for(whole.id);
  barrier_line_ = static_cast<std::size_t>(first - lines_.begin());
  opening_ = command;
  command::Open block = command;
  const std::uint32_t blocks =
      command.backend == BackendWish::cpu ? std::min(there, command.seeds) : 1;
  block.seeds = command.seeds / blocks + (command.seeds % blocks > 0 ? 1 : 0);
  send(barrier_line_, {std::move(block)}, barrier_);
}

// --- [SECTION] what channels say -------------------------------------------------------------

void Fleet::receive(std::size_t channel, std::span<const std::byte> frames) {
  const std::string source = "channel " + std::to_string(channel);
  try {
    while (!frames.empty() && !lines_[channel].lost) {
      const auto [message, size] = unpack(frames, source);
      frames = frames.subspan(size);
      hear(channel, decode_event(message.json, message.numbers, source));
    }
  } catch (const Error& error) {
    event::Error described_error = event::error_of(error);
    described_error.kind = Error::Kind::machine;
    tell({std::move(described_error)});
  }
  go_on();
}

void Fleet::lose(std::size_t channel, std::string_view why) {
  Line& line = lines_[channel];
  if (line.lost) return;
  line.lost = true;
  line.idle = line.asked;
  const event::Error error{.problem = std::string(why),
                           .where = "channel " + std::to_string(channel),
                           .expected = "",
                           .kind = Error::Kind::machine,
                           .run = {}};
  std::vector<RunIndex> lost;
  for (RunIndex run = 0; run < runs_.size(); ++run) {
    if (runs_[run].line == channel) lost.push_back(run);
  }
  fail_runs(lost, error);
  line.turning = 0;
  const bool waits_alone = barrier_ != 0 && !gatherings_.contains(barrier_);
  if (waits_alone && barrier_line_ == channel) {
    tell({error, ids_[barrier_ - 1]});
    barrier_ = 0;
  }
  std::vector<Ticket> tickets;
  for (const auto& [ticket, gathering] : gatherings_) tickets.push_back(ticket);
  for (const Ticket ticket : tickets) answered(ticket, channel);
  go_on();
}

void Fleet::hear(std::size_t index, Event event) {
  Line& line = lines_[index];
  if (event.reply > ids_.size()) event.reply = 0;
  if (std::holds_alternative<event::Opened>(event.body)) return hear_opened(index, event);
  if (std::holds_alternative<event::Forked>(event.body)) return hear_forked(index, event);
  if (std::holds_alternative<event::Idle>(event.body)) {
    line.idle = std::max(line.idle, event.reply);
    return;
  }
  const bool gathered = std::holds_alternative<event::Closed>(event.body) ||
                        std::holds_alternative<event::Cancelled>(event.body) ||
                        std::holds_alternative<event::Imported>(event.body);
  if (gathered) return hear_answer(index, event);
  const std::optional<RunIndex> local = run_of(event);
  if (local) {
    if (line.turning != 0 || *local >= line.runs.size()) return;
    const RunIndex run = line.runs[*local];
    set_run(event, run);
    event.reply = event.reply == 0 ? 0 : ids_[event.reply - 1];
    return tell_of_run(run, std::move(event));
  }
  if (std::holds_alternative<event::Error>(event.body)) return hear_error(index, std::move(event));
  event.reply = event.reply == 0 ? 0 : ids_[event.reply - 1];
  tell(std::move(event));
}

// The line has done what it was told: from now on it speaks of other runs.
void Fleet::turned(Line& line) {
  line.turning = 0;
  line.runs = std::exchange(line.next_runs, {});
}

void Fleet::hear_opened(std::size_t index, const Event& event) {
  if (event.reply == 0) return;
  if (lines_[index].turning == event.reply) turned(lines_[index]);
  if (event.reply != barrier_ || index != barrier_line_) return;

  std::vector<std::size_t> there;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (!lines_[i].lost) there.push_back(i);
  }
  const std::uint32_t seeds = opening_.seeds;
  // A channel may have been lost since: the first block is as it was sent.
  const std::uint32_t first_block = std::get<event::Opened>(event.body).seeds;
  std::erase_if(there, [&](std::size_t i) { return i < index; });
  const auto others = static_cast<std::uint32_t>(there.size() - 1);
  std::uint32_t rest = seeds - first_block;

  event::Opened opened = std::get<event::Opened>(event.body);
  opened.seeds = seeds;
  experiment_ = opened.experiment;
  const std::uint64_t id = ids_[event.reply - 1];
  barrier_ = 0;
  runs_.clear();
  opens_lineage_ = !opening_.config.lineage.empty();
  const auto add_block = [&](std::size_t line, std::uint32_t count) {
    std::vector<RunIndex> numbers;
    for (RunIndex local = 0; local < count; ++local) {
      numbers.push_back(static_cast<RunIndex>(runs_.size()));
      runs_.push_back({.line = line, .local = local});
    }
    return numbers;
  };
  lines_[index].runs = add_block(index, first_block);
  tell({std::move(opened), id});

  std::uint32_t left = others;
  for (const std::size_t line : there) {
    if (line == index) continue;
    const std::uint32_t count = left == 0 ? 0 : (rest + left - 1) / left;
    --left;
    rest -= count;
    Line& other = lines_[line];
    if (count > 0) {
      command::Open block = opening_;
      block.seed = opening_.seed + runs_.size();
      block.seeds = count;
      block.check = false;
      other.next_runs = add_block(line, count);
      other.turning = ticket_for(id);
      send(line, {std::move(block)}, other.turning);
    } else if (!other.runs.empty() || other.turning != 0) {
      other.next_runs.clear();
      other.turning = ticket_for(id);
      send(line, {command::Close{.runs_only = true}}, other.turning);
    }
  }
  if (rest > 0) {
    // The other channels were lost while the first one opened.
    fail_runs(add_block(index, rest), {.problem = "its channel was lost",
                                       .where = "open",
                                       .expected = "fewer seeds, or the program started again",
                                       .kind = Error::Kind::machine,
                                       .run = {}});
  }
}

void Fleet::hear_forked(std::size_t index, Event event) {
  Line& line = lines_[index];
  if (event.reply == 0 || event.reply != barrier_) return;
  barrier_ = 0;
  auto& forked = std::get<event::Forked>(event.body);
  if (line.turning != 0 || forked.parent >= line.runs.size()) return;
  const auto run = static_cast<RunIndex>(runs_.size());
  runs_.push_back({.line = index, .local = forked.run, .settled = true});
  line.runs.push_back(run);
  forked.run = run;
  forked.parent = line.runs[forked.parent];
  event.reply = ids_[event.reply - 1];
  tell_of_run(run, std::move(event));
}

// An error that is not a run's: a command was refused, or a piece of work failed.
void Fleet::hear_error(std::size_t index, Event event) {
  const Ticket ticket = event.reply;
  const auto& error = std::get<event::Error>(event.body);
  Line& line = lines_[index];
  if (ticket == 0) return tell(std::move(event));
  if (ticket == line.turning) {
    // It could not even open the config that another channel had opened.
    turned(line);
    return fail_runs(line.runs, error);
  }
  if (const auto found = gatherings_.find(ticket); found != gatherings_.end()) {
    if (!found->second.error) found->second.error = error;
    return answered(ticket, index);
  }
  if (ticket == barrier_) barrier_ = 0;
  // A command that went to several channels is refused by all of them, in the same words.
  auto& told = errors_told_[ticket];
  std::string text = error.problem + '\n' + error.where + '\n' + error.expected;
  const bool known = std::ranges::any_of(
      told, [&](const auto& one) { return one.first != index && one.second == text; });
  if (known) return;
  told.emplace_back(index, std::move(text));
  event.reply = ids_[ticket - 1];
  tell(std::move(event));
}

void Fleet::hear_answer(std::size_t index, Event event) {
  const Ticket ticket = event.reply;
  if (ticket != 0 && lines_[index].turning == ticket) turned(lines_[index]);
  const auto found = gatherings_.find(ticket);
  if (found == gatherings_.end()) return;  // a spare channel that closed its runs
  if (const auto* cancelled = std::get_if<event::Cancelled>(&event.body)) {
    found->second.left += cancelled->left;
  }
  found->second.answer = std::move(event);
  answered(ticket, index);
}

void Fleet::answered(Ticket ticket, std::size_t line) {
  const auto found = gatherings_.find(ticket);
  Gathering& gathering = found->second;
  gathering.waits[line] = false;
  if (std::ranges::find(gathering.waits, true) != gathering.waits.end()) return;
  const std::uint64_t id = ids_[ticket - 1];
  if (gathering.error) {
    tell({std::move(*gathering.error), id});
  } else if (gathering.answer) {
    Event event = std::move(*gathering.answer);
    event.reply = id;
    if (auto* cancelled = std::get_if<event::Cancelled>(&event.body)) {
      cancelled->left = gathering.left;
    }
    tell(std::move(event));
  }
  gatherings_.erase(found);
  if (barrier_ == ticket) barrier_ = 0;
}

void Fleet::fail_runs(std::span<const RunIndex> runs, const event::Error& error) {
  for (const RunIndex run : runs) {
    if (runs_[run].failed) continue;
    event::Error one = error;
    one.run = run;
    tell_of_run(run, {std::move(one)});
  }
}

// --- [SECTION] events ------------------------------------------------------------------------

void Fleet::tell(Event event) {
  events_.push_back(std::move(event));
}

void Fleet::tell_of_run(RunIndex run, Event event) {
  Place& place = runs_[run];
  const bool progress = std::holds_alternative<event::Progress>(event.body);
  auto* records = std::get_if<event::Records>(&event.body);
  if (records != nullptr && records->observed) records = nullptr;
  if (std::holds_alternative<event::Error>(event.body)) place.failed = true;
  if (progress ? !opens_lineage_ : records == nullptr) place.settled = true;

  // Merged with one that nobody has fetched, if nothing else was said of the run in between.
  std::uint64_t& at = progress ? place.progress_at : place.records_at;
  if (progress || records != nullptr) {
    if (at > fetched_) {
      Event& earlier = events_[at - fetched_ - 1];
      if (progress) {
        earlier = std::move(event);
      } else {
        auto& before = std::get<event::Records>(earlier.body);
        before = merged(std::move(before), std::move(*records));
      }
      return;
    }
    at = fetched_ + events_.size() + 1;
  } else {
    place.progress_at = place.records_at = 0;
  }
  tell(std::move(event));
}

std::optional<Event> Fleet::poll() {
  if (events_.empty()) return std::nullopt;
  Event event = std::move(events_.front());
  events_.pop_front();
  ++fetched_;
  return event;
}

void Fleet::note_idle() {
  if (!idle_due_ || barrier_ != 0 || !waiting_.empty() || !gatherings_.empty()) return;
  const bool lines_rest = std::ranges::all_of(
      lines_, [](const Line& line) { return line.idle >= line.asked && line.turning == 0; });
  const bool runs_rest =
      std::ranges::all_of(runs_, [](const Place& place) { return place.settled || place.failed; });
  if (!lines_rest || !runs_rest) return;
  idle_due_ = false;
  errors_told_.clear();
  tell({event::Idle{}, last_id_});
}

}  // namespace lab
