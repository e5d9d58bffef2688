#include "app/pictures.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/names.h"

namespace lab {

void FigureKeeper::take(const Event& event) {
  const auto* records = std::get_if<event::Records>(&event.body);
  if (!records) return;
  Kept& kept = runs_[records->run];
  if (!records->observed) {
    kept.records.read(*records);
    return;
  }
  kept.observed.clear();
  for (const event::ArrayPart& part : records->arrays) {
    if (!part.shape.empty()) {
      kept.observed[part.recording] = {part.shape, part.values, part.step};
    }
  }
}

FigureData FigureKeeper::data(const Figure& figure) const {
  std::vector<RunView> views;
  for (const auto& [index, kept] : runs_) views.push_back({&kept.records, &kept.observed});
  return figure_data(figure, figure_methods(experiment_.figures), views);
}

const Figure& find_figure(const Experiment& experiment, std::string_view name,
                          std::string_view where) {
  const auto found = std::ranges::find(experiment.figures, name, &Figure::name);
  if (found != experiment.figures.end()) return *found;
  std::vector<std::string> names;
  for (const Figure& figure : experiment.figures) names.push_back(figure.name);
  throw Error("there is no figure '" + std::string(name) + "'", std::string(where),
              expected_name(name, names));
}

}  // namespace lab
