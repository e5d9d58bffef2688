// How do parameters follow their gradient? Update rules over flat float32 vectors, and what is done
// to the gradient and the step size before.
//
// An optimiser allocates when it is made and never in a step. Its state can be saved and restored:
// what follows has the same bits. Numbers of the rules are double and rounded to float once a step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "compute/kernels.h"

namespace lab {

class ByteReader;
class ByteWriter;

// Stochastic gradient descent:
//     v <- momentum v + gradient,   theta <- theta - step_size v                   (Polyak 1964)
// or with Nesterov's momentum theta <- theta - step_size (gradient + momentum v), which is
// Sutskever et al. 2013, eq. 3 and 4, in the point where the gradient is taken. v starts at 0.
class Sgd {
 public:
  struct Options {
    double momentum = 0;  // from 0 to below 1; 0: plain descent, without v
    bool nesterov = false;
  };

  Sgd(std::size_t parameters, const Options& options);

  // step_size: positive. gradient and theta: `parameters` numbers each.
  void step(double step_size, std::span<const float> gradient, std::span<float> theta);

  // v. restore throws lab::Error on bytes of another number of parameters, and nothing has changed
  // then.
  void save(ByteWriter& writer) const;
  void restore(ByteReader& reader);

 private:
  Options options_;
  std::size_t parameters_;
  std::vector<float> velocity_;
};

// Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2): at step t = 1, 2 ...
//     m <- beta1 m + (1 - beta1) gradient,   v <- beta2 v + (1 - beta2) gradient^2
//     theta <- (1 - step_size weight_decay) theta
//              - step_size m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
// where step_size already holds the schedule's factor, for the weight decay too.
class AdamW {
 public:
  struct Options {
    double beta1 = 0.9;       // from 0 to below 1
    double beta2 = 0.999;     // from 0 to below 1
    double epsilon = 1e-8;    // positive
    double weight_decay = 0;  // not negative; 0 is Adam (Kingma and Ba 2015)
  };

  AdamW(std::size_t parameters, const Options& options);

  // step_size: positive. gradient and theta: `parameters` numbers each.
  void step(double step_size, std::span<const float> gradient, std::span<float> theta);

  std::uint64_t steps() const { return steps_; }

  // The count of steps, m and v. restore as of Sgd.
  void save(ByteWriter& writer) const;
  void restore(ByteReader& reader);

 private:
  Options options_;
  std::uint64_t steps_ = 0;
  std::vector<float> first_, second_;  // m and v
};

// Scales the gradient down to the Euclidean norm `largest` (positive) where its own is larger
// (Pascanu, Mikolov and Bengio 2013, algorithm 1), and gives the norm that it had. A gradient whose
// norm is not finite stays as it is: the caller sees it by what this returns.
double clip_norm(const Kernels& kernels, double largest, std::span<float> gradient);

// A step size that rises in a line for `warm_up` steps and then falls along half a cosine
// (Loshchilov and Hutter 2017, eq. 5, without restarts).
struct CosineSchedule {
  double highest = 1e-3;      // the step size after the warm-up
  double lowest = 0;          // from step `steps` on
  std::uint64_t warm_up = 0;  // at most `steps`
  std::uint64_t steps = 1;    // of the whole schedule

  // Of step 0, 1, 2 ...: highest (step + 1) / warm_up within the warm-up, and then
  // lowest + (highest - lowest) / 2 (1 + cos(pi (step - warm_up) / (steps - warm_up))).
  double at(std::uint64_t step) const;
};

}  // namespace lab
