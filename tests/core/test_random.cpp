// The bits are compared with values from an independent implementation of the rule in core/random.h
// (Python's hashlib and integers); the distributions with their exact distribution functions. Seeds
// are fixed, so every test gives the same outcome for ever; critical values are those of
// probability 0.001.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/digest.h"
#include "core/error.h"
#include "core/random.h"

using lab::Stream;

namespace {

std::vector<double> draw(std::size_t count, const std::function<double()>& next) {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(next());
  return values;
}

// The largest distance between the empirical and the exact distribution function, times sqrt(n),
// against its critical value (Kolmogorov's asymptotic one, which is on the safe side).
void check_distribution(std::vector<double> values, const std::function<double(double)>& cdf) {
  std::stable_sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double distance = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double p = cdf(values[i]);
    distance =
        std::max({distance, p - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - p});
  }
  CHECK(std::sqrt(n) * distance < 1.95);
}

// Pearson's statistic against the 0.999 quantile of chi-square (Wilson and Hilferty's
// approximation).
void check_counts(const std::vector<double>& counts, const std::vector<double>& probabilities) {
  const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
  double statistic = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double expected = total * probabilities[i];
    REQUIRE(expected > 5);
    statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
  }
  const auto freedom = static_cast<double>(counts.size() - 1);
  const double share = 2 / (9 * freedom);
  CHECK(statistic < freedom * std::pow(1 - share + 3.09 * std::sqrt(share), 3));
}

void check_even_counts(const std::vector<double>& counts) {
  check_counts(counts,
               std::vector<double>(counts.size(), 1.0 / static_cast<double>(counts.size())));
}

// Mean and variance within 3.3 standard errors; fourth: the fourth central moment over variance
// squared.
void check_moments(const std::vector<double>& values, double mean, double variance, double fourth) {
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  for (const double v : values) sum += v;
  const double measured_mean = sum / n;
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  CHECK(std::abs(measured_mean - mean) < 3.3 * std::sqrt(variance / n));
  CHECK(std::abs(squares / n - variance) < 3.3 * variance * std::sqrt((fourth - 1) / n));
}

double normal_cdf(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

// The regularised lower incomplete gamma function, by its series; for x below 100 or so.
double gamma_cdf(double shape, double x) {
  double term = std::exp(shape * std::log(x) - x - std::lgamma(shape + 1));
  double sum = 0;
  for (int n = 1; n < 1000; ++n) {
    sum += term;
    term *= x / (shape + n);
  }
  return sum;
}

// Every number of every distribution, in one digest.
std::string digest_of_all(Stream stream) {
  lab::Digest digest;
  std::vector<double> doubles(1001);
  std::vector<float> floats(1001);
  stream.fill_uniform(doubles);
  digest.f64s(doubles);
  stream.fill_uniform(floats);
  digest.f32s(floats);
  stream.fill_normal(doubles);
  digest.f64s(doubles);
  stream.fill_normal(floats);
  digest.f32s(floats);
  for (double& v : doubles) v = stream.uniform(-3, 1e9);
  digest.f64s(doubles);
  for (double& v : doubles) v = stream.exponential();
  digest.f64s(doubles);
  for (const double shape : {1e-3, 0.3, 1.0, 2.5, 1e6}) {
    for (double& v : doubles) v = stream.gamma(shape);
    digest.f64s(doubles);
    for (double& v : doubles) v = stream.beta(shape, 0.7);
    digest.f64s(doubles);
  }
  digest.f64s(stream.dirichlet(std::vector<double>{0.1, 1, 10}));
  for (const std::uint64_t count : {std::uint64_t{1}, std::uint64_t{6}, std::uint64_t{1} << 40}) {
    for (int i = 0; i < 100; ++i) digest.u64(stream.below(count));
  }
  const std::vector<double> logits{0.1, -2, 3, 1e-3};
  for (int i = 0; i < 100; ++i) digest.u64(stream.categorical_logits(logits));
  for (const std::size_t i : stream.permutation(100)) digest.u64(i);
  digest.u64(stream.position());
  return digest.hex();
}

}  // namespace

TEST_CASE("Philox4x32-10 gives Random123's known answers") {
  using Words = std::array<std::uint32_t, 4>;
  CHECK(lab::philox4x32({0, 0, 0, 0}, {0, 0}) ==
        Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(
      lab::philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
      Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(
      lab::philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
      Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("the words of a stream follow the written rule") {
  Stream words(42, "data");
  for (const std::uint32_t expected :
       {0xf75054bbu, 0x1621e35bu, 0x1e84ffc2u, 0x12d19903u, 0xedc3ea1au, 0x90d13f96u}) {
    CHECK(words.next_u32() == expected);
  }
  Stream far(42, "data");
  far.seek((std::uint64_t{1} << 34) - 1);  // the last word before the block's number needs 33 bits
  CHECK(far.next_u32() == 0x01dc878f);
  CHECK(far.next_u32() == 0x3b8097ff);
  CHECK(far.next_u32() == 0xf1a5f72d);

  Stream longs((std::uint64_t{1} << 53) - 1,
               "\xc3\xbcn\xc3\xaf"
               "code/1");
  CHECK(longs.next_u64() == 0x57d927749ea95257);
  CHECK(longs.next_u64() == 0x97423c431fecaa03);
  CHECK(longs.next_u64() == 0xf98608017313caf6);

  Stream doubles(42, "data");
  CHECK(doubles.uniform() == 0x1.621e35bf75050p-4);
  CHECK(doubles.uniform() == 0x1.2d199031e84f8p-4);
  CHECK(doubles.uniform() == 0x1.21a27f2ddb87dp-1);

  using Values = std::vector<std::uint64_t>;
  const auto five_below = [](std::uint64_t count) {
    Stream stream(7, "below");
    Values values;
    for (int i = 0; i < 5; ++i) values.push_back(stream.below(count));
    return values;
  };
  CHECK(five_below(6) == Values{2, 2, 3, 1, 5});
  CHECK(five_below(1000) == Values{408, 384, 571, 288, 963});
  CHECK(five_below(3221225472) ==
        Values{1239122419, 1842248325, 3103738307, 1824983893, 1225993391});
  CHECK(five_below(4294967296) ==
        Values{1753469344, 1652163226, 2456331101, 1237459508, 4138317743});
  CHECK(five_below(4294967297) ==
        Values{1753469344, 2456331101, 4138317743, 1634657855, 4179740128});
  CHECK(five_below(9007199254740992) == Values{7321211596165536, 600559143396189, 2643719717762991,
                                               2976611539281471, 5493139293189505});

  CHECK(Stream(42, "data").permutation(10) ==
        std::vector<std::size_t>{9, 1, 2, 3, 0, 7, 6, 4, 8, 5});
  CHECK(Stream(42, "data").choice(1000, 4) == std::vector<std::size_t>{966, 87, 120, 76});

  Stream normals(42, "data");
  for (const double expected : {1.7144037968306425, -1.7896468168296151, -0.5744063200489576,
                                -0.14854453793684302, -1.5122377015455972}) {
    CHECK(normals.normal() == doctest::Approx(expected).epsilon(1e-14));
  }
}

TEST_CASE("every distribution gives the same bits on every machine") {
  CHECK(digest_of_all(Stream(1, "golden")) == "f1e8563ee8847ef76508026fd27211264593f2533d459c9279fa38b555426647");
}

TEST_CASE("a seed that JavaScript cannot hold is an error") {
  CHECK_NOTHROW(Stream((std::uint64_t{1} << 53) - 1, "x"));
  CHECK_THROWS_AS(Stream(std::uint64_t{1} << 53, "x"), lab::Error);
}

TEST_CASE("a stream can be read anywhere, saved and restored") {
  Stream sequential(3, "x");
  std::vector<std::uint32_t> words(100);
  for (std::uint32_t& word : words) word = sequential.next_u32();
  CHECK(sequential.position() == 100);
  for (const std::size_t at : {0, 1, 2, 3, 4, 5, 50, 63, 99}) {
    Stream stream(3, "x");
    stream.seek(at);
    CHECK(stream.position() == at);
    CHECK(stream.next_u32() == words[at]);

    stream.seek(at);
    lab::ByteWriter writer;
    stream.save(writer);
    CHECK(writer.size() == 24);
    Stream other(99, "another");
    other.next_u32();
    lab::ByteReader reader(writer.view());
    other.restore(reader);
    CHECK(other.position() == at);
    CHECK(other.seed() == 3);
    for (std::size_t i = at; i < words.size(); ++i) REQUIRE(other.next_u32() == words[i]);
  }
  const Stream copied = sequential;
  Stream first = copied;
  Stream second = copied;
  CHECK(first.next_u64() == second.next_u64());
}

TEST_CASE("a broken stream state is an error and changes nothing") {
  Stream stream(3, "x");
  lab::ByteWriter writer;
  writer.u64(std::uint64_t{1} << 53);
  writer.u64(0);
  writer.u64(0);
  lab::ByteReader wrong(writer.view());
  CHECK_THROWS_AS(stream.restore(wrong), lab::Error);
  lab::ByteReader truncated(writer.view().first(10));
  CHECK_THROWS_AS(stream.restore(truncated), lab::Error);
  CHECK(stream.next_u32() == Stream(3, "x").next_u32());
}

TEST_CASE("filling gives the same numbers as drawing one by one, from any position") {
  for (const std::size_t start : {0, 1, 2, 3, 5}) {
    for (const std::size_t size : {0, 1, 3, 63, 64, 65, 300, 1111}) {
      Stream one(5, "fill");
      one.seek(start);
      Stream many = one;
      std::vector<std::uint32_t> words(size);
      many.fill_u32(words);
      for (const std::uint32_t word : words) REQUIRE(word == one.next_u32());
      std::vector<double> doubles(size);
      many.fill_uniform(doubles);
      for (const double v : doubles) REQUIRE(v == one.uniform());
      std::vector<float> floats(size);
      many.fill_uniform(floats);
      for (const float v : floats) REQUIRE(v == one.uniform_float());
      many.fill_normal(doubles);
      for (const double v : doubles) REQUIRE(v == one.normal());
      many.fill_normal(floats);
      for (const float v : floats) REQUIRE(v == one.normal_float());
      CHECK(many.position() == one.position());
      CHECK(many.next_u32() == one.next_u32());
    }
  }
}

TEST_CASE("filling is right where the low half of the block's number overflows") {
  Stream one(5, "fill");
  one.seek((std::uint64_t{1} << 34) - 40);
  Stream many = one;
  std::vector<std::uint32_t> words(200);
  many.fill_u32(words);
  for (const std::uint32_t word : words) REQUIRE(word == one.next_u32());
}

TEST_CASE("streams of other names or seeds are unrelated") {
  std::vector<Stream> streams;
  for (const std::uint64_t seed : {0, 1, 2}) {
    for (const char* name : {"", "a", "b", "data", "data ", "Data"})
      streams.emplace_back(seed, name);
  }
  constexpr std::size_t kCount = 10000;
  std::vector<std::vector<double>> values;
  for (Stream& stream : streams) {
    values.push_back(draw(kCount, [&] { return stream.uniform() - 0.5; }));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      double product = 0;
      for (std::size_t k = 0; k < kCount; ++k) product += values[i][k] * values[j][k];
      // The correlation's standard error is 1 / sqrt(n); 153 pairs.
      CHECK(std::abs(12 * product / kCount) < 4.5 / std::sqrt(kCount));
    }
  }
}

TEST_CASE("uniform numbers are uniform") {
  Stream stream(11, "uniform");
  const std::vector<double> values = draw(100000, [&] { return stream.uniform(); });
  check_distribution(values, [](double x) { return x; });
  check_moments(values, 0.5, 1.0 / 12, 1.8);
  // Neighbours: 16 x 16 squares of consecutive pairs.
  std::vector<double> squares(256);
  for (std::size_t i = 0; i + 1 < values.size(); i += 2) {
    squares[static_cast<std::size_t>(values[i] * 16) * 16 +
            static_cast<std::size_t>(values[i + 1] * 16)] += 1;
  }
  check_even_counts(squares);
  CHECK(*std::min_element(values.begin(), values.end()) >= 0);
  CHECK(*std::max_element(values.begin(), values.end()) < 1);

  check_distribution(draw(100000, [&] { return stream.uniform_float(); }),
                     [](double x) { return x; });
  check_distribution(draw(50000, [&] { return stream.uniform(-2, 6); }),
                     [](double x) { return (x + 2) / 8; });
}

TEST_CASE("each bit of a word is set half of the time") {
  Stream stream(12, "bits");
  constexpr int kCount = 20000;
  std::vector<int> set(64);
  for (int i = 0; i < kCount; ++i) {
    const std::uint64_t word = stream.next_u64();
    for (std::size_t bit = 0; bit < 64; ++bit) set[bit] += (word >> bit & 1) != 0;
  }
  for (const int count : set) CHECK(std::abs(count - kCount / 2) < 4 * std::sqrt(kCount) / 2);
}

TEST_CASE("a uniform number stays below its bound although the sum rounds") {
  // Between neighbours, half of all sums round up to the bound.
  const double low = 1;
  const double high = std::nextafter(1.0, 2.0);
  Stream stream(1, "bound");
  for (int i = 0; i < 100; ++i) CHECK(stream.uniform(low, high) == low);
}

TEST_CASE("below is even for every count, and takes all values") {
  Stream stream(13, "below");
  for (const std::size_t count : {2, 3, 5, 6, 7, 10, 100, 256, 1000}) {
    std::vector<double> counts(count);
    for (std::size_t i = 0; i < 200 * count; ++i) counts[stream.below(count)] += 1;
    check_even_counts(counts);
  }
  for (int i = 0; i < 10; ++i) CHECK(stream.below(1) == 0);
}

TEST_CASE("below rejects what would favour some values") {
  // With 3 * 2^30 values from 2^32 words, taking words as they come would give every third value
  // twice.
  Stream stream(14, "rejection");
  const std::uint64_t count = std::uint64_t{3} << 30;
  std::vector<double> residues(3);
  for (int i = 0; i < 30000; ++i) residues[stream.below(count) % 3] += 1;
  check_even_counts(residues);

  for (const std::uint64_t large : {(std::uint64_t{1} << 32) + 1, std::uint64_t{3} << 33,
                                    std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    std::vector<double> halves(2);
    for (int i = 0; i < 10000; ++i) {
      const std::uint64_t value = stream.below(large);
      REQUIRE(value < large);
      halves[value >= large / 2] += 1;
    }
    check_even_counts(halves);
  }
}

TEST_CASE("normal numbers are normal, in the tails too") {
  Stream stream(15, "normal");
  std::vector<double> values(400000);
  stream.fill_normal(values);
  check_distribution(values, normal_cdf);
  check_moments(values, 0, 1, 3);

  const std::vector<double> edges{-4, -3.5, -3, -2, 2, 3, 3.5, 4};
  std::vector<double> counts(edges.size() + 1);
  std::vector<double> probabilities(edges.size() + 1);
  for (const double v : values) {
    counts[static_cast<std::size_t>(std::upper_bound(edges.begin(), edges.end(), v) -
                                    edges.begin())] += 1;
  }
  for (std::size_t i = 0; i <= edges.size(); ++i) {
    // Differences on the side of the smaller numbers, which do not cancel.
    const double from = i == 0 ? -40 : edges[i - 1];
    const double to = i == edges.size() ? 40 : edges[i];
    probabilities[i] =
        from > 0 ? normal_cdf(-from) - normal_cdf(-to) : normal_cdf(to) - normal_cdf(from);
  }
  check_counts(counts, probabilities);

  std::vector<float> floats(200000);
  stream.fill_normal(floats);
  check_distribution(std::vector<double>(floats.begin(), floats.end()), normal_cdf);
  check_distribution(draw(20000, [&] { return stream.normal(3, 0.5); }),
                     [](double x) { return normal_cdf((x - 3) / 0.5); });
}

TEST_CASE("a normal number is the quantile of its word's probability") {
  Stream words(16, "quantile");
  Stream normals(16, "quantile");
  for (int i = 0; i < 10000; ++i) {
    const std::uint64_t word = words.next_u64();
    const double p = (static_cast<double>(word >> 12) + 0.5) * 0x1p-53;
    const double z = normals.normal();
    CHECK((z > 0) == ((word & 1) != 0));
    // An error of the quantile is one of the probability, larger by |z| in the tail.
    REQUIRE(std::abs(normal_cdf(-std::abs(z)) / p - 1) < 1e-14);
  }
}

TEST_CASE("exponential numbers are exponential") {
  Stream stream(17, "exponential");
  const std::vector<double> values = draw(100000, [&] { return stream.exponential(); });
  check_distribution(values, [](double x) { return -std::expm1(-x); });
  check_moments(values, 1, 1, 9);
}

TEST_CASE("gamma numbers follow the incomplete gamma function for every shape") {
  Stream stream(18, "gamma");
  for (const double shape : {0.05, 0.3, 0.5, 1.0, 1.5, 4.0, 20.0}) {
    CAPTURE(shape);
    const std::vector<double> values = draw(20000, [&] { return stream.gamma(shape); });
    check_distribution(values, [shape](double x) { return gamma_cdf(shape, x); });
    check_moments(values, shape, shape, 3 + 6 / shape);
  }
  // For a large shape: close to normal, and nothing overflows.
  check_distribution(draw(20000, [&] { return (stream.gamma(1e8) - 1e8) / 1e4; }), normal_cdf);
}

TEST_CASE("the logarithm of a gamma number does not underflow") {
  // As the shape goes to 0, -shape * log(gamma(shape)) goes to an exponential number.
  Stream stream(19, "small");
  for (const double shape : {1e-5, 1e-30, 1e-300}) {
    CAPTURE(shape);
    check_distribution(draw(20000, [&] { return -shape * stream.log_gamma(shape); }),
                       [](double x) { return x < 0 ? 0 : -std::expm1(-x); });
  }
  Stream logs(20, "same");
  Stream numbers(20, "same");
  for (const double shape : {0.5, 1.0, 7.0}) {
    CHECK(std::exp(logs.log_gamma(shape)) == doctest::Approx(numbers.gamma(shape)).epsilon(1e-13));
  }
}

TEST_CASE("beta numbers follow their distribution") {
  Stream stream(21, "beta");
  check_distribution(draw(20000, [&] { return stream.beta(1, 1); }), [](double x) { return x; });
  check_distribution(draw(20000, [&] { return stream.beta(2, 3); }),
                     [](double x) { return x * x * (6 - 8 * x + 3 * x * x); });
  check_distribution(draw(20000, [&] { return stream.beta(0.5, 0.5); }),
                     [](double x) { return 2 / std::acos(-1.0) * std::asin(std::sqrt(x)); });
  const std::vector<double> extreme = draw(20000, [&] { return stream.beta(1e-3, 1e-3); });
  check_moments(extreme, 0.5, 0.25 / 1.002, 3 - 6 / 3.002);
}

TEST_CASE("Dirichlet points lie on the simplex and have the right marginals") {
  Stream stream(22, "dirichlet");
  const std::vector<double> concentration{1, 1, 1};
  std::vector<double> first;
  for (int i = 0; i < 20000; ++i) {
    const std::vector<double> point = stream.dirichlet(concentration);
    CHECK(point[0] + point[1] + point[2] == doctest::Approx(1).epsilon(1e-14));
    first.push_back(point[0]);
  }
  check_distribution(first, [](double x) { return 1 - (1 - x) * (1 - x); });

  // Concentrations so small that every gamma number underflows.
  std::vector<double> corners(4);
  for (int i = 0; i < 4000; ++i) {
    const std::vector<double> point = stream.dirichlet(std::vector<double>(4, 1e-6));
    double sum = 0;
    for (const double p : point) sum += p;
    REQUIRE(sum == doctest::Approx(1));
    corners[static_cast<std::size_t>(std::max_element(point.begin(), point.end()) -
                                     point.begin())] += 1;
  }
  check_even_counts(corners);
}

TEST_CASE("bernoulli is true as often as it should be") {
  Stream stream(23, "bernoulli");
  for (const double p : {0.001, 0.3, 0.5, 0.9}) {
    std::vector<double> counts(2);
    for (int i = 0; i < 50000; ++i) counts[stream.bernoulli(p)] += 1;
    check_counts(counts, {1 - p, p});
  }
  for (int i = 0; i < 100; ++i) {
    CHECK_FALSE(stream.bernoulli(0));
    CHECK(stream.bernoulli(1));
  }
}

TEST_CASE("categories are drawn with their weights, and those of weight zero never") {
  Stream stream(24, "categorical");
  const std::vector<double> weights{0, 1, 2, 0, 5, 0};
  const std::vector<float> weights_float(weights.begin(), weights.end());
  const double none = -std::numeric_limits<double>::infinity();
  const double large = 1e6;  // a common shift of the logits does not matter
  const std::vector<double> logits{none, large, large + std::log(2.0), none, large + std::log(5.0),
                                   none};
  const std::vector<float> logits_float{-std::numeric_limits<float>::infinity(),
                                        0,
                                        std::log(2.0f),
                                        -std::numeric_limits<float>::infinity(),
                                        std::log(5.0f),
                                        -1000};
  const std::vector<std::function<std::size_t()>> ways{
      [&] { return stream.categorical(weights); },
      [&] { return stream.categorical(weights_float); },
      [&] { return stream.categorical_logits(logits); },
      [&] { return stream.categorical_logits(logits_float); },
  };
  for (const auto& way : ways) {
    std::vector<double> counts(6);
    for (int i = 0; i < 40000; ++i) counts[way()] += 1;
    CHECK(counts[0] + counts[3] + counts[5] == 0);
    check_counts({counts[1], counts[2], counts[4]}, {1.0 / 8, 2.0 / 8, 5.0 / 8});
  }
  // A sum that is a denormal number: the target rounds up to it.
  for (int i = 0; i < 100; ++i) CHECK(stream.categorical(std::vector<double>{0, 5e-324, 0}) == 1);
  // The same word, so the same category, for weights and their logits.
  Stream again = stream;
  for (int i = 0; i < 100; ++i) {
    CHECK(stream.categorical(std::vector<double>{1, 1, 2}) ==
          again.categorical_logits(std::vector<double>{0, 0, std::log(2.0)}));
  }
}

TEST_CASE("each permutation is as likely as any other") {
  Stream stream(25, "permutation");
  std::vector<double> counts(24);
  for (int i = 0; i < 24000; ++i) {
    const std::vector<std::size_t> p = stream.permutation(4);
    std::size_t code = 0;  // the Lehmer code
    for (std::size_t a = 0; a < 4; ++a) {
      std::size_t smaller = 0;
      for (std::size_t b = a + 1; b < 4; ++b) smaller += p[b] < p[a];
      code = code * (4 - a) + smaller;
    }
    counts[code] += 1;
  }
  check_even_counts(counts);
  CHECK(stream.permutation(0).empty());
  CHECK(stream.permutation(1) == std::vector<std::size_t>{0});
}

TEST_CASE("a choice has no repetitions, is even, and begins as the permutation does") {
  Stream stream(26, "choice");
  std::vector<double> chosen(10);
  std::vector<double> leading(10);
  for (int i = 0; i < 10000; ++i) {
    const std::vector<std::size_t> three = stream.choice(10, 3);
    REQUIRE(three.size() == 3);
    REQUIRE(three[0] != three[1]);
    REQUIRE(three[1] != three[2]);
    REQUIRE(three[0] != three[2]);
    leading[three[0]] += 1;
    for (const std::size_t index : three) chosen[index] += 1;
  }
  check_even_counts(chosen);
  check_even_counts(leading);
  Stream a(27, "x");
  Stream b(27, "x");
  std::vector<std::size_t> start = b.permutation(50);
  start.resize(20);
  CHECK(a.choice(50, 20) == start);
  CHECK(stream.choice(5, 0).empty());
}

TEST_CASE("a shuffle is the permutation applied") {
  Stream a(28, "x");
  Stream b(28, "x");
  std::vector<std::string> words{"a", "b", "c", "d", "e", "f"};
  const std::vector<std::string> before = words;
  a.shuffle(words);
  const std::vector<std::size_t> order = b.permutation(6);
  for (std::size_t i = 0; i < 6; ++i) CHECK(words[i] == before[order[i]]);
}
