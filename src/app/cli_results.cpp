#include "app/cli_results.h"

#include <algorithm>
#include <span>
#include <system_error>
#include <utility>

#include "app/cli_files.h"
#include "core/csv_cell.h"
#include "core/error.h"
#include "core/json.h"
#include "data/files.h"

namespace lab {

namespace {

constexpr std::string_view kConfig = "config.json";
constexpr std::string_view kLog = "run.jsonl";
constexpr std::string_view kResult = "result.json";
constexpr std::string_view kRunFile = ".lab.json";  // after the experiment's id

bool is_ours(const std::string& name) {
  return name == kConfig || name == kLog || name == kResult ||
         name.ends_with(kRunFile) || (name.starts_with("series-") && name.ends_with(".csv"));
}

std::string series_name(std::uint64_t seed) {
  return "series-" + std::to_string(seed) + ".csv";
}

}  // namespace

std::string series_csv(const RecordsReader& records) {
  std::uint64_t lines = 0;
  for (const auto& [name, buckets] : records.series()) {
    if (!buckets.empty()) lines = std::max(lines, buckets.back().index + 1);
  }
  const bool merged = lines > kFineSteps;
  std::string text = "step";
  for (const auto& [name, buckets] : records.series()) {
    text += "," + csv_cell(name);
    if (merged) text += "," + csv_cell(name + ".min") + "," + csv_cell(name + ".max");
  }
  text += '\n';

  std::vector<std::size_t> next(records.series().size(), 0);
  for (std::uint64_t line = 0; line < lines; ++line) {
    const std::uint64_t last = bucket_begin(line + 1) - 1;
    text += std::to_string(std::min(last, records.step()));
    std::size_t column = 0;
    for (const auto& [name, buckets] : records.series()) {
      std::size_t& at = next[column++];
      const bool there = at < buckets.size() && buckets[at].index == line;
      text += ',';
      if (there) text += number_text(buckets[at].last);
      if (merged) {
        text += ',' + (there ? number_text(buckets[at].min) : std::string());
        text += ',' + (there ? number_text(buckets[at].max) : std::string());
      }
      if (there) ++at;
    }
    text += '\n';
  }
  return text;
}

ResultFolder::ResultFolder(std::filesystem::path path, bool overwrite) : path_(std::move(path)) {
  std::error_code code;
  if (std::filesystem::exists(path_, code) && !std::filesystem::is_directory(path_, code))
    throw Error("this is not a folder", path_.string(), "the name of a folder, or a new name");
  if (overwrite) return;
  const std::vector<std::filesystem::path> there = results_there();
  if (!there.empty())
    throw Error("there are results already: " + there[0].filename().string(), path_.string(),
                "another folder, or --force to overwrite them");
}

std::vector<std::filesystem::path> ResultFolder::results_there() const {
  std::vector<std::filesystem::path> found;
  std::error_code code;
  for (std::filesystem::directory_iterator entry(path_, code), end; !code && entry != end;
       entry.increment(code))
    if (is_ours(entry->path().filename().string())) found.push_back(entry->path());
  std::ranges::stable_sort(found);
  return found;
}

void ResultFolder::write(const std::string& name, std::string_view text) {
  write_file((path_ / name).string(), std::as_bytes(std::span(text)));
}

void ResultFolder::begin(const nlohmann::json& config, std::string_view program) {
  make_folder(path_);
  for (const std::filesystem::path& old : results_there()) {
    std::error_code code;
    std::filesystem::remove(old, code);
    if (code)
      throw Error("cannot be removed: " + code.message(), old.string(),
                  "a file that may be removed", Error::Kind::machine);
  }
  write(std::string(kConfig), canonical(config) + "\n");
  const std::string log = (path_ / kLog).string();
  log_.emplace(log, program);
}

void ResultFolder::take(const Event& event) {
  keeper_.take(event);
  if (const auto* records = std::get_if<event::Records>(&event.body)) {
    if (!records->observed) records_[records->run].read(*records);
    return;
  }
  log_->write(event);
}

void ResultFolder::finish(const nlohmann::json& result, std::uint64_t first_seed,
                          const Environment& environment) {
  first_seed_ = first_seed;
  if (keeper_.complete()) {
    const RunFile file = keeper_.file(environment);
    run_file_ = file.experiment + std::string(kRunFile);
    write(run_file_, run_file_text(file) + "\n");
  }
  for (const auto& [run, records] : records_)
    write(series_name(first_seed + run), series_csv(records));
  write(std::string(kResult), pretty(result) + "\n");
}

std::string ResultFolder::contents() const {
  std::string text = path_.string() + ": " + std::string(kConfig) + ", " + std::string(kLog);
  if (!records_.empty()) {
    text += ", " + series_name(first_seed_ + records_.begin()->first);
    if (records_.size() > 1) text += " to " + series_name(first_seed_ + records_.rbegin()->first);
  }
  if (!run_file_.empty()) text += ", " + run_file_;
  return text + " and " + std::string(kResult);
}

}  // namespace lab
