// The parts of the workbench's screen, one function each, and what they share.
#pragma once

#include <imgui.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "figure/theme.h"
#include "ui/host.h"
#include "ui/model.h"

namespace lab {

// What a person does with the points of a scatter.
enum class PointTool { move, add_first, add_second, erase };

// A small figure of a stored run.
struct Thumbnail {
  Figure figure;
  FigureData data;
};

// A figure's numbers, and of which revision of the model they are.
struct ShownFigure {
  std::uint64_t revision = 0;
  FigureData data;
};

// What the screen remembers between frames that is not the model's.
struct ScreenState {
  std::map<std::string, View, std::less<>> views;           // by figure
  std::map<std::string, ShownFigure, std::less<>> figures;  // see shown_data
  std::vector<std::string> only_figures;           // of a link: empty = all
  std::vector<std::string> only_controls;          // of a link: empty = all; "none" = none
  std::string enlarged;                            // figure that fills the middle; empty = none
  bool gallery = false;
  std::string search;
  std::map<std::string, std::optional<Thumbnail>, std::less<>> thumbnails;  // nothing: it has none
  bool show_help = false;
  PointTool tool = PointTool::move;
  // Points being dragged or drawn, before they become the config's data.
  std::string point_figure;
  std::vector<PointSet> points;
  std::optional<Plot::PointHit> held;
  std::optional<std::size_t> held_handle;
  Settings fork;          // live fields as they are edited in the fork's popup
  double scrub_step = 0;  // while the timeline's handle is held
  bool scrubbing = false;
  std::map<std::string, std::string, std::less<>> edited;  // text fields while they are written in
};

struct PanelContext {
  Model& model;
  ScreenState& screen;
  const Host& host;
  const Catalogue& catalogue;
  const Theme& theme;
  bool touch;     // a finger, not a mouse
  bool embedded;  // one experiment, nothing around it
};

void parameters_panel(PanelContext& context);
void figures_panel(PanelContext& context);
void paper_panel(PanelContext& context);
void timeline_panel(PanelContext& context);
void gallery_panel(PanelContext& context);

// The numbers of a figure as the screen shows them: of all seeds, branches and pinned runs. Gathered anew
// only when something has changed; valid until the next call for the same figure.
const FigureData& shown_data(PanelContext& context, const Figure& figure);
// Whether a link asks for this figure; all, if it names none.
bool is_wanted(const std::vector<std::string>& only, std::string_view name);

// What computed a run in the CPU's place: "on WebGPU (NVIDIA H100, Vulkan), from step 12 on the
// CPU". Precondition: there is a device.
std::string device_text(const Model& model, const ShownRun& run);

// --- small parts that several panels use -----------------------------------------------------

// A field's or recording's name as a person reads it: "label_noise" -> "label noise".
std::string spaced(std::string_view name);
// Text in lines that are at most so wide; 0: as wide as there is room. An ellipsis stands for what
// is left out after the most lines.
inline constexpr int kAllLines = 10'000;
void wrapped_text(std::string_view text, float width = 0, int most = kAllLines);
void muted_text(const PanelContext& context, std::string_view text, int most = kAllLines);
void heading(std::string_view text, int most = kAllLines);
bool primary_button(const PanelContext& context, const char* label, const ImVec2& size);
// Lets a finger move what a scrolling child shows. Called inside it, at its end.
void scroll_by_touch(const PanelContext& context);
void tooltip(std::string_view text);

}  // namespace lab
