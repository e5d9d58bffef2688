// What does an experiment record? The list while it is declared: each function adds one recording
// and gives its position.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "experiment/recorder.h"

namespace lab {

struct RecordingList {
  std::vector<Recording> list;

 protected:
  std::size_t series(std::string name, std::string unit, std::string help);
  std::size_t value(std::string name, std::string unit, std::string help);
  std::size_t array(std::string name, std::string unit, std::string help, ArrayForm form,
                    std::vector<std::string> columns = {});

 private:
  std::size_t add(Recording recording);
};

}  // namespace lab
