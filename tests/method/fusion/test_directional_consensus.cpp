// Sheet 17 (RPS), reference vectors.
#include <doctest/doctest.h>

#include <vector>

#include "core/numerics.h"
#include "method/fusion/directional_consensus.h"

using namespace lab;
using namespace lab::fusion;

TEST_CASE("directional consensus: neighbours of 45 degrees") {
  struct Known {
    double degrees, x, y, cosine;
  };
  const Direction v = direction(45);
  CHECK(v.x == doctest::Approx(0.7071067812).epsilon(1e-9));
  for (const Known& known :
       {Known{15, 0.9659258263, 0.2588190451, 0.8660254038},
        Known{30, 0.8660254038, 0.5, 0.9659258263}, Known{60, 0.5, 0.8660254038, 0.9659258263},
        Known{75, 0.2588190451, 0.9659258263, 0.8660254038}}) {
    const Direction u = direction(known.degrees);
    CHECK(u.x == doctest::Approx(known.x).epsilon(1e-9));
    CHECK(u.y == doctest::Approx(known.y).epsilon(1e-9));
    CHECK(u.x * v.x + u.y * v.y == doctest::Approx(known.cosine).epsilon(1e-9));
  }
}

TEST_CASE("directional consensus: competence is whole within the arc and falls outside") {
  const Competence competence{.arc = 20, .reach = 25};
  CHECK(competence.at(20) == 1);
  CHECK(competence.at(-20) == 1);
  CHECK(competence.at(45) == doctest::Approx(0.36787944117).epsilon(1e-9));
  CHECK(competence.at(-45) == competence.at(45));
  CHECK(Competence{.uniform = true}.at(90) == 1);
}

TEST_CASE("directional consensus: attributes are standardised, probabilities sum to 1") {
  Stream stream(3, "answers");
  AnswerSet answers(40);
  answers.draw(1, stream);
  for (const Direction v : {direction(0), direction(90)}) {
    double mean = 0, square = 0;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      mean += answers.score(i, v) / 40;
      square += answers.score(i, v) * answers.score(i, v) / 40;
    }
    CHECK(mean == doctest::Approx(0).epsilon(1e-12));
    CHECK(square == doctest::Approx(1).epsilon(1e-12));
  }
  std::vector<double> cumulative(40);
  answers.cumulative(30, {}, cumulative);
  CHECK(cumulative.back() == doctest::Approx(1).epsilon(1e-12));
  CHECK(pick(cumulative, 0) == 0);
  CHECK(pick(cumulative, 0.999999999999) == 39);
  // Within the arc the logits differ from the base by strength * score, so odds are known.
  std::vector<double> plain(40), pulled(40);
  answers.cumulative(10, {.strength = 0}, plain);
  answers.cumulative(10, {.strength = 2}, pulled);
  const auto probability = [](const std::vector<double>& c, std::size_t i) {
    return c[i] - (i == 0 ? 0 : c[i - 1]);
  };
  const double odds = lab::log(probability(pulled, 5) / probability(pulled, 9)) -
                      lab::log(probability(plain, 5) / probability(plain, 9));
  CHECK(odds ==
        doctest::Approx(2 * (answers.score(5, direction(10)) - answers.score(9, direction(10))))
            .epsilon(1e-9));
}
