// The breast-cancer data as the tests of the classifiers take them: standardised, y = +1 is benign.
#pragma once

#include <cstdint>
#include <vector>

#include "data/store.h"
#include "data/transform.h"

namespace lab::test {

struct Wdbc {
  Dataset raw, standard;
  std::vector<double> y;
  std::vector<std::uint8_t> classes;

  Wdbc() {
    const DataStore store(folder_source(data_folders("")));
    raw = *store.get("wdbc");
    standard = standardised(raw);
    for (const int label : raw.labels) {
      y.push_back(label == 1 ? 1 : -1);
      classes.push_back(label == 1 ? 1 : 0);
    }
  }
};

inline const Wdbc& wdbc() {
  static const Wdbc data;
  return data;
}

}  // namespace lab::test
