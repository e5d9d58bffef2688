// What does the paper on PRESTO claim, and what was derived from it? G. Faletto and J. Bien,
// arXiv:2305.18700.
#pragma once

#include <vector>

#include "experiment/claim.h"

namespace lab {

std::vector<Claim> presto_claims();

}  // namespace lab
