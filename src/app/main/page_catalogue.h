// The catalogue of a page: manifest.json, and descriptions and first runs that come one by one when
// they are asked for.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_fwd.h"
#include "ui/catalogue.h"

namespace lab {

class PageCatalogue {
 public:
  // request: called once for each experiment that somebody asks about.
  explicit PageCatalogue(std::function<void(std::string_view id)> request);
  ~PageCatalogue();
  PageCatalogue(const PageCatalogue&) = delete;
  PageCatalogue& operator=(const PageCatalogue&) = delete;

  const Catalogue& catalogue() const { return catalogue_; }

  // Errors (input): not JSON, or not of the form that `logit-lab manifest` writes; then the
  // catalogue is as before.
  void set_manifest(std::string_view json);
  void set_description(std::string_view id, std::string_view json);
  void set_first_run(std::string_view id, std::span<const std::byte> frames);

 private:
  void ask(std::string_view id);

  std::function<void(std::string_view)> request_;
  std::set<std::string, std::less<>> asked_;
  std::map<std::string, nlohmann::json, std::less<>> descriptions_;
  std::map<std::string, std::vector<std::byte>, std::less<>> first_runs_;
  Catalogue catalogue_;
};

}  // namespace lab
