// What did a config of an older schema mean? Its settings are taken through the experiment's
// migrations, one version after the other, and a note says what each of them changed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "experiment/experiment.h"
#include "session/protocol.h"

namespace lab {

// Brings the request to the experiment's schema version, lineage included, and returns what there
// is to say about it. A request without a version is taken as one of the present version. Error: a
// version that is newer than the experiment's, or none; what a migration finds wrong.
std::vector<std::string> migrate(ConfigRequest& request, const Experiment& experiment,
                                 std::string_view source);

}  // namespace lab
