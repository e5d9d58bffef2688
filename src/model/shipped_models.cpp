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

constexpr std::array<ShippedModel, 8> kModels = {{
    {"small-base", "Small: scripture, novels and jargon", small_base, "",
     "603065e6c460e181ff8f7f5f10296da735b0f845d72df4fd35776cc58dd02219"},
    {"small-scripture", "Small, trained further on scripture", small_expert, "scripture",
     "2874c92e12f1ecfb85919d30bf2d646728b118b2725e8d763875495cd7b356e0"},
    {"small-novels", "Small, trained further on novels", small_expert, "novels",
     "75cbef0a403e048ceaba70edbf517149c169e2ca953aa9c91300294850adf711"},
    {"small-jargon", "Small, trained further on jargon", small_expert, "jargon",
     "cbf04e61da32530311d51a4a5adecbf9ff3a7a268e3eccf870f398cdfcd0adef"},
    {"large-base", "Large: scripture, novels and jargon", large_base, "",
     "7c2e1d8c0262747fb08db9a9762c3dfd43405205ed5227637094ba85d619ae6c"},
    {"large-scripture", "Large, trained further on scripture", large_expert, "scripture",
     "34f6e89321422f5a05b0e7b3a113b3266b03775c9d1f131e47a9af84a6c94df3"},
    {"large-novels", "Large, trained further on novels", large_expert, "novels",
     "d23f3473deec5dea881c647ed4e0b5708dd5540eab2bd402d5eb151b48c9a070"},
    {"large-jargon", "Large, trained further on jargon", large_expert, "jargon",
     "203e9e2dce7f932e09d4736fbad150f6b2c9a3579f283fba46cf1c835265a91b"},
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
