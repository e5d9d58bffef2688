// [SECTION]s: state, layout, keys, links and files.
#include "ui/workbench.h"

#include <imgui.h>

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "core/error.h"
#include "figure/summary.h"
#include "session/config_file.h"
#include "session/link.h"
#include "session/own_files.h"
#include "session/run_file.h"
#include "ui/draw_list_canvas.h"
#include "ui/fonts.h"
#include "ui/panels.h"
#include "ui/style.h"

namespace lab {
namespace {

constexpr float kPhone = 760;  // units: below this width one panel at a time
constexpr float kLeft = 280, kRight = 320;
constexpr float kMostMiddle = 1900;     // beyond it the side panels grow with the screen
constexpr double kMirrorSeconds = 0.5;  // between two updates of the text for screen readers

std::string claims_text(const Model& model) {
  std::string text;
  for (const auto& [id, state] : model.claims()) {
    if (!state.result) continue;
    text += id + ": " + std::string(name(state.result->verdict)) + ", measured " +
            plain_text(state.result->measured) + "\n";
  }
  return text;
}

}  // namespace

// --- [SECTION] state --------------------------------------------------------------------------

class Workbench::Impl {
 public:
  Impl(Engine& engine, const Catalogue& catalogue, Host host, const WorkbenchOptions& options)
      : catalogue_(catalogue),
        host_(std::move(host)),
        choice_(options.theme),
        system_dark_(options.system_is_dark),
        embedded_(options.embedded),
        model_(engine, catalogue) {}

  void open(std::string_view fragment);
  void drop(std::string_view name, std::vector<std::byte> bytes);
  void frame();
  bool lively() const { return model_.moving() || loading() || ImGui::GetIO().WantTextInput; }
  std::string state() const { return encode(link()); }

  Model& model() { return model_; }
  void set_loading(double loaded, double total) {
    loaded_ = loaded;
    total_ = total;
  }
  void set_system_dark(bool dark) { system_dark_ = dark; }

 private:
  bool dark() const {
    return choice_ == ThemeChoice::system ? system_dark_ : choice_ == ThemeChoice::dark;
  }
  bool loading() const { return !model_.engine_ready(); }
  Link link() const;
  void layout(PanelContext& context);
  void embedded_layout(PanelContext& context);
  void phone_layout(PanelContext& context);
  void desk_layout(PanelContext& context);
  void top_bar(PanelContext& context, bool phone);
  void notices(PanelContext& context);
  void loading_bar(const PanelContext& context);
  void help_popup(const PanelContext& context);
  void save_run_file();
  void keys();
  void update_link();
  void update_mirror(PanelContext& context);

  const Catalogue& catalogue_;
  Host host_;
  ThemeChoice choice_;
  bool system_dark_;
  bool embedded_;
  Model model_;
  ScreenState screen_;
  double loaded_ = 0, total_ = 0;
  std::string told_link_;
  double mirrored_at_ = -1;
  std::string mirrored_;
  std::uint64_t described_revision_ = 0;   // of the model ..
  std::vector<std::string> descriptions_;  // .. whose figures these are, in words
  bool styled_dark_ = false, styled_touch_ = false, styled_ = false;
  bool touch_ = false;
  int phone_tab_ = 0;
  float bar_width_ = 470;  // of the top bar's buttons, as they were drawn last
};

Workbench::Workbench(Engine& engine, const Catalogue& catalogue, Host host,
                     const WorkbenchOptions& options)
    : impl_(std::make_unique<Impl>(engine, catalogue, std::move(host), options)) {}
Workbench::~Workbench() = default;

void Workbench::open(std::string_view fragment) {
  impl_->open(fragment);
}
void Workbench::drop(std::string_view name, std::vector<std::byte> bytes) {
  impl_->drop(name, std::move(bytes));
}
void Workbench::set_engine_ready(bool ready) {
  impl_->model().set_engine_ready(ready);
}
void Workbench::set_loading(double loaded, double total) {
  impl_->set_loading(loaded, total);
}
void Workbench::set_system_dark(bool dark) {
  impl_->set_system_dark(dark);
}
void Workbench::frame() {
  impl_->frame();
}
bool Workbench::lively() const {
  return impl_->lively();
}
std::string Workbench::state() const {
  return impl_->state();
}

// --- [SECTION] layout -------------------------------------------------------------------------

void Workbench::Impl::frame() {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.MouseDelta.x != 0 || io.MouseDelta.y != 0 || ImGui::IsMouseClicked(0)) {
    touch_ = io.MouseSource == ImGuiMouseSource_TouchScreen;
  }
  if (!styled_ || styled_dark_ != dark() || styled_touch_ != touch_) {
    apply_style(dark() ? dark_theme() : light_theme(), touch_);
    styled_ = true;
    styled_dark_ = dark();
    styled_touch_ = touch_;
  }
  model_.update(ImGui::GetTime());
  keys();
  PanelContext context = {.model = model_,
                          .screen = screen_,
                          .host = host_,
                          .catalogue = catalogue_,
                          .theme = dark() ? dark_theme() : light_theme(),
                          .touch = touch_,
                          .embedded = embedded_};
  const ImGuiViewport* viewport = ImGui::GetMainViewport();
  ImGui::SetNextWindowPos(viewport->WorkPos);
  ImGui::SetNextWindowSize(viewport->WorkSize);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
  ImGui::Begin("workbench", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus |
                   ImGuiWindowFlags_NoScrollWithMouse);
  ImGui::PopStyleVar();
  if (embedded_) {
    embedded_layout(context);
  } else {
    layout(context);
  }
  ImGui::End();
  notices(context);
  help_popup(context);
  update_link();
  update_mirror(context);
}

void Workbench::Impl::layout(PanelContext& context) {
  const bool phone = ImGui::GetContentRegionAvail().x < kPhone;
  top_bar(context, phone);
  if (screen_.gallery || (!model_.experiment() && model_.wanted().empty())) {
    ImGui::BeginChild("gallery");
    gallery_panel(context);
    ImGui::EndChild();
  } else if (phone) {
    phone_layout(context);
  } else {
    desk_layout(context);
  }
}

void Workbench::Impl::embedded_layout(PanelContext& context) {
  loading_bar(context);
  if (!model_.experiment()) return;
  const bool controls =
      screen_.only_controls.size() != 1 || screen_.only_controls.front() != "none";
  const float timeline = 2 * ImGui::GetFrameHeightWithSpacing() + 6;
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const bool beside = room.x > 620;
  const float height = room.y - timeline;
  if (controls && beside) {
    ImGui::BeginChild("parameters", {220, height});
    parameters_panel(context);
    ImGui::EndChild();
    ImGui::SameLine();
  } else if (controls) {
    const auto count = static_cast<float>(std::max<std::size_t>(screen_.only_controls.size(), 1));
    ImGui::BeginChild("parameters",
                      {0, std::min(count * 2 * ImGui::GetFrameHeightWithSpacing(), height / 3)});
    parameters_panel(context);
    ImGui::EndChild();
  }
  ImGui::BeginChild("figures", {0, ImGui::GetContentRegionAvail().y - timeline});
  figures_panel(context);
  ImGui::EndChild();
  timeline_panel(context);
}

void Workbench::Impl::phone_layout(PanelContext& context) {
  const float rows = model_.bits() ? 4 : 3;
  const float timeline = rows * ImGui::GetFrameHeightWithSpacing() + 8;
  constexpr const char* kTabs[] = {"Figures", "Settings", "Paper"};
  const float width = (ImGui::GetContentRegionAvail().x - 2 * ImGui::GetStyle().ItemSpacing.x) / 3;
  for (int i = 0; i < 3; ++i) {
    if (i > 0) ImGui::SameLine();
    const bool selected = phone_tab_ == i;
    if (selected) {
      ImGui::PushStyleColor(ImGuiCol_Button, imgui_colour(context.theme.accent.faded(0.2)));
    }
    if (ImGui::Button(kTabs[i], {width, 0})) phone_tab_ = i;
    if (selected) ImGui::PopStyleColor();
  }
  ImGui::BeginChild("tab", {0, ImGui::GetContentRegionAvail().y - timeline});
  if (phone_tab_ == 0) figures_panel(context);
  if (phone_tab_ == 1) parameters_panel(context);
  if (phone_tab_ == 2) paper_panel(context);
  ImGui::EndChild();
  timeline_panel(context);
}

void Workbench::Impl::desk_layout(PanelContext& context) {
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float timeline = 2 * ImGui::GetFrameHeightWithSpacing() + 4;
  const float height = room.y - timeline;
  const float more = std::max(room.x - kLeft - kRight - kMostMiddle, 0.0f);
  const float left = kLeft + 0.15f * more;
  const bool has_right = room.x >= 1060;
  const float right = has_right ? std::min(kRight + 0.2f * more, 0.27f * room.x) : 0;
  ImGui::BeginChild("parameters", {left, height}, ImGuiChildFlags_Border);
  if (has_right) {
    parameters_panel(context);
  } else if (ImGui::BeginTabBar("left")) {
    if (ImGui::BeginTabItem("Settings")) {
      parameters_panel(context);
      ImGui::EndTabItem();
    }
    if (ImGui::BeginTabItem("Paper")) {
      paper_panel(context);
      ImGui::EndTabItem();
    }
    ImGui::EndTabBar();
  }
  ImGui::EndChild();
  ImGui::SameLine();
  const float spacing = ImGui::GetStyle().ItemSpacing.x;
  const float middle = room.x - left - spacing - (has_right ? right + spacing : 0);
  ImGui::BeginChild("figures", {middle, height});
  figures_panel(context);
  ImGui::EndChild();
  if (has_right) {
    ImGui::SameLine();
    ImGui::BeginChild("paper", {right, height}, ImGuiChildFlags_Border);
    paper_panel(context);
    ImGui::EndChild();
  }
  timeline_panel(context);
}

void Workbench::Impl::top_bar(PanelContext& context, bool phone) {
  const Experiment* experiment = model_.experiment();
  if (ImGui::Button(screen_.gallery ? "Back" : "All experiments")) {
    screen_.gallery = !screen_.gallery;
  }
  ImGui::SameLine();
  const float buttons = phone ? 64.0f : bar_width_;
  if (experiment && !screen_.gallery) {
    const float width = ImGui::GetContentRegionAvail().x - buttons;
    ImGui::PushFont(font(phone ? FontRole::semibold : FontRole::title));
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::PushClipRect(at, {at.x + std::max(width, 0.0f), at.y + 60}, true);
    ImGui::AlignTextToFramePadding();
    DrawListCanvas meter(*ImGui::GetWindowDrawList());
    const double size = phone ? 15 : 20;
    ImGui::TextUnformatted(fitting(meter, experiment->title, size, width - 16).c_str());
    ImGui::PopClipRect();
    ImGui::PopFont();
  } else {
    ImGui::PushFont(font(FontRole::semibold));
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted("Logit Lab");
    ImGui::PopFont();
  }
  const auto theme_button = [&] {
    if (ImGui::Button(dark() ? "Light" : "Dark")) {
      choice_ = dark() ? ThemeChoice::light : ThemeChoice::dark;
      if (host_.store) host_.store("theme", dark() ? "dark" : "light");
    }
  };
  const auto share = [&] {
    if (host_.copy) {
      host_.copy(host_.link_base + "#" + state());
      model_.notify(Notice::Kind::success, "The link is copied.");
    }
  };
  ImGui::SameLine(ImGui::GetContentRegionMax().x - buttons);
  const float buttons_from = ImGui::GetCursorScreenPos().x;
  if (phone) {
    if (ImGui::Button("Menu", {buttons, 0})) ImGui::OpenPopup("menu");
    if (ImGui::BeginPopup("menu")) {
      if (ImGui::MenuItem("Undo", nullptr, false, model_.can_undo())) model_.undo();
      if (ImGui::MenuItem("Redo", nullptr, false, model_.can_redo())) model_.redo();
      if (host_.copy && ImGui::MenuItem("Copy link")) share();
      if (host_.save_file && ImGui::MenuItem("Save run")) save_run_file();
      if (host_.open_file && ImGui::MenuItem("Open…")) host_.open_file();
      if (ImGui::MenuItem(dark() ? "Light" : "Dark")) {
        choice_ = dark() ? ThemeChoice::light : ThemeChoice::dark;
        if (host_.store) host_.store("theme", dark() ? "dark" : "light");
      }
      ImGui::EndPopup();
    }
  } else {
    ImGui::BeginDisabled(!model_.can_undo());
    if (ImGui::Button("Undo")) model_.undo();
    ImGui::EndDisabled();
    tooltip("Ctrl+Z");
    ImGui::SameLine(0, 4);
    ImGui::BeginDisabled(!model_.can_redo());
    if (ImGui::Button("Redo")) model_.redo();
    ImGui::EndDisabled();
    tooltip("Ctrl+Y");
    ImGui::SameLine(0, 14);
    ImGui::BeginDisabled(!experiment || !host_.copy);
    if (ImGui::Button("Copy link")) share();
    ImGui::EndDisabled();
    tooltip("opens exactly this elsewhere, and says whether the bits are the same");
    ImGui::SameLine(0, 4);
    ImGui::BeginDisabled(!experiment || !host_.save_file || model_.runs().empty());
    if (ImGui::Button("Save run")) save_run_file();
    ImGui::EndDisabled();
    tooltip("settings, recordings and digest in one file");
    ImGui::SameLine(0, 4);
    ImGui::BeginDisabled(!host_.open_file);
    if (ImGui::Button("Open…")) host_.open_file();
    ImGui::EndDisabled();
    tooltip("a saved run, a config, or data: CSV, ARFF, IDX, NPY or NPZ");
    ImGui::SameLine(0, 14);
    theme_button();
    ImGui::SameLine(0, 4);
    if (ImGui::Button("?")) screen_.show_help = true;
    tooltip("keys");
    bar_width_ = ImGui::GetItemRectMax().x - buttons_from;
  }
  loading_bar(context);
}

void Workbench::Impl::loading_bar(const PanelContext& context) {
  if (!loading()) return;
  const float share = total_ > 0 ? static_cast<float>(std::clamp(loaded_ / total_, 0.0, 1.0)) : 0;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(at, {at.x + width, at.y + 3}, packed_colour(context.theme.grid), 1.5f);
  list.AddRectFilled(at, {at.x + width * share, at.y + 3}, packed_colour(context.theme.accent),
                     1.5f);
  ImGui::Dummy({width, 3});
}

void Workbench::Impl::notices(PanelContext& context) {
  const ImGuiViewport* viewport = ImGui::GetMainViewport();
  float y = viewport->WorkPos.y + viewport->WorkSize.y - 12;
  std::deque<Notice>& list = model_.notices();
  for (std::size_t i = list.size(); i-- > 0;) {
    const Notice& notice = list[i];
    const float width = std::min(460.0f, viewport->WorkSize.x - 24);
    ImGui::SetNextWindowPos({viewport->WorkPos.x + viewport->WorkSize.x - 12, y}, ImGuiCond_Always,
                            {1, 1});
    ImGui::SetNextWindowSize({width, 0});
    ImGui::PushStyleColor(ImGuiCol_WindowBg, imgui_colour(context.theme.background));
    ImGui::PushStyleColor(
        ImGuiCol_Border, imgui_colour(notice.kind == Notice::Kind::error     ? context.theme.bad
                                      : notice.kind == Notice::Kind::success ? context.theme.good
                                                                             : context.theme.axis));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1.5f);
    const std::string id = "notice" + std::to_string(i);
    ImGui::Begin(id.c_str(), nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing |
                     ImGuiWindowFlags_AlwaysAutoResize);
    wrapped_text(notice.text, width - 34 - ImGui::GetCursorPosX());
    ImGui::SameLine(width - 30);
    const bool dismissed = ImGui::SmallButton("×");
    y -= ImGui::GetWindowHeight() + 8;
    ImGui::End();
    ImGui::PopStyleVar();
    ImGui::PopStyleColor(2);
    if (dismissed) {
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
      break;
    }
  }
}

void Workbench::Impl::help_popup(const PanelContext& context) {
  if (std::exchange(screen_.show_help, false)) ImGui::OpenPopup("Keys");
  ImGui::SetNextWindowPos(ImGui::GetMainViewport()->GetCenter(), ImGuiCond_Appearing, {0.5f, 0.5f});
  if (!ImGui::BeginPopup("Keys")) return;
  constexpr std::pair<const char*, const char*> kKeys[] = {
      {"Space", "run, pause"},
      {", .", "one step back or on; ten with Shift"},
      {"0", "to the beginning"},
      {"Ctrl+Z, Ctrl+Y", "undo, redo"},
      {"Ctrl+wheel", "zoom a figure"},
      {"drag", "move a figure's view, or a point"},
      {"double click", "the whole figure again"},
      {"Tab, arrows", "from control to control"},
      {"G", "all experiments"}};
  heading("Keys");
  if (ImGui::BeginTable("keys", 2)) {
    for (const auto& [key, what] : kKeys) {
      ImGui::TableNextRow();
      ImGui::TableNextColumn();
      ImGui::TextUnformatted(key);
      ImGui::TableNextColumn();
      ImGui::TextUnformatted(what);
    }
    ImGui::EndTable();
  }
  muted_text(context,
             "Drop files on the window: data, a text, a language model, a saved run or a config.");
  ImGui::EndPopup();
}

// --- [SECTION] keys ---------------------------------------------------------------------------

void Workbench::Impl::keys() {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.WantTextInput || ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup)) return;
  const bool ctrl = io.KeyCtrl || io.KeySuper;
  const auto pressed = [](ImGuiKey key, bool repeat = false) {
    return ImGui::IsKeyPressed(key, repeat);
  };
  if (ctrl) {
    if (pressed(ImGuiKey_Z, true)) io.KeyShift ? model_.redo() : model_.undo();
    if (pressed(ImGuiKey_Y, true)) model_.redo();
    return;
  }
  if (pressed(ImGuiKey_G) && !embedded_) screen_.gallery = !screen_.gallery;
  if (pressed(ImGuiKey_Escape)) {
    screen_.gallery = false;
    screen_.enlarged.clear();
  }
  // With the keyboard's focus on a control, Space is the control's. (Arrows and Home always are:
  // they move the focus.)
  if (ImGui::IsAnyItemActive() || (io.NavVisible && ImGui::IsAnyItemFocused())) return;
  const ShownRun* run = model_.current_run();
  if (!run || screen_.gallery) return;
  if (pressed(ImGuiKey_Space)) {
    if (model_.moving()) {
      model_.pause();
    } else if (run->ended) {
      model_.seek(0);
      model_.run();
    } else {
      model_.run();
    }
  }
  if (model_.moving()) return;
  if (pressed(ImGuiKey_Period, true)) model_.step(io.KeyShift ? 10 : 1);
  if (pressed(ImGuiKey_Comma, true)) {
    const std::uint64_t back = io.KeyShift ? 10 : 1;
    model_.seek(run->step > back ? run->step - back : 0);
  }
  if (pressed(ImGuiKey_0)) model_.seek(0);
}

// --- [SECTION] links and files ----------------------------------------------------------------

void Workbench::Impl::open(std::string_view fragment) {
  try {
    const Link link = decode_link(fragment);
    screen_.only_figures = link.figures;
    screen_.only_controls = link.controls;
    screen_.views.clear();
    screen_.enlarged.clear();
    screen_.gallery = false;
    for (const auto& [key, value] : link.view) {
      const std::size_t dot = key.find('.');
      if (dot == std::string::npos) continue;
      View& view = screen_.views[key.substr(0, dot)];
      const std::string what = key.substr(dot + 1);
      if (what == "log_x") view.log_x = value == "1";
      if (what == "log_y") view.log_y = value == "1";
      if (what == "hide") view.hidden.push_back(value);
    }
    model_.open(link);
  } catch (const Error& error) {
    model_.notify(Notice::Kind::error, std::string("The link cannot be opened. ") + error.what());
    if (!model_.experiment()) screen_.gallery = true;
  }
}

// Data, texts and language models are used; a run file or a config is opened.
void Workbench::Impl::drop(std::string_view name, std::vector<std::byte> bytes) {
  // The shape of a language model is in a file of that name too.
  const std::string_view content(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const bool of_model = kind_of_file(name) == FileKind::language_model &&
                        content.find("\"experiment\"") == std::string_view::npos;
  if (!name.ends_with(".json") || of_model) {
    model_.import(name, std::move(bytes));
    return;
  }
  try {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (is_run_file(text)) {
      const RunFile file = read_run_file(text, name);
      Link link = link_of(file.request(), file.seed, file.seeds);
      if (!file.runs.empty()) {
        // What a device computed has no bits to compare with.
        if (file.environment.device.empty()) link.digest = file.runs.front().result.digest;
        if (!file.runs.front().ended) link.step = file.runs.front().result.step;
      }
      screen_.gallery = false;
      model_.open(link, "in " + std::string(name));
    } else {
      const ConfigFile file = read_config_file(text, name);
      if (!file.sweep_field.empty()) {
        throw Error("'sweep' is for the command line", std::string(name), "a config of one run");
      }
      Link link = link_of(file.config, file.seed, file.seeds);
      link.step = file.until;
      screen_.gallery = false;
      model_.open(link, "in " + std::string(name));
    }
  } catch (const Error& error) {
    model_.notify(Notice::Kind::error, error.what());
  }
}

void Workbench::Impl::save_run_file() {
  const std::optional<std::string> text = model_.run_file(host_.environment);
  if (!text) {
    model_.notify(Notice::Kind::error, "The run is still moving: pause it, or wait for its end.");
    return;
  }
  host_.save_file(model_.experiment()->id + ".lab.json", "application/json",
                  std::as_bytes(std::span(*text)));
}

Link Workbench::Impl::link() const {
  Link link = model_.link();
  link.figures = screen_.only_figures;
  link.controls = screen_.only_controls;
  for (const auto& [name, view] : screen_.views) {
    if (view.log_x) link.view[name + ".log_x"] = *view.log_x ? "1" : "0";
    if (view.log_y) link.view[name + ".log_y"] = *view.log_y ? "1" : "0";
    if (!view.hidden.empty()) link.view[name + ".hide"] = view.hidden.front();
  }
  return link;
}

void Workbench::Impl::update_link() {
  if (!host_.set_link || !model_.experiment() || model_.moving() || model_.showing_stored()) return;
  std::string now = state();
  if (now == told_link_) return;
  told_link_ = std::move(now);
  host_.set_link(told_link_);
}

void Workbench::Impl::update_mirror(PanelContext& context) {
  if (!host_.mirror || !model_.experiment()) return;
  const double now = ImGui::GetTime();
  if (now - mirrored_at_ < kMirrorSeconds) return;
  mirrored_at_ = now;
  Mirror mirror;
  mirror.title = model_.experiment()->title;
  if (const ShownRun* run = model_.current_run()) {
    mirror.status = "seed " + std::to_string(run->seed) + ", step " + std::to_string(run->step) +
                    (run->moving               ? ", running"
                     : model_.showing_stored() ? ", stored run"
                     : run->ended              ? ", finished, digest " + run->digest
                                               : ", paused, digest " + run->digest);
    if (!model_.device().empty()) mirror.status += ", " + device_text(model_, *run);
    if (model_.bits()) mirror.status += ", " + *model_.bits();
    for (const Explanation& explanation : run->explanations) {
      mirror.status += ". " + explanation.title + ": " + explanation.text;
    }
  }
  for (const Notice& notice : model_.notices()) {
    if (notice.kind == Notice::Kind::error) mirror.status += ". " + notice.text;
  }
  if (!model_.moving()) {
    if (described_revision_ != model_.revision()) {
      described_revision_ = model_.revision();
      descriptions_.clear();
      for (const Figure& figure : model_.experiment()->figures) {
        if (!is_wanted(screen_.only_figures, figure.name)) continue;
        descriptions_.push_back(summary(figure, shown_data(context, figure)));
      }
    }
    mirror.figures = descriptions_;
  }
  mirror.verdicts = claims_text(model_);
  std::string all = mirror.title + '\n' + mirror.status + '\n' + mirror.verdicts;
  for (const std::string& figure : mirror.figures) all += figure;
  if (all == mirrored_) return;
  mirrored_ = std::move(all);
  host_.mirror(mirror);
}

}  // namespace lab
