#include "experiment/recording_list.h"

#include <utility>

namespace lab {

std::size_t RecordingList::add(Recording recording) {
  list.push_back(std::move(recording));
  return list.size() - 1;
}

std::size_t RecordingList::series(std::string name, std::string unit, std::string help) {
  return add({std::move(name),
              RecordingKind::series,
              std::move(unit),
              std::move(help),
              ArrayForm::none,
              {}});
}

std::size_t RecordingList::value(std::string name, std::string unit, std::string help) {
  return add({std::move(name),
              RecordingKind::value,
              std::move(unit),
              std::move(help),
              ArrayForm::none,
              {}});
}

std::size_t RecordingList::array(std::string name, std::string unit, std::string help,
                                 ArrayForm form, std::vector<std::string> columns) {
  return add({std::move(name), RecordingKind::array, std::move(unit), std::move(help), form,
              std::move(columns)});
}

}  // namespace lab
