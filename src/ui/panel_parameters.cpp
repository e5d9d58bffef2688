// What can be set: a control for each field of the schema, by its type alone.
#include <imgui.h>
#include <misc/cpp/imgui_stdlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "core/error.h"
#include "ui/fonts.h"
#include "ui/panels.h"
#include "ui/style.h"

namespace lab {
namespace {

// A number as an ImGui format can take it: few digits, and an exponent where it needs one.
constexpr const char* kRealFormat = "%.6g";
constexpr double kLargestSlider = 1e15;

bool has_slider(const Field& field) {
  return std::abs(field.min) <= kLargestSlider && std::abs(field.max) <= kLargestSlider &&
         field.max > field.min && (!field.log_scale || field.min > 0);
}

double snapped(double value, const Field& field) {
  value = std::clamp(value, field.min, field.max);
  if (field.step > 0) {
    // In whole steps from 0, with no more digits than the step has.
    value = std::round(value / field.step) * field.step;
    value = std::round(value * 1e12) / 1e12;
  } else if (value != 0) {
    // A slider's position is worth three digits, not sixteen.
    const double scale = std::pow(10.0, 2 - std::floor(std::log10(std::abs(value))));
    if (std::isfinite(scale) && scale > 0) value = std::round(value * scale) / scale;
  }
  return std::clamp(value, field.min, field.max);
}

void real_control(PanelContext& context, const Field& field) {
  double value = std::get<double>(context.model.value(field.name));
  const float width = ImGui::GetContentRegionAvail().x;
  const float number_width = has_slider(field) ? 92.0f : width;
  if (has_slider(field)) {
    ImGui::SetNextItemWidth(width - number_width - ImGui::GetStyle().ItemInnerSpacing.x);
    double slider = value;
    const double low = field.min, high = field.max;
    ImGuiSliderFlags flags = ImGuiSliderFlags_NoInput | ImGuiSliderFlags_AlwaysClamp;
    if (field.log_scale) flags |= ImGuiSliderFlags_Logarithmic | ImGuiSliderFlags_NoRoundToFormat;
    if (ImGui::SliderScalar("##slider", ImGuiDataType_Double, &slider, &low, &high, "", flags)) {
      context.model.set(field.name, snapped(slider, field), !ImGui::IsItemActivated());
    }
    ImGui::SameLine(0, ImGui::GetStyle().ItemInnerSpacing.x);
  }
  ImGui::SetNextItemWidth(number_width);
  ImGui::InputDouble("##number", &value, 0, 0, kRealFormat);
  if (ImGui::IsItemDeactivatedAfterEdit() && std::isfinite(value)) {
    context.model.set(field.name, std::clamp(value, field.min, field.max), false);
  }
}

void integer_control(PanelContext& context, const Field& field) {
  std::int64_t value = std::get<std::int64_t>(context.model.value(field.name));
  const auto low = static_cast<std::int64_t>(std::max(field.min, -9e15));
  const auto high = static_cast<std::int64_t>(std::min(field.max, 9e15));
  const float width = ImGui::GetContentRegionAvail().x;
  const float number_width = has_slider(field) ? 92.0f : width;
  if (has_slider(field)) {
    ImGui::SetNextItemWidth(width - number_width - ImGui::GetStyle().ItemInnerSpacing.x);
    std::int64_t slider = value;
    ImGuiSliderFlags flags = ImGuiSliderFlags_NoInput | ImGuiSliderFlags_AlwaysClamp;
    if (field.log_scale) flags |= ImGuiSliderFlags_Logarithmic;
    if (ImGui::SliderScalar("##slider", ImGuiDataType_S64, &slider, &low, &high, "", flags)) {
      const double rounded = field.log_scale && slider >= 1000
                                 ? snapped(static_cast<double>(slider), field)
                                 : static_cast<double>(slider);
      context.model.set(field.name, std::clamp(static_cast<std::int64_t>(rounded), low, high),
                        !ImGui::IsItemActivated());
    }
    ImGui::SameLine(0, ImGui::GetStyle().ItemInnerSpacing.x);
  }
  ImGui::SetNextItemWidth(number_width);
  ImGui::InputScalar("##number", ImGuiDataType_S64, &value);
  if (ImGui::IsItemDeactivatedAfterEdit()) {
    context.model.set(field.name, std::clamp(value, low, high), false);
  }
}

void choice_control(PanelContext& context, const Field& field) {
  const std::string value = std::get<std::string>(context.model.value(field.name));
  const bool drawn = value.starts_with("points:");
  const std::string preview = drawn ? "drawn points" : value;
  ImGui::SetNextItemWidth(-1);
  if (ImGui::BeginCombo("##choice", preview.c_str(), ImGuiComboFlags_HeightLarge)) {
    for (const Choice& choice : field.choices) {
      const bool selected = choice.name == value;
      if (ImGui::Selectable(choice.name.c_str(), selected)) {
        context.model.set(field.name, choice.name, false);
      }
      tooltip(choice.help);
      if (selected) ImGui::SetItemDefaultFocus();
    }
    ImGui::EndCombo();
  }
  const auto found = std::ranges::find(field.choices, value, &Choice::name);
  if (found != field.choices.end()) tooltip(found->help);
}

// A text becomes the config's when the person has finished it.
void text_control(PanelContext& context, const Field& field) {
  const std::string value = std::get<std::string>(context.model.value(field.name));
  std::string& edited = context.screen.edited.try_emplace(field.name, value).first->second;
  ImGui::SetNextItemWidth(-1);
  ImGui::InputText("##text", &edited);
  const bool finished = ImGui::IsItemDeactivatedAfterEdit();
  if (finished) {
    context.model.set(field.name, edited, false);
  } else if (!ImGui::IsItemActive()) {
    edited = value;
  }
}

void control(PanelContext& context, const Field& field) {
  Model& model = context.model;
  ImGui::PushID(field.name.c_str());
  const bool changed = model.is_changed(field.name);
  const std::string label = spaced(field.name);

  if (field.type == FieldType::flag) {
    bool value = std::get<bool>(model.value(field.name));
    if (ImGui::Checkbox(label.c_str(), &value)) model.set(field.name, value, false);
    tooltip(field.help);
  } else {
    if (changed) ImGui::PushStyleColor(ImGuiCol_Text, imgui_colour(context.theme.accent));
    ImGui::PushFont(font(changed ? FontRole::semibold : FontRole::regular));
    ImGui::TextUnformatted(label.c_str());
    ImGui::PopFont();
    if (changed) ImGui::PopStyleColor();
    tooltip(field.help);
    if (!field.unit.empty() && field.unit != field.name) {
      ImGui::SameLine(0, 5);
      ImGui::PushStyleColor(ImGuiCol_Text, imgui_colour(context.theme.muted_text));
      ImGui::TextUnformatted(field.unit.c_str());
      ImGui::PopStyleColor();
    }
  }
  if (changed) {
    const float width = ImGui::CalcTextSize("reset").x + 2 * ImGui::GetStyle().FramePadding.x;
    ImGui::SameLine(ImGui::GetContentRegionMax().x - width);
    ImGui::PushFont(font(FontRole::small));
    ImGui::PushStyleColor(ImGuiCol_Button, ImVec4(0, 0, 0, 0));
    ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0);
    if (ImGui::Button("reset", {width, 0})) model.reset(field.name);
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
    ImGui::PopFont();
    tooltip("back to " + value_text(field.value));
  }
  switch (field.type) {
    case FieldType::real: real_control(context, field); break;
    case FieldType::integer: integer_control(context, field); break;
    case FieldType::choice: choice_control(context, field); break;
    case FieldType::dataset:
      choice_control(context, field);
      if (context.host.open_file) {
        if (ImGui::Button("Open a file…", {-1, 0})) context.host.open_file();
        tooltip(
            field.files == FileKind::text ? "a text; or drop it on the window"
            : field.files == FileKind::language_model
                ? "config.json, vocab.json, merges.txt and model.safetensors of a GPT-2; or drop "
                  "them on the window"
                : "CSV, ARFF, IDX, NPY or NPZ; or drop it on the window");
      }
      break;
    case FieldType::text:
    case FieldType::file: text_control(context, field); break;
    case FieldType::flag: break;
  }
  ImGui::PopID();
  ImGui::Dummy({0, 0});
}

void seeds_control(PanelContext& context) {
  Model& model = context.model;
  constexpr std::int64_t kMostSeeds = 64;
  ImGui::PushID("seeds");
  const float width = (ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ItemSpacing.x) / 2;
  ImGui::TextUnformatted("first seed");
  tooltip("of the random numbers; the same seed gives the same bits everywhere");
  ImGui::SameLine(width + ImGui::GetStyle().ItemSpacing.x + ImGui::GetStyle().WindowPadding.x);
  ImGui::TextUnformatted("how many");
  tooltip("more than one shows each as a faint line under their mean with its 95 % interval");
  auto seed = static_cast<std::int64_t>(model.choices().seed);
  ImGui::SetNextItemWidth(width);
  const std::int64_t one = 1;
  ImGui::InputScalar("##first", ImGuiDataType_S64, &seed, &one);
  if (ImGui::IsItemDeactivatedAfterEdit() || (ImGui::IsItemEdited() && !ImGui::IsItemActive())) {
    model.set_seed(static_cast<std::uint64_t>(
                       std::clamp<std::int64_t>(seed, 0, kLargestInteger - kMostSeeds)),
                   false);
  }
  ImGui::SameLine();
  auto seeds = static_cast<std::int64_t>(model.choices().seeds);
  ImGui::SetNextItemWidth(width);
  ImGui::InputScalar("##many", ImGuiDataType_S64, &seeds, &one);
  if (ImGui::IsItemDeactivatedAfterEdit() || (ImGui::IsItemEdited() && !ImGui::IsItemActive())) {
    model.set_seeds(static_cast<std::uint32_t>(std::clamp<std::int64_t>(seeds, 1, kMostSeeds)),
                    false);
  }
  ImGui::PopID();
}

void backend_control(PanelContext& context) {
  struct Choice {
    BackendWish wish;
    const char *label, *help;
  };
  constexpr std::array kChoices = {
      Choice{BackendWish::cpu, "CPU", "the same bits everywhere"},
      Choice{BackendWish::webgpu, "WebGPU",
             "all at once on a graphics processor: near the CPU's numbers, not the same"},
      Choice{BackendWish::automatic, "the faster one", "as measured here: the CPU or WebGPU"}};
  Model& model = context.model;
  const auto& chosen = *std::ranges::find(kChoices, model.backend(), &Choice::wish);
  ImGui::PushID("backend");
  ImGui::TextUnformatted("compute on");
  ImGui::SetNextItemWidth(-1);
  if (ImGui::BeginCombo("##backend", chosen.label)) {
    for (const Choice& choice : kChoices) {
      if (ImGui::Selectable(choice.label, choice.wish == chosen.wish))
        model.set_backend(choice.wish);
      tooltip(choice.help);
    }
    ImGui::EndCombo();
  }
  tooltip(chosen.help);
  if (!model.device_reason().empty()) {
    muted_text(context, (model.device().empty() ? "the CPU" : model.device()) + ": " +
                            model.device_reason());
  }
  ImGui::PopID();
}

// A heading over controls; an embedded figure has no room for one.
void section(const PanelContext& context, const std::string& title) {
  if (context.embedded) return;
  ImGui::PushFont(font(FontRole::semibold));
  ImGui::SeparatorText(title.c_str());
  ImGui::PopFont();
}

}  // namespace

void parameters_panel(PanelContext& context) {
  const Experiment* experiment = context.model.experiment();
  if (!experiment) return;
  const std::vector<std::string>& only = context.screen.only_controls;
  const auto value_of = [&](std::string_view name) { return context.model.value(name); };
  // What changes nothing as the other fields are is left out.
  std::vector<const Field*> shown;
  std::vector<std::string> groups;
  for (const Field& field : experiment->schema.fields()) {
    if (!is_wanted(only, field.name) || !has_effect(field, value_of)) continue;
    shown.push_back(&field);
    if (std::ranges::find(groups, field.group) == groups.end()) groups.push_back(field.group);
  }
  for (const std::string& group : groups) {
    section(context, spaced(group.empty() ? "settings" : group));
    bool any_advanced = false, changed_advanced = false;
    for (const Field* field : shown) {
      if (field->group != group) continue;
      // A link that names a field wants it to be seen.
      if (field->advanced && only.empty()) {
        any_advanced = true;
        changed_advanced |= context.model.is_changed(field->name);
        continue;
      }
      control(context, *field);
    }
    if (!any_advanced) continue;
    ImGui::PushID(group.c_str());
    if (changed_advanced) ImGui::SetNextItemOpen(true, ImGuiCond_Once);
    if (ImGui::TreeNodeEx("advanced", ImGuiTreeNodeFlags_NoTreePushOnOpen |
                                          ImGuiTreeNodeFlags_SpanAvailWidth)) {
      for (const Field* field : shown) {
        if (field->group == group && field->advanced) control(context, *field);
      }
    }
    ImGui::PopID();
  }
  if (is_wanted(only, "seed")) {
    section(context, "seeds");
    seeds_control(context);
  }
  if (experiment->backend && is_wanted(only, "backend")) {
    section(context, "device");
    backend_control(context);
  }
  if (!context.embedded && !context.model.choices().set.empty()) {
    ImGui::Dummy({0, 6});
    if (ImGui::Button("Reset all", {-1, 0})) context.model.reset_all();
  }
  scroll_by_touch(context);
}

}  // namespace lab
