// Which of many sampled answers does one submit? "Best-of-Majority: Minimax-Optimal Strategy for
// Pass@k Inference Scaling", arXiv:2510.03199.
//
// The description: figures and words. What runs is in best_of_majority_run.cpp.

#include <string>
#include <vector>

#include "experiment/experiment.h"
#include "experiment/field_list.h"
#include "experiment/fusion/answer_world.h"
#include "experiment/fusion/best_of_majority_run.h"

namespace lab {
namespace {

using fusion::ContenderRecordings;
using fusion::kContenderLabels;
using fusion::kContenders;
using fusion::majority_recordings;
using fusion::MajorityRecordings;

std::vector<Source> sources(std::size_t ContenderRecordings::*what) {
  const MajorityRecordings& r = majority_recordings();
  std::vector<Source> result;
  for (std::size_t i = 0; i < kContenders; ++i) {
    result.push_back({r.list[r.of[i].*what].name, std::string(kContenderLabels[i])});
  }
  return result;
}

std::vector<Figure> figures() {
  using Of = ContenderRecordings;
  const MajorityRecordings& r = majority_recordings();
  const auto name = [&](std::size_t recording) { return r.list[recording].name; };
  const Axis samples = {.label = "samples N", .unit = "", .log = true};
  std::vector<Source> passes = sources(&Of::pass_curve);
  passes.push_back({name(r.exact), "best-of-n, exactly"});
  passes.back().reference = true;
  std::vector<Source> regrets = sources(&Of::regret_curve);
  regrets.push_back({name(r.bound), "bound, with constant 1"});
  regrets.back().reference = true;
  const std::string none = "no question has been asked yet";
  return {
      {.name = "pass",
       .title = "Do more samples help?",
       .form = Form::curves,
       .x = samples,
       .y = {.label = "right answer submitted", .unit = "%"},
       .sources = passes,
       .caption = "Best-of-n falls: with more samples it is surer to meet an answer that fools the "
                  "reward model. Asking for a few votes first keeps best-of-majority rising. Votes "
                  "weighted by rewards do better still here, as nothing popular is praised: set "
                  "popular = 0.4 and popular_reward = 0.6 to see them fail.",
       .absent = none},
      {.name = "frequency",
       .title = "What the last question's samples said",
       .form = Form::bars,
       .x = {.label = "frequency"},
       .y = {},
       .sources = {{name(r.frequency), "samples"}},
       .caption = "Best-of-majority asks only those for their reward whose frequency is at least "
                  "the threshold. The mark is how probable an answer truly is.",
       .absent = none,
       .mark_label = "probability",
       .names = name(r.names)},
      {.name = "rewards",
       .title = "What the reward model says of them",
       .form = Form::bars,
       .x = {.label = "reward"},
       .y = {},
       .sources = {{name(r.rewards), "reward model"}},
       .caption = "The mark is the true reward. A hacked answer is rare, worthless and praised.",
       .absent = none,
       .mark_label = "true reward",
       .names = name(r.names)},
      {.name = "regret",
       .title = "Regret",
       .form = Form::curves,
       .x = samples,
       .y = {.label = "best reward − submitted reward", .unit = "", .log = true},
       .sources = regrets,
       .caption = "Between the best true reward and the best that was submitted. The bound holds "
                  "for best-of-majority with the theory's threshold, up to a constant.",
       .absent = none},
      {.name = "rate",
       .title = "Right so far, with all samples",
       .form = Form::lines,
       .x = {.label = "questions"},
       .y = {.label = "right answer submitted", .unit = "%"},
       .sources = sources(&Of::rate),
       .caption = "A mean over questions; it settles like one over the square root of their "
                  "number."},
      {.name = "rules",
       .title = "Every rule, with all samples",
       .form = Form::bars,
       .x = {.label = "right answer submitted", .unit = "%"},
       .y = {},
       .sources = sources(&Of::pass),
       .caption = "The oracle is right whenever the best answer was sampled at all: nobody can do "
                  "better.",
       .absent = none},
  };
}

Schema schema() {
  FieldList fields;
  fusion::add_majority_fields(fields);
  fusion::add_answer_fields(fields);
  return {1, std::move(fields.list)};
}

}  // namespace

Experiment best_of_majority() {
  return {
      .id = "best-of-majority",
      .title = "Best-of-majority: a vote before the reward model",
      .family = "fusion",
      .paper = {.title = "Best-of-Majority: Minimax-Optimal Strategy for Pass@k Inference Scaling",
                .authors = "Qiwei Di, Kaixuan Ji, Xuheng Li, Heyang Zhao, Quanquan Gu",
                .link = "arXiv:2510.03199",
                .year = 2025},
      .problem =
          "Ask a language model the same question many times, submit at most k answers, and be "
          "content if one of them is right. A majority vote ignores what a reward model knows. "
          "Best-of-n trusts it blindly, and the more samples there are, the surer is one among "
          "them that fools it. Best-of-majority first asks for a minimal share of the samples, and "
          "only then for the reward: a rare answer cannot win by praise alone. Everything here is "
          "a distribution over a few dozen answers, sampled again and again.",
      .equation = "submit the k answers of largest reward(y) among those with count(y) / N ≥ a",
      .how_to_fail =
          "Set correct = 0.02, popular = 0.5 with popular_reward = 0.9: the right answer is rarer "
          "than the threshold asks for, and is thrown away however good its reward is. Or "
          "threshold = 0.4: too strict, nothing but the vote is left. Or hacked = 0: the reward "
          "model is fooled by nobody, and best-of-n needs no vote.",
      .schema = schema(),
      .recordings = majority_recordings().list,
      .figures = figures(),
      .claims = fusion::best_of_majority_claims(),
      .make = fusion::best_of_majority_run,
  };
}

}  // namespace lab
