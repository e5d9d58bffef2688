// The catalogue of a program that has all experiments in it: from the registry, with the stored
// verdicts where they are at hand.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/json_fwd.h"
#include "ui/catalogue.h"

namespace lab {

class DesktopCatalogue {
 public:
  // verdicts: the folder of stored verdicts; empty: none are shown.
  explicit DesktopCatalogue(const std::filesystem::path& verdicts);
  ~DesktopCatalogue();

  const Catalogue& catalogue() const { return catalogue_; }

 private:
  std::map<std::string, nlohmann::json, std::less<>> descriptions_;
  Catalogue catalogue_;
};

}  // namespace lab
