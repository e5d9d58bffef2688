#include <doctest/doctest.h>

#include <string>

#include "figure/summary.h"

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

TEST_CASE("a tree and paired numbers in words and as a table") {
  const Figure tree = {
      .name = "t", .title = "Tree", .form = Form::tree, .x = {}, .y = {}, .sources = {}};
  FigureData data;
  data.trees = {
      {.label = "tree",
       .nodes = {{.question = "a ≤ 2", .left = 1, .right = 2, .depth = 0, .counts = {3, 4}},
                 {.question = "", .left = 0, .right = 0, .depth = 1, .counts = {3, 0}},
                 {.question = "", .left = 0, .right = 0, .depth = 1, .counts = {0, 4}}},
       .classes = {"no", "yes"}}};
  CHECK(
      summary(tree, data) ==
      "Tree. A tree of depth 1 with 2 leaves. Depth 0, 3 no and 4 yes: a ≤ 2? Depth 1, 3 no and 0 "
      "yes. Depth 1, 0 no and 4 yes.");
  CHECK(csv(tree, data) ==
        "node,depth,question,yes,no,no,yes\n0,0,a ≤ 2,1,2,3,4\n1,1,,,,3,0\n2,1,,,,0,4\n");

  const Figure paired = {.name = "p",
                         .title = "Folds",
                         .form = Form::paired,
                         .x = {.label = "accuracy"},
                         .y = {},
                         .sources = {}};
  FigureData dots;
  dots.samples = {{.label = "A", .colour = 0, .values = {1, 3}}};
  CHECK(summary(paired, dots) ==
        "Folds. accuracy, one dot for each pairing. A: 2 values from 1 to 3, mean 2.");
  CHECK(csv(paired, dots) == "row,number,accuracy\nA,1,1\nA,2,3\n");
}
