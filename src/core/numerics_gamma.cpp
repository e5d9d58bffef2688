// How is log|Gamma(x)| computed within an ulp, near its zeros too?
//
// Left of -2 the zeros come in pairs that close in on the negative integers, and the usual
// reflection formula subtracts two nearly equal numbers there. So sums are double-doubles with an
// absolute error near 2^-70, enough while |lgamma| > 2^-14; closer to a zero, lgamma is its Taylor
// series there.
#include "core/numerics.h"
#include "core/numerics_double_double.h"

namespace lab {

namespace numerics {

namespace {

// lgamma(zero + zero_low + d) = d (c1 + d (c2 + d (c3 + d c4))); c5 is not needed for |c1 d| <
// 2^-14. From psi and its derivatives to 500 bits. The doubles next to -14, -15, ... stay clear of
// the zeros.
struct GammaZero {
  double zero, zero_low, c1, c2, c3, c4;
};

constexpr GammaZero kGammaZeros[] = {
    {-0x1.a000000016124p+3, -0x1.84e03341ee8ddp-51, 0x1.7328cc0534b1bp+32, 0x1.0d0fa2e7f760fp+64,
     0x1.04105bf7369b6p+96, 0x1.1ac9dd4ffcbb2p+128},
    {-0x1.9fffffffe9edcp+3, 0x1.84f40342d001cp-51, -0x1.7328cbfacb4e5p+32, 0x1.0d0fa2e06b2f1p+64,
     -0x1.04105bec453b2p+96, 0x1.1ac9dd401f2e4p+128},
    {-0x1.800000011eed9p+3, 0x1.19d5307e1fb5ep-53, 0x1.c8cfc050d4f38p+28, 0x1.9792629426754p+56,
     0x1.e4da55ed2869fp+84, 0x1.44716493d49d4p+113},
    {-0x1.7ffffffee1127p+3, -0x1.ce1f7906b30f5p-54, -0x1.c8cfbfaf2b0c8p+28, 0x1.97926203e98acp+56,
     -0x1.e4da54ebc6dacp+84, 0x1.447163ae314a4p+113},
    {-0x1.6000000d7322ap+3, -0x1.8aecb2d37ff52p-51, 0x1.308a827152450p+25, 0x1.6a493dd62402ep+49,
     0x1.1f51fd307a7cdp+74, 0x1.00599beaf8731p+99},
    {-0x1.5ffffff28cdd4p+3, 0x1.c9924a65aa486p-53, -0x1.308a7d8eadb7cp+25, 0x1.6a4938065bfd2p+49,
     -0x1.1f51f646980c5p+74, 0x1.005993b17e047p+99},
    {-0x1.40000093f2777p+3, -0x1.927b45d95e154p-52, 0x1.baf825a0c63b2p+21, 0x1.7f3ec8ae05f2ep+42,
     0x1.ba192fa62a5c8p+63, 0x1.1ede75ef431b0p+85},
    {-0x1.3fffff6c0d7c0p+3, 0x1.197cea8c42d7dp-51, -0x1.baf7da5f3795dp+21, 0x1.7f3e8791fa0d2p+42,
     -0x1.ba18befcaaa63p+63, 0x1.1ede14765dc0cp+85},
    {-0x1.200005c7768fbp+3, -0x1.b5b610ffb70d4p-54, 0x1.6261203919440p+18, 0x1.ea8f32fb7f586p+35,
     0x1.c4b75ee68e2bap+53, 0x1.d6043fa1ffaa5p+71},
    {-0x1.1ffffa3884bd0p+3, -0x1.ff90c9d2ae925p-53, -0x1.625edfc63db2fp+18, 0x1.ea8c150480a7ap+35,
     -0x1.c4b30e4bc55c1p+53, 0x1.d5fe468dbbf03p+71},
    {-0x1.000034028b3f9p+3, -0x1.f60cb3cec1cedp-52, 0x1.3b088fed67718p+15, 0x1.83a3893550edcp+29,
     0x1.3e0078db8ada4p+44, 0x1.257bec9464251p+59},
    {-0x1.ffff97f8159cfp+2, -0x1.e54f415a91586p-55, -0x1.3af76fe4c2fabp+15, 0x1.838e76caaf123p+29,
     -0x1.3de68b3256526p+44, 0x1.255c052530c71p+59},
    {-0x1.c0033fdedfe1fp+2, 0x1.20bb7d2324678p-52, 0x1.3b407aa387bd1p+12, 0x1.83e85daafbad6p+23,
     0x1.3e552b5e3c226p+35, 0x1.25e42a45e905bp+47},
    {-0x1.bffcbf76b86f0p+2, 0x1.853b29347b806p-57, -0x1.3abf7a5cea91bp+12, 0x1.8349a2550422dp+23,
     -0x1.3d91dadc98428p+35, 0x1.24f3d636f3339p+47},
    {-0x1.8016b25897c8dp+2, 0x1.27e0f49a4ba72p-54, 0x1.69de49e3af2aap+9, 0x1.fce23484cfd10p+17,
     0x1.de503a3c37c40p+26, 0x1.f9c7b52558abbp+35},
    {-0x1.7fe92f591f40dp+2, -0x1.7dd4ed62cbd32p-52, -0x1.661f6a43a5e12p+9, 0x1.f79dcb794f26fp+17,
     -0x1.d6e8088a19ffep+26, 0x1.ef5d308dbfc97p+35},
    {-0x1.4086a57f0b6d9p+2, -0x1.95262b72ca9cap-55, 0x1.ed72e0829ae02p+6, 0x1.cecc32ec22f9bp+12,
     0x1.253d8563f7264p+19, 0x1.a225df2da6e63p+25},
    {-0x1.3f7577a6eeafdp+2, 0x1.5de5eab7f12cfp-53, -0x1.d224a3ef9e41fp+6, 0x1.b533c678a3956p+12,
     -0x1.0d3f7fee65d34p+19, 0x1.752a6f5ac2726p+25},
    {-0x1.0284e78599581p+2, 0x1.e78c1e9e43cfep-53, 0x1.aca5cf4921642p+4, 0x1.44415cd813f8ep+8,
     0x1.559b11b2a9c7cp+12, 0x1.96d18e21aebdbp+16},
    {-0x1.fa471547c2fe5p+1, -0x1.70d4561291237p-56, -0x1.4b99d966c5647p+4, 0x1.f76deae0436bep+7,
     -0x1.d25359d4b2f38p+11, 0x1.e8f829f141aa5p+15},
    {-0x1.9260dbc9e59afp+1, -0x1.f717cd335a7b3p-53, 0x1.f20a65f2fac55p+2, 0x1.9d4d2977150efp+4,
     0x1.c1137124d5c5bp+6, 0x1.267203d776b0ep+9},
    {-0x1.5fb410a1bd901p+1, 0x1.a19a96d2e6f85p-54, -0x1.ea12da904b18cp+0, 0x1.3267f3c265a52p+3,
     -0x1.4185ac30c8bf2p+4, 0x1.f504accc9f19bp+5},
    {-0x1.3a7fc9600f86cp+1, -0x1.55f64f98af8d0p-55, 0x1.83fe966af535fp+0, 0x1.36eebb002f55dp+2,
     0x1.694a6058a7858p+0, 0x1.1718d7ca09e5bp+3},
    {0x1p+0, 0x0p+0, -0x1.2788cfc6fb619p-1, 0x1.a51a6625307d3p-1, -0x1.9a4d55beab2d7p-2,
     0x1.151322ac7d848p-2},
    {0x1p+1, 0x0p+0, 0x1.b0ee6072093cep-2, 0x1.4a34cc4a60fa6p-2, -0x1.13e001a557607p-4,
     0x1.51322ac7d8483p-6}};

// d (c1 + ...) if x is close enough to a zero, else NaN.
double lgamma_near_zero(double x) {
  for (const GammaZero& g : kGammaZeros) {
    const double d = x - g.zero;
    if (abs(d * g.c1) >= 0x1p-14) continue;
    const DoubleDouble exact = two_sum(d, -g.zero_low);
    const double e = exact.high;
    const DoubleDouble leading = two_product(e, g.c1);
    return leading.high +
           (leading.low + exact.low * g.c1 + e * e * polynomial(e, g.c2, g.c3, g.c4));
  }
  return canonical_nan<double>;
}

// 1 / (12 y) - 1 / (360 y^3) + ... for y >= 16: the tail of Stirling's series, Bernoulli numbers
// over 2k (2k - 1). The first term left out is below 2^-75.
double stirling_tail(double y) {
  const double z = 1.0 / (y * y);
  return z / y *
         polynomial(z, -0x1.6c16c16c16c17p-9, 0x1.a01a01a01a01ap-11, -0x1.3813813813814p-11,
                    0x1.b951e2b18ff23p-11, -0x1.f6ab0d9993c7dp-10, 0x1.a41a41a41a41ap-8,
                    -0x1.e4286cb0f5398p-6, 0x1.6fe96381e0680p-3);
}

// (y + offset) log y - y + log(2 pi) / 2 + 1 / (12 y) - ... for 16 <= y <= 2^60. With an offset of
// -1/2 this is lgamma(y); with 1/2, lgamma(y + 1).
DoubleDouble stirling(DoubleDouble y, double offset) {
  constexpr DoubleDouble kHalfLogTwoPi = {0x1.d67f1c864beb5p-1, -0x1.65b5a1b7ff5dfp-55};
  const DoubleDouble logarithm = add(log_double_double(y.high), y.low / y.high);
  const DoubleDouble leading = add(multiply(logarithm, add(y, offset)), negate(y));
  const DoubleDouble constant = add(kHalfLogTwoPi, divide(1.0, multiply(y, 12.0)));
  return add(add(leading, constant), stirling_tail(y.high));
}

// log|Gamma(x)| for -18 < x < 16: Gamma(x) = Gamma(x + n) / (x (x + 1) ... (x + n - 1)), x + n
// >= 16.
double lgamma_shifted(double x) {
  DoubleDouble product = {1.0, 0.0};
  double i = 0;
  for (; x + i < 16.0; i += 1.0) product = multiply(product, two_sum(x, i));
  const DoubleDouble divisor = product.high < 0 ? negate(product) : product;
  const DoubleDouble logarithm = add(log_double_double(divisor.high), divisor.low / divisor.high);
  return add(stirling(two_sum(x, i), -0.5), negate(logarithm)).high;
}

// log|sin(pi t)| for 0 < |t| <= 1/2.
DoubleDouble log_sin_pi(double t) {
  constexpr DoubleDouble kPi = {0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53};
  const double a = abs(t);
  const double sine =
      a <= 0.25 ? sin_reduced(multiply(kPi, a)) : cos_reduced(multiply(kPi, 0.5 - a));
  return log_double_double(sine);
}

// log|Gamma(x)| for x <= -18, not an integer: log pi - log|sin(pi x)| - lgamma(1 - x).
double lgamma_reflected(double x) {
  constexpr DoubleDouble kLogPi = {0x1.250d048e7a1bdp+0, 0x1.7abf2ad8d5088p-57};
  const DoubleDouble sine = log_sin_pi(x - round_half_even(x));
  const DoubleDouble gamma = stirling({-x, 0.0}, 0.5);
  return add(kLogPi, negate(add(sine, gamma))).high;
}

}  // namespace
}  // namespace numerics

double lgamma(double x) {
  using namespace numerics;
  if (is_nan(x)) return canonical_nan<double>;
  if (!is_finite(x) || (x <= 0 && trunc(x) == x)) return kInfinity<double>;
  if (abs(x) < 0x1p-60) return -lab::log(abs(x));
  if (x >=
      0x1p60) {  // x (log x - 1), scaled; the rest of Stirling's formula is too small to matter
    return multiply(add(log_double_double(x), -1.0), x * 0x1p-64).high * 0x1p64;
  }
  if (const double y = lgamma_near_zero(x); !is_nan(y)) return y;
  if (x >= 16) return stirling({x, 0.0}, -0.5).high;
  return x > -18 ? lgamma_shifted(x) : lgamma_reflected(x);
}

float lgamma(float x) {
  return static_cast<float>(lab::lgamma(static_cast<double>(x)));
}

}  // namespace lab
