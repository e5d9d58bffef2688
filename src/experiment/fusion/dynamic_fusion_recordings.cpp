#include "experiment/fusion/dynamic_fusion_recordings.h"

#include <string>

namespace lab::fusion {

Recordings::Recordings() {
  for (std::size_t k = 0; k < kMethods; ++k) {
    const auto method = static_cast<Method>(k);
    const std::string who = std::string(kNames[k]) + "/";
    MethodRecordings& r = of[k];
    r = {};
    r.nll = series(who + "nll", "nats",
                   "mean of -log p of the tokens so far; of generated text: of what the domain "
                   "would say there");
    r.accuracy = value(who + "accuracy", "%", "how often the most probable token was right");
    r.excess = value(who + "excess", "nats", "loss of this - loss of the fine-tuned large model");
    r.gap_closed = value(who + "gap_closed", "%",
                         "(loss of the large model - loss of this) / (loss of the large model - "
                         "loss of the fine-tuned one)");
    r.score_ratio =
        value(who + "score_ratio", "%", "accuracy of this over that of the fine-tuned large model");
    if (varies(method)) {
      r.alpha =
          series(who + "alpha", "",
                 method == Method::mix ? "coefficient of the small expert, token by token"
                                       : "coefficient of the expert that was chosen, token by "
                                         "token");
    }
    if (varies(method) || method == Method::one) {
      r.place = array(who + "place", "", "its coefficient, and the objective there",
                      ArrayForm::table, {"alpha", "objective"});
    }
    if (!searches(method)) continue;
    r.at_bound = value(who + "at_bound", "%", "tokens at which its coefficient is the largest");
    r.agreement = series(who + "agreement", "%",
                         "of the tokens at which the domains differ: how often the leading expert "
                         "is that of the text");
  }
  low = series("bounds/low", "", "least coefficient");
  high = series("bounds/high", "", "greatest coefficient");
  chance = series("chance/agreement", "%", "of a guess");
  chosen_constant = value("best_constant/alpha", "", "chosen on the validation text");
  mix_alpha_2 = series("mix_2/alpha", "", "your mix: coefficient of the second expert");
  mix_objective = series("mix/objective", "nats²", "the objective at the mix, token by token");
  tokens = array("data/tokens", "", "names of the tokens", ArrayForm::labels);
  const std::vector<std::string> bar = {"token", "probability", "low", "high",
                                        "probability before"};
  next_mix = array("mix/next", "", "the next token by the mix, and by the large model alone",
                   ArrayForm::table, bar);
  next_expert = array("expert/next", "", "the next token by the small expert, and by its base",
                      ArrayForm::table, bar);
  next_expert_2 =
      array("expert_2/next", "", "the same of the second expert", ArrayForm::table, bar);
  parts = array("mix/parts", "", "what the fused logit of the token is the sum of, and that sum",
                ArrayForm::table, {"part", "logit", "low", "high"});
  part_names = array("data/parts", "", "whose they are", ArrayForm::labels);
  const std::vector<std::string> curve = {"alpha", "divergence"};
  forward = array("forward/curve", "nats", "D(fused || large) over the coefficient",
                  ArrayForm::table, curve);
  forward_target = array("forward/target", "nats", "D(expert || base), of each expert",
                         ArrayForm::table, {"alpha", "divergence", "expert"});
  forward_place =
      array("forward/place", "nats", "D(fused || large) of the mix", ArrayForm::table, curve);
  reverse = array("reverse/curve", "nats", "D(large || fused) over the coefficient",
                  ArrayForm::table, curve);
  reverse_target = array("reverse/target", "nats", "D(base || expert), of each expert",
                         ArrayForm::table, {"alpha", "divergence", "expert"});
  reverse_place =
      array("reverse/place", "nats", "D(large || fused) of the mix", ArrayForm::table, curve);
  objective = array("objective/curve", "nats²", "the objective over the coefficient",
                    ArrayForm::table, {"alpha", "objective"});
  alphas = array("dynamic/alphas", "%", "how often each coefficient of the grid was chosen",
                 ArrayForm::table, {"alpha", "share"});
  text = array("text/tokens", "", "the last tokens of the text", ArrayForm::labels);
  shift = array("text/shift", "nats",
                "of each of them: log probability by the mix - by the large model alone",
                ArrayForm::vector);
  mover =
      array("text/mover", "",
            "0 left as it was, 1 made more likely by the expert, 2 by the second expert, 3 made "
            "less likely",
            ArrayForm::vector);
}

const Recordings& recordings() {
  static const Recordings all;
  return all;
}

}  // namespace lab::fusion
