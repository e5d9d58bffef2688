// Does the paper on block coordinate descent hold here? Its claims, each measured over seeds.
// J. Nutini, I. Laradji and M. Schmidt, arXiv:1712.08859.
#pragma once

#include <vector>

#include "experiment/claim.h"

namespace lab {

std::vector<Claim> block_descent_claims();

}  // namespace lab
