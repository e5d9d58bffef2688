"""Reference vector of PRESTO, in 30 digits of mpmath: four samples of three classes, two features, as they are.

Loss and gradient at one point; the minimum of loss + lambda sum |psi| at lambda = 0.05, where psi_21 < 0 and
psi_12 > 0 alone are not 0, from its stationarity. Faletto and Bien, arXiv:2305.18700.

    python3 make_vector.py > vector.h
"""
from mpmath import diff, exp, findroot, log, mp, mpf

mp.dps = 30
X = [(mpf("0.5"), -1), (1, 0), (mpf("-0.5"), mpf("0.5")), (0, 1)]
CLASSES = [1, 2, 3, 2]


def sigmoid(u):
    return 1 / (1 + exp(-u))


def loss(a1, a2, p11, p21, p12, p22):
    """p_jk: of feature j, block k; beta_1 = psi_1, beta_2 = psi_1 + psi_2."""
    total = mpf(0)
    for (x1, x2), c in zip(X, CLASSES):
        first = sigmoid(a1 + p11 * x1 + p21 * x2)
        second = sigmoid(a2 + (p11 + p12) * x1 + (p21 + p22) * x2)
        total -= log([first, second - first, 1 - second][c - 1])
    return total / 4


def gradient(point):
    return [diff(loss, tuple(point), tuple(1 if i == k else 0 for i in range(6))) for k in range(6)]


point = [mpf(t) for t in ("-0.2", "0.8", "0.3", "-0.2", "-0.1", "0.15")]
lam = mpf("0.05")


def stationary(a1, a2, p21, p12):
    g = gradient((a1, a2, 0, p21, p12, 0))
    return g[0], g[1], g[3] - lam, g[4] + lam


a1, a2, p21, p12 = findroot(stationary, (-1.1, 2.4, -1.9, 3.9))
rest = gradient((a1, a2, 0, p21, p12, 0))
assert abs(rest[2]) < lam and abs(rest[5]) < lam and p21 < 0 < p12


def numbers(values):
    return "{" + ", ".join(mp.nstr(v, 17) for v in values) + "}"


print("""// Made by make_vector.py, in 30 digits.
#pragma once

#include <array>

namespace reference::presto {

// alpha_1, alpha_2, then psi of feature 1 and 2 of the first boundary, and of the second.""")
print(f"inline constexpr double kLoss = {mp.nstr(loss(*point), 17)};")
print(f"inline constexpr std::array<double, 6> kGradient = {numbers(gradient(point))};")
print(f"inline constexpr std::array<double, 6> kMinimum = {numbers((a1, a2, 0, p21, p12, 0))};")
value = loss(a1, a2, 0, p21, p12, 0) + lam * (abs(p21) + abs(p12))
print(f"inline constexpr double kObjective = {mp.nstr(value, 17)};")
print("""
}  // namespace reference::presto""")
