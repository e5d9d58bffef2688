#include "figure/summary.h"

#include <doctest/doctest.h>

#include <string>

using namespace lab;

TEST_CASE("a figure of lines in words and as a table") {
  const Figure figure = {.name = "loss",
                         .title = "Loss",
                         .form = Form::lines,
                         .x = {.label = "step"},
                         .y = {.label = "loss", .unit = "nats"},
                         .sources = {}};
  FigureData data;
  data.lines = {{.label = "GD, large",
                 .colour = 0,
                 .curves = {{.x = {0, 1, 2}, .y = {0.5, 7, 0.25}, .low = {}, .high = {}}},
                 .mean = {}}};
  CHECK(summary(figure, data) ==
        "Loss. Lines of loss (nats) over step. GD, large goes from 0.5 at 0 to 0.25 at 2, between "
        "0.25 and 7.");
  CHECK(csv(figure, data) ==
        "series,seed,step,loss,least,greatest\n"
        "\"GD, large\",0,0,0.5,0.5,0.5\n"
        "\"GD, large\",0,1,7,7,7\n"
        "\"GD, large\",0,2,0.25,0.25,0.25\n");
}

TEST_CASE("bars say what is absent, and their marks") {
  const Figure figure = {.name = "n",
                         .title = "Counts",
                         .form = Form::bars,
                         .x = {.label = "updates"},
                         .y = {},
                         .sources = {},
                         .mark_label = "bound"};
  FigureData data;
  data.bars = {{.label = "a", .value = 12, .low = 12, .high = 12, .seeds = {12}, .mark = 20},
               {.label = "b", .value = {}, .seeds = {}, .mark = {}}};
  CHECK(summary(figure, data) == "Counts. Bars of updates. a: 12, bound 20. b: none.");
  CHECK(csv(figure, data) == "bar,updates,low,high,bound\na,12,12,12,20\nb,,,,\n");
  CHECK(summary(figure, {}) == "Counts. Nothing recorded yet.");
}
