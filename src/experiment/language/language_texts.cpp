#include "experiment/language/language_texts.h"

#include <array>

#include "core/error.h"
#include "core/random.h"
#include "data/corpora.h"
#include "data/files.h"
#include "data/store.h"
#include "data/text.h"

namespace lab {
namespace {

constexpr std::string_view kFile = "file:";
constexpr std::size_t kLeastBytes = 200;

constexpr std::array<std::string_view, 12> kNames = {"Anna", "Ben",   "Clara", "David",
                                                     "Emma", "Felix", "Greta", "Hugo",
                                                     "Ida",  "Jonas", "Lena",  "Max"};
constexpr std::array<std::string_view, 8> kColours = {"red", "blue",  "green", "yellow",
                                                      "old", "small", "heavy", "shiny"};
constexpr std::array<std::string_view, 12> kThings = {
    "ball", "book", "boat", "bell", "drum", "kite", "lamp", "basket", "coat", "coin", "map", "key"};
constexpr std::array<std::string_view, 8> kPlaces = {"garden", "forest",  "kitchen", "market",
                                                     "tower",  "harbour", "meadow",  "cellar"};

template <std::size_t N>
std::string pick(const std::array<std::string_view, N>& words, Stream& stream) {
  return std::string(words[static_cast<std::size_t>(stream.below(N))]);
}

}  // namespace

std::string little_stories() {
  constexpr int kStories = 600;
  Stream stream(0, "stories");
  std::string text;
  for (int story = 0; story < kStories; ++story) {
    const std::string who = pick(kNames, stream);
    std::string other = pick(kNames, stream);
    while (other == who) other = pick(kNames, stream);
    const std::string colour = pick(kColours, stream);
    const std::string thing = "the " + colour + " " + pick(kThings, stream);
    const std::string place = pick(kPlaces, stream);
    text += who + " found " + thing + " in the " + place + ". ";
    text += other + " came to the " + place + " and asked " + who + " for " + thing + ". ";
    switch (stream.below(3)) {
      case 0:
        text += who + " gave " + thing + " to " + other + ", and " + other + " was happy.";
        break;
      case 1:
        text += who + " said no, and " + other + " left the " + place + " without " + thing + ".";
        break;
      default:
        text += "But " + who + " had lost " + thing + ". So " + other + " and " + who +
                " looked for " + thing + " in the " + place + ".";
    }
    text += '\n';
  }
  return text;
}

std::string little_sums() {
  constexpr int kSums = 4000;
  Stream stream(0, "sums");
  std::string text;
  for (int sum = 0; sum < kSums; ++sum) {
    const std::uint64_t a = stream.below(100);
    const std::uint64_t b = stream.below(100);
    text += std::to_string(a) + "+" + std::to_string(b) + "=" + std::to_string(a + b) + "\n";
  }
  return text;
}

std::vector<Choice> language_texts() {
  std::vector<Choice> choices = {
      {"stories",
       "600 little stories: names and things come back far behind where they first stood"},
      {"sums", "4000 sums of two numbers below 100"}};
  for (const CorpusDescription& corpus : corpora())
    choices.push_back({std::string(corpus.name), std::string(corpus.title)});
  choices.push_back({"typed", "what is typed below"});
  return choices;
}

std::string language_text(std::string_view name, std::string_view typed, std::size_t most,
                          const DataStore* data) {
  std::string text;
  if (name == "stories") {
    text = little_stories();
  } else if (name == "sums") {
    text = little_sums();
  } else if (name == "typed") {
    text = typed;
  } else {
    if (data == nullptr)
      throw Error("texts cannot be read here", "field corpus", "a session with a data store");
    if (name.starts_with(kFile)) {
      const DataFile file = data->kept(name.substr(kFile.size()));
      text = as_text(file.bytes);
    } else {
      text = load_corpus(name, *data);
    }
  }
  if (text.size() > most) text.resize(most);
  if (text.size() < kLeastBytes)
    throw Error("the text has " + counted(text.size(), "byte"), "field corpus",
                "at least " + std::to_string(kLeastBytes));
  return text;
}

}  // namespace lab
