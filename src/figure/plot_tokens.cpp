// Texts as their tokens, each on the colour of its number: how surprising it was, or whose it is.
#include <algorithm>
#include <cmath>

#include "figure/plot.h"

namespace lab {
namespace {

constexpr double kTokenSize = 13;
constexpr double kTokenRow = 20;
constexpr double kRowOfStrip = 24;  // the first one of a text stands apart from what is above
constexpr double kPad = 1;          // beside a token, so that its neighbours' colours are apart
constexpr std::string_view kBreak = "¶";

// The token without what a line cannot show.
std::string shown(std::string_view token) {
  std::string text;
  for (const char c : token) {
    if (c == '\n') {
      text += kBreak;
    } else {
      text += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
  }
  return text;
}

bool begins_word(std::string_view token) {
  return token.empty() || token.front() == ' ' || token.front() == '\n';
}

// As much of it as fits, the end left out. (Not `fitting`: in a text '^' is a character.)
std::string cut(const Canvas& meter, std::string text, double width) {
  if (meter.text_width(text, kTokenSize) <= width) return text;
  while (!text.empty() && meter.text_width(text + "…", kTokenSize) > width) {
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80)
      text.pop_back();
    if (!text.empty()) text.pop_back();
  }
  return text + "…";
}

}  // namespace

// Line by line, words together; where there is not room for all, the last lines.
void Plot::place_tokens(const Canvas& meter) {
  double labels = 0;
  for (const TokenStrip& strip : data_.strips)
    labels = std::max(labels, measured(meter, strip.label, kTextSize));
  if (labels > 0) labels = std::min(labels, 0.3 * inner_.width) + 10;
  // Of the scale above, where the tokens have numbers.
  const double top = inner_.y + (figure_.groups.empty() ? kTextSize + 8 : 0);
  const double left = inner_.x + labels, right = inner_.right();
  double y = top;
  strip_labels_.resize(data_.strips.size());
  for (std::size_t s = 0; s < data_.strips.size(); ++s) {
    const std::vector<std::string>& tokens = data_.strips[s].tokens;
    if (s > 0) y += kRowOfStrip - kTokenRow;
    strip_labels_[s] = {inner_.x, y, labels, kTokenRow};
    double x = left;
    for (std::size_t t = 0; t < tokens.size(); ++t) {
      const std::string text = cut(meter, shown(tokens[t]), right - left - 2 * kPad);
      const double width = meter.text_width(text, kTokenSize) + 2 * kPad;
      double word = width;
      for (std::size_t next = t + 1; next < tokens.size() && begins_word(tokens[t]) &&
                                     !begins_word(tokens[next]) && word <= right - left;
           ++next)
        word += meter.text_width(shown(tokens[next]), kTokenSize) + 2 * kPad;
      if (x > left && (x + width > right || (x + word > right && word <= right - left))) {
        x = left;
        y += kTokenRow;
      }
      token_places_.push_back({s, t, {x, y, width, kTokenRow}, text});
      x += width;
      if (!tokens[t].empty() && tokens[t].back() == '\n' && t + 1 < tokens.size()) {
        x = left;
        y += kTokenRow;
      }
    }
    y += kTokenRow;
  }
  const double over = y - inner_.bottom();
  if (over <= 0 || token_places_.empty()) return;
  // One row for what is said about those that are left out.
  const double from = std::min(top + over + kTokenRow, token_places_.back().rect.y);
  const auto seen =
      std::ranges::find_if(token_places_, [&](const TokenPlace& p) { return p.rect.y >= from; });
  tokens_left_out_ = static_cast<std::size_t>(seen - token_places_.begin());
  const double up = seen->rect.y - top - kTokenRow;
  token_places_.erase(token_places_.begin(), seen);
  for (TokenPlace& place : token_places_) place.rect.y -= up;
  for (Rect& label : strip_labels_) label.y = std::max(label.y - up, top + kTokenRow);
}

Range Plot::token_range() const {
  double low = 0, high = 0;
  for (const TokenStrip& strip : data_.strips) {
    for (const double value : strip.values) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  if (low < 0) return {-std::max(-low, high), std::max(-low, high)};
  return {0, high > 0 ? high : 1};
}

Colour Plot::token_colour(double value) const {
  if (!figure_.groups.empty()) {
    if (!(value >= 0) || value >= static_cast<double>(figure_.groups.size())) return {0, 0, 0, 0};
    return theme_.series(static_cast<std::size_t>(value)).faded(0.38);
  }
  return diverging(0.85 * value / token_range().high, theme_);
}

void Plot::draw_tokens(Canvas& canvas) const {
  if (token_places_.empty()) return;
  const LabelStyle muted = {.size = kTextSize, .colour = theme_.muted_text};
  if (figure_.groups.empty()) {
    // The scale: from left to right as the numbers grow.
    const Range range = token_range();
    const std::string low = label_text(range.low), high = label_text(range.high, 3);
    const double base = inner_.y + kTextSize - 1;
    double x = inner_.x;
    const std::string label =
        fitting(canvas, axis_text(figure_.colour), kTextSize, 0.45 * inner_.width);
    draw_text(canvas, {x, base}, label, {.size = kTextSize, .colour = theme_.text});
    x += measured(canvas, label, kTextSize) + 10;
    draw_text(canvas, {x, base}, low, muted);
    x += measured(canvas, low, kTextSize) + 6;
    constexpr int kSteps = 24;
    const double bar = std::min(110.0, 0.25 * inner_.width);
    for (int i = 0; i < kSteps; ++i) {
      const double value = range.low + (range.high - range.low) * (i + 0.5) / kSteps;
      canvas.rectangle({x + bar * i / kSteps, inner_.y + 2, bar / kSteps + 0.3, kTextSize - 2},
                       token_colour(value));
    }
    canvas.frame({x, inner_.y + 2, bar, kTextSize - 2}, theme_.grid);
    draw_text(canvas, {x + bar + 6, base}, high, muted);
  }
  if (tokens_left_out_ > 0) {
    const double top = token_places_.front().rect.y - kTokenRow;
    draw_text(canvas, {token_places_.front().rect.x, top + 0.7 * kTokenRow},
              fitting(canvas, "… " + std::to_string(tokens_left_out_) + " tokens before", kTextSize,
                      inner_.width - (token_places_.front().rect.x - inner_.x)),
              muted);
  }
  const std::size_t first = token_places_.front().strip;
  for (std::size_t s = first; s < data_.strips.size(); ++s) {
    if (data_.strips[s].label.empty()) continue;
    const Rect& at = strip_labels_[s];
    draw_text(canvas, {at.x, at.y + 0.7 * kTokenRow},
              fitting(canvas, data_.strips[s].label, kTextSize, at.width - 8), muted);
  }
  for (const TokenPlace& place : token_places_) {
    const TokenStrip& strip = data_.strips[place.strip];
    const std::size_t unknown =
        strip.tokens.size() - std::min(strip.tokens.size(), strip.values.size());
    const Rect& r = place.rect;
    if (place.token >= unknown) {
      const Colour fill = token_colour(strip.values[place.token - unknown]);
      if (fill.alpha > 0) canvas.rectangle({r.x, r.y + 1, r.width - 0.5, r.height - 2}, fill, 2);
    }
    // Where a file's text begins with spaces they are left out.
    const std::size_t spaces = std::min(place.text.find_first_not_of(' '), place.text.size());
    const double indent = canvas.text_width(place.text.substr(0, spaces), kTokenSize);
    canvas.text(
        {r.x + kPad + indent, r.y + 0.7 * kTokenRow}, std::string_view(place.text).substr(spaces),
        {.size = kTokenSize, .colour = place.text == kBreak ? theme_.muted_text : theme_.text});
  }
}

std::optional<ReadOff> Plot::read_tokens(Point at) const {
  for (const TokenPlace& place : token_places_) {
    if (!place.rect.contains(at)) continue;
    const TokenStrip& strip = data_.strips[place.strip];
    const std::size_t unknown =
        strip.tokens.size() - std::min(strip.tokens.size(), strip.values.size());
    ReadOff result;
    result.heading = "“" + place.text + "”";
    if (!strip.label.empty()) result.rows.push_back({strip.label, "", {}});
    result.rows.push_back({"token", std::to_string(place.token + 1), {}});
    if (place.token < unknown) return result;
    const double value = strip.values[place.token - unknown];
    if (figure_.groups.empty()) {
      result.rows.push_back({axis_text(figure_.colour), label_text(value, 3), token_colour(value)});
    } else if (value >= 0 && value < static_cast<double>(figure_.groups.size())) {
      const auto group = static_cast<std::size_t>(value);
      result.rows.push_back({figure_.groups[group], "", theme_.series(group)});
    }
    return result;
  }
  return {};
}

}  // namespace lab
