// The figures: drawn, zoomed, panned, read off, dragged, saved. [SECTION]s: numbers, saving,
// pointer, points, panel.
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include "data/inline_points.h"
#include "figure/summary.h"
#include "figure/svg.h"
#include "ui/draw_list_canvas.h"
#include "ui/fonts.h"
#include "ui/panels.h"
#include "ui/style.h"

namespace lab {
namespace {

constexpr double kReach = 12;  // pixels about the pointer in which a point is hit
constexpr double kTouchReach = 24;
constexpr float kFigureHeight = 300;
constexpr float kNarrow = 760;  // units: below this one figure a row

std::vector<RunView> views_of(std::span<const ShownRun> runs, bool farthest) {
  std::vector<RunView> views;
  for (const ShownRun& run : runs) {
    if (!run.parent) views.push_back(run.view(farthest));
  }
  return views;
}

// The same numbers under another name and drawn thinner: what is compared with.
void append(FigureData& data, FigureData other, const std::string& suffix) {
  for (LineSeries& series : other.lines) {
    // Their seeds would be too much: the mean says enough.
    if (!series.mean.x.empty()) series.curves = {series.mean};
    series.mean = {};
    series.label += suffix;
    series.faint = true;
    data.lines.push_back(std::move(series));
  }
  for (Bar& bar : other.bars) {
    bar.label += suffix;
    bar.faint = true;
    data.bars.push_back(std::move(bar));
  }
  for (Boundary& edge : other.boundaries) {
    edge.label += suffix;
    edge.faint = true;
    data.boundaries.push_back(std::move(edge));
  }
  for (Sample& sample : other.samples) {
    sample.label += suffix;
    sample.faint = true;
    data.samples.push_back(std::move(sample));
  }
}

// --- [SECTION] numbers ------------------------------------------------------------------------

FigureData gathered(const PanelContext& context, const Figure& figure) {
  const Model& model = context.model;
  const std::vector<ShownRun>& runs = model.runs();
  const bool over_steps = figure.form == Form::lines;
  std::vector<RunView> views = views_of(runs, over_steps);
  const ShownRun* current = model.current_run();
  // What cannot be averaged is shown of the run that is looked at.
  const bool averaged = figure.form == Form::bars || figure.form == Form::curves;
  if (current && !over_steps && !averaged && !current->parent) {
    views = {current->view(false)};
  }
  FigureData data = figure_data(figure, model.methods(), views);
  for (const ShownRun& run : runs) {
    if (!run.parent) continue;
    const RunView view = run.view(over_steps);
    append(data, figure_data(figure, model.methods(), std::span(&view, 1)),
           " · branch at " + label_text(static_cast<double>(run.forked_at)));
  }
  for (const Pinned& pinned : model.pinned()) {
    append(data, figure_data(figure, model.methods(), views_of(pinned.runs, over_steps)),
           " · " + pinned.label);
  }
  if (over_steps && current) {
    const bool at_end = !current->farthest && (current->ended || current->moving);
    if (!at_end) data.now = static_cast<double>(current->step);
  }
  for (const Handle& handle : figure.handles) {
    std::optional<double> number;
    if (handle.kind != Handle::Kind::points && model.experiment()) {
      const Value value = model.value(handle.field);
      if (const auto* real = std::get_if<double>(&value)) number = *real;
      if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        number = static_cast<double>(*integer);
      }
    }
    data.handles.push_back(number);
  }
  return data;
}

}  // namespace

const FigureData& shown_data(PanelContext& context, const Figure& figure) {
  ShownFigure& shown = context.screen.figures[figure.name];
  const bool held = context.screen.point_figure == figure.name;
  if (held || shown.revision != context.model.revision()) {
    shown = {context.model.revision(), gathered(context, figure)};
  }
  if (held) {
    shown.data.points = context.screen.points;
    shown.revision = 0;  // the points of the recordings come back when these are let go
  }
  return shown.data;
}

namespace {

// --- [SECTION] saving -------------------------------------------------------------------------

void save(const PanelContext& context, const std::string& name, std::string_view media_type,
          const std::string& text) {
  context.host.save_file(name, media_type, std::as_bytes(std::span(text)));
}

void figure_menu(PanelContext& context, const Figure& figure, const FigureData& data,
                 const Plot& plot, View& view, const Rect& area) {
  const std::string file = context.model.experiment()->id + "-" + figure.name;
  if (plot.has_numeric_x()) {
    bool log = view.log_x.value_or(figure.x.log);
    if (ImGui::MenuItem("logarithmic x", nullptr, log)) {
      view.log_x = !log;
      view.x.reset();
    }
  }
  if (plot.has_numeric_y()) {
    bool log = view.log_y.value_or(figure.y.log);
    if (ImGui::MenuItem("logarithmic y", nullptr, log)) {
      view.log_y = !log;
      view.y.reset();
    }
  }
  if (ImGui::MenuItem("whole range", "double click", false, view.x || view.y)) {
    view.x.reset();
    view.y.reset();
  }
  const bool enlarged = context.screen.enlarged == figure.name;
  if (ImGui::MenuItem(enlarged ? "smaller" : "larger")) {
    context.screen.enlarged = enlarged ? "" : figure.name;
  }
  if (context.host.save_file) {
    ImGui::Separator();
    if (ImGui::MenuItem("save as SVG")) {
      save(context, file + ".svg", "image/svg+xml",
           svg(figure, data, view, 720, 440, context.theme));
    }
    if (ImGui::MenuItem("save as CSV")) save(context, file + ".csv", "text/csv", csv(figure, data));
    if (context.host.save_png && ImGui::MenuItem("save as PNG")) {
      context.host.save_png(file + ".png", static_cast<float>(area.x), static_cast<float>(area.y),
                            static_cast<float>(area.width), static_cast<float>(area.height));
    }
  }
}

// --- [SECTION] points -------------------------------------------------------------------------

// The config's data become the points on screen.
void commit_points(PanelContext& context, const Figure& figure, bool merge) {
  std::vector<LabelledPoint> points;
  for (std::size_t group = 0; group < context.screen.points.size(); ++group) {
    for (const auto& [x, y] : context.screen.points[group].points) {
      points.push_back({std::clamp(x, -kLargestCoordinate, kLargestCoordinate),
                        std::clamp(y, -kLargestCoordinate, kLargestCoordinate),
                        static_cast<int>(group)});
    }
  }
  if (points.size() > kMostPoints) {
    context.model.notify(Notice::Kind::error, "These are " + std::to_string(points.size()) +
                                                  " points; drawn data have at most " +
                                                  std::to_string(kMostPoints) + ".");
    context.screen.point_figure.clear();
    context.screen.held.reset();
    return;
  }
  for (const Handle& handle : figure.handles) {
    if (handle.kind == Handle::Kind::points && !points.empty()) {
      context.model.set(handle.field, points_text(points), merge);
    }
  }
}

bool has_points_handle(const Figure& figure) {
  return std::ranges::any_of(figure.handles,
                             [](const Handle& h) { return h.kind == Handle::Kind::points; });
}

void hold_points(PanelContext& context, const Figure& figure, const FigureData& data) {
  if (context.screen.point_figure == figure.name) return;
  context.screen.point_figure = figure.name;
  context.screen.points = data.points;
  while (context.screen.points.size() < 2) context.screen.points.push_back({});
}

// Positions are worth as many digits as a pixel is.
double rounded_to_pixel(double value, const Scale& scale) {
  const double pixel = std::abs(scale.range().high - scale.range().low) /
                       std::abs(scale.pixel_high() - scale.pixel_low());
  const double unit = std::pow(10.0, std::floor(std::log10(pixel)));
  const double rounded = std::round(value / unit) * unit;
  // Without the noise of the last digits: 0.30000000000000004.
  return std::round(rounded * 1e12) / 1e12;
}

std::array<double, 2> data_at(const Plot& plot, Point at) {
  return {rounded_to_pixel(plot.x().value(at.x), plot.x()),
          rounded_to_pixel(plot.y().value(at.y), plot.y())};
}

// Drags, adds or takes away points; true if the pointer was used for that.
bool edit_points(PanelContext& context, const Figure& figure, const FigureData& data,
                 const Plot& plot, Point at, View& view) {
  ScreenState& screen = context.screen;
  const bool pressed = ImGui::IsItemActivated();
  if (pressed) {
    const auto hit = plot.point_at(at, context.touch ? kTouchReach : kReach);
    if (screen.tool == PointTool::move && hit) {
      hold_points(context, figure, data);
      screen.held = hit;
      // The axes stand still while a point is dragged.
      view.x = plot.x().range();
      view.y = plot.y().range();
    } else if (screen.tool == PointTool::erase && hit) {
      hold_points(context, figure, data);
      auto& points = screen.points[hit->set].points;
      points.erase(points.begin() + static_cast<std::ptrdiff_t>(hit->index));
      commit_points(context, figure, false);
      return true;
    } else if ((screen.tool == PointTool::add_first || screen.tool == PointTool::add_second) &&
               plot.inner().contains(at)) {
      hold_points(context, figure, data);
      view.x = plot.x().range();
      view.y = plot.y().range();
      screen.points[screen.tool == PointTool::add_first ? 0 : 1].points.push_back(
          data_at(plot, at));
      commit_points(context, figure, false);
      return true;
    }
  }
  if (!screen.held || screen.point_figure != figure.name) {
    return screen.tool != PointTool::move && ImGui::IsItemActive();
  }
  if (ImGui::IsItemActive()) {
    const ImVec2 delta = ImGui::GetIO().MouseDelta;
    if (delta.x != 0 || delta.y != 0) {
      const bool first = !ImGui::IsMouseDragging(ImGuiMouseButton_Left, 4);
      screen.points[screen.held->set].points[screen.held->index] = data_at(plot, at);
      commit_points(context, figure, !first);
    }
    return true;
  }
  screen.held.reset();
  view.x.reset();
  view.y.reset();
  return true;
}

void point_tools(PanelContext& context, const Figure& figure) {
  const auto tool = [&](const char* label, PointTool which, const char* help) {
    const bool selected = context.screen.tool == which;
    if (selected) {
      ImGui::PushStyleColor(ImGuiCol_Button, imgui_colour(context.theme.accent.faded(0.22)));
    }
    if (ImGui::SmallButton(label)) context.screen.tool = which;
    if (selected) ImGui::PopStyleColor();
    tooltip(help);
    ImGui::SameLine(0, 4);
  };
  ImGui::PushID("tools");
  const auto group = [&](std::size_t i) {
    return "+ " + (i < figure.groups.size() ? figure.groups[i] : "class " + std::to_string(i));
  };
  tool("move", PointTool::move, "drag a point");
  tool(group(0).c_str(), PointTool::add_first, "click to add a point of this class");
  tool(group(1).c_str(), PointTool::add_second, "click to add a point of this class");
  tool("erase", PointTool::erase, "click a point to take it away");
  ImGui::NewLine();
  ImGui::PopID();
}

// --- [SECTION] pointer ------------------------------------------------------------------------

void drag_handle(PanelContext& context, const Figure& figure, const Plot& plot, Point at) {
  ScreenState& screen = context.screen;
  const Handle& handle = figure.handles[*screen.held_handle];
  const Field& field = context.model.experiment()->schema.field(handle.field);
  const double number = std::clamp(
      handle.kind == Handle::Kind::vertical ? plot.x().value(at.x) : plot.y().value(at.y),
      field.min, field.max);
  const bool merge = ImGui::IsMouseDragging(ImGuiMouseButton_Left, 4);
  if (field.type == FieldType::integer) {
    context.model.set(handle.field, static_cast<std::int64_t>(std::llround(number)), merge);
  } else if (field.type == FieldType::real) {
    context.model.set(handle.field, number, merge);
  }
}

void zoom_and_pan(const Plot& plot, View& view, Point at, bool touch) {
  const ImGuiIO& io = ImGui::GetIO();
  const bool zooms = io.KeyCtrl && io.MouseWheel != 0;
  if (zooms && ImGui::IsItemHovered()) {
    const double factor = std::pow(1.2, static_cast<double>(io.MouseWheel));
    if (plot.has_numeric_x()) view.x = plot.x().zoomed(at.x, factor);
    if (plot.has_numeric_y()) view.y = plot.y().zoomed(at.y, factor);
  }
  if (!touch && ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 4)) {
    if (plot.has_numeric_x()) view.x = plot.x().panned(io.MouseDelta.x);
    if (plot.has_numeric_y()) view.y = plot.y().panned(io.MouseDelta.y);
  }
  if (ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
    view.x.reset();
    view.y.reset();
  }
}

void plot_area(PanelContext& context, const Figure& figure, const FigureData& data, View& view,
               const ImVec2& size, std::optional<Rect>& drawn) {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const Rect area = {corner.x, corner.y, size.x, size.y};
  drawn = area;
  DrawListCanvas canvas(*ImGui::GetWindowDrawList());
  const Plot plot(figure, data, view, area, context.theme, canvas, false);
  ImGui::InvisibleButton("plot", size);
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const Point at = {mouse.x, mouse.y};
  plot.draw(canvas);
  if (data.empty()) return;

  ScreenState& screen = context.screen;
  const bool clicked = ImGui::IsItemActivated();
  if (clicked) {
    for (std::size_t i = 0; i < plot.legend().size(); ++i) {
      if (plot.legend()[i].rect.contains(at)) view.toggle(plot.legend()[i].name);
    }
  }
  bool used = false;
  if (has_points_handle(figure)) used = edit_points(context, figure, data, plot, at, view);
  if (!used && clicked) {
    screen.held_handle = plot.handle_at(at, context.touch ? kTouchReach : 6);
    if (screen.held_handle) screen.point_figure = "";
  }
  if (screen.held_handle && ImGui::IsItemActive()) {
    drag_handle(context, figure, plot, at);
    used = true;
  }
  if (!ImGui::IsAnyItemActive()) screen.held_handle.reset();
  if (!used) zoom_and_pan(plot, view, at, context.touch);
  if (ImGui::IsItemHovered() && !used) {
    if (plot.handle_at(at, 6)) {
      ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    }
    if (const std::optional<ReadOff> read_off = plot.read(at)) {
      plot.draw_read_off(canvas, at, *read_off);
    }
  }
}

// --- [SECTION] panel --------------------------------------------------------------------------

// What a card has in it: title and menu, tools, the plot, its caption.
void card_content(PanelContext& context, const Figure& figure, const FigureData& data) {
  View& view = context.screen.views[figure.name];
  const float button = ImGui::GetFrameHeight();
  const float title_width = ImGui::GetContentRegionAvail().x - button - 4;
  DrawListCanvas meter(*ImGui::GetWindowDrawList());
  ImGui::PushFont(font(FontRole::semibold));
  ImGui::TextUnformatted(fitting(meter, figure.title, 15, title_width).c_str());
  ImGui::PopFont();
  tooltip(figure.caption);
  ImGui::SameLine(ImGui::GetContentRegionMax().x - button);
  ImGui::PushStyleColor(ImGuiCol_Button, ImVec4(0, 0, 0, 0));
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0);
  if (ImGui::Button("##menu", {button, button - 4})) ImGui::OpenPopup("menu");
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  for (const float dx : {-6.0f, 0.0f, 6.0f}) {
    ImGui::GetWindowDrawList()->AddCircleFilled({(low.x + high.x) / 2 + dx, (low.y + high.y) / 2},
                                                1.8f, packed_colour(context.theme.text));
  }
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  tooltip("scales, size, save");
  const bool editable = has_points_handle(figure) && !context.embedded && !data.empty();
  if (editable) point_tools(context, figure);
  ImVec2 rest = ImGui::GetContentRegionAvail();
  const bool captioned = !figure.caption.empty() && rest.y > 240;
  if (captioned) rest.y -= 20;
  std::optional<Rect> area;
  if (rest.x > 40 && rest.y > 40) plot_area(context, figure, data, view, rest, area);
  if (captioned) {
    ImGui::PushFont(font(FontRole::small));
    ImGui::PushStyleColor(ImGuiCol_Text, imgui_colour(context.theme.muted_text));
    ImGui::TextUnformatted(fitting(meter, figure.caption, 12.5, rest.x).c_str());
    ImGui::PopStyleColor();
    ImGui::PopFont();
    tooltip(figure.caption);
  }
  if (ImGui::BeginPopup("menu")) {
    const Plot plot(figure, data, view, area.value_or(Rect{0, 0, 400, 300}), context.theme, meter,
                    false);
    figure_menu(context, figure, data, plot, view, area.value_or(Rect{}));
    ImGui::EndPopup();
  }
}

void figure_card(PanelContext& context, const Figure& figure, const FigureData& data,
                 const ImVec2& size) {
  ImGui::PushID(figure.name.c_str());
  ImGui::PushStyleColor(ImGuiCol_ChildBg, imgui_colour(context.theme.background));
  const bool visible =
      ImGui::BeginChild("card", size, ImGuiChildFlags_Border,
                        ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  if (visible) card_content(context, figure, data);
  ImGui::EndChild();
  ImGui::PopStyleColor();
  ImGui::PopID();
}

// Starts a drawing of one's own: a few points of each class, to be moved and added to.
void start_drawing(PanelContext& context, const Figure& figure) {
  constexpr std::array<LabelledPoint, 6> kStart = {{{-1.2, 0.4, 0},
                                                    {-0.8, -0.5, 0},
                                                    {-1.5, -0.2, 0},
                                                    {1.1, 0.3, 1},
                                                    {0.7, -0.6, 1},
                                                    {1.6, 0.1, 1}}};
  for (const Handle& handle : figure.handles) {
    if (handle.kind == Handle::Kind::points) {
      context.model.set(handle.field, points_text(kStart), false);
    }
  }
}

}  // namespace

void figures_panel(PanelContext& context) {
  const Experiment* experiment = context.model.experiment();
  if (!experiment) return;
  ScreenState& screen = context.screen;
  // Once the runs are of the drawn points, those of the recordings are shown again.
  if (!screen.point_figure.empty() && !screen.held && !context.model.moving()) {
    screen.point_figure.clear();
  }
  struct Shown {
    const Figure* figure;
    const FigureData* data;
  };
  std::vector<Shown> shown;
  std::vector<const Figure*> absent;
  for (const Figure& figure : experiment->figures) {
    if (!is_wanted(screen.only_figures, figure.name)) continue;
    const FigureData& data = shown_data(context, figure);
    // A figure that a link names has its place, also while it is empty.
    if (data.empty() && screen.only_figures.empty()) {
      absent.push_back(&figure);
    } else {
      shown.push_back({&figure, &data});
    }
  }
  const auto enlarged = std::ranges::find_if(
      shown, [&](const Shown& s) { return s.figure->name == screen.enlarged; });
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float spacing = ImGui::GetStyle().ItemSpacing.x;
  if (enlarged != shown.end()) {
    figure_card(context, *enlarged->figure, *enlarged->data, room);
    return;
  }
  const bool two = room.x >= kNarrow && shown.size() > 1;
  const float width = two ? std::floor((room.x - spacing) / 2) : room.x;
  const std::size_t columns = two ? 2 : 1;
  const std::size_t rows = (shown.size() + columns - 1) / columns;
  // As high as fits without scrolling, if that is high enough to be read.
  float height = kFigureHeight;
  if (rows > 0) {
    const float fitting_height =
        (room.y - spacing * static_cast<float>(rows - 1)) / static_cast<float>(rows);
    height = std::max(height, std::floor(fitting_height) - 1);
    if (!context.embedded) height = std::min(height, 0.9f * width + 60);
  }
  for (std::size_t i = 0; i < shown.size(); ++i) {
    // The last one of an odd number takes the whole row.
    const bool wide = two && i + 1 == shown.size() && shown.size() % 2 == 1;
    figure_card(context, *shown[i].figure, *shown[i].data, {wide ? room.x : width, height});
    if (two && i % 2 == 0 && !wide) ImGui::SameLine();
  }
  if (!context.model.runs().empty() && screen.only_figures.empty()) {
    for (const Figure* figure : absent) {
      ImGui::PushID(figure->name.c_str());
      if (has_points_handle(*figure)) {
        if (ImGui::SmallButton("Draw your own data")) start_drawing(context, *figure);
        ImGui::SameLine();
      }
      muted_text(context, figure->title + ": " +
                              (figure->absent.empty() ? "nothing recorded yet" : figure->absent));
      ImGui::PopID();
    }
  }
  scroll_by_touch(context);
}

}  // namespace lab
