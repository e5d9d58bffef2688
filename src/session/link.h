// What is in the address? A link holds what is shown: experiment, parameters, seeds, step, view and
// the digest that whoever opens it should get. It is the part of an address after '#':
//
//   lr-gd-perceptron?data=moons&gamma=1000&seed=7&seeds=5&schema=1&step=120&branches=60:gamma=10
//     &figures=loss,errors&controls=gamma&v.loss.log_y=1&digest=0123456789abcdef
//
// Parameters are the schema's fields, as on a command line, where they are not at their defaults; a
// field whose name is one of the words below is written with "set." before it. Of the words,
//   seed, seeds       default 0 and 1
//   schema            version of the schema that the link was written with
//   step              where all runs stand; without it: at their end
//   branches          STEP:NAME=VALUE,NAME=VALUE;STEP:... , oldest first; in names and values % , ;
//   :
//                     and = are written as %25 %2C %3B %3A %3D (and then encoded like the rest)
//   figures, controls those that are shown; without it: all
//   v.NAME            how it is shown; only the screen knows what that means
//   digest            the first digits, at least 16, of the digest of the first seed's run there
// Everything but letters, digits and -._~,;:/= is percent-encoded UTF-8. A '+' stands for itself.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "session/protocol.h"
#include "session/resolve.h"

namespace lab {

inline constexpr std::size_t kLongestLink = 200'000;  // bytes

struct Link {
  std::string experiment;
  std::optional<int> schema;
  std::map<std::string, std::string, std::less<>> set;  // as text; the schema decides what they are
  std::uint64_t seed = 0;
  std::uint32_t seeds = 1;
  std::optional<std::uint64_t> step;
  std::vector<Branch> lineage;  // of a decoded link the values are texts, and parents are empty
  std::vector<std::string> figures, controls;
  std::map<std::string, std::string, std::less<>> view;
  std::optional<std::string> digest;
};

// The text above, without '#'; the same link is always the same text.
std::string encode(const Link& link);

// The inverse; `text` may also be a whole address, or begin with '#', or be the parameters of an
// embedded figure: "experiment=ID&set=gamma=1e3,seed=7&controls=gamma&figures=loss" (a piece of
// `set` without '=' belongs to the value before it). Errors name the parameter: a name that is
// none, given twice, a value that cannot be, bytes that are not UTF-8, a link that is too long.
Link decode_link(std::string_view text);

// A link to what was resolved: only what is not at its default.
Link link_of(const Resolved& resolved, std::uint64_t seed, std::uint32_t seeds);

// The same for a request that nobody has resolved: all that it sets.
Link link_of(const ConfigRequest& request, std::uint64_t seed, std::uint32_t seeds);

// What the link asks for, its texts read by the schema. Error: no such field, a value outside its
// domain. With an older schema version the values are read as far as this schema knows the fields,
// and the rest as they look: `resolve` migrates and checks them.
ConfigRequest request_of(const Link& link, const Schema& schema);

}  // namespace lab
