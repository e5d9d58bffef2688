// `data`: data sets, texts and language models by their names, and what is in a file of one's own.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/cli_session.h"
#include "core/error.h"
#include "core/names.h"
#include "data/corpora.h"
#include "data/import.h"
#include "data/store.h"
#include "data/text.h"
#include "model/shipped_models.h"

namespace lab {

namespace {

nlohmann::json listing_json(const DataListing& data) {
  return {{"name", data.name},         {"title", data.title},        {"rows", data.rows},
          {"features", data.features}, {"classes", data.classes},    {"source", data.source},
          {"licence", data.licence},   {"available", data.available}};
}

// Whether set-up has prepared the text.
bool is_here(const DataStore& store, const CorpusDescription& corpus) {
  try {
    store.read(corpus.file, "");
    return true;
  } catch (const Error&) {
    return false;
  }
}

nlohmann::json corpus_json(const DataStore& store, const CorpusDescription& corpus) {
  return {{"name", corpus.name},       {"title", corpus.title},
          {"bytes", corpus.bytes},     {"source", corpus.source},
          {"licence", corpus.licence}, {"available", is_here(store, corpus)}};
}

int list(const CliContext& context) {
  const DataStore store = data_store(context);
  const std::vector<DataListing> all = store.list();
  if (context.json) {
    nlohmann::json sets = nlohmann::json::array();
    for (const DataListing& data : all) sets.push_back(listing_json(data));
    nlohmann::json texts = nlohmann::json::array();
    for (const CorpusDescription& corpus : corpora()) texts.push_back(corpus_json(store, corpus));
    nlohmann::json models = nlohmann::json::array();
    for (const ShippedModel& model : shipped_models())
      models.push_back({{"id", model.id}, {"title", model.title}});
    print_json(
        context.out,
        {{"data", std::move(sets)}, {"texts", std::move(texts)}, {"models", std::move(models)}});
    return exit_status::kDone;
  }
  using enum TextTable::Align;
  TextTable table({{"NAME"}, {"ROWS", right}, {"FEATURES", right}, {"CLASSES", right}});
  for (const DataListing& data : all) {
    table.add({data.name, std::to_string(data.rows), std::to_string(data.features),
               data.classes > 0 ? std::to_string(data.classes) : "-"});
    table.add_note(data.title);
    table.add_note(data.source + ". " + data.licence);
    if (!data.available) table.add_note("Its file is not here: `./lab setup` prepares it.");
  }
  table.print(context.out, context.style);
  TextTable texts({{"TEXT"}, {"BYTES", right}});
  for (const CorpusDescription& corpus : corpora()) {
    texts.add({std::string(corpus.name), std::to_string(corpus.bytes)});
    texts.add_note(std::string(corpus.title));
    texts.add_note(std::string(corpus.source) + ". " + std::string(corpus.licence));
    if (!is_here(store, corpus)) texts.add_note("Its file is not here: `./lab setup` prepares it.");
  }
  context.out << '\n';
  texts.print(context.out, context.style);
  TextTable models({{"LANGUAGE MODEL"}, {""}});
  for (const ShippedModel& model : shipped_models())
    models.add({std::string(model.id), std::string(model.title)});
  context.out << '\n';
  models.print(context.out, context.style);
  context.out << '\n';
  print_wrapped(
      context.out,
      "--set data=NAME takes one of these, --set data=file:PATH a file of your own; what is in "
      "a file says `logit-lab data import FILE`. `logit-lab train corpus:TEXT` learns a text, "
      "`logit-lab generate model:NAME` goes on with one.",
      0, context.style.columns);
  return exit_status::kDone;
}

int describe_corpus(const CliContext& context, const DataStore& store,
                    const CorpusDescription& corpus) {
  const std::string text = load_corpus(corpus.name, store);
  if (context.json) {
    nlohmann::json json = corpus_json(store, corpus);
    json["sha256"] = corpus.sha256;
    print_json(context.out, json);
    return exit_status::kDone;
  }
  context.out << inked(context.style, Ink::strong, corpus.title) << "\n\n";
  print_terms(context.out, context.style,
              std::vector<Term>{{"name", std::string(corpus.name)},
                                {"bytes", std::to_string(text.size())},
                                {"lines", std::to_string(std::ranges::count(text, '\n')) +
                                              ", a paragraph or a verse each"},
                                {"source", std::string(corpus.source)},
                                {"licence", std::string(corpus.licence)},
                                {"sha256", std::string(corpus.sha256)}});
  return exit_status::kDone;
}

int describe(const CliContext& context, const std::string& name) {
  const DataStore store = data_store(context);
  if (const CorpusDescription* corpus = find_corpus(name))
    return describe_corpus(context, store, *corpus);
  const std::shared_ptr<const Dataset> data = store.get(name);
  const DataDescription* named = find_named_data(name);
  const std::string title = named ? std::string(named->title) : data->name;
  const std::vector<std::size_t> counts = class_counts(*data);
  if (context.json) {
    nlohmann::json classes = nlohmann::json::array();
    for (std::size_t k = 0; k < counts.size(); ++k) {
      classes.push_back({{"name", data->class_names[k]}, {"rows", counts[k]}});
    }
    print_json(context.out, {{"name", data->name},
                             {"title", title},
                             {"rows", data->rows()},
                             {"features", data->feature_names},
                             {"classes", std::move(classes)},
                             {"source", data->provenance.source},
                             {"licence", data->provenance.licence},
                             {"sha256", data->provenance.sha256},
                             {"digest", digest(*data)}});
    return exit_status::kDone;
  }
  std::vector<std::string> classes;
  for (std::size_t k = 0; k < counts.size(); ++k)
    classes.push_back(data->class_names[k] + " (" + std::to_string(counts[k]) + ")");
  context.out << inked(context.style, Ink::strong, title) << "\n\n";
  print_terms(
      context.out, context.style,
      std::vector<Term>{
          {"name", data->name},
          {"rows", std::to_string(data->rows())},
          {"classes", classes.empty() ? "none: a number to predict" : listed(classes)},
          {"features", std::to_string(data->columns()) + ": " + listed(data->feature_names)},
          {"source", data->provenance.source},
          {"licence", data->provenance.licence},
          {"sha256", data->provenance.sha256},
          {"digest", digest(*data)}});
  return exit_status::kDone;
}

// What an experiment gets from the file, or why it gets nothing.
struct Usability {
  std::optional<Dataset> dataset;
  std::string problem, expected;
};

Usability usability_of(const ImportedFile& file) {
  try {
    return {to_dataset(file), "", ""};
  } catch (const Error& error) {
    const std::string where = error.where().empty() ? "" : error.where() + ": ";
    return {std::nullopt, where + error.problem(), error.expected()};
  }
}

nlohmann::json import_json(const std::string& path, const ImportedFile& file,
                           const std::vector<ColumnSummary>& columns, const Usability& usability) {
  nlohmann::json all = nlohmann::json::array();
  for (const ColumnSummary& column : columns) {
    nlohmann::json one = {
        {"name", column.name}, {"type", name_of(column.type)}, {"missing", column.missing}};
    if (column.type == ColumnType::numeric) {
      one["least"] = column.least;
      one["greatest"] = column.greatest;
      one["mean"] = column.mean;
    } else if (column.type == ColumnType::categorical) {
      one["levels"] = nlohmann::json::array();
      for (std::size_t k = 0; k < column.levels.size(); ++k)
        one["levels"].push_back({{"name", column.levels[k]}, {"rows", column.counts[k]}});
    }
    all.push_back(std::move(one));
  }
  nlohmann::json json = {{"file", path},
                         {"format", name_of(file.format)},
                         {"compressed", file.compressed},
                         {"rows", file.table.rows},
                         {"columns", std::move(all)},
                         {"sha256", file.sha256},
                         {"usable", usability.dataset.has_value()}};
  if (usability.dataset) {
    json["dataset"] = {{"rows", usability.dataset->rows()},
                       {"features", usability.dataset->columns()},
                       {"classes", usability.dataset->class_names}};
  } else {
    json["problem"] = usability.problem;
    json["expected"] = usability.expected;
  }
  return json;
}

std::string values_text(const ColumnSummary& column) {
  switch (column.type) {
    case ColumnType::numeric:
      return short_number(column.least, 4) + " to " + short_number(column.greatest, 4) + ", mean " +
             short_number(column.mean, 4);
    case ColumnType::categorical: {
      constexpr std::size_t kShown = 3;
      std::string text;
      for (std::size_t k = 0; k < std::min(kShown, column.levels.size()); ++k) {
        text +=
            (k > 0 ? ", " : "") + column.levels[k] + " (" + std::to_string(column.counts[k]) + ")";
      }
      if (column.levels.size() > kShown)
        text += " and " + std::to_string(column.levels.size() - kShown) + " more";
      return text;
    }
    case ColumnType::text:
      return "";
  }
  return "";
}

// The file is described, and nothing is copied: its path is what an experiment takes.
int import(const CliContext& context, const std::string& path) {
  const ImportedFile file = import_file(path);
  const std::vector<ColumnSummary> columns = summarise(file.table);
  const Usability usability = usability_of(file);
  if (context.json) {
    print_json(context.out, import_json(path, file, columns, usability));
    return exit_status::kDone;
  }
  std::ostream& out = context.out;
  out << inked(context.style, Ink::strong, path) << ": " << name_of(file.format)
      << (file.compressed ? " (gzip)" : "") << ", " << counted(file.table.rows, "row") << ", "
      << counted(columns.size(), "column") << "\n\n";
  using enum TextTable::Align;
  TextTable table({{"COLUMN"}, {"TYPE"}, {"MISSING", right}, {"VALUES"}});
  for (const ColumnSummary& column : columns) {
    table.add({column.name, std::string(name_of(column.type)), std::to_string(column.missing),
               values_text(column)});
  }
  table.print(out, context.style, 2);
  out << '\n';
  if (usability.dataset) {
    const Dataset& data = *usability.dataset;
    std::string text = "As data: " + counted(data.rows(), "row") + ", " +
                       counted(data.columns(), "feature") + "; to predict: '" +
                       columns.back().name + "', ";
    text += data.classes() > 0 ? std::to_string(data.classes()) + " classes." : "a number.";
    print_wrapped(out, text, 0, context.style.columns);
    print_wrapped(out, "An experiment learns from it with --set data=file:" + path, 0,
                  context.style.columns);
  } else {
    for (const std::string& line :
         wrapped("Not usable as it is: " + usability.problem + "; expected " + usability.expected,
                 context.style.columns))
      out << inked(context.style, Ink::doubtful, line) << '\n';
  }
  return exit_status::kDone;
}

}  // namespace

int data_command(const CliContext& context) {
  const std::vector<std::string>& words = context.arguments.positional();
  const std::string& action = words.front();
  if (action == "list" && words.size() == 1) return list(context);
  if (action == "describe" && words.size() == 2) return describe(context, words[1]);
  if (action == "import" && words.size() == 2) return import(context, words[1]);
  const std::string where = "command line";
  if (action == "list")
    throw Error("argument " + quoted(words[1]) + " is one too many", where, "logit-lab data list");
  if (action == "describe")
    throw Error("no data set is named", where, "logit-lab data describe NAME");
  if (action == "import") throw Error("no file is named", where, "logit-lab data import FILE");
  const std::vector<std::string> actions = {"list", "describe", "import"};
  throw Error("there is no `data " + action + "`", where, expected_name(action, actions));
}

}  // namespace lab
