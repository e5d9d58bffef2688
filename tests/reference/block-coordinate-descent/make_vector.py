"""Reference vector of block coordinate descent, in 50 digits of the decimal module.

Four samples, three coordinates, logistic loss (a sum) and ridge 0.1: f, its gradient, the constants, the scores of all
blocks of two and f after both updates. Nutini, Laradji and Schmidt, arXiv:1712.08859, sections 2 and 3.

    python3 make_vector.py > vector.h
"""
from decimal import Decimal as D, getcontext
from itertools import combinations

getcontext().prec = 50
A = [[1, 2, 0], [0, 1, -1], [3, 0, 1], [1, -1, 2]]
b = [1, -1, 1, -1]
ridge = D("0.1")
x = [D("0.1"), D("-0.2"), D("0.3")]


def value(x):
    margins = [bj * sum(a * t for a, t in zip(row, x)) for row, bj in zip(A, b)]
    return sum((1 + (-m).exp()).ln() for m in margins) + ridge / 2 * sum(t * t for t in x)


margins = [bj * sum(a * t for a, t in zip(row, x)) for row, bj in zip(A, b)]
g = [sum(-bj * row[i] / (1 + m.exp()) for row, bj, m in zip(A, b, margins)) + ridge * x[i] for i in range(3)]
H = [[sum(D(row[i] * row[j]) for row in A) / 4 + (ridge if i == j else 0) for j in range(3)] for i in range(3)]
row_sums = [sum(abs(h) for h in H[i]) for i in range(3)]


def numbers(values):
    return "{" + ", ".join(f"{v:.16g}" for v in values) + "}"


print("""// Made by make_vector.py, in 50 digits.
#pragma once

#include <array>
#include <cstdint>

namespace reference {
""")
print(f"inline constexpr std::array<double, 3> kX = {numbers(x)};")
print(f"inline constexpr double kValue = {value(x):.16g};")
print(f"inline constexpr std::array<double, 3> kGradient = {numbers(g)};")
print(f"inline constexpr std::array<double, 3> kLipschitz = {numbers([H[i][i] for i in range(3)])};")
print(f"inline constexpr std::array<double, 3> kRowSums = {numbers(row_sums)};")
print("""
struct Row {
  std::array<std::uint32_t, 2> block;
  double squares, lipschitz, gsl, gsd, gsd_rows, gsq, after_gradient, after_matrix;
};
inline constexpr std::array<Row, 3> kRows = {{""")
for i, j in combinations(range(3), 2):
    squares = g[i] ** 2 + g[j] ** 2
    mean, half = (H[i][i] + H[j][j]) / 2, (H[i][i] - H[j][j]) / 2
    largest = mean + (half * half + H[i][j] ** 2).sqrt()
    determinant = H[i][i] * H[j][j] - H[i][j] ** 2
    d = [-(H[j][j] * g[i] - H[i][j] * g[j]) / determinant, -(H[i][i] * g[j] - H[i][j] * g[i]) / determinant]
    quadratic = -(g[i] * d[0] + g[j] * d[1])
    gradient_step, matrix_step = list(x), list(x)
    for k, c in enumerate((i, j)):
        gradient_step[c] -= g[c] / largest
        matrix_step[c] += d[k]
    row = [squares, largest, squares / largest, g[i] ** 2 / H[i][i] + g[j] ** 2 / H[j][j],
           g[i] ** 2 / row_sums[i] + g[j] ** 2 / row_sums[j], quadratic, value(gradient_step), value(matrix_step)]
    print("    {{" + f"{i}, {j}" + "}, " + ", ".join(f"{v:.16g}" for v in row) + "},")
print("""}};

}  // namespace reference""")
