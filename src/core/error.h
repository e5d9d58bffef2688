// How does Logit Lab say that something went wrong?
//
// One type. Outside input (a file, a config, a URL, a message) is checked once, at the border, and what
// is wrong with it is thrown as an Error that a person can act on: what is wrong, where, and what would
// be right. Inside, preconditions are asserted.
#pragma once

#include <exception>
#include <string>

namespace lab {

class Error : public std::exception {
 public:
  enum class Kind {
    input,    // what came from outside was wrong; exit status 2
    machine,  // the machine could not do it (memory, device, disk); exit status 3
  };

  // problem:  what is wrong, e.g. "unknown field 'gama'"
  // where:    file, line, column or field, e.g. "config.json:3:5" or "field data.noise"; may be empty
  // expected: what would be right, e.g. "a number from 0 to 1"; may be empty
  Error(std::string problem, std::string where, std::string expected, Kind kind = Kind::input);

  // "<where>: <problem>; expected <expected>", leaving out what is empty.
  const char* what() const noexcept override { return text_.c_str(); }
  const std::string& problem() const noexcept { return problem_; }
  const std::string& where() const noexcept { return where_; }
  const std::string& expected() const noexcept { return expected_; }
  Kind kind() const noexcept { return kind_; }

 private:
  std::string problem_, where_, expected_, text_;
  Kind kind_;
};

}  // namespace lab
