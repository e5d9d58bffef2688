#include <doctest/doctest.h>

#include <numeric>
#include <type_traits>
#include <vector>

#include "core/tensor.h"
#include "core/view.h"

using lab::Matrix;
using lab::MatrixView;
using lab::Tensor;
using lab::Vector;

namespace {

// 0 1 2 / 3 4 5, ...
Matrix counting(std::size_t rows, std::size_t cols) {
  Matrix matrix = Matrix::from_shape({rows, cols});
  std::iota(matrix.begin(), matrix.end(), 0.0);
  return matrix;
}

}  // namespace

TEST_CASE("tensors are row-major, whichever their rank") {
  static_assert(std::is_same_v<Vector::value_type, double>);
  static_assert(std::is_same_v<lab::MatrixF::value_type, float>);
  Matrix matrix = Matrix::from_shape({2, 3});
  matrix(1, 2) = 7.0;
  CHECK(matrix.data()[5] == 7.0);
  Tensor<int, 3> cube = Tensor<int, 3>::from_shape({2, 3, 4});
  cube(1, 2, 3) = 9;
  CHECK(cube.data()[23] == 9);
  CHECK(lab::span(cube).size() == 24);
}

TEST_CASE("a span of a tensor sees its elements in row-major order, without a copy") {
  Matrix matrix = counting(2, 3);
  const std::span<double> elements = lab::span(matrix);
  CHECK(elements.data() == matrix.data());
  CHECK(std::vector<double>(elements.begin(), elements.end()) ==
        std::vector<double>{0, 1, 2, 3, 4, 5});
  elements[4] = -1.0;
  CHECK(matrix(1, 1) == -1.0);

  const Matrix& constant = matrix;
  static_assert(std::is_same_v<decltype(lab::span(constant)), std::span<const double>>);
  CHECK(lab::span(constant)[4] == -1.0);
}

TEST_CASE("a span of an empty tensor is empty") {
  const Vector empty = Vector::from_shape({0});
  CHECK(lab::span(empty).empty());
  const Matrix no_rows = Matrix::from_shape({0, 3});
  CHECK(lab::view(no_rows).rows == 0);
  CHECK(lab::view(no_rows).values().empty());
}

TEST_CASE("a view has the shape, rows and elements of its matrix") {
  const Matrix matrix = counting(3, 2);
  const MatrixView<double> view = lab::view(matrix);
  CHECK(view.data == matrix.data());
  CHECK(view.rows == 3);
  CHECK(view.cols == 2);
  CHECK(view(2, 1) == 5.0);
  CHECK(view(1, 0) == matrix(1, 0));
  CHECK(view.row(1).size() == 2);
  CHECK(view.row(1)[1] == 3.0);
  CHECK(view.values().size() == 6);
  CHECK(view.values().back() == 5.0);
}

TEST_CASE("a view needs no tensor") {
  const std::vector<float> numbers = {1, 2, 3, 4, 5, 6};
  const MatrixView<float> view{numbers.data(), 2, 3};
  CHECK(view(1, 0) == 4.0f);
  const std::span<const float> last = view.row(1);
  CHECK(std::vector<float>(last.begin(), last.end()) == std::vector<float>{4, 5, 6});
  CHECK(MatrixView<float>{}.values().empty());
}

TEST_CASE("elementwise arithmetic on tensors") {
  const Vector a = {1.0, 2.0, 3.0}, b = {4.0, 5.0, 6.0};
  const Vector c = 2.0 * a - b / 2.0;
  CHECK(c == Vector{0.0, 1.5, 3.0});
}
