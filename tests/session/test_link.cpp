#include <doctest/doctest.h>

#include "core/error.h"
#include "core/random.h"
#include "experiment/registry.h"
#include "session/link.h"
#include "session/walk.h"

namespace lab {
namespace {

std::string complaint(std::string_view text) {
  try {
    decode_link(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("link: what is shown, as a text, and back") {
  Link link;
  link.experiment = "lr-gd-perceptron";
  link.schema = 1;
  link.set = {{"gamma", "1000"}, {"data", "points:0.5,-1,0;2,1.25,1"}, {"positive_class", "a & b"}};
  link.seed = 7;
  link.seeds = 5;
  link.step = 120;
  link.lineage = {
      {.parent = "", .step = 60, .set = {{"gamma", 1e-3}}},
      {.parent = "", .step = 80, .set = {{"gamma", 2e21}, {"name", std::string("a,b;c:d=e%")}}}};
  link.figures = {"loss", "errors"};
  link.controls = {"gamma"};
  link.view = {{"loss.log_y", "1"}, {"loss.hide", "lr_gd"}};
  link.digest = "0123456789abcdef";
  const std::string text =
      "lr-gd-perceptron?data=points:0.5,-1,0;2,1.25,1&gamma=1000&positive_class=a%20%26%20b&seed=7"
      "&seeds=5&schema=1&step=120&branches=60:gamma=0.001;80:gamma=2e%2B21,"
      "name=a%252Cb%253Bc%253Ad%253De%2525&figures=loss,errors&controls=gamma&v.loss.hide=lr_gd"
      "&v.loss.log_y=1&digest=0123456789abcdef";
  CHECK(encode(link) == text);
  const Link again = decode_link(text);
  CHECK(encode(again) == text);
  CHECK(again.set == link.set);
  CHECK(again.seed == 7);
  CHECK(again.seeds == 5);
  CHECK(again.step == 120);
  CHECK(again.lineage[1].set.at("name") == Value(std::string("a,b;c:d=e%")));
  CHECK(again.figures == link.figures);
  CHECK(again.controls == link.controls);
  CHECK(again.view == link.view);
  CHECK(again.digest == link.digest);

  CHECK(encode(decode_link("walk")) == "walk");
  CHECK(encode(decode_link("walk?")) == "walk");
}

TEST_CASE("link: the same from an address, a fragment, and an embedded figure's parameters") {
  const std::string text = "walk?noise=0.5&pull=1e3&seed=7&figures=a,b&controls=pull";
  CHECK(encode(decode_link("#" + text)) == text);
  CHECK(encode(decode_link("https://lab.example/x?theme=dark#" + text)) == text);
  CHECK(encode(decode_link(
            "experiment=walk&set=pull=1e3,noise=0.5,seed=7&controls=pull&figures=a,b")) == text);
  CHECK(
      encode(decode_link("https://lab.example/embed.html?experiment=walk&set=pull%3D1e3,noise=0.5,"
                         "seed=7&controls=pull&figures=a,b")) == text);
  CHECK(encode(decode_link(
            "?experiment=walk&pull=1e3&noise=0.5&seed=7&controls=pull&figures=a,b")) == text);
  // Commas of a value that is no setting of its own.
  CHECK(decode_link("experiment=x&set=data=points:1,2,0;3,4,1,gamma=5").set.at("data") ==
        "points:1,2,0;3,4,1");
}

TEST_CASE("link: hostile texts are refused, and say which parameter") {
  CHECK(complaint("") ==
        "link: no experiment is named; expected ID?NAME=VALUE&..., or experiment=ID&...");
  CHECK(complaint("https://lab.example/").starts_with("link: no experiment"));
  CHECK(complaint("a b?x=1").starts_with("link: 'a b' is not an experiment"));
  CHECK(complaint("walk?seed=-1").starts_with("link: seed: '-1' is not possible here"));
  CHECK(complaint("walk?seed=9007199254740992").starts_with("link: seed: "));
  CHECK(complaint("walk?seed=9007199254740991&seeds=2") ==
        "link: seed: the last seed would be 2^53 or more; expected seeds below 2^53");
  CHECK(complaint("walk?seed=1.5").starts_with("link: seed: "));
  CHECK(complaint("walk?seed=nan").starts_with("link: seed: "));
  CHECK(complaint("walk?seeds=0").starts_with("link: seeds: "));
  CHECK(complaint("walk?seeds=4097").starts_with("link: seeds: "));
  CHECK(complaint("walk?schema=0").starts_with("link: schema: "));
  CHECK(complaint("walk?step=1e300").starts_with("link: step: "));
  CHECK(complaint("walk?step").starts_with("link: step: it has no value"));
  CHECK(complaint("walk?a=1&a=2") == "link: a: given twice; expected it once");
  CHECK(complaint("walk?a=1&set=a=2") == "link: a: given twice; expected it once");
  CHECK(complaint("walk?experiment=walk") == "link: experiment: given twice; expected it once");
  CHECK(complaint("walk?a=%4").starts_with("link: a: '%4' is no encoded character"));
  CHECK(complaint("walk?a=%+1").starts_with("link: a: "));
  CHECK(complaint("walk?a=%ff").starts_with("link: a: bytes that are no text"));
  CHECK(complaint("walk?a=%00").starts_with("link: a: bytes that are no text"));
  CHECK(complaint("walk?a%0a=1").starts_with("link: bytes that are no text"));
  CHECK(complaint("walk?=1").starts_with("link: '' is not a name"));
  CHECK(complaint("walk?" + std::string(65, 'a') + "=1").starts_with("link: 'aaa"));
  CHECK(complaint("walk?figures=a,,b").starts_with("link: figures: '' is not a name"));
  CHECK(complaint("walk?controls=a%20b").starts_with("link: controls: "));
  CHECK(complaint("walk?digest=0123").starts_with("link: digest: '0123' is not a digest"));
  CHECK(complaint("walk?digest=0123456789ABCDEF").starts_with("link: digest: "));
  CHECK(complaint("walk?branches=5").starts_with("link: branches: '5' is not a branch"));
  CHECK(complaint("walk?branches=x:a=1").starts_with("link: branches: 'x' is not possible"));
  CHECK(complaint("walk?branches=5:a").starts_with("link: branches: 'a' sets nothing"));
  CHECK(complaint("walk?set=5").starts_with("link: set: '5' sets nothing"));
  CHECK(complaint("walk?set=set=1").starts_with("link: set: 'set' is not a setting"));
  std::string many = "walk?a0=1";
  for (int i = 1; i < 300; ++i) many += "&a" + std::to_string(i) + "=1";
  CHECK(complaint(many).starts_with("link: too many parameters"));
  CHECK(complaint("walk?a=" + std::string(kLongestLink, '1'))
            .starts_with("link: a link of 200007 bytes"));
}

TEST_CASE("link: no bytes at all bring the decoder down") {
  Stream stream(11, "test");
  const std::string alphabet = "walk?&=%#:;,./+-_v set.seed step digest 0123456789abcdef\xff\x01";
  for (int i = 0; i < 20'000; ++i) {
    std::string text = stream.below(2) == 0 ? "walk?" : "";
    const std::uint64_t length = stream.below(40);
    for (std::uint64_t k = 0; k < length; ++k) text += alphabet[stream.below(alphabet.size())];
    try {
      const Link link = decode_link(text);
      // What is understood has one text.
      CHECK(encode(decode_link(encode(link))) == encode(link));
    } catch (const Error& error) {
      CHECK(!error.problem().empty());
    }
  }
}

TEST_CASE(
    "link: from a resolved config only what is not at its default, and back to the same config") {
  const Resolved root =
      resolve(walk::config({{"pull", 0.5}, {"steps", std::int64_t{77}}}), walk::find(), "test");
  const Resolved branch = branched(root, 5, {{"noise", 0.25}}, "test");
  const Link link = link_of(branch, 3, 2);
  CHECK(encode(link) == "walk?pull=0.5&steps=77&seed=3&seeds=2&schema=2&branches=5:noise=0.25");
  const Link opened = decode_link(encode(link));
  CHECK(resolve(request_of(opened, walk::list()[0].schema), walk::find(), "link").digest() ==
        branch.digest());
  CHECK_THROWS_WITH_AS(request_of(decode_link("walk?pul=1"), walk::list()[0].schema),
                       doctest::Contains("'pull'"), Error);
  CHECK_THROWS_WITH_AS(request_of(decode_link("walk?pull=x"), walk::list()[0].schema),
                       doctest::Contains("link: field pull"), Error);
  CHECK_THROWS_AS(request_of(decode_link("walk?branches=5:pull=7"), walk::list()[0].schema), Error);
}

TEST_CASE("link: a field with the name of a word is told apart") {
  Link link;
  link.experiment = "x";
  link.set = {{"seed", "a"}, {"v.b", "c"}};
  link.seed = 4;
  CHECK(encode(link) == "x?set.seed=a&set.v.b=c&seed=4");
  CHECK(decode_link(encode(link)).set == link.set);
  CHECK(decode_link(encode(link)).seed == 4);
}

}  // namespace lab
