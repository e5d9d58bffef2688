#include "session/link.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

#include "core/error.h"
#include "core/json.h"
#include "data/text.h"

namespace lab {
namespace {

constexpr std::size_t kMostParameters = 256;
constexpr std::size_t kLongestName = 64;
constexpr std::size_t kMostListed = 64;
constexpr auto kMostWhole = static_cast<std::uint64_t>(kLargestInteger);
constexpr int kMostSchema = 1'000'000;

constexpr std::array<std::string_view, 10> kWords = {"experiment", "set",    "seed",     "seeds",
                                                     "schema",     "step",   "branches", "digest",
                                                     "controls",   "figures"};

bool is_word(std::string_view name) {
  return std::ranges::find(kWords, name) != kWords.end() || name.starts_with("v.") ||
         name.starts_with("set.");
}

// --- text ------------------------------------------------------------------------------------

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string percent(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return {'%', kDigits[byte >> 4], kDigits[byte & 15]};
}

std::string encoded(std::string_view text) {
  constexpr std::string_view kPlain = "-._~,;:/=";
  std::string result;
  for (const char c : text) {
    if (is_alphanumeric(c) || kPlain.find(c) != std::string_view::npos) {
      result += c;
    } else {
      result += percent(static_cast<unsigned char>(c));
    }
  }
  return result;
}

// What separates the parts of `branches`.
std::string inner_encoded(std::string_view text) {
  constexpr std::string_view kSeparators = "%,;:=";
  std::string result;
  for (const char c : text) {
    if (kSeparators.find(c) == std::string_view::npos) {
      result += c;
    } else {
      result += percent(static_cast<unsigned char>(c));
    }
  }
  return result;
}

std::string decoded(std::string_view text, const std::string& where) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    unsigned value = 0;
    const std::string_view digits = text.substr(i + 1, 2);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (error != std::errc() || digits.size() != 2 || end != digits.data() + 2) {
      throw Error(quoted(text.substr(i, 3)) + " is no encoded character", where,
                  "% and two hexadecimal digits");
    }
    result += static_cast<char>(value);
    i += 2;
  }
  const bool control = std::ranges::any_of(
      result, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (!is_utf8(result) || control) {
    throw Error("bytes that are no text", where, "UTF-8 without control characters");
  }
  return result;
}

std::string_view take_part(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

std::string place(std::string_view parameter) {
  return "link: " + std::string(parameter);
}

// --- values ----------------------------------------------------------------------------------

std::uint64_t read_whole(std::string_view text, std::uint64_t least, std::uint64_t most,
                         const std::string& where) {
  const std::optional<double> number = parse_number(text);
  const auto limit = static_cast<double>(most);
  if (!number || !(*number >= static_cast<double>(least) && *number <= limit) ||
      *number != static_cast<double>(static_cast<std::uint64_t>(*number))) {
    throw Error(quoted(text) + " is not possible here", where,
                "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return static_cast<std::uint64_t>(*number);
}

void check_name(std::string_view name, const std::string& where) {
  const bool plain = std::ranges::all_of(name, [](char c) {
    return is_alphanumeric(c) || c == '_' || c == '-' || c == '.' || c == '/';
  });
  if (name.empty() || name.size() > kLongestName || !plain) {
    throw Error(quoted(name) + " is not a name", where,
                "1 to " + std::to_string(kLongestName) + " letters, digits and _ - . /");
  }
}

std::vector<std::string> read_list(std::string_view text, const std::string& where) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::string_view name = take_part(text, ',');
    check_name(name, where);
    if (names.size() == kMostListed) {
      throw Error("too many names", where, "at most " + std::to_string(kMostListed));
    }
    names.emplace_back(name);
  }
  return names;
}

std::string list_text(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

std::vector<Branch> read_branches(std::string_view text, const std::string& where) {
  std::vector<Branch> lineage;
  while (!text.empty()) {
    std::string_view one = take_part(text, ';');
    const std::size_t colon = one.find(':');
    if (colon == std::string_view::npos) {
      throw Error(quoted(one) + " is not a branch", where, "STEP:NAME=VALUE,NAME=VALUE");
    }
    Branch branch;
    branch.step = read_whole(take_part(one, ':'), 0, kMostWhole, where);
    while (!one.empty()) {
      const std::string_view setting = take_part(one, ',');
      const std::size_t equals = setting.find('=');
      if (equals == std::string_view::npos) {
        throw Error(quoted(setting) + " sets nothing", where, "NAME=VALUE");
      }
      const std::string name = decoded(setting.substr(0, equals), where);
      check_name(name, where);
      branch.set[name] = decoded(setting.substr(equals + 1), where);
    }
    if (lineage.size() == kMostParameters) {
      throw Error("too many branches", where, "at most " + std::to_string(kMostParameters));
    }
    lineage.push_back(std::move(branch));
  }
  return lineage;
}

std::string branches_text(const std::vector<Branch>& lineage) {
  std::string text;
  for (const Branch& branch : lineage) {
    if (!text.empty()) text += ';';
    text += std::to_string(branch.step);
    char before = ':';
    for (const auto& [name, value] : branch.set) {
      text += before + inner_encoded(name) + '=' + inner_encoded(value_text(value));
      before = ',';
    }
  }
  return text;
}

std::string read_digest(std::string_view text, const std::string& where) {
  const bool hexadecimal = std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (text.size() < 16 || text.size() > 64 || !hexadecimal) {
    throw Error(quoted(text) + " is not a digest", where, "16 to 64 digits 0-9 and a-f");
  }
  return std::string(text);
}

// --- parameters ------------------------------------------------------------------------------

void read_parameter(Link& link, const std::string& name, const std::string& value);

// "gamma=1e3,seed=7" of an embedded figure.
void read_settings(Link& link, std::string_view text) {
  std::vector<std::pair<std::string, std::string>> settings;
  while (!text.empty()) {
    const std::string_view piece = take_part(text, ',');
    const std::size_t equals = piece.find('=');
    if (equals != std::string_view::npos) {
      settings.emplace_back(piece.substr(0, equals), piece.substr(equals + 1));
    } else if (settings.empty()) {
      throw Error(quoted(piece) + " sets nothing", place("set"), "NAME=VALUE,NAME=VALUE");
    } else {
      settings.back().second += "," + std::string(piece);
    }
  }
  for (const auto& [name, value] : settings) {
    if (is_word(name) && name != "seed" && name != "seeds" && name != "step") {
      throw Error(quoted(name) + " is not a setting", place("set"),
                  "a field, or seed, seeds or step");
    }
    read_parameter(link, name, value);
  }
}

void read_field(Link& link, std::string_view name, const std::string& value) {
  check_name(name, "link");
  if (!link.set.emplace(name, value).second) {
    throw Error("given twice", place(name), "it once");
  }
}

void read_parameter(Link& link, const std::string& name, const std::string& value) {
  const std::string where = place(name.substr(0, kLongestName));
  if (name == "experiment") {
    link.experiment = value;
  } else if (name == "set") {
    read_settings(link, value);
  } else if (name == "seed") {
    link.seed = read_whole(value, 0, kMostWhole, where);
  } else if (name == "seeds") {
    link.seeds = static_cast<std::uint32_t>(read_whole(value, 1, kMostRuns, where));
  } else if (name == "schema") {
    link.schema = static_cast<int>(read_whole(value, 1, kMostSchema, where));
  } else if (name == "step") {
    link.step = read_whole(value, 0, kMostWhole, where);
  } else if (name == "branches") {
    link.lineage = read_branches(value, where);
  } else if (name == "figures") {
    link.figures = read_list(value, where);
  } else if (name == "controls") {
    link.controls = read_list(value, where);
  } else if (name == "digest") {
    link.digest = read_digest(value, where);
  } else if (name.starts_with("v.")) {
    check_name(std::string_view(name).substr(2), where);
    link.view[name.substr(2)] = value;
  } else if (name.starts_with("set.")) {
    read_field(link, std::string_view(name).substr(4), value);
  } else {
    read_field(link, name, value);
  }
}

// The experiment, which may be empty, and the parameters.
std::pair<std::string_view, std::string_view> halves(std::string_view text) {
  if (const std::size_t hash = text.find('#'); hash != std::string_view::npos) {
    text.remove_prefix(hash + 1);
  } else if (text.find("://") != std::string_view::npos || text.starts_with('/')) {
    // An address without a fragment: its query.
    const std::size_t query = text.find('?');
    text.remove_prefix(query == std::string_view::npos ? text.size() : query);
  }
  const std::size_t question = text.find('?');
  if (question != std::string_view::npos) {
    return {text.substr(0, question), text.substr(question + 1)};
  }
  if (text.find('=') != std::string_view::npos) return {{}, text};
  return {text, {}};
}

void check_experiment(std::string_view id) {
  if (id.empty()) {
    throw Error("no experiment is named", "link", "ID?NAME=VALUE&..., or experiment=ID&...");
  }
  const bool plain =
      std::ranges::all_of(id, [](char c) { return is_alphanumeric(c) || c == '-' || c == '_'; });
  if (!plain || id.size() > kLongestName) {
    throw Error(quoted(id) + " is not an experiment's id", "link", "letters, digits and hyphens");
  }
}

}  // namespace

std::string encode(const Link& link) {
  std::string text = encoded(link.experiment);
  char before = '?';
  const auto add = [&](const std::string& name, const std::string& value) {
    text += before + encoded(name) + '=' + encoded(value);
    before = '&';
  };
  for (const auto& [name, value] : link.set) add((is_word(name) ? "set." : "") + name, value);
  if (link.seed != 0) add("seed", std::to_string(link.seed));
  if (link.seeds != 1) add("seeds", std::to_string(link.seeds));
  if (link.schema) add("schema", std::to_string(*link.schema));
  if (link.step) add("step", std::to_string(*link.step));
  if (!link.lineage.empty()) add("branches", branches_text(link.lineage));
  if (!link.figures.empty()) add("figures", list_text(link.figures));
  if (!link.controls.empty()) add("controls", list_text(link.controls));
  for (const auto& [name, value] : link.view) add("v." + name, value);
  if (link.digest) add("digest", *link.digest);
  return text;
}

Link decode_link(std::string_view text) {
  if (text.size() > kLongestLink) {
    throw Error("a link of " + std::to_string(text.size()) + " bytes", "link",
                "at most " + std::to_string(kLongestLink));
  }
  Link link;
  auto [experiment, parameters] = halves(text);
  link.experiment = decoded(experiment, "link");
  std::vector<std::string> seen;
  while (!parameters.empty()) {
    const std::string_view parameter = take_part(parameters, '&');
    if (parameter.empty()) continue;
    const std::size_t equals = parameter.find('=');
    const std::string name = decoded(parameter.substr(0, equals), "link");
    const std::string where = place(name.substr(0, kLongestName));
    if (equals == std::string_view::npos) throw Error("it has no value", where, "NAME=VALUE");
    if (std::ranges::find(seen, name) != seen.end() ||
        (name == "experiment" && !link.experiment.empty())) {
      throw Error("given twice", where, "it once");
    }
    if (seen.size() == kMostParameters) {
      throw Error("too many parameters", "link", "at most " + std::to_string(kMostParameters));
    }
    read_parameter(link, name, decoded(parameter.substr(equals + 1), where));
    seen.push_back(name);
  }
  check_experiment(link.experiment);
  if (link.seed > kMostWhole - (link.seeds - 1)) {
    throw Error("the last seed would be 2^53 or more", place("seed"), "seeds below 2^53");
  }
  return link;
}

Link link_of(const Resolved& resolved, std::uint64_t seed, std::uint32_t seeds) {
  Link link;
  const Schema& schema = resolved.experiment->schema;
  link.experiment = resolved.experiment->id;
  link.schema = schema.version();
  for (const Field& field : schema.fields()) {
    const Value& value = resolved.config.values().find(field.name)->second;
    if (value != field.value) link.set[field.name] = value_text(value);
  }
  link.seed = seed;
  link.seeds = seeds;
  link.lineage = resolved.lineage;
  return link;
}

Link link_of(const ConfigRequest& request, std::uint64_t seed, std::uint32_t seeds) {
  Link link;
  link.experiment = request.experiment;
  link.schema = request.schema;
  for (const auto& [name, value] : request.set) link.set[name] = value_text(value);
  link.seed = seed;
  link.seeds = seeds;
  link.lineage = request.lineage;
  return link;
}

ConfigRequest request_of(const Link& link, const Schema& schema) {
  const bool older = link.schema && *link.schema < schema.version();
  const auto as_it_looks = [](const std::string& text) -> Value {
    if (text == "true" || text == "false") return text == "true";
    if (const std::optional<double> number = parse_number(text)) return *number;
    return text;
  };
  const auto value_of = [&](const std::string& name, const std::string& text) -> Value {
    if (!older) return schema.parse(name, text, "link");
    try {
      return schema.parse(name, text, "link");
    } catch (const Error&) {
      return as_it_looks(text);
    }
  };
  ConfigRequest request{
      .experiment = link.experiment, .schema = link.schema, .set = {}, .lineage = link.lineage};
  for (const auto& [name, text] : link.set) request.set[name] = value_of(name, text);
  for (Branch& branch : request.lineage) {
    for (auto& [name, value] : branch.set) {
      if (const auto* text = std::get_if<std::string>(&value)) value = value_of(name, *text);
    }
  }
  return request;
}

}  // namespace lab
