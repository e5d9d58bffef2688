// The paper card: what it is about, what it claims, what came out here, and why things look as they
// do.
#include <imgui.h>

#include <string>

#include "ui/fonts.h"
#include "ui/panels.h"
#include "ui/style.h"

namespace lab {
namespace {

std::string link_address(const std::string& link) {
  if (link.starts_with("arXiv:")) return "https://arxiv.org/abs/" + link.substr(6);
  if (link.starts_with("doi:")) return "https://doi.org/" + link.substr(4);
  return link.starts_with("https://") ? link : "";
}

Colour colour_of(const Theme& theme, Verdict verdict) {
  switch (verdict) {
    case Verdict::reproduced:
      return theme.good;
    case Verdict::not_reproduced:
      return theme.bad;
    case Verdict::not_decided:
      return theme.undecided;
  }
  return theme.text;
}

std::string threshold_text(const Claim& claim) {
  std::string comparison(name(claim.comparison));
  if (comparison == "<=") comparison = "≤";
  if (comparison == ">=") comparison = "≥";
  return comparison + " " + plain_text(claim.threshold);
}

void explanations(PanelContext& context) {
  const ShownRun* run = context.model.current_run();
  if (!run) return;
  if (run->explanations.empty() && !run->divergence) return;
  ImGui::PushFont(font(FontRole::semibold));
  ImGui::SeparatorText("Why did this happen?");
  ImGui::PopFont();
  if (run->divergence) {
    heading("The run diverged at step " + std::to_string(run->divergence->step));
    wrapped_text(run->divergence->recording + " was not finite." +
                 (run->divergence->reason.empty() ? "" : " " + run->divergence->reason + "."));
  }
  for (const Explanation& explanation : run->explanations) {
    heading(explanation.title);
    wrapped_text(explanation.text);
    ImGui::Dummy({0, 2});
  }
}

void claim_card(PanelContext& context, const Claim& claim) {
  const auto& states = context.model.claims();
  const auto found = states.find(claim.id);
  const ClaimState* state = found != states.end() ? &found->second : nullptr;
  ImGui::PushID(claim.id.c_str());
  if (state && state->result) {
    const ClaimResult& result = *state->result;
    ImGui::PushFont(font(FontRole::semibold));
    ImGui::PushStyleColor(ImGuiCol_Text, imgui_colour(colour_of(context.theme, result.verdict)));
    ImGui::TextUnformatted(std::string(name(result.verdict)).c_str());
    ImGui::PopStyleColor();
    ImGui::PopFont();
    ImGui::SameLine();
    ImGui::TextColored(imgui_colour(context.theme.muted_text), "%s", claim.id.c_str());
  } else {
    ImGui::TextColored(imgui_colour(context.theme.muted_text), "%s", claim.id.c_str());
    if (context.model.engine_ready()) {
      const char* label = "check";
      const float width = ImGui::CalcTextSize(label).x + 2 * ImGui::GetStyle().FramePadding.x;
      ImGui::SameLine(ImGui::GetContentRegionMax().x - width);
      if (state && state->asked) {
        ImGui::Text("%zu / %d", state->measured, claim.seeds);
      } else if (ImGui::SmallButton(label)) {
        context.model.reproduce({claim.id});
      }
    }
  }
  wrapped_text(claim.sentence);
  std::string details = claim.source;
  if (!claim.paper_value.empty()) details += ". Paper: " + claim.paper_value;
  if (state && state->result) {
    const ClaimResult& result = *state->result;
    details += ". Here: " + plain_text(result.measured);
    if (result.high > result.low) {
      details += " [" + plain_text(result.low) + ", " + plain_text(result.high) + "]";
    }
    details += " over " + std::to_string(result.seeds.size()) +
               (result.seeds.size() == 1 ? " run" : " seeds");
  }
  details += "; claimed " + threshold_text(claim) + ": " + claim.metric + ".";
  muted_text(context, details);
  if (!claim.remark.empty() && state && state->result) muted_text(context, claim.remark);
  ImGui::Dummy({0, 4});
  ImGui::PopID();
}

}  // namespace

void paper_panel(PanelContext& context) {
  const Experiment* experiment = context.model.experiment();
  if (!experiment) return;
  ImGui::PushFont(font(FontRole::semibold));
  wrapped_text(experiment->paper.title);
  ImGui::PopFont();
  muted_text(context, experiment->paper.authors + ", " + std::to_string(experiment->paper.year));
  const std::string address = link_address(experiment->paper.link);
  if (!address.empty() && context.host.open_url) {
    ImGui::PushStyleColor(ImGuiCol_Text, imgui_colour(context.theme.accent));
    if (ImGui::SmallButton(experiment->paper.link.c_str())) context.host.open_url(address);
    ImGui::PopStyleColor();
  }
  ImGui::Dummy({0, 2});
  wrapped_text(experiment->problem);

  ImGui::PushFont(font(FontRole::semibold));
  ImGui::SeparatorText("The equation at work");
  ImGui::PopFont();
  ImGui::PushStyleColor(ImGuiCol_ChildBg, imgui_colour(context.theme.background));
  ImGui::BeginChild("equation", {0, 0}, ImGuiChildFlags_Border | ImGuiChildFlags_AutoResizeY);
  wrapped_text(experiment->equation);
  ImGui::EndChild();
  ImGui::PopStyleColor();

  explanations(context);

  ImGui::PushFont(font(FontRole::semibold));
  ImGui::SeparatorText("How to make it fail");
  ImGui::PopFont();
  wrapped_text(experiment->how_to_fail);

  ImGui::PushFont(font(FontRole::semibold));
  ImGui::SeparatorText("Claims");
  ImGui::PopFont();
  bool measuring = false;
  for (const auto& [id, state] : context.model.claims()) measuring |= state.asked;
  if (measuring) {
    if (ImGui::Button("Stop checking", {-1, 0})) context.model.cancel();
  } else {
    ImGui::BeginDisabled(!context.model.engine_ready());
    if (ImGui::Button("Check all claims", {-1, 0})) context.model.reproduce({});
    ImGui::EndDisabled();
    tooltip("runs every claim over all its seeds, here and now");
  }
  ImGui::Dummy({0, 2});
  for (const Claim& claim : experiment->claims) claim_card(context, claim);
  scroll_by_touch(context);
}

}  // namespace lab
