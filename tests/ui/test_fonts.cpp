#include <doctest/doctest.h>
#include <imgui.h>

#include <cmath>
#include <iterator>

#include "ui/fonts.h"
#include "ui/workbench.h"

namespace {

#include "figure/font_widths.inc"

using lab::FontRole;

constexpr FontRole kRoles[] = {FontRole::regular, FontRole::small, FontRole::semibold,
                               FontRole::title};

// A context of ImGui's with the fonts for a screen of this density.
class Fonts {
 public:
  explicit Fonts(float density) {
    ImGui::CreateContext();
    lab::add_fonts(density);
    REQUIRE(ImGui::GetIO().Fonts->Build());
  }
  ~Fonts() { ImGui::DestroyContext(); }
};

TEST_CASE("every role has a font whose lines are as high as it says, on every screen") {
  for (const float density : {1.0f, 1.25f, 2.0f}) {
    const Fonts fonts(density);
    for (const FontRole role : kRoles) {
      REQUIRE(lab::font(role) != nullptr);
      CHECK(lab::font(role)->FontSize == lab::line_height(role));
    }
    CHECK(lab::line_height(FontRole::small) < lab::line_height(FontRole::regular));
    CHECK(lab::line_height(FontRole::regular) < lab::line_height(FontRole::title));
  }
}

TEST_CASE("every character of the table of widths is in every font") {
  const Fonts fonts(1);
  CHECK(std::size(kFontWidths) > 450);
  for (const FontRole role : kRoles) {
    for (const FontWidth& width : kFontWidths)
      CHECK(lab::font(role)->FindGlyphNoFallback(static_cast<ImWchar>(width.code_point)) !=
            nullptr);
  }
}

TEST_CASE("the table of widths is in order, and says what the fonts do") {
  const Fonts fonts(4);
  char32_t before = 0;
  for (const FontWidth& width : kFontWidths) {
    CHECK(width.code_point > before);
    before = width.code_point;
    const auto advance = [&](FontRole role) {
      const float em = lab::line_height(role) / lab::kFontLineHeight;
      return 1000 * lab::font(role)->GetCharAdvance(static_cast<ImWchar>(width.code_point)) / em;
    };
    CHECK(std::abs(advance(FontRole::regular) - static_cast<float>(width.regular)) < 5);
    CHECK(std::abs(advance(FontRole::semibold) - static_cast<float>(width.semibold)) < 5);
  }
}

TEST_CASE("all digits are equally wide, so that running numbers do not shake") {
  const Fonts fonts(1);
  for (const FontRole role : kRoles) {
    for (ImWchar digit = '1'; digit <= '9'; ++digit)
      CHECK(lab::font(role)->GetCharAdvance(digit) ==
            doctest::Approx(lab::font(role)->GetCharAdvance('0')).epsilon(0.005));
  }
}

}  // namespace
