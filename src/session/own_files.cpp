#include "session/own_files.h"

#include <algorithm>
#include <utility>

#include "core/digest.h"
#include "core/error.h"
#include "data/files.h"
#include "data/import.h"
#include "data/text.h"
#include "model/language_model.h"

namespace lab {

FileKind kind_of_file(std::string_view name) {
  if (std::ranges::find(kLanguageModelFiles, name) != kLanguageModelFiles.end())
    return FileKind::language_model;
  const auto has_ending = [&](std::string_view ending) {
    return name.size() > ending.size() &&
           equal_ignoring_case(name.substr(name.size() - ending.size()), ending);
  };
  return has_ending(".txt") || has_ending(".md") ? FileKind::text : FileKind::table;
}

event::Imported OwnFiles::take(std::string_view name, std::vector<std::byte> bytes,
                               DataStore& store) {
  event::Imported imported{.name = std::string(name), .kind = kind_of_file(name)};
  switch (imported.kind) {
    case FileKind::table: {
      const ImportedFile file = store.add_file(name, bytes);
      imported.format = name_of(file.format);
      imported.rows = file.table.rows;
      imported.columns = file.table.columns.size();
      imported.classes = store.file(name)->classes();
      imported.sha256 = file.sha256;
      imported.summary = summarise(file.table);
      break;
    }
    case FileKind::text: {
      if (bytes.empty()) throw Error("the text is empty", std::string(name), "a text");
      const std::string_view text = as_text(bytes);
      imported.format = "text";
      imported.rows =
          static_cast<std::size_t>(std::ranges::count(text, '\n')) + (text.ends_with('\n') ? 0 : 1);
      imported.sha256 = sha256_hex(bytes);
      store.keep(name, std::move(bytes));
      break;
    }
    case FileKind::language_model: {
      imported.format = "GPT-2";
      imported.sha256 = sha256_hex(bytes);
      parts_.insert_or_assign(std::string(name), std::move(bytes));
      for (const std::string_view file : kLanguageModelFiles)
        if (!parts_.contains(file)) imported.missing.emplace_back(file);
      if (!imported.missing.empty()) break;
      Digest all;
      for (const std::string_view file : kLanguageModelFiles)
        all.text(as_text(parts_.find(file)->second));
      imported.sha256 = all.hex();
      imported.name = "model-" + imported.sha256.substr(0, 8);
      for (auto& [file, content] : parts_)
        store.keep(imported.name + "/" + file, std::move(content));
      parts_.clear();
      break;
    }
  }
  return imported;
}

}  // namespace lab
