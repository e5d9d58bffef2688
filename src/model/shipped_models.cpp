#include "model/shipped_models.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/digest.h"
#include "core/error.h"
#include "core/names.h"
#include "data/store.h"
#include "data/text.h"

namespace lab {
namespace {

using enum ModelRole;

constexpr std::array<ShippedModel, 1> kModels = {{
    {"small-base", "Small: scripture, novels and jargon", small_base, "",
     "603065e6c460e181ff8f7f5f10296da735b0f845d72df4fd35776cc58dd02219"},
}};

constexpr std::string_view kExpected =
    "the file in one of these places: it is in the project's folder examples/models; "
    "LOGIT_LAB_DATA names another folder, which has a folder models";

}  // namespace

std::span<const ShippedModel> shipped_models() {
  return kModels;
}

const ShippedModel* find_shipped_model(std::string_view id) {
  const auto found = std::ranges::find(kModels, id, &ShippedModel::id);
  return found == kModels.end() ? nullptr : &*found;
}

LanguageModel load_language_model(std::string_view id, const DataStore& store) {
  const ShippedModel* shipped = find_shipped_model(id);
  if (!shipped) {
    std::vector<std::string> ids;
    for (const ShippedModel& model : kModels) ids.emplace_back(model.id);
    throw Error("there is no language model " + quoted(id), "", expected_name(id, ids));
  }
  const std::string folder = "models/" + std::string(id), what = "language model " + quoted(id);
  Sha256 hash;
  LanguageModel model = read_language_model([&](std::string_view file) {
    DataFile found = store.read(folder + "/" + std::string(file), what, kExpected);
    hash.update(std::span<const std::byte>(found.bytes));
    return found;
  });
  if (const std::string found = hex(hash.finish()); found != shipped->sha256)
    throw Error("the files are not those of " + what + " (their SHA-256 is " + found + ")", folder,
                "SHA-256 " + std::string(shipped->sha256) +
                    ": the files in the project's folder examples/models");
  return model;
}

}  // namespace lab
