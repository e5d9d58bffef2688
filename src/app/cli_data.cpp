// `data`: the data sets that have a name, and what is in a file of one's own.
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/cli_session.h"
#include "core/error.h"
#include "core/names.h"
#include "data/import.h"
#include "data/store.h"

namespace lab {

namespace {

nlohmann::json listing_json(const DataListing& data) {
  return {{"name", data.name},       {"title", data.title},     {"rows", data.rows},
          {"features", data.features}, {"classes", data.classes}, {"source", data.source},
          {"licence", data.licence}, {"available", data.available}};
}

int list(const CliContext& context) {
  const std::vector<DataListing> all = data_store(context).list();
  if (context.json) {
    nlohmann::json sets = nlohmann::json::array();
    for (const DataListing& data : all) sets.push_back(listing_json(data));
    print_json(context.out, {{"data", std::move(sets)}});
    return exit_status::kDone;
  }
  using enum TextTable::Align;
  TextTable table({{"NAME"}, {"ROWS", right}, {"FEATURES", right}, {"CLASSES", right}, {"LICENCE"}});
  for (const DataListing& data : all) {
    table.add({data.name, std::to_string(data.rows), std::to_string(data.features),
               data.classes > 0 ? std::to_string(data.classes) : "-", data.licence});
    table.add_note(data.available ? data.title : data.title + " (not here: ./lab setup prepares it)");
  }
  table.print(context.out, context.style);
  return exit_status::kDone;
}

int describe(const CliContext& context, const std::string& name) {
  const DataStore store = data_store(context);
  const std::shared_ptr<const Dataset> data = store.get(name);
  const std::vector<std::size_t> counts = class_counts(*data);
  if (context.json) {
    nlohmann::json classes = nlohmann::json::array();
    for (std::size_t k = 0; k < counts.size(); ++k) {
      classes.push_back({{"name", data->class_names[k]}, {"rows", counts[k]}});
    }
    print_json(context.out, {{"name", data->name},
                             {"rows", data->rows()},
                             {"features", data->feature_names},
                             {"classes", std::move(classes)},
                             {"source", data->provenance.source},
                             {"licence", data->provenance.licence},
                             {"sha256", data->provenance.sha256},
                             {"digest", digest(*data)}});
    return exit_status::kDone;
  }
  context.out << data->name << ": " << data->rows() << " rows, " << data->columns()
              << " features\n";
  for (std::size_t k = 0; k < counts.size(); ++k) {
    context.out << "  class " << data->class_names[k] << ": " << counts[k] << " rows\n";
  }
  context.out << '\n';
  print_wrapped(context.out, "Source: " + data->provenance.source, 2, context.style.columns);
  print_wrapped(context.out, "Licence: " + data->provenance.licence, 2, context.style.columns);
  print_wrapped(context.out, "Features: " + listed(data->feature_names), 2, context.style.columns);
  return exit_status::kDone;
}

int import(const CliContext& context, const std::string& path) {
  const ImportedFile file = import_file(path);
  const std::vector<ColumnSummary> columns = summarise(file.table);
  const std::size_t rows = file.table.rows;
  if (context.json) {
    nlohmann::json all = nlohmann::json::array();
    for (const ColumnSummary& column : columns) {
      const bool numeric = column.type == ColumnType::numeric;
      all.push_back({{"name", column.name},
                     {"type", numeric ? "number" : "names"},
                     {"missing", column.missing}});
    }
    print_json(context.out, {{"file", path},
                             {"format", name_of(file.format)},
                             {"rows", rows},
                             {"columns", std::move(all)},
                             {"sha256", file.sha256}});
    return exit_status::kDone;
  }
  context.out << path << ": " << name_of(file.format) << ", " << rows << " rows, "
              << columns.size() << " columns\n\n";
  using enum TextTable::Align;
  TextTable table({{"COLUMN"}, {"TYPE"}, {"MISSING", right}, {"VALUES"}});
  for (const ColumnSummary& column : columns) {
    const bool numeric = column.type == ColumnType::numeric;
    table.add({column.name, numeric ? "number" : "names", std::to_string(column.missing),
               numeric ? short_number(column.least) + " to " + short_number(column.greatest)
                       : std::to_string(column.levels.size()) + " different"});
  }
  table.print(context.out, context.style, 2);
  context.out << "\nAn experiment learns from it with --set data=file:" << path << '\n';
  return exit_status::kDone;
}

}  // namespace

int data_command(const CliContext& context) {
  const std::vector<std::string>& words = context.arguments.positional();
  static const std::vector<std::string> kActions = {"list", "describe", "import"};
  const std::string& action = words.front();
  if (action == "list" && words.size() == 1) return list(context);
  if (action == "describe" && words.size() == 2) return describe(context, words[1]);
  if (action == "import" && words.size() == 2) return import(context, words[1]);
  if (action == "describe") throw Error("data describe needs a name", "", "data describe NAME");
  if (action == "import") throw Error("data import needs a file", "", "data import FILE");
  if (action == "list") throw Error("data list takes nothing", "", "data list");
  throw Error("data cannot '" + action + "'", "", expected_name(action, kActions));
}

}  // namespace lab
