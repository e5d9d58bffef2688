#include "method/separable/learners.h"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "core/numerics.h"
#include "core/random.h"
#include "method/separable/vectors.h"

using namespace lab;
using namespace lab::separable;

namespace {

using enum Learner;

void check_theta(const Descent& descent, std::vector<double> expected, double scale = 1,
                 double tolerance = 1e-9) {
  for (std::size_t j = 0; j < expected.size(); ++j) {
    CHECK(std::abs(descent.theta()[j] / scale - expected[j]) <= tolerance);
  }
}

std::uint64_t count(Learner learner, const SignedSamples& samples, double gamma = 1) {
  return updates_to_solve(learner, samples, gamma, 1'000'000).value_or(0);
}

}  // namespace

TEST_CASE("V1: iterations on the worst-case family, Table 1 of the paper among them") {
  struct Row {
    std::size_t n;
    std::vector<std::uint64_t> lr, normalized;
    std::uint64_t bp, nbp, perceptron;
  };
  const std::vector<Row> rows = {
      {10, {366, 37, 4, 4, 4}, {60, 7, 2, 2}, 4, 2, 2},
      {100, {5615, 561, 55, 31, 31}, {110, 11, 2, 2}, 31, 2, 2},
      {1000, {73133, 7313, 729, 308, 301}, {157, 16, 2, 2}, 301, 2, 2},
  };
  for (const Row& row : rows) {
    CAPTURE(row.n);
    const SignedSamples samples = test::worst_case(row.n);
    const double gammas[] = {0.1, 1, 10, 100, 1000};
    for (std::size_t k = 0; k < row.lr.size(); ++k) {
      CHECK(count(lr_gd, samples, gammas[k]) == row.lr[k]);
    }
    for (std::size_t k = 0; k < row.normalized.size(); ++k) {
      CHECK(count(normalized_lr_gd, samples, gammas[k]) == row.normalized[k]);
    }
    CHECK(count(batch_perceptron, samples) == row.bp);
    CHECK(count(normalized_batch_perceptron, samples) == row.nbp);
    CHECK(count(perceptron, samples) == row.perceptron);
  }
}

TEST_CASE("V2: trajectories on four points") {
  const SignedSamples samples = test::four_points();

  Descent bp(batch_perceptron, samples, 1);
  const std::vector<std::vector<double>> bp_path = {
      {0, 0}, {0.225, -0.0125}, {0.05, 0.2125}, {0.625, -0.1375}, {0.45, 0.0875}, {0.275, 0.3125}};
  for (std::size_t t = 0; t < bp_path.size(); ++t) {
    check_theta(bp, bp_path[t], 1, 1e-15);
    CHECK(bp.solved() == (t == 5));
    bp.update();
  }
  check_theta(bp, bp_path.back(), 1, 1e-15);  // solved: it stays

  Descent nbp(normalized_batch_perceptron, samples, 1);
  while (!nbp.solved()) nbp.update();
  CHECK(nbp.updates() == 8);
  check_theta(nbp, {1.25, 1.075}, 1, 1e-14);

  Descent online(perceptron, samples, 1);
  while (!online.solved()) online.update();
  CHECK(online.updates() == 6);
  check_theta(online, {1.2, 1.0}, 1, 1e-14);

  struct Path {
    Learner learner;
    double gamma;
    std::vector<std::vector<double>> thetas;  // from t = 1
    std::vector<double> losses;               // from t = 0
  };
  const std::vector<Path> paths = {
      {lr_gd, 1,
       {{0.225, -0.0125}, {0.4032097255, 0.0086319746}, {0.5495981518, 0.0514099192}},
       {0.6931471806, 0.6478559439, 0.6182712387, 0.5963274625}},
      {lr_gd, 10,
       {{2.25, -0.125}, {1.3494613445, 1.9830812947}, {3.7166011441, 1.0140601212}},
       {0.6931471806, 0.6281607879, 0.4925591288, 0.5475668850}},
      {normalized_lr_gd, 1,
       {{0.45, -0.025}, {0.7451240366, 0.0938893517}, {0.9697364366, 0.2742379033}},
       {0.6931471806, 0.6133568229, 0.5721150780, 0.5385881748}},
      {normalized_lr_gd, 10,
       {{4.5, -0.25}, {-0.1675334346, 7.4189174709}, {11.1417806560, 0.5406341793}},
       {0.6931471806, 0.9480462548, 2.7280945350, 1.8491403140}},
  };
  for (const Path& path : paths) {
    Descent descent(path.learner, samples, path.gamma);
    CHECK(std::abs(descent.loss() - path.losses[0]) < 1e-9);
    for (std::size_t t = 0; t < path.thetas.size(); ++t) {
      descent.update();
      check_theta(descent, path.thetas[t]);
      CHECK(std::abs(descent.loss() - path.losses[t + 1]) < 1e-9);
    }
  }

  const std::pair<double, std::uint64_t> counts[] = {{1, 30},  {10, 8},  {100, 10},
                                                     {1e3, 5}, {1e4, 5}, {1e6, 5}, {1e12, 5}};
  for (const auto& [gamma, expected] : counts) CHECK(count(lr_gd, samples, gamma) == expected);
}

TEST_CASE("V2: theta / gamma tends to the batch perceptron") {
  const SignedSamples samples = test::four_points();
  struct Row {
    double gamma;
    std::vector<double> at_most;  // deviation at t = 2 .. 5
  };
  const std::vector<Row> rows = {{100, {1.85e-3, 5.15e-2, 5.15e-2, 5.15e-2}},
                                 {1000, {1e-15, 2.75e-7, 2.75e-7, 2.75e-7}},
                                 {1e4, {6e-17, 6e-17, 6e-17, 6e-17}}};
  for (const Row& row : rows) {
    Descent lr(lr_gd, samples, row.gamma), bp(batch_perceptron, samples, 1);
    lr.update();
    bp.update();
    for (const double at_most : row.at_most) {
      lr.update();
      bp.update();
      const double distance = scaled_distance(lr.theta(), row.gamma, bp.theta());
      CHECK(distance <= at_most);
      if (at_most > 1e-10) CHECK(distance >= 0.95 * at_most);
    }
  }
}

TEST_CASE("V2: the slow bias towards the greatest margin") {
  const SignedSamples samples = test::four_points();
  const std::pair<double, std::vector<double>> rows[] = {
      {5, {0.063180, 0.126682, 0.135394, 0.137707}},
      {500, {0.038238, 0.050399, 0.061491, 0.072532}}};
  for (const auto& [gamma, margins] : rows) {
    Descent lr(lr_gd, samples, gamma);
    std::uint64_t steps = 10;
    for (const double margin : margins) {
      while (lr.updates() < steps) lr.update();
      CHECK(std::abs(lr.normalized_margin() - margin) < 6e-7);
      steps *= 10;
    }
  }
}

TEST_CASE("V3: the loss grows and vanishes on the way to a solution (Theorem 4.1)") {
  const SignedSamples samples = test::samples({{1, -1}, {1, 4}});
  struct Row {
    double gamma, f1, f2, a, b, g1, g2;
  };
  const Row rows[] = {
      {1, 0.4278449191, 0.3106323602, 0.7957443658, 0.5275362111, 0.3700741376, 0.2676084757},
      {10, 1.289444867, 5.901374891e-4, 0.96207091, 0.28792909, 0.6534669477, 8.3408695e-4},
      {100, 12.5, 1.339318e-33, 1, 0.25, 0.7071067812, 0}};
  for (const Row& row : rows) {
    Descent lr(lr_gd, samples, row.gamma);
    lr.update();
    CHECK(lr.loss() == doctest::Approx(row.f1).epsilon(1e-8));
    CHECK(lr.gradient_norm() == doctest::Approx(row.g1).epsilon(1e-8));
    lr.update();
    CHECK(lr.loss() == doctest::Approx(row.f2).epsilon(1e-6));
    check_theta(lr, {row.a, row.b}, row.gamma, 1e-8);
    if (row.g2 > 0) CHECK(lr.gradient_norm() == doctest::Approx(row.g2).epsilon(1e-7));
  }
}

TEST_CASE("V5: a margin that is exactly zero breaks the reduction") {
  const SignedSamples samples = test::samples({{1, 0}, {-1, 1}, {0, 1}});
  const double third = 1.0 / 3;
  Descent bp(batch_perceptron, samples, 1);
  for (const auto& theta : std::vector<std::vector<double>>{
           {0, 0}, {0, third}, {third, third}, {0, 2 * third}, {third, 2 * third}}) {
    check_theta(bp, theta, 1, 1e-15);
    bp.update();
  }
  Descent lr(lr_gd, samples, 1e6);
  for (const auto& theta : std::vector<std::vector<double>>{
           {0, 0}, {0, third}, {third / 2, third}, {third / 2, third}}) {
    check_theta(lr, theta, 1e6, 1e-9);
    lr.update();
  }
}

TEST_CASE("V6: the normalised weights survive margins of a thousand") {
  // One sample on each axis: margins are theta itself, and an update moves it by gamma p.
  const SignedSamples samples = test::samples({{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});
  const auto weights = [&](const std::vector<double>& margins) {
    Descent descent(normalized_lr_gd, samples, 1e-3);
    ByteWriter writer;
    writer.u64(1);
    writer.f64s(margins);
    const std::vector<std::byte> bytes = writer.take();
    ByteReader reader(bytes);
    descent.restore(reader);
    descent.update();
    std::vector<double> p(3);
    for (std::size_t i = 0; i < 3; ++i) p[i] = (descent.theta()[i] - margins[i]) / 1e-3;
    return p;
  };
  const std::vector<double> large = weights({800, 900, 1000});
  CHECK(large[0] == doctest::Approx(1).epsilon(1e-9));
  CHECK(large[1] == 0);  // 3.7e-44 is below the spacing of theta
  CHECK(large[2] == 0);
  const std::vector<double> small = weights({-0.5, 0.3, 2});
  const double expected[] = {0.5332837612, 0.3645907192, 0.1021255196};
  for (int i = 0; i < 3; ++i) CHECK(small[i] == doctest::Approx(expected[i]).epsilon(1e-9));
  CHECK(softplus(-1000.0) == 0);
  CHECK(softplus(1000.0) == 1000);
  CHECK(softplus(-50.0) == doctest::Approx(1.92874984796e-22).epsilon(1e-11));
  CHECK(softplus(50.0) == doctest::Approx(50).epsilon(1e-15));
}

TEST_CASE("V7: cycles where no line separates") {
  const SignedSamples samples = test::samples({{1}, {1}, {1}, {-1}});
  const auto after = [&](double gamma, int steps) {
    Descent descent(lr_gd, samples, gamma);
    for (int t = 0; t < steps; ++t) descent.update();
    return descent;
  };
  CHECK(after(10, 2000).theta()[0] == doctest::Approx(1.0986122887).epsilon(1e-9));
  CHECK(after(10.6, 20000).theta()[0] == doctest::Approx(1.0986122887).epsilon(1e-6));
  const double best = lab::log(3.0);
  CHECK(Sharpness(samples).at(std::vector<double>{best, best, best, -best}) ==
        doctest::Approx(0.1875).epsilon(1e-12));

  const auto cycle = [&](double gamma, std::vector<double> expected, double tolerance) {
    Descent descent = after(gamma, 4000);
    for (std::size_t t = 0; t < expected.size(); ++t) {
      std::size_t near = 0;
      for (const double value : expected) {
        near += std::abs(descent.theta()[0] - value) <= tolerance ? 1 : 0;
      }
      CHECK(near == 1);
      const double before = descent.theta()[0];
      descent.update();
      CHECK(std::abs(descent.theta()[0] - before) > 1);
    }
  };
  cycle(12, {2.2244861881, 0.3953630298}, 1e-9);
  cycle(1000, {250, 0}, 1e-9);
  cycle(40, {24.8437, 14.8437, 4.8437, -4.8437}, 5e-5);
}

TEST_CASE("the first step is exact for every step size") {
  Stream stream(5, "first step");
  Matrix z = Matrix::from_shape({50, 7});
  for (double& value : z) value = stream.normal();
  const SignedSamples samples = signed_samples(std::move(z));
  for (double gamma = 1e-3; gamma < 2e12; gamma *= 10) {
    Descent lr(lr_gd, samples, gamma);
    lr.update();
    for (std::size_t j = 0; j < 7; ++j) {
      double half_mean = 0;
      for (std::size_t i = 0; i < 50; ++i) half_mean += samples.z(i, j);
      half_mean /= 100;
      CHECK(lr.theta()[j] / gamma == doctest::Approx(half_mean).epsilon(1e-12));
    }
  }
}

TEST_CASE("the gradient is that of the loss, by central differences") {
  const SignedSamples samples = test::four_points();
  const auto loss = [&](double a, double b) {
    double sum = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      sum += softplus(-(samples.z(i, 0) * a + samples.z(i, 1) * b));
    }
    return sum / 4;
  };
  Descent lr(lr_gd, samples, 3);
  for (int t = 0; t < 5; ++t) {
    const double a = lr.theta()[0], b = lr.theta()[1], h = 1e-5;
    const double da = (loss(a + h, b) - loss(a - h, b)) / (2 * h);
    const double db = (loss(a, b + h) - loss(a, b - h)) / (2 * h);
    CHECK(lr.gradient_norm() == doctest::Approx(std::sqrt(da * da + db * db)).epsilon(1e-8));
    CHECK(lr.loss() == doctest::Approx(loss(a, b)).epsilon(1e-14));
    lr.update();
    CHECK(lr.theta()[0] == doctest::Approx(a - 3 * da).epsilon(1e-8));
    CHECK(lr.theta()[1] == doctest::Approx(b - 3 * db).epsilon(1e-8));
  }
}

TEST_CASE("a descent goes on from its bytes with the same bits") {
  const SignedSamples samples = test::worst_case(50);
  for (const Learner learner :
       {lr_gd, normalized_lr_gd, batch_perceptron, normalized_batch_perceptron, perceptron}) {
    Descent whole(learner, samples, 3), first(learner, samples, 3), second(learner, samples, 3);
    for (int t = 0; t < 11; ++t) {
      whole.update();
      first.update();
    }
    ByteWriter writer;
    first.save(writer);
    const std::vector<std::byte> bytes = writer.take();
    ByteReader reader(bytes);
    second.restore(reader);
    for (int t = 0; t < 7; ++t) {
      whole.update();
      second.update();
    }
    CHECK(second.updates() == whole.updates());
    CHECK(second.loss() == whole.loss());
    for (std::size_t j = 0; j < 2; ++j) CHECK(second.theta()[j] == whole.theta()[j]);
  }
}

TEST_CASE("bounds: formulas") {
  // n = 10, R = 2, mu = 0.5: R^2 / mu^2 = 16.
  CHECK(updates_bound(perceptron, 10, 2, 0.5, 1) == 16);
  CHECK(updates_bound(normalized_batch_perceptron, 10, 2, 0.5, 1) == 16);
  CHECK(updates_bound(batch_perceptron, 10, 2, 0.5, 1) == 160);
  const double b = 16 + 2 * std::log(19.0) / (4 * 0.25);
  CHECK(updates_bound(normalized_lr_gd, 10, 2, 0.5, 4) == doctest::Approx(b).epsilon(1e-14));
  CHECK(updates_bound(lr_gd, 10, 2, 0.5, 4) == doctest::Approx(20 * b).epsilon(1e-14));
}
