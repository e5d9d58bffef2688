// The timeline: run, pause, step, speed, back and forth, branches, what is compared.
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "ui/fonts.h"
#include "ui/panels.h"
#include "ui/style.h"

namespace lab {
namespace {

struct Speed {
  const char* label;
  double steps_per_second;
};
constexpr Speed kSpeeds[] = {{"full speed", 0},
                             {"1 step a second", 1},
                             {"10 steps a second", 10},
                             {"100 steps a second", 100},
                             {"1000 steps a second", 1000}};

std::string grouped(std::uint64_t number) {
  return label_text(static_cast<double>(number));
}

std::string run_label(const ShownRun& run, std::size_t index) {
  if (!run.parent) return "seed " + std::to_string(run.seed);
  return "branch " + std::to_string(index) + ", at " + grouped(run.forked_at);
}

bool any_live(const Experiment& experiment) {
  return std::ranges::any_of(experiment.schema.fields(), &Field::live);
}

// What shall be different in the branch: the fields that may change in the middle of a run.
void fork_popup(PanelContext& context) {
  if (!ImGui::BeginPopup("fork")) return;
  const Experiment& experiment = *context.model.experiment();
  const ShownRun* run = context.model.current_run();
  heading("A branch from step " + grouped(run ? run->step : 0));
  muted_text(context, "It is this run up to here, and goes on with:");
  for (const Field& field : experiment.schema.fields()) {
    if (!field.live) continue;
    Value& value =
        context.screen.fork.try_emplace(field.name, context.model.value(field.name)).first->second;
    ImGui::SetNextItemWidth(180);
    const std::string label = spaced(field.name);
    if (auto* real = std::get_if<double>(&value)) {
      ImGui::InputDouble(label.c_str(), real, 0, 0, "%.6g");
      *real = std::isfinite(*real) ? std::clamp(*real, field.min, field.max) : field.min;
    } else if (auto* integer = std::get_if<std::int64_t>(&value)) {
      ImGui::InputScalar(label.c_str(), ImGuiDataType_S64, integer);
      *integer = std::clamp(*integer, static_cast<std::int64_t>(field.min),
                            static_cast<std::int64_t>(std::min(field.max, 9e15)));
    } else if (auto* flag = std::get_if<bool>(&value)) {
      ImGui::Checkbox(label.c_str(), flag);
    } else if (auto* text = std::get_if<std::string>(&value)) {
      if (ImGui::BeginCombo(label.c_str(), text->c_str())) {
        for (const Choice& choice : field.choices) {
          if (ImGui::Selectable(choice.name.c_str(), choice.name == *text)) *text = choice.name;
        }
        ImGui::EndCombo();
      }
    }
  }
  Settings changed;
  for (const auto& [name, value] : context.screen.fork) {
    if (value != context.model.value(name)) changed[name] = value;
  }
  ImGui::BeginDisabled(changed.empty());
  if (primary_button(context, "Branch off", {-1, 0})) {
    context.model.fork(changed);
    ImGui::CloseCurrentPopup();
  }
  ImGui::EndDisabled();
  if (changed.empty()) muted_text(context, "Change something first.");
  ImGui::EndPopup();
}

void scrubber(PanelContext& context, float width) {
  Model& model = context.model;
  ScreenState& screen = context.screen;
  const ShownRun* run = model.current_run();
  const std::uint64_t farthest = run ? std::max<std::uint64_t>(run->farthest_step(), 1) : 1;
  double step = screen.scrubbing ? screen.scrub_step : run ? static_cast<double>(run->step) : 0;
  const double low = 0, high = static_cast<double>(farthest);
  ImGui::SetNextItemWidth(width);
  ImGui::BeginDisabled(!run || model.showing_stored());
  const std::string text = "step " + grouped(static_cast<std::uint64_t>(step));
  if (ImGui::SliderScalar("##scrub", ImGuiDataType_Double, &step, &low, &high, text.c_str(),
                          ImGuiSliderFlags_AlwaysClamp | ImGuiSliderFlags_NoInput)) {
    if (!screen.scrubbing && model.moving()) model.pause();
    screen.scrub_step = std::round(step);
    model.seek(static_cast<std::uint64_t>(screen.scrub_step));
  }
  screen.scrubbing = ImGui::IsItemActive();
  if (screen.scrubbing) screen.scrub_step = std::round(step);
  ImGui::EndDisabled();
  tooltip("drag to any step: the run is replayed to exactly there");
}

void run_buttons(PanelContext& context) {
  Model& model = context.model;
  const ShownRun* run = model.current_run();
  const bool ready = model.engine_ready() && model.experiment();
  const float size = ImGui::GetFrameHeight();
  ImGui::BeginDisabled(!ready);
  if (model.moving() && !model.showing_stored()) {
    if (primary_button(context, "Pause", {76, 0})) model.pause();
  } else if (run && run->ended) {
    if (primary_button(context, "Again", {76, 0})) {
      model.seek(0);
      model.run();
    }
    tooltip("from the beginning");
  } else {
    if (primary_button(context, "Run", {76, 0})) model.run();
  }
  ImGui::SameLine();
  const bool still = run && !model.moving() && !model.showing_stored();
  ImGui::BeginDisabled(!still);
  if (ImGui::Button("|<", {size + 6, 0})) model.seek(0);
  tooltip("to the beginning (0)");
  ImGui::SameLine(0, 4);
  if (ImGui::Button("<", {size, 0}) && run->step > 0) model.seek(run->step - 1);
  tooltip("one step back (,)");
  ImGui::SameLine(0, 4);
  if (ImGui::Button(">", {size, 0})) model.step(1);
  tooltip("one step (.)");
  ImGui::EndDisabled();
  ImGui::EndDisabled();
}

void speed_control(PanelContext& context, float width) {
  Model& model = context.model;
  const auto* found = std::ranges::find(kSpeeds, model.speed(), &Speed::steps_per_second);
  ImGui::SetNextItemWidth(width);
  if (ImGui::BeginCombo("##speed", found->label)) {
    for (const Speed& speed : kSpeeds) {
      if (ImGui::Selectable(speed.label, speed.steps_per_second == model.speed())) {
        model.set_speed(speed.steps_per_second);
      }
    }
    ImGui::EndCombo();
  }
  tooltip("speed");
}

void run_choice(PanelContext& context, float width) {
  Model& model = context.model;
  const std::vector<ShownRun>& runs = model.runs();
  if (runs.size() < 2) return;
  const std::size_t current = std::min(model.current(), runs.size() - 1);
  ImGui::SetNextItemWidth(width);
  if (ImGui::BeginCombo("##run", run_label(runs[current], current).c_str())) {
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (ImGui::Selectable(run_label(runs[i], i).c_str(), i == current)) model.show_run(i);
    }
    ImGui::EndCombo();
  }
  tooltip("whose points, boundaries and digest are shown");
  ImGui::SameLine();
}

std::string state_text(const Model& model) {
  const ShownRun* run = model.current_run();
  if (!run) return model.engine_ready() ? "" : "loading";
  if (model.showing_stored()) {
    return "a stored run; the engine is loading";
  }
  if (!run->error.empty()) return "cannot go on";
  if (run->divergence) return "diverged";
  if (run->moving) return "running";
  return run->ended ? "finished" : "paused";
}

}  // namespace

std::string device_text(const Model& model, const ShownRun& run) {
  std::string text = "on " + model.device();
  if (run.device_failure && run.device_failure->goes_on)
    text += ", from step " + std::to_string(run.device_failure->step + 1) + " on the CPU";
  return text;
}

void timeline_panel(PanelContext& context) {
  Model& model = context.model;
  if (!model.experiment()) return;
  const float room = ImGui::GetContentRegionAvail().x;
  const bool narrow = room < 640;
  run_buttons(context);
  ImGui::SameLine();
  if (narrow) {
    scrubber(context, -1);
  } else {
    const float right = 150 + 150 + 76 + 150 + 8;
    scrubber(context, std::max(120.0f, ImGui::GetContentRegionAvail().x - right));
    ImGui::SameLine();
    speed_control(context, 150);
    ImGui::SameLine();
  }
  if (narrow) {
    speed_control(context, 116);
    ImGui::SameLine();
  }
  const ShownRun* run = model.current_run();
  const bool still = run && !model.moving() && !model.showing_stored();
  ImGui::BeginDisabled(!still || !any_live(*model.experiment()));
  if (ImGui::Button("Branch…")) {
    context.screen.fork.clear();
    ImGui::OpenPopup("fork");
  }
  ImGui::EndDisabled();
  tooltip("the same run up to this step, then with another setting");
  ImGui::SameLine();
  ImGui::BeginDisabled(!run || model.showing_stored());
  if (ImGui::Button("Keep to compare")) model.pin();
  ImGui::EndDisabled();
  tooltip("keeps these curves, dashed, while you change the settings");
  fork_popup(context);

  // What it is, and its digest.
  run_choice(context, 150);
  ImGui::AlignTextToFramePadding();
  std::string line = state_text(model);
  if (run && !run->digest.empty() && !run->moving) {
    line += (line.empty() ? "" : "  ·  ") + std::string("digest ") + run->digest.substr(0, 12);
  }
  const bool on_device = run && !model.device().empty();
  if (on_device) line += (line.empty() ? "" : "  ·  ") + device_text(model, *run);
  ImGui::PushStyleColor(ImGuiCol_Text, imgui_colour(context.theme.muted_text));
  ImGui::TextUnformatted(line.c_str());
  ImGui::PopStyleColor();
  if (run && !run->digest.empty() && !run->moving) {
    tooltip(run->digest +
            (on_device
                 ? "\nSHA-256 of settings, data and everything recorded: of this device, near "
                   "the CPU's and not the same. Click to copy."
                 : "\nSHA-256 of settings, data and everything recorded: the same on every "
                   "machine. Click to copy."));
    if (context.host.copy && ImGui::IsItemClicked()) context.host.copy(run->digest);
  }
  if (model.bits()) {
    if (!narrow) ImGui::SameLine();
    ImGui::PushStyleColor(ImGuiCol_Text, imgui_colour(model.bits_are_same() ? context.theme.good
                                                                            : context.theme.bad));
    ImGui::TextUnformatted(model.bits()->c_str());
    ImGui::PopStyleColor();
  }
  for (std::size_t i = 0; i < model.pinned().size(); ++i) {
    ImGui::SameLine();
    ImGui::PushID(static_cast<int>(i));
    const std::string label = "× " + model.pinned()[i].label;
    if (ImGui::SmallButton(label.c_str())) model.unpin(i);
    tooltip("no longer compared");
    ImGui::PopID();
    if (i >= model.pinned().size()) break;
  }
}

}  // namespace lab
