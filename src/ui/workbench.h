// The workbench: one experiment, alive, and a gallery of the others. Draws with Dear ImGui what an
// engine's events tell, and turns what a person does into commands. No mathematics, and no
// experiment's name.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "session/engine.h"
#include "ui/catalogue.h"
#include "ui/host.h"

namespace lab {

enum class ThemeChoice { system, light, dark };

struct WorkbenchOptions {
  ThemeChoice theme = ThemeChoice::system;
  bool system_is_dark = false;
  // Shows one experiment with the figures and controls that the link names, and nothing around it.
  bool embedded = false;
};

class Workbench {
 public:
  // The catalogue and the engine must outlive the workbench. An ImGui context must be current, and
  // its fonts added by `add_fonts`.
  Workbench(Engine& engine, const Catalogue& catalogue, Host host, const WorkbenchOptions& options);
  ~Workbench();
  Workbench(const Workbench&) = delete;
  Workbench& operator=(const Workbench&) = delete;

  // An experiment's id, or the fragment of a link. What is wrong with it is said on screen, and
  // what was shown stays.
  void open(std::string_view fragment);
  // A file that a person dropped or chose: data, a run file or a config.
  void drop(std::string_view name, std::vector<std::byte> bytes);
  // The engine can be used from now on; before that stored runs are shown. bytes: of those to load.
  void set_engine_ready(bool ready);
  void set_loading(double bytes_loaded, double bytes_total);
  void set_system_dark(bool dark);

  // One frame, between ImGui::NewFrame and ImGui::Render.
  void frame();
  // Whether something moves, so that the next frame is wanted soon.
  bool lively() const;
  // Fragment of a link to what is shown now, for whoever wants to come back to it.
  std::string state() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Adds the workbench's fonts for a screen of so many pixels per unit, in place of those there.
void add_fonts(float pixels_per_unit);

}  // namespace lab
