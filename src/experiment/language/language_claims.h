// What the experiment language-models claims.
#pragma once

#include <vector>

#include "experiment/claim.h"

namespace lab::language {

std::vector<Claim> claims();

}  // namespace lab::language
