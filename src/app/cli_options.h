// What may stand on the command line? A table of verbs with their options, from which the parser,
// the error messages and the help text are made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

struct OptionSpec {
  std::string_view name;   // without the two hyphens
  std::string_view value;  // what stands after it, e.g. "FILE"; empty: nothing does
  std::string_view help;   // one line
  bool repeats = false;    // may be given more than once
};

struct VerbSpec {
  std::string_view name;
  std::string_view arguments;  // "ID", "[ID...]"; empty: none
  std::string_view summary;    // one line
  std::string_view details;    // paragraphs for `help VERB`; may be empty
  std::size_t least_arguments = 0;
  std::size_t most_arguments = 0;
  std::vector<OptionSpec> options;
  std::vector<std::string_view> examples;  // whole command lines
};

// The verbs in the order in which help shows them.
std::span<const VerbSpec> verbs();

// Options that every verb takes: --json, --quiet, --help.
std::span<const OptionSpec> common_options();

// Error: no such verb, with the nearest one.
const VerbSpec& find_verb(std::string_view name);

class Arguments {
 public:
  const std::vector<std::string>& positional() const { return positional_; }
  bool has(std::string_view option) const { return values_.contains(option); }
  // The value of an option that is given at most once.
  std::optional<std::string> value(std::string_view option) const;
  // All values of an option, in the order in which they were given.
  std::span<const std::string> values(std::string_view option) const;

 private:
  friend Arguments parse_arguments(const VerbSpec&, std::span<const std::string>);

  std::vector<std::string> positional_;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

// Options and arguments in any order; `--option value` and `--option=value`; after `--` everything
// is an argument; `-` alone is an argument or a value. Errors: unknown or repeated option, a value
// that is missing or was given to an option without one, too few or too many arguments.
Arguments parse_arguments(const VerbSpec& verb, std::span<const std::string> args);

// A whole number from `least` to `most`, as the value of --option. Error otherwise.
std::uint64_t parse_whole(std::string_view text, std::string_view option, std::uint64_t least,
                          std::uint64_t most);

}  // namespace lab
