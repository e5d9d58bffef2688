// How far does one move a large language model by what small ones have learnt?
// C. Fan, Z. Lu, W. Wei, J. Tian, X. Qu, D. Chen and Y. Cheng, "On Giant's Shoulders: Effortless
// Weak to Strong by Dynamic Logits Fusion", arXiv:2406.15480.
//
// The description: figures and words. What runs is in dynamic_fusion_run.cpp.

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "experiment/experiment.h"
#include "experiment/field_list.h"
#include "experiment/fusion/dynamic_fusion_recordings.h"
#include "experiment/fusion/dynamic_fusion_run.h"
#include "experiment/fusion/fusion_problem.h"

namespace lab {
namespace {

using fusion::kLabels;
using fusion::kMethods;
using fusion::Method;
using fusion::MethodRecordings;
using fusion::Recordings;
using fusion::recordings;

const std::string& recording(std::size_t index) {
  return recordings().list[index].name;
}

Source source(Method method, std::size_t MethodRecordings::*what) {
  const std::size_t k = fusion::index(method);
  return {recording(recordings().of[k].*what), std::string(kLabels[k])};
}

std::vector<Source> sources(std::size_t MethodRecordings::*what,
                            std::initializer_list<Method> methods) {
  std::vector<Source> result;
  for (const Method method : methods) result.push_back(source(method, what));
  return result;
}

std::vector<Source> all(std::size_t MethodRecordings::*what,
                        std::size_t MethodRecordings::*mark = nullptr) {
  std::vector<Source> result;
  for (std::size_t k = 0; k < kMethods; ++k) {
    result.push_back(source(static_cast<Method>(k), what));
    if (mark) result.back().mark = recording(recordings().of[k].*mark);
  }
  return result;
}

std::vector<Figure> figures() {
  using enum Method;
  using Of = MethodRecordings;
  const Recordings& r = recordings();
  const std::string tokens = recording(r.tokens);
  const Axis alpha = {.label = "coefficient α"};
  const std::string no_token = "no token has been read yet";
  const auto reference = [](std::string name, std::string label) {
    Source line = {std::move(name), std::move(label)};
    line.reference = true;
    return line;
  };
  const auto place = [&](std::size_t index, std::string label) {
    Source point = {recording(index), std::move(label)};
    point.points = true;
    return point;
  };
  std::vector<Source> alphas = sources(&Of::alpha, {dynamic, exact, oracle, mix});
  alphas.push_back({recording(r.mix_alpha_2), "your mix, second expert"});
  alphas.push_back(reference(recording(r.low), "bounds"));
  alphas.push_back(reference(recording(r.high), "bounds"));
  std::vector<Source> agreement = sources(&Of::agreement, {dynamic, exact, joint});
  agreement.push_back(reference(recording(r.chance), "a guess"));
  std::vector<Source> objective = {{recording(r.objective), "objective"}};
  for (const Method method : {one, dynamic, exact, mix}) {
    objective.push_back(
        place(r.of[fusion::index(method)].place, std::string(kLabels[fusion::index(method)])));
  }
  return {
      {.name = "excess",
       .title = "How much worse than a fine-tuned large model?",
       .form = Form::bars,
       .x = {.label = "mean loss above the fine-tuned large model's", .unit = "nats"},
       .y = {},
       .sources = sources(&Of::excess, {large, expert, one, best_constant, dynamic, exact, mix}),
       .caption = "Shorter is better; 0 is what fine-tuning the large model itself would give. "
                  "Choosing α at every token beats the best constant.",
       .absent = "the fine-tuned large model and the tokens that come must be known"},
      {.name = "text",
       .title = "Who moved the text?",
       .form = Form::token_strip,
       .x = {},
       .y = {},
       .sources = {{recording(r.mover), "the last tokens"}},
       .caption = "Each token as your mix sees it, against the large model alone: moved is what "
                  "changed by more than 0.1 nats.",
       .absent = no_token,
       .groups = {"left as it was", "more likely by the expert", "more likely by the second expert",
                  "less likely"},
       .names = recording(r.text)},
      {.name = "mix",
       .title = "The next token, by your mix",
       .form = Form::bars,
       .x = {.label = "probability"},
       .y = {},
       .sources = {{recording(r.next_mix), "your mix"}},
       .caption = "A bar is the mix, the mark on it the large model alone: from the mark to the "
                  "bar is what the small models have moved.",
       .absent = no_token,
       .mark_label = "large model alone",
       .names = tokens},
      {.name = "expert",
       .title = "The next token, by the small expert",
       .form = Form::bars,
       .x = {.label = "probability"},
       .y = {},
       .sources = {{recording(r.next_expert), "small expert"}},
       .caption = "The mark is the base that it was made of. This is the move that the large model "
                  "is to make, just as far.",
       .absent = no_token,
       .mark_label = "small base",
       .names = tokens},
      {.name = "parts",
       .title = "What is the token's logit the sum of?",
       .form = Form::bars,
       .x = {.label = "logit"},
       .y = {},
       .sources = {{recording(r.parts), "your mix"}},
       .caption = "Of the token that came. The last bar is the sum of the others, exactly.",
       .absent = no_token,
       .names = recording(r.part_names)},
      {.name = "divergences",
       .title = "How far has the large model moved?",
       .form = Form::curves,
       .x = alpha,
       .y = {.label = "divergence", .unit = "nats"},
       .sources = {{recording(r.forward), "D(fused ‖ large)"},
                   {recording(r.forward_target), "D(fused ‖ large)"},
                   place(r.forward_place, "D(fused ‖ large)"),
                   {recording(r.reverse), "D(large ‖ fused)"},
                   {recording(r.reverse_target), "D(large ‖ fused)"},
                   place(r.reverse_place, "D(large ‖ fused)")},
       .caption = "At the last token. The straight lines are the expert's distances from its base, "
                  "the dots are your mix: α is right where the curves meet their lines. With "
                  "alpha_mode = manual the upright line is yours to drag.",
       .absent = no_token,
       .handles = {{Handle::Kind::vertical, "alpha_1"}}},
      {.name = "objective",
       .title = "The objective that chooses α",
       .form = Form::curves,
       .x = alpha,
       .y = {.label = "objective", .unit = "nats²", .log = true},
       .sources = objective,
       .caption = "Both differences squared and added, at the last token. The grid comes close to "
                  "the least; the exact solve gets there.",
       .absent = no_token,
       .handles = {{Handle::Kind::vertical, "alpha_1"}}},
      {.name = "shift",
       .title = "By how much was the text moved?",
       .form = Form::token_strip,
       .x = {},
       .y = {},
       .sources = {{recording(r.shift), "the last tokens"}},
       .caption = "Log probability of each token by your mix less that by the large model alone. "
                  "What comes often in the domain gains.",
       .absent = no_token,
       .colour = {.label = "change of log p", .unit = "nats"},
       .names = recording(r.text)},
      {.name = "alpha",
       .title = "α from token to token",
       .form = Form::lines,
       .x = {.label = "token"},
       .y = alpha,
       .sources = alphas,
       .caption = "Zoom in to see single tokens. Where α sticks at a bound, the target is out of "
                  "reach. The oracle wants all or nothing."},
      {.name = "alphas",
       .title = "Which α are chosen?",
       .form = Form::curves,
       .x = alpha,
       .y = {.label = "share of the tokens", .unit = "%"},
       .sources = {{recording(r.alphas), "dynamic α"}},
       .caption = "Around 1, and wider the more the large model's certainty differs from the small "
                  "one's.",
       .absent = no_token},
      {.name = "loss",
       .title = "How well is the next symbol foretold?",
       .form = Form::bars,
       .x = {.label = "mean loss", .unit = "nats"},
       .y = {},
       .sources = all(&Of::nll),
       .caption = "Every method and baseline. The oracle knows the token that comes, and shows "
                  "what choosing α could give at best.",
       .absent = "what comes next is not known"},
      {.name = "gap",
       .title = "How much of the gap to fine-tuning is closed?",
       .form = Form::bars,
       .x = {.label = "gap closed", .unit = "%"},
       .y = {},
       .sources = all(&Of::gap_closed, &Of::score_ratio),
       .caption = "Between the large model (0) and its fine-tuned self (100). The mark is the "
                  "ratio of accuracies that the paper calls the same; it flatters everybody.",
       .absent = "the fine-tuned model must be better than the large one",
       .mark_label = "accuracy, % of the fine-tuned model's"},
      {.name = "accuracy",
       .title = "How often is the first guess right?",
       .form = Form::bars,
       .x = {.label = "accuracy", .unit = "%"},
       .y = {},
       .sources = all(&Of::accuracy),
       .caption = "Fusion moves probabilities more than it moves first places: these gains are "
                  "smaller.",
       .absent = "what comes next is not known"},
      {.name = "losses",
       .title = "Loss so far",
       .form = Form::lines,
       .x = {.label = "token"},
       .y = {.label = "mean loss", .unit = "nats"},
       .sources = sources(&Of::nll, {large, expert, dynamic, one, mix, fine_tuned}),
       .caption = "All read the same text, so they rise and fall together; their order settles "
                  "early."},
      {.name = "agreement",
       .title = "Does the choice follow the text?",
       .form = Form::lines,
       .x = {.label = "token"},
       .y = {.label = "expert of the text's domain", .unit = "%"},
       .sources = agreement,
       .caption =
           "Of two experts, where their domains differ. The objective compares distances and "
           "never sees the text: about as good as a guess.",
       .absent = "set experts = 2"},
  };
}

Schema schema() {
  FieldList fields;
  fusion::add_problem_fields(fields);
  fusion::add_mixer_fields(fields);
  return {1, std::move(fields.list)};
}

}  // namespace

Experiment dynamic_logit_fusion() {
  return {
      .id = "dynamic-logit-fusion",
      .title = "Dynamic logit fusion: small experts move a large model",
      .family = "fusion",
      .paper = {.title = "On Giant's Shoulders: Effortless Weak to Strong by Dynamic Logits Fusion",
                .authors = "Chenghao Fan, Zhenyi Lu, Wei Wei, Jie Tian, Xiaoye Qu, Dangyang Chen, "
                           "Yu Cheng",
                .link = "arXiv:2406.15480",
                .year = 2024},
      .problem =
          "Fine-tuning a large language model is expensive, fine-tuning a small one is not. While "
          "decoding one can add to the large model's logits what the small one has learnt: the "
          "difference between the small expert and its base. By how much? Proxy-tuning takes it "
          "once, everywhere. This method chooses the coefficient at each token, so that the large "
          "model moves as far as the small one did. Here the models are n-grams over twelve "
          "symbols, which anyone can count again: a trigram of general text is large, a bigram and "
          "its version for a domain are small.",
      .equation =
          "fused = M + α (E − B);   α = argmin [D(fused‖M) − D(E‖B)]² + [D(M‖fused) − "
          "D(B‖E)]²",
      .how_to_fail =
          "Set frac = 1: nothing that the large model knows holds in the domain, and the small "
          "expert alone is better. Or large_domain_symbols = 60000: the large model has read the "
          "domain already, and is moved all the same, away from what it knew, because the "
          "objective "
          "asks how far the expert went and not whether that helps. Or experts = 2: the choice "
          "between them is no better than a guess.",
      .schema = schema(),
      .recordings = recordings().list,
      .figures = figures(),
      .claims = fusion::dynamic_fusion_claims(),
      .make = fusion::dynamic_fusion_run,
  };
}

}  // namespace lab
