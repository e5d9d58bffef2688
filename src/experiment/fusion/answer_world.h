// Which questions are answered? Their answers, how often the model gives each, what they are worth
// and what a reward model says: of sheet 39's reproduction (arXiv:2510.03199).
#pragma once

#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/random.h"
#include "experiment/config.h"
#include "experiment/field_list.h"
#include "method/fusion/answer_selection.h"

namespace lab::fusion {

// Questions of a config: all the same, or each another one.
class AnswerWorld {
 public:
  // Error: the probabilities of the answers are none.
  explicit AnswerWorld(const Config& config);

  std::size_t count() const { return probability_.size(); }
  const std::vector<std::string>& names() const { return names_; }
  // Whether each question is another one.
  bool varies() const { return varies_; }
  // The next question: of a world that does not vary always the same. Does not allocate.
  void ask(Stream& stream);
  // Goes back to a question that was saved, as its probabilities, rewards and proxy rewards.
  void restore(ByteReader& reader);
  Answers answers() const { return {probability_, reward_, proxy_}; }
  // Least frequency of an answer, as configured: a number, or 3 / (4 C*) of this question.
  double threshold() const;

 private:
  bool varies_;
  bool theory_;
  double threshold_, error_, concentration_;
  std::vector<double> probability_, reward_, proxy_;
  std::vector<std::string> names_;
};

void add_answer_fields(FieldList& fields);

}  // namespace lab::fusion
