// What does gradient descent on the logistic loss do when no plane separates the classes and its
// steps are large? (the laboratory of sheet 06, after Meng et al., arXiv:2406.05033) Each step of a
// run takes the next step size of a sweep and lets gradient descent settle; on a device all step
// sizes descend together (many_descents.h). [SECTION] marks: recordings, run, claims, description.

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/numerics.h"
#include "core/random.h"
#include "data/dataset.h"
#include "data/generate.h"
#include "experiment/experiment.h"
#include "experiment/field_list.h"
#include "experiment/recording_list.h"
#include "experiment/separable/backend_use.h"
#include "experiment/separable/two_class_data.h"
#include "figure/scale.h"
#include "method/separable/limit_cycles.h"
#include "method/separable/many_descents.h"
#include "method/sweep.h"

namespace lab {
namespace {

using separable::CycleSweep;
using separable::LimitCycle;
using separable::LogisticOptimum;
using separable::SignedSamples;

// --- [SECTION] recordings
// ---------------------------------------------------------------------------

struct Recordings : RecordingList {
  std::size_t step_size, period, mean_loss;
  std::size_t critical_step, optimum_loss, sharpness, first_cycle;
  std::size_t positions, losses, periods;

  Recordings() {
    step_size = series("descent/step_size", "", "step size of this column");
    period = series("descent/period", "updates",
                    "length of the cycle that it settles in; 0: none was found");
    mean_loss =
        series("descent/mean_loss", "nats", "mean of the logistic loss over what it settles in");
    critical_step = value("optimum/critical_step", "",
                          "2 / lambda: below it the optimum attracts what is near");
    optimum_loss = value("optimum/loss", "nats", "least mean logistic loss");
    sharpness =
        value("optimum/sharpness", "", "lambda: largest eigenvalue of the Hessian at the optimum");
    first_cycle = value("descent/first_cycle", "",
                        "least step size of the sweep at which it does not settle at the optimum");
    positions = array("descent/positions", "",
                      "theta - theta* along the sharpest direction, divided by gamma",
                      ArrayForm::points, {"gamma", "position"});
    losses = array("descent/losses", "nats", "the losses of the same updates", ArrayForm::points,
                   {"gamma", "loss"});
    periods = array("descent/periods", "updates",
                    "length of the cycle at each step size; 0: none was found", ArrayForm::points,
                    {"gamma", "period"});
  }
};

const Recordings& recordings() {
  static const Recordings all;
  return all;
}

// --- [SECTION] run
// ----------------------------------------------------------------------------------

class CyclesRun final : public Run {
 public:
  CyclesRun(const Config& config, const RunContext& context)
      : data_(two_class_data(config, context)),
        samples_(separable::signed_samples(data_.dataset, data_.bias)),
        optimum_(optimum_of(samples_)),
        most_(static_cast<std::size_t>(config.integer("longest_period"))),
        cycle_(samples_, optimum_, most_, context.math),
        columns_(static_cast<std::uint64_t>(config.integer("columns"))),
        burn_in_(static_cast<std::uint64_t>(config.integer("burn_in"))),
        low_(config.real("from") * optimum_.critical_step()),
        high_(config.real("to") * optimum_.critical_step()),
        start_(config.text("start") == "zero" ? LimitCycle::Start::zero
                                              : LimitCycle::Start::optimum),
        answers_(context.backend) {
    if (!(low_ < high_)) {
      throw Error("the sweep ends where it begins, or before", "fields from, to",
                  "from smaller than to");
    }
    data_digest_ = digest(data_.dataset);
    const std::size_t rows = most_ * static_cast<std::size_t>(columns_);
    for (std::vector<double>* points : {&positions_, &losses_}) points->reserve(2 * rows);
    periods_.reserve(2 * static_cast<std::size_t>(columns_));
  }

  void begin(Recorder& recorder) override {
    const Recordings& r = recordings();
    recorder.value(r.critical_step, optimum_.critical_step());
    recorder.value(r.optimum_loss, optimum_.loss);
    recorder.value(r.sharpness, optimum_.sharpness);
  }

  bool step(Recorder& recorder) override {
    const Recordings& r = recordings();
    const CycleSweep::Cycle* const known = answers_.at(static_cast<std::size_t>(step_));
    const double gamma = step_size(step_++);
    if (!known) cycle_.find(gamma, burn_in_, start_);
    const std::span<const double> positions = known ? known->positions : cycle_.positions();
    const std::span<const double> losses = known ? known->losses : cycle_.losses();
    const auto period = static_cast<double>(known ? known->period : cycle_.period());
    double sum = 0;
    for (std::size_t i = 0; i < positions.size(); ++i) {
      positions_.push_back(gamma);
      positions_.push_back(positions[i] / gamma);
      losses_.push_back(gamma);
      losses_.push_back(losses[i]);
      sum += losses[i];
    }
    periods_.push_back(gamma);
    periods_.push_back(period);
    recorder.series(r.step_size, gamma);
    recorder.series(r.period, period);
    recorder.series(r.mean_loss, sum / static_cast<double>(losses.size()));
    if (period != 1 && !recorder.value(r.first_cycle)) recorder.value(r.first_cycle, gamma);
    return step_ < columns_;
  }

  void observe(Recorder& recorder) const override {
    const Recordings& r = recordings();
    const auto points = [&](std::size_t recording, const std::vector<double>& values) {
      if (values.empty()) return;
      recorder.array(recording, std::array<std::size_t, 2>{values.size() / 2, 2}, values);
    };
    points(r.positions, positions_);
    points(r.losses, losses_);
    points(r.periods, periods_);
  }

  std::vector<Explanation> explain(const Recorder& recorder) const override {
    if (step_ == 0) return {};
    const double gamma = step_size(step_ - 1);
    const double share = gamma / optimum_.critical_step();
    const double period = periods_.back();
    std::string text =
        "Near the optimum an update multiplies the distance along the sharpest direction by 1 - " +
        std::string("gamma lambda = ") + plain_text(1 - gamma * optimum_.sharpness, 3) +
        ". With gamma = " + plain_text(gamma, 3) + ", " + plain_text(share, 3) +
        " times the critical step 2 / lambda = " + plain_text(optimum_.critical_step(), 3) + ", ";
    if (period == 1) {
      text += share < 1
                  ? "that is less than 1 in size, and descent settles at the optimum."
                  : "that is more than 1 in size; that it rests nevertheless is an accident of "
                    "where it started.";
    } else if (period > 1) {
      text += "descent jumps over the optimum and comes back: a cycle of " + plain_text(period) +
              " updates, with a mean loss of " + plain_text(last(recorder), 3) +
              " nats instead of " + plain_text(optimum_.loss, 3) + ".";
    } else {
      text += "no cycle of up to " + std::to_string(most_) +
              " updates was found: a longer one, or no order. The mean loss is " +
              plain_text(last(recorder), 3) + " nats instead of " + plain_text(optimum_.loss, 3) +
              ".";
    }
    return {{"why-it-cycles", "Why does it not settle at the optimum?", std::move(text)}};
  }

  void save(ByteWriter& writer) const override {
    writer.u64(step_);
    for (const std::vector<double>* points : {&positions_, &losses_, &periods_}) {
      writer.u64(points->size());
      writer.f64s(*points);
    }
  }

  void restore(ByteReader& reader) override {
    step_ = reader.u64();
    for (std::vector<double>* points : {&positions_, &losses_, &periods_}) {
      points->resize(static_cast<std::size_t>(reader.u64()));
      reader.f64s(std::span(*points));
    }
  }

  std::string data_digest() const override { return data_digest_; }
  std::uint64_t step_limit() const override { return columns_; }

  bool ready() override {
    return answers_.ready(static_cast<std::size_t>(step_),
                          [this](std::shared_ptr<Backend> on) { return sweep(std::move(on)); });
  }
  const DeviceFailure* device_failure() const override { return answers_.failure(); }
  void leave_backend() override { answers_.leave(static_cast<std::size_t>(step_)); }
  void take_answers(const Run& from) override {
    answers_.take(static_cast<const CyclesRun&>(from).answers_);
  }

 private:
  CycleSweep sweep(std::shared_ptr<Backend> backend) const {
    std::vector<double> gammas;
    for (std::uint64_t column = 0; column < columns_; ++column) gammas.push_back(step_size(column));
    return {std::move(backend), samples_, optimum_, std::move(gammas), start_, burn_in_, most_};
  }

  static LogisticOptimum optimum_of(const SignedSamples& samples) {
    std::optional<LogisticOptimum> optimum = separable::logistic_optimum(samples);
    if (!optimum) {
      throw Error("a plane separates these data, so the loss has no least value to cycle about",
                  "field data", "data = opposed or overlapping, or label_noise > 0");
    }
    return std::move(*optimum);
  }

  static double last(const Recorder& recorder) {
    return recorder.buckets(recordings().mean_loss).back().last;
  }

  // Equal steps of the logarithm, both ends included.
  double step_size(std::uint64_t column) const {
    if (columns_ == 1) return low_;
    const double share = static_cast<double>(column) / static_cast<double>(columns_ - 1);
    return geometric(low_, high_, share);
  }

  TwoClassData data_;
  SignedSamples samples_;
  LogisticOptimum optimum_;
  std::size_t most_;
  LimitCycle cycle_;
  std::string data_digest_;
  std::uint64_t columns_, burn_in_;
  double low_, high_;
  LimitCycle::Start start_;

  std::uint64_t step_ = 0;
  std::vector<double> positions_, losses_, periods_;  // rows of gamma and a number

  SweepAnswers<CycleSweep> answers_;
};

// --- [SECTION] claims
// -------------------------------------------------------------------------------

// The four samples of which the cycles are known: how many of 7 facts are wrong.
double wrong_known_cycles(ClaimContext& context) {
  const auto at = [&](double gamma) {
    return context.run({{"data", "opposed"},
                        {"from", gamma / (32.0 / 3)},
                        {"to", 2 * gamma / (32.0 / 3)},
                        {"columns", std::int64_t{1}},
                        {"burn_in", std::int64_t{5000}}});
  };
  const Recordings& r = recordings();
  const auto period = [&](const Recorder& recorder) {
    return recorder.buckets(r.period).back().last;
  };
  // Every place of the cycle, theta = gamma position + log 3, is one of these.
  const auto visits = [&](const Recorder& recorder, double gamma, std::vector<double> thetas,
                          double tolerance) {
    const std::vector<double>& rows = recorder.array(r.positions).values;
    if (rows.size() != 2 * thetas.size()) return false;
    for (std::size_t i = 1; i < rows.size(); i += 2) {
      const double theta = gamma * rows[i] + lab::log(3.0);
      if (std::ranges::none_of(thetas, [&](double t) { return std::abs(theta - t) <= tolerance; }))
        return false;
    }
    return true;
  };
  const Recorder ten = at(10), nearly = at(10.6), twelve = at(12), forty = at(40),
                 thousand = at(1000);
  const double critical = ten.value(r.critical_step).value_or(0);
  double wrong = 0;
  wrong += std::abs(critical - 32.0 / 3) <= 1e-9 ? 0 : 1;
  wrong += period(ten) == 1 ? 0 : 1;
  wrong += period(nearly) == 1 ? 0 : 1;
  wrong += period(twelve) == 2 && visits(twelve, 12, {2.2244861881, 0.3953630298}, 1e-8) ? 0 : 1;
  wrong += period(forty) == 4 ? 0 : 1;
  wrong += visits(forty, 40, {24.8437, 14.8437, 4.8437, -4.8437}, 1e-4) ? 0 : 1;
  wrong += period(thousand) == 2 && visits(thousand, 1000, {250, 0}, 1e-6) ? 0 : 1;
  return wrong;
}

// Random overlapping sets, from near the optimum, at `share` times the critical step: what share of
// 10 sets ends in a cycle that `counts` accepts.
template <class Counts>
double share_of_sets(ClaimContext& context, double share, Counts counts) {
  constexpr int kSets = 10;
  Stream stream(context.seed(), "cycles");
  int counted = 0;
  for (int set = 0; set < kSets; ++set) {
    const auto features = static_cast<std::int64_t>(1 + stream.below(4));
    const auto samples = static_cast<std::int64_t>(20 + stream.below(60));
    const Recorder recorder = context.run({{"data", "overlapping"},
                                           {"features", features},
                                           {"samples", samples},
                                           {"label_noise", 0.1},
                                           {"start", "optimum"},
                                           {"from", share},
                                           {"to", 2 * share},
                                           {"columns", std::int64_t{1}},
                                           {"burn_in", std::int64_t{20'000}}});
    counted += counts(recorder.buckets(recordings().period).back().last) ? 1 : 0;
  }
  return static_cast<double>(counted) / kSets;
}

std::vector<Claim> claims() {
  using enum ClaimKind;
  using enum Comparison;
  return {
      {.id = "known-cycles",
       .sentence =
           "Three samples against one: below the step size 32/3 descent finds log 3, above it "
           "cycles of 2 and 4 follow, and in the end that of the batch perceptron.",
       .source = "derived by hand; the example of arXiv:2406.05033 in one dimension",
       .paper_value = "2 / lambda",
       .kind = identity,
       .metric = "facts that differ, of 7",
       .comparison = equal,
       .threshold = 0,
       .seeds = 1,
       .remark = "",
       .measure = wrong_known_cycles},
      {.id = "stable-below",
       .sentence = "Below 2 / lambda the optimum attracts what is near it.",
       .source =
           "arXiv:2406.05033, abstract; 10 random sets of 1-4 features for each seed, gamma = 0.95 "
           "of the critical step",
       .paper_value = "gamma < 2 / lambda",
       .kind = bound,
       .metric = "share of the sets that do not settle at the optimum",
       .comparison = equal,
       .threshold = 0,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             return share_of_sets(context, 0.95, [](double period) { return period != 1; });
           }},
      {.id = "unstable-above",
       .sentence = "Above 2 / lambda it does not.",
       .source = "arXiv:2406.05033, abstract; the same sets at 1.05 of the critical step",
       .paper_value = "gamma > 2 / lambda",
       .kind = bound,
       .metric = "share of the sets that settle at the optimum",
       .comparison = equal,
       .threshold = 0,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             return share_of_sets(context, 1.05, [](double period) { return period == 1; });
           }},
      {.id = "period-doubling",
       .sentence = "Just above 2 / lambda the cycle has two updates.",
       .source = "arXiv:2406.05033, abstract; the same sets at 1.05 of the critical step",
       .paper_value = "period doubling",
       .kind = effect,
       .metric = "share of the sets with a cycle of 2",
       .comparison = above,
       .threshold = 0.5,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             return share_of_sets(context, 1.05, [](double period) { return period == 2; });
           }},
  };
}

// --- [SECTION] description
// --------------------------------------------------------------------------

std::vector<Figure> figures() {
  const Axis step_sizes = {.label = "step size γ", .unit = "", .log = true};
  return {
      {.name = "bifurcation",
       .title = "Where gradient descent ends",
       .form = Form::scatter,
       .x = step_sizes,
       .y = {.label = "(θ − optimum) / γ along the sharpest direction"},
       .sources = {{"descent/positions", "places of the cycle"}},
       .caption =
           "One line of points: the optimum. Where it forks the step size passes 2/λ, and descent "
           "jumps between the branches.",
       .groups = {"places of the cycle"}},
      {.name = "losses",
       .title = "Loss where gradient descent ends",
       .form = Form::scatter,
       .x = step_sizes,
       .y = {.label = "mean loss", .unit = "nats", .log = true},
       .sources = {{"descent/losses", "losses of the cycle"}},
       .caption =
           "The least loss is reached only below 2/λ; beyond, the loss grows with the step size.",
       .groups = {"losses of the cycle"}},
      {.name = "periods",
       .title = "Length of the cycle",
       .form = Form::scatter,
       .x = step_sizes,
       .y = {.label = "period", .unit = "updates"},
       .sources = {{"descent/periods", "period"}},
       .caption = "1: the optimum; 2, 4, ...: cycles; 0: none was found up to 'longest_period'.",
       .groups = {"period"}},
      {.name = "mean_loss",
       .title = "Mean loss over the cycle",
       .form = Form::lines,
       .x = {.label = "step size, as a position in the sweep"},
       .y = {.label = "mean loss", .unit = "nats", .log = true},
       .sources = {{"descent/mean_loss", "gradient descent"}},
       .caption = "With several seeds: is it these data, or all such data?"},
  };
}

Schema schema() {
  FieldList fields = two_class_fields();
  for (Field& field : fields.list) {
    if (field.name == "data") field.value = std::string("opposed");
  }
  fields.group("sweep");
  fields.real("from", 0.5, {1e-3, 1e6}, "first step size, in critical steps",
              {.log_scale = true, .unit = "2/lambda"});
  fields.real("to", 20.0, {1e-3, 1e6}, "last step size, in critical steps",
              {.log_scale = true, .unit = "2/lambda"});
  fields.integer("columns", 400, {1, 5000}, "how many, in equal steps of the logarithm",
                 {.log_scale = true, .unit = "step sizes"});
  fields.choice("start", "zero", {{"zero", "theta = 0"}, {"optimum", "close to the optimum"}},
                "where each descent starts");
  fields.integer("burn_in", 3000, {1, 1e7}, "before what it settles in is looked at",
                 {.log_scale = true, .unit = "updates"});
  fields.integer("longest_period", 32, {1, 512}, "the longest cycle that is recognised",
                 {.log_scale = true, .unit = "updates", .advanced = true});
  return {1, std::move(fields.list)};
}

}  // namespace

Experiment lr_gd_cycles() {
  return {
      .id = "lr-gd-cycles",
      .title = "Large steps where no plane separates: cycles and their doubling",
      .family = "separable",
      .paper =
          {.title =
               "Gradient Descent on Logistic Regression with Non-Separable Data and Large Step "
               "Sizes",
           .authors = "Si Yi Meng, Antonio Orvieto, Daniel Yiming Cao, Christopher De Sa",
           .link = "arXiv:2406.05033",
           .year = 2024},
      .problem =
          "On data that a plane separates, gradient descent on the logistic loss works with steps "
          "of any "
          "size. On other data the loss has a least value, and large steps jump over it: from a "
          "certain "
          "step size on descent ends in a cycle, then in one of twice the length, in the end in "
          "that of "
          "the batch perceptron. This sweep shows where it ends for each step size.",
      .equation = "θ ← θ + (γ / n) ∑ s_i z_i;   stable at the optimum only for γ < 2 / λ",
      .how_to_fail =
          "Data that a plane separates have no optimum to cycle about: set data = gaussians. "
          "With a short burn_in, spirals into the optimum are taken for disorder.",
      .schema = schema(),
      .recordings = recordings().list,
      .figures = figures(),
      .claims = claims(),
      .make = [](const Config& config, const RunContext& context) -> std::unique_ptr<Run> {
        return std::make_unique<CyclesRun>(config, context);
      },
      .backend = descents_on_webgpu(),
  };
}

}  // namespace lab
