#include "core/names.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace lab;

TEST_CASE("nearest name: a slip of the finger is understood") {
  const std::vector<std::string> names = {"gamma", "samples", "label_noise", "on"};
  CHECK(nearest_name("gama", names) == "gamma");
  CHECK(nearest_name("GAMMA", names) == "gamma");
  CHECK(nearest_name("gmama", names) == "gamma");
  CHECK(nearest_name("label-noise", names) == "label_noise");
  CHECK(nearest_name("smaples", names) == "samples");
  CHECK(nearest_name("off", names) == "");
  CHECK(nearest_name("", names) == "");
  CHECK(nearest_name(std::string(1000, 'g'), names) == "");
}

TEST_CASE("expected name: the nearest, or the list") {
  const std::vector<std::string> names = {"gamma", "samples", "on"};
  CHECK(expected_name("gama", names) == "'gamma'");
  CHECK(expected_name("qqqq", names) == "one of gamma, samples or on");
  CHECK(expected_name("qqqq", std::vector<std::string>{"gamma"}) == "gamma");
  std::vector<std::string> many;
  for (int i = 0; i < 20; ++i) many.push_back("name" + std::to_string(100 + i));
  CHECK(expected_name("qqqqqqqqqqq", many).ends_with("name111, ..."));
}
