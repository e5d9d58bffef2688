#include "experiment/separable/block_race.h"

#include <algorithm>

namespace lab::block_race {
namespace {

Rule rule_of(const std::string& text) {
  std::size_t k = 0;
  while (separable::name(static_cast<Rule>(k)) != text) ++k;
  return static_cast<Rule>(k);
}

Update update_of(const std::string& text) {
  return text == "gradient" ? Update::gradient
         : text == "matrix" ? Update::matrix
         : text == "newton" ? Update::newton
                            : Update::approximation;
}

constexpr std::array<std::string_view, 6> kBlockNames = {"variable", "order", "sort",
                                                         "avg",      "hsort", "havg"};

Blocks blocks_of(const std::string& text) {
  return static_cast<Blocks>(std::ranges::find(kBlockNames, text) - kBlockNames.begin());
}

}  // namespace

Race race_of(const Config& config) {
  const std::string& name = config.text("race");
  return name == "rules"     ? Race::rules
         : name == "updates" ? Race::updates
         : name == "blocks"  ? Race::blocks
                             : Race::trees;
}

separable::BlockMethod method_of(const Racer& racer, const Config& config,
                                 const BlockProblem& problem) {
  separable::BlockMethod method;
  method.rule = racer.rule.value_or(rule_of(config.text("rule")));
  method.update = racer.update.value_or(update_of(config.text("update")));
  method.blocks = racer.blocks.value_or(blocks_of(config.text("blocks")));
  method.size = static_cast<std::size_t>(config.integer("block_size"));
  if (racer.race == Race::trees) {
    // A dense solve of the cube root of n coordinates costs about what a tree of n does.
    const std::size_t n = problem.start.size();
    method.size = 1;
    while ((method.size + 1) * (method.size + 1) * (method.size + 1) <= n) ++method.size;
    if (method.blocks == Blocks::trees && problem.side > 0) {
      method.blocks = Blocks::combs;
      method.columns = problem.side;
    }
  }
  return method;
}

Recordings::Recordings() {
  for (std::size_t k = 0; k < kCount; ++k) {
    const std::string who = std::string(kRacers[k].name) + "/";
    RacerRecordings& r = of[k];
    r = {};
    r.gap = series(who + "gap", "",
                   "(F - F*) / (F_0 - F*), what is left of the first gap; at least 1e-16");
    r.guaranteed = series(who + "guaranteed", "", "by how much the update was sure to lower F");
    r.actual = series(who + "actual", "", "by how much it lowered F");
    r.operations = series(who + "operations", "operations",
                          "multiplications and additions so far, on numbers that are not 0");
    r.work = array(who + "work", "", "the gap against the operations", ArrayForm::table,
                   {"operations", "gap"});
    r.coordinate = series(who + "coordinate", "", "the first coordinate of the update's block");
    r.nonzeros = series(who + "nonzeros", "coordinates",
                        "coordinates that are not 0, where there is a penalty");
    r.support_difference =
        series(who + "support_difference", "coordinates",
               "coordinates that are 0 where the optimum's is not, or the other way round");
    r.log_gap = value(who + "log_gap", "", "decimal logarithm of the gap at the end");
    r.largest_excess = value(who + "largest_excess", "",
                             "largest (guaranteed - actual) / max(1, |F|) of all updates");
    r.identified = value(who + "identified", "updates",
                         "updates after which the zeros are and stay those of the optimum");
    if (kRacers[k].race == Race::rules) {
      r.promise = value(who + "promise", "",
                        "the sure decrease of the block that this rule takes where the watched "
                        "method is now");
    }
  }
  coordinates = value("data/coordinates", "coordinates", "p");
  samples = value("data/samples", "samples", "n; of a graph: edges");
  optimum = value("data/optimum", "", "F*, by Newton's method or coordinate descent to rounding");
  start = value("data/start", "", "F where all begin");
  nonzeros = value("data/nonzeros", "coordinates", "that are not 0 at the optimum");
  lipschitz_ratio = value("data/lipschitz_ratio", "", "largest L_i over the smallest");
  lipschitz = array("data/lipschitz", "", "decimal logarithm of each coordinate's L_i",
                    ArrayForm::vector, {});
  promises = array("race/promises", "", "steps: logarithms of what was sure and what was brought",
                   ArrayForm::points, {"log10 guaranteed", "log10 actual", "method"});
  diagonal = array("race/diagonal", "", "where both are equal", ArrayForm::vector, {});
  raster = array("race/raster", "",
                 "how often the watched method moved a coordinate, over a hundred stretches of "
                 "the run",
                 ArrayForm::matrix, {});
  nodes =
      array("graph/nodes", "", "nodes where they are", ArrayForm::points, {"x1", "x2", "class"});
  field = array("graph/field", "", "the watched method's x on the lattice", ArrayForm::field, {});
  extent = array("graph/field_extent", "", "x_low, x_high, y_low, y_high", ArrayForm::vector, {});
}

const Recordings& recordings() {
  static const Recordings all;
  return all;
}

}  // namespace lab::block_race
