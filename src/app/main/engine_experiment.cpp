// One experiment as a module that the engine of a page links to itself (engine.cpp); compiled once for
// each line of the registry. LAB_EXPERIMENT: the name in that line.
#include <emscripten/em_macros.h>

#include "experiment/experiment.h"

namespace lab {
Experiment LAB_EXPERIMENT();
}

extern "C" EMSCRIPTEN_KEEPALIVE const lab::Experiment* lab_experiment() {
  static const lab::Experiment experiment = lab::LAB_EXPERIMENT();
  return &experiment;
}
