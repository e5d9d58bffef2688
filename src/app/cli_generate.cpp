// `generate`: goes on with a text as a model of the GPT-2 family does.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/cli_session.h"
#include "app/cli_verbs.h"
#include "core/digest.h"
#include "core/error.h"
#include "core/json.h"
#include "data/byte_pair_files.h"
#include "data/characters.h"
#include "data/text.h"
#include "experiment/schema.h"
#include "model/sampler.h"
#include "model/windowed_decoder.h"

namespace lab {

namespace {

double parse_real(const Arguments& arguments, const char* option, double otherwise, double least,
                  double most) {
  const auto text = arguments.value(option);
  if (!text) return otherwise;
  const auto number = parse_number(*text);
  if (!number || !(*number >= least && *number <= most))
    throw Error(quoted(*text) + " cannot be used", "--" + std::string(option),
                "a number from " + number_text(least) + " to " + number_text(most));
  return *number;
}

Sampling read_sampling(const Arguments& arguments) {
  return {.repetition_penalty = parse_real(arguments, "repetition-penalty", 1, 0.01, 100),
          .temperature = parse_real(arguments, "temperature", 1, 0, 100),
          .top_k = static_cast<std::size_t>(
              parse_whole(arguments.value("top-k").value_or("0"), "top-k", 0, UINT32_MAX)),
          .top_p = parse_real(arguments, "top-p", 1, 1e-6, 1),
          .min_p = parse_real(arguments, "min-p", 0, 0, 1)};
}

// What a terminal and JSON can show: U+FFFD for bytes that are no text and for control characters.
std::string shown(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Character c = first_character(text);
    const bool control =
        (c.code < 0x20 && c.code != '\n' && c.code != '\t') || (c.code >= 0x7F && c.code < 0xA0);
    out += c.well_formed && !control ? text.substr(0, c.length) : std::string_view("\xEF\xBF\xBD");
    text.remove_prefix(c.length);
  }
  return out;
}

}  // namespace

int generate_command(const CliContext& context) {
  const Arguments& arguments = context.arguments;
  const Sampling sampling = read_sampling(arguments);
  const std::uint64_t length =
      parse_whole(arguments.value("length").value_or("100"), "length", 1, 1'000'000);
  Stream stream(parse_whole(arguments.value("seed").value_or("0"), "seed", 0,
                            static_cast<std::uint64_t>(kLargestInteger)),
                "draws");
  const std::string prompt = arguments.value("prompt").value_or("");
  const auto [encoding, model] = language_model(context, arguments.positional()[0]);

  const std::optional<int> end = encoding.find(kEndOfText);
  std::vector<int> tokens = encoding.encode(prompt);
  if (tokens.empty()) {
    if (!end)
      throw Error("no text to go on with", "command line",
                  "--prompt TEXT: this vocabulary has no " + std::string(kEndOfText));
    tokens.push_back(*end);
  }
  const std::size_t given = tokens.size();
  WindowedDecoder decoder(kernels(), model);
  Sampler sampler(kernels(), model.shape.vocabulary, sampling);
  std::vector<float> logits(model.shape.vocabulary);
  while (tokens.size() - given < length && !context.interrupted()) {
    std::ranges::copy(decoder.read(tokens), logits.begin());
    sampler.process(tokens, logits);
    const int next = sampler.draw(logits, stream);
    if (next == end || static_cast<std::size_t>(next) >= encoding.size()) break;
    tokens.push_back(next);
  }

  const auto made = std::span<const int>(tokens).subspan(given);
  const std::string text = shown(encoding.decode(made));
  if (context.json) {
    Digest digest;
    digest.i64s(made);
    print_json(context.out, {{"prompt", shown(prompt)},
                             {"text", text},
                             {"tokens", made.size()},
                             {"digest", digest.hex()}});
  } else {
    context.out << shown(prompt) << text << '\n';
  }
  return exit_status::kDone;
}

}  // namespace lab
