"""Reference vector of modified Kneser-Ney smoothing, in exact fractions.

Chen and Goodman 1999, section 3: every count is taken from the text again for each probability.

    python3 make_vector.py > vector.h
"""

from fractions import Fraction
from functools import cache
from math import log

# Characters are the tokens: a to z, then the space.
TRAINING = [
    "the cat sat on the mat and the dog sat on the log",
    "a cat and a dog ran after the rat that sat on a hat",
    "she sells sea shells by the sea shore and he sells hats",
    "to be or not to be that is the question of the day",
    "t",
    "",
]
TEXT = "the hat that the sea cat ate by the shore"
HISTORIES = ["", "t", "th", "the", "the ", "at t", "q", "zz", "sea ", "hats"]
TOKENS = "e t"
VOCABULARY = 27
MARK = "^"


@cache
def grams(order, k):
    """Counts of k-grams: occurrences at the highest order, continuations below."""
    counts = {}
    if k == order:
        for line in TRAINING:
            padded = MARK * (order - 1) + line
            for i in range(len(line)):
                gram = padded[i : i + order]
                counts[gram] = counts.get(gram, 0) + 1
    else:
        for longer in grams(order, k + 1):
            counts[longer[1:]] = counts.get(longer[1:], 0) + 1
    return counts


@cache
def discounts(order, k):
    n = [sum(count == i for count in grams(order, k).values()) for i in (1, 2, 3, 4)]
    fallback = [Fraction(1, 2), Fraction(1), Fraction(3, 2)]
    if 0 in n:
        return fallback
    y = Fraction(n[0], n[0] + 2 * n[1])
    found = [i - (i + 1) * y * Fraction(n[i], n[i - 1]) for i in (1, 2, 3)]
    return found if all(0 <= d <= i for i, d in enumerate(found, 1)) else fallback


def probability(order, k, history, token):
    if k == 0:
        return Fraction(1, VOCABULARY)
    lower = probability(order, k - 1, history, token)
    padded = MARK * (k - 1) + history
    context = padded[len(padded) - (k - 1) :]
    seen = {g: c for g, c in grams(order, k).items() if g[:-1] == context}
    total = sum(seen.values())
    if total == 0:
        return lower
    discount = lambda count: discounts(order, k)[min(count, 3) - 1]
    gamma = sum(discount(c) for c in seen.values()) / total
    count = seen.get(context + token, 0)
    return (count - discount(count) if count else 0) / total + gamma * lower


def quoted(texts):
    return "{" + ", ".join(f'"{text}"' for text in texts) + "}"


print("""// Made by make_vector.py, in exact fractions.
#pragma once

#include <string_view>
#include <vector>

namespace reference {
""")
print(f"inline const std::vector<std::string_view> kTraining = {{\n    "
      + ",\n    ".join(f'"{line}"' for line in TRAINING) + "};")
print(f'inline constexpr std::string_view kText = "{TEXT}";')
print(f"inline const std::vector<std::string_view> kHistories = {quoted(HISTORIES)};")
print(f'inline constexpr std::string_view kTokens = "{TOKENS}";\n')
print("""struct Order {
  double cross_entropy;                         // of kText
  std::vector<std::vector<double>> discounts;   // of k = 1, 2 ...
  std::vector<std::vector<double>> probability; // kHistories x kTokens
};
// Of order 1, 2 ...
inline const std::vector<Order> kOrders = {""")
for order in (1, 2, 3, 4):
    entropy = -sum(log(probability(order, order, TEXT[:i], TEXT[i])) for i in range(len(TEXT))) / len(TEXT)
    numbers = lambda row: "{" + ", ".join(f"{float(x):.17g}" for x in row) + "}"
    print(f"    {{{entropy:.17g},\n     {{" + ", ".join(numbers(discounts(order, k)) for k in range(1, order + 1)) + "},")
    rows = [numbers(probability(order, order, h, w) for w in TOKENS) for h in HISTORIES]
    print("     {" + ",\n      ".join(rows) + "}},")
print("};\n\n}  // namespace reference")
