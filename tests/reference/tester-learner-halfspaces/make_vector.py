# The statistics of the tester on a small sample, from their definitions in plain Python: another
# basis of the complement of w where the basis does not matter, the same Householder basis where it
# does (moments of single coordinates), eigenvalues by power iteration.
#
#   python3 make_vector.py > vector.h
import itertools
import math

N, D, SIGMA, THETA = 600, 4, 0.5, 0.4
state = 12345


def uniform():
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return (state >> 40) / 2.0**24


X, Y = [], []
for i in range(N):
    X.append([3.4 * uniform() - 1.7 for _ in range(D)])
    flip = uniform() < 0.1
    Y.append((1 if X[-1][0] + 0.25 * X[-1][1] > 0 else -1) * (-1 if flip else 1))
W = [0.8, 0.36, -0.48, 0.0]


def dot(u, v):
    return math.fsum(a * b for a, b in zip(u, v))


def gram_schmidt():
    basis = [W]
    for j in range(D):
        e = [1.0 if k == j else 0.0 for k in range(D)]
        for _ in range(2):
            for b in basis:
                c = dot(e, b)
                e = [p - c * q for p, q in zip(e, b)]
        norm = math.sqrt(dot(e, e))
        if norm > 1e-6:
            basis.append([p / norm for p in e])
    return basis[1:D]


def householder():
    u = [W[0] + (1 if W[0] >= 0 else -1)] + W[1:]
    uu = dot(u, u)
    return [[(1.0 if k == j else 0.0) - 2 * u[j] * u[k] / uu for k in range(D)] for j in range(1, D)]


def top_eigenvalue(rows):
    m = len(rows[0])
    a = [[math.fsum(r[p] * r[q] for r in rows) / len(rows) for q in range(m)] for p in range(m)]
    v = [1.0 + 0.1 * p for p in range(m)]
    for _ in range(20000):
        v = [dot(row, v) for row in a]
        norm = math.sqrt(dot(v, v))
        v = [p / norm for p in v]
    return dot(v, [dot(row, v) for row in a])


margins = [dot(W, x) for x in X]
basis, reflected = gram_schmidt(), householder()
inside = lambda width: [x for x, m in zip(X, margins) if abs(m) <= width]
coordinates = lambda rows, vectors: [[dot(v, x) for v in vectors] for x in rows]


def band_mass():
    return len(inside(SIGMA)) / N / math.erf(SIGMA / math.sqrt(2))


def spread(width):
    return top_eigenvalue(coordinates(inside(width), basis))


def moments(width):
    rows = coordinates(inside(width), reflected)
    worst = 0
    for j in range(D - 1):
        for k, mean, variance in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96)):
            moment = math.fsum(r[j] ** k for r in rows) / len(rows)
            worst = max(worst, abs(moment - mean) / math.sqrt(variance))
    return worst


def wedge():
    width = math.tan(THETA)
    strips = {}
    for x, m in zip(X, margins):
        strips.setdefault(int(abs(m) / width), []).append(x)
    total = 0
    for j, rows in strips.items():
        share = 1 if j == 0 else min(1, top_eigenvalue(coordinates(rows, basis)) / j**2)
        total += len(rows) / N * share
    return total / THETA


def global_moments():
    moment = lambda k: {0: 1, 2: 1, 4: 3, 6: 15, 8: 105}.get(k, 0)
    worst = 0
    for powers in itertools.product(range(5), repeat=D):
        if not 1 <= sum(powers) <= 4:
            continue
        mean = math.prod(moment(p) for p in powers)
        variance = math.prod(moment(2 * p) for p in powers) - mean**2
        measured = math.fsum(math.prod(c**p for c, p in zip(x, powers)) for x in X) / N
        worst = max(worst, abs(measured - mean) / math.sqrt(variance))
    return worst


def best_in_the_plane():
    """Errors of all halfspaces of the first two features: between any two neighbouring changes."""
    turns = sorted((math.atan2(y * x[1], y * x[0]) + q * math.pi / 2) % (2 * math.pi)
                   for x, y in zip(X, Y) for q in (-1, 1))
    best = N
    for a, b in zip(turns, turns[1:] + [turns[0] + 2 * math.pi]):
        c, s = math.cos((a + b) / 2), math.sin((a + b) / 2)
        best = min(best, sum(y * (c * x[0] + s * x[1]) <= 0 for x, y in zip(X, Y)))
    return best / N


print("// Written by make_vector.py: the statistics of the tester on a small sample.")
print("#pragma once\n")
print("namespace lab::separable::test {\n")
for name, number in (("kBandMass", band_mass()), ("kSpreadInner", spread(SIGMA / 6)),
                     ("kSpreadOuter", spread(SIGMA / 2)), ("kMomentsInner", moments(SIGMA / 6)),
                     ("kMomentsOuter", moments(SIGMA / 2)), ("kWedge", wedge()),
                     ("kGlobalMoments", global_moments()), ("kBestInThePlane", best_in_the_plane())):
    print(f"inline constexpr double {name} = {number!r};")
print("\n}  // namespace lab::separable::test")
