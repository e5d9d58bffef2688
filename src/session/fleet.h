// How do several sessions, each in a place of its own (a Web Worker), look like one? A fleet talks
// to each over a channel: commands go out as JSON, events come back as frames. What it tells is
// what one session would tell, with the same run numbers, for any number of channels.
//
// Who does what:
//   open               The seeds in contiguous blocks over the first min(seeds, channels) channels.
//                      The first channel opens its block alone, since what is wrong with a config
//                      shows there: if it refuses, nothing has changed anywhere. When it has
//                      opened, the others follow without a check of their own; a seed that one of
//                      them cannot make is an error of that run, as in one session. Commands posted
//                      after `open` wait until the first channel has answered.
//                      On another backend than the CPU all seeds go to the first channel: there
//                      is one device.
//   run .. observe     To the run's channel; without a run, to all that have runs. `speed` to all.
//   fork               To the parent's channel. Later commands wait for its answer, so that
//   branches
//                      are numbered in the order in which they were asked for.
//   reproduce, sweep   The claims, or points, in turn over all channels.
//   import             To all; later commands wait. Answered once; an error if any of them had one.
//   cancel, close      To all; answered once, when all have answered.
//   idle               When all are.
//
// For one thread. `progress` and `records` that nobody has fetched are merged here as well, so that
// a page in the background does not gather them without end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "session/engine.h"

namespace lab {

struct Channel {
  // Carries a command to a session, in order; returns at once.
  std::function<void(std::string command_json)> send;
};

class Fleet final : public Engine {
 public:
  // At least one channel, to sessions in which nothing is open.
  explicit Fleet(std::vector<Channel> channels);

  void post(Command command) override;
  std::optional<Event> poll() override;

  // What came over a channel: whole frames, one or more.
  void receive(std::size_t channel, std::span<const std::byte> frames);

  // Nothing will come over this channel any more. Its runs have failed (`why` says so in their
  // errors), what it was asked for is given up, and the others do what comes.
  void lose(std::size_t channel, std::string_view why);

 private:
  // A number of a command on the channels: 1, 2, ...; 0: none.
  using Ticket = std::uint64_t;

  struct Line {
    Channel channel;
    bool lost = false;
    std::vector<RunIndex> runs;  // global numbers of its runs, by their numbers there
    // It has been told to open or close and has not answered: what it says of runs is out of date.
    Ticket turning = 0;
    std::vector<RunIndex> next_runs;  // `runs` after that
    Ticket asked = 0, idle = 0;       // the last command that it owes an `idle`, and the last idle
  };

  struct Place {
    std::size_t line = 0;
    RunIndex local = 0;
    bool failed = false;
    bool settled = false;  // made, and where its lineage leads
    std::uint64_t progress_at = 0,
                  records_at = 0;  // in the queue, from 1; 0: not to be merged with
  };

  // A command that is answered once, by all lines together.
  struct Gathering {
    std::vector<bool> waits;  // by line
    std::uint64_t left = 0;
    std::optional<Event> answer;
    std::optional<event::Error> error;
  };

  void go_on();
  void obey(const Command& command);
  void obey_body(const command::Open& command, const Command& whole);
  void obey_body(const command::Fork& command, const Command& whole);
  void obey_body(const command::Observe& command, const Command& whole);
  void obey_body(const command::Reproduce& command, const Command& whole);
  void obey_body(const command::Sweep& command, const Command& whole);
  void obey_body(const command::Close& command, const Command& whole);
  template <class Body>  // import, cancel, speed; run, pause, step, seek
  void obey_body(const Body& command, const Command& whole);

  Ticket ticket_for(std::uint64_t id);
  void send(std::size_t line, Command command, Ticket ticket);
  template <class Body>
  void send_to_run(Body body, const Command& whole);
  template <class Body>
  void send_parts(Body body, const Command& whole);
  Place& place_of(RunIndex run, std::string_view command);
  void gather(const Command& whole, Ticket ticket);

  void hear(std::size_t line, Event event);
  void hear_opened(std::size_t line, const Event& event);
  void hear_forked(std::size_t line, Event event);
  void hear_error(std::size_t line, Event event);
  void hear_answer(std::size_t line, Event event);
  void answered(Ticket ticket, std::size_t line);
  void fail_runs(std::span<const RunIndex> runs, const event::Error& error);
  void turned(Line& line);

  void tell(Event event);
  void tell_of_run(RunIndex run, Event event);
  void note_idle();

  std::vector<Line> lines_;
  std::vector<Place> runs_;
  std::string experiment_;      // the open one
  bool opens_lineage_ = false;  // its runs begin with a way to their last branch
  std::deque<Command> waiting_;
  // The command that later ones wait for, and whom it was sent to.
  Ticket barrier_ = 0;
  std::size_t barrier_line_ = 0;
  command::Open opening_;           // if that is an `open`
  std::vector<std::uint64_t> ids_;  // of the commands, by ticket
  std::map<Ticket, Gathering> gatherings_;
  std::map<Ticket, std::vector<std::pair<std::size_t, std::string>>> errors_told_;
  bool idle_due_ = false;
  std::uint64_t last_id_ = 0;
  std::deque<Event> events_;
  std::uint64_t fetched_ =
      0;  // how many events were, so that the first has the number fetched_ + 1
};

}  // namespace lab
