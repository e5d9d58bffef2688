// Which experiments are there to show? Their descriptions, and a stored first run of each, wherever
// they come from: files beside a page, or the program itself. The workbench knows no experiment but
// through this.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_fwd.h"

namespace lab {

// A line of the gallery.
struct Card {
  std::string id, title, family, paper;
  std::string claim;                 // the headline claim, one sentence
  std::size_t claims = 0;            // how many there are ..
  std::size_t reproduced = 0;        // .. and how many were reproduced over all seeds
  std::size_t not_reproduced = 0;    //
};

struct Catalogue {
  std::vector<Card> cards;
  // description_json of an experiment; null while it is on its way or if there is none. Asked for
  // every frame until it is there.
  std::function<const nlohmann::json*(std::string_view id)> description;
  // The stored first run: frames of the protocol (see `pack`), as a session sent them: opened,
  // records, finished. Null as above.
  std::function<const std::vector<std::byte>*(std::string_view id)> first_run;
};

}  // namespace lab
