#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "core/random.h"
#include "method/separable/classification_tree.h"
#include "method/separable/wdbc.h"

using namespace lab;
using namespace lab::separable;

namespace {

Matrix matrix(std::vector<std::vector<double>> rows) {
  Matrix x = Matrix::from_shape({rows.size(), rows[0].size()});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows[i].size(); ++j) x(i, j) = rows[i][j];
  }
  return x;
}

ClassificationTree grown(const Matrix& x, const std::vector<std::uint8_t>& classes, Impurity which,
                         TreeLimits limits = {}) {
  ClassificationTree tree(x.shape(0), x.shape(1));
  const std::vector<std::uint8_t> all(x.shape(0), 1);
  tree.fit(view(x), classes, presorted(view(x)), all, which, limits);
  return tree;
}

}  // namespace

TEST_CASE("V3: impurities of five against three") {
  CHECK(impurity(Impurity::gini, 5, 3) == 0.46875);
  CHECK(std::abs(impurity(Impurity::entropy, 5, 3) - 0.9544340029) < 1e-9);
  CHECK(impurity(Impurity::gini, 4, 0) == 0);
  CHECK(impurity(Impurity::entropy, 0, 4) == 0);
  CHECK(impurity(Impurity::entropy, 2, 2) == doctest::Approx(1).epsilon(1e-15));
}

TEST_CASE("the first splits on the breast-cancer data are those of scikit-learn, but for a tie") {
  const test::Wdbc& data = test::wdbc();
  const auto check = [&](Impurity which, std::vector<std::size_t> features,
                         std::vector<double> thresholds, std::vector<std::size_t> samples) {
    const ClassificationTree tree = grown(data.raw.features, data.classes, which, {.depth = 2});
    REQUIRE(tree.nodes().size() == 7);
    // Ours: the root, its two sides, then what is below the left one.
    const std::size_t places[] = {0, 1, 2};
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(tree.nodes()[places[k]].feature == features[k]);
      CHECK(tree.nodes()[places[k]].threshold == doctest::Approx(thresholds[k]).epsilon(1e-6));
    }
    for (std::size_t k = 0; k < 7; ++k) CHECK(tree.nodes()[k].samples() == samples[k]);
  };
  // At the third node mean texture <= 16.11 and worst texture <= 19.91 divide the samples alike;
  // scikit-learn draws, and drew the latter.
  check(Impurity::gini, {20, 27, 1}, {16.795, 0.1358, 16.11}, {569, 379, 190, 333, 46, 17, 173});
  check(Impurity::entropy, {22, 27, 22}, {105.95, 0.13505, 117.45},
        {569, 345, 224, 320, 25, 57, 167});
}

TEST_CASE("without a limit every training sample is right, and a shallower tree is the top of it") {
  const test::Wdbc& data = test::wdbc();
  const ClassificationTree whole = grown(data.raw.features, data.classes, Impurity::gini);
  for (std::size_t i = 0; i < data.classes.size(); ++i) {
    const TreeNode& leaf = whole.leaf_of(view(data.raw.features).row(i));
    CHECK(leaf.share() == data.classes[i]);
  }
  for (const std::size_t depth : {1u, 3u, 5u}) {
    const ClassificationTree small =
        grown(data.raw.features, data.classes, Impurity::gini, {.depth = depth});
    for (std::size_t i = 0; i < data.classes.size(); ++i) {
      const auto row = view(data.raw.features).row(i);
      CHECK(small.leaf_of(row).counts == whole.leaf_of(row, depth).counts);
    }
  }
}

TEST_CASE("of equal splits the smallest feature wins, then the smallest threshold") {
  // Both features separate the classes; so do two thresholds on a mirrored set.
  const ClassificationTree two = grown(matrix({{0, 0}, {1, 1}}), {0, 1}, Impurity::gini);
  CHECK(two.nodes()[0].feature == 0);
  CHECK(two.nodes()[0].threshold == 0.5);
  const ClassificationTree mirrored =
      grown(matrix({{0}, {1}, {2}, {3}}), {0, 1, 1, 0}, Impurity::gini);
  CHECK(mirrored.nodes()[0].threshold == 0.5);
  // The crosswise classes: no single split helps, and none is made.
  const ClassificationTree cross =
      grown(matrix({{0, 0}, {0, 1}, {1, 0}, {1, 1}}), {0, 1, 1, 0}, Impurity::gini);
  CHECK(cross.nodes().size() == 1);
}

TEST_CASE("a leaf keeps its least size, and only the chosen rows are looked at") {
  Stream stream(0, "tree");
  Matrix x = Matrix::from_shape({200, 3});
  std::vector<std::uint8_t> classes;
  for (std::size_t i = 0; i < 200; ++i) {
    for (std::size_t j = 0; j < 3; ++j) x(i, j) = static_cast<double>(stream.below(20));
    classes.push_back(stream.bernoulli(0.4) ? 1 : 0);
  }
  std::vector<std::uint8_t> chosen(200, 0);
  for (std::size_t i = 0; i < 120; ++i) chosen[i] = 1;
  ClassificationTree tree(200, 3);
  tree.fit(view(x), classes, presorted(view(x)), chosen, Impurity::entropy, {.leaf_samples = 5});
  CHECK(tree.nodes()[0].samples() == 120);
  std::size_t in_leaves = 0;
  for (const TreeNode& node : tree.nodes()) {
    if (!node.leaf()) continue;
    CHECK(node.samples() >= 5);
    in_leaves += node.samples();
  }
  CHECK(in_leaves == 120);
  // The same from a set that holds nothing else.
  Matrix part = Matrix::from_shape({120, 3});
  for (std::size_t i = 0; i < 120; ++i) {
    for (std::size_t j = 0; j < 3; ++j) part(i, j) = x(i, j);
  }
  const ClassificationTree alone =
      grown(part, {classes.begin(), classes.begin() + 120}, Impurity::entropy, {.leaf_samples = 5});
  REQUIRE(alone.nodes().size() == tree.nodes().size());
  for (std::size_t k = 0; k < alone.nodes().size(); ++k) {
    CHECK(alone.nodes()[k].feature == tree.nodes()[k].feature);
    CHECK(alone.nodes()[k].threshold == tree.nodes()[k].threshold);
  }
}
