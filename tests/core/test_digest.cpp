#include <doctest/doctest.h>

#include <bit>
#include <limits>
#include <vector>

#include "core/bytes.h"
#include "core/digest.h"
#include "core/error.h"

using lab::Digest;
using lab::Sha256;
using lab::sha256_hex;

TEST_CASE("SHA-256 gives the published hashes") {
  // FIPS 180-2, appendix B, and NIST's example for the empty message.
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                   "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu") ==
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  CHECK(sha256_hex(std::string(1000000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("SHA-256 pads correctly at every length around a block") {
  // The hash of the hashes of 0 ... 129 bytes 'x'; made with Python's hashlib.
  Sha256 all;
  for (std::size_t size = 0; size < 130; ++size) all.update(sha256_hex(std::string(size, 'x')));
  CHECK(lab::hex(all.finish()) ==
        "199af942eba7fa5d1e16d475169eb24018b14e69339c93d26a9ea6d873b4ace6");
}

TEST_CASE("SHA-256 does not depend on how the message is cut") {
  std::string message;
  for (int i = 0; i < 1000; ++i) message += static_cast<char>(i * 31 % 251);
  const std::string whole = sha256_hex(message);
  for (const std::size_t step : {1, 3, 55, 56, 63, 64, 65, 127, 128, 999}) {
    Sha256 hash;
    for (std::size_t at = 0; at < message.size(); at += step) {
      hash.update(std::string_view(message).substr(at, step));
    }
    CHECK(lab::hex(hash.finish()) == whole);
  }
}

TEST_CASE("a hash can be read in between, copied, saved and restored") {
  for (const std::size_t cut : {0, 1, 63, 64, 100}) {
    const std::string message(150, 'm');
    Sha256 hash;
    hash.update(std::string_view(message).substr(0, cut));
    CHECK(lab::hex(hash.finish()) == sha256_hex(message.substr(0, cut)));

    lab::ByteWriter writer;
    hash.save(writer);
    CHECK(writer.size() <= 112);
    const Sha256 copy = hash;
    hash.update(std::string_view(message).substr(cut));
    CHECK(lab::hex(hash.finish()) == sha256_hex(message));
    CHECK(lab::hex(copy.finish()) == sha256_hex(message.substr(0, cut)));

    Sha256 restored;
    restored.update("something else");
    lab::ByteReader reader(writer.view());
    restored.restore(reader);
    CHECK_NOTHROW(reader.expect_end());
    restored.update(std::string_view(message).substr(cut));
    CHECK(lab::hex(restored.finish()) == sha256_hex(message));
  }
}

TEST_CASE("a broken hash state is an error and changes nothing") {
  Sha256 hash;
  hash.update("abc");
  const std::string before = lab::hex(hash.finish());
  lab::ByteWriter writer;
  for (int i = 0; i < 8; ++i) writer.u32(0);
  writer.u64(5);  // five bytes fed, but only two waiting
  writer.bytes(std::vector<std::byte>(2));
  lab::ByteReader wrong(writer.view());
  CHECK_THROWS_AS(hash.restore(wrong), lab::Error);
  lab::ByteReader truncated(writer.view().first(20));
  CHECK_THROWS_AS(hash.restore(truncated), lab::Error);
  CHECK(lab::hex(hash.finish()) == before);
}

TEST_CASE("a digest is SHA-256 of tagged little-endian values") {
  // The same bytes, laid down by hand.
  std::string bytes;
  const auto lay = [&bytes](char tag, std::string_view rest) {
    bytes += tag;
    bytes += rest;
  };
  using namespace std::string_view_literals;
  lay('u', "\x08\x07\x06\x05\x04\x03\x02\x01"sv);
  lay('i', "\xff\xff\xff\xff\xff\xff\xff\xff"sv);
  lay('d', "\0\0\0\0\0\0\xf8\x3f"sv);
  lay('f', "\0\0\xc0\x3f"sv);
  lay('t', "\2\0\0\0\0\0\0\0hi"sv);
  lay('b', "\1\0\0\0\0\0\0\0\x80"sv);
  lay('D', "\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x80"sv);
  lay('F', "\1\0\0\0\0\0\0\0\0\0\x80\x7f"sv);
  lay('I', "\1\0\0\0\0\0\0\0\xfe\xff\xff\xff\xff\xff\xff\xff"sv);

  Digest digest;
  digest.u64(0x0102030405060708).i64(-1).f64(1.5).f32(1.5f).text("hi");
  digest.bytes(std::vector<std::byte>{std::byte{0x80}});
  digest.f64s(std::vector<double>{-0.0});
  digest.f32s(std::vector<float>{std::numeric_limits<float>::infinity()});
  digest.i64s(std::vector<std::int64_t>{-2});
  CHECK(digest.hex() == sha256_hex(bytes));
  CHECK(Digest().hex() == sha256_hex(""));
}

TEST_CASE("every NaN is the same NaN, but -0 is not 0") {
  const auto nan = [](std::uint64_t bits) { return std::bit_cast<double>(bits); };
  const std::string canonical = Digest().f64(nan(0x7ff8000000000000)).hex();
  const std::string canonical_array =
      Digest().f64s(std::vector<double>{nan(0x7ff8000000000000)}).hex();
  for (const std::uint64_t bits :
       std::vector<std::uint64_t>{0xfff8000000000000, 0x7ff8000000000001, 0xffffffffffffffff}) {
    CHECK(Digest().f64(nan(bits)).hex() == canonical);
    CHECK(Digest().f64s(std::vector<double>{nan(bits)}).hex() == canonical_array);
  }
  const std::string canonical_float = Digest().f32(std::bit_cast<float>(0x7fc00000)).hex();
  CHECK(Digest().f32(std::bit_cast<float>(0xffc01234)).hex() == canonical_float);
  CHECK(Digest().f64(0.0).hex() != Digest().f64(-0.0).hex());
  CHECK(Digest().f32(0.0f).hex() != Digest().f32(-0.0f).hex());
}

TEST_CASE("values of other types, other order or other grouping have other digests") {
  const std::vector<std::string> all{
      Digest().hex(),
      Digest().u64(0).hex(),
      Digest().i64(0).hex(),
      Digest().f64(0).hex(),
      Digest().f32(0).hex(),
      Digest().text("").hex(),
      Digest().bytes({}).hex(),
      Digest().f64s({}).hex(),
      Digest().f32s({}).hex(),
      Digest().i64s(std::span<const std::int64_t>{}).hex(),
      Digest().text("ab").text("c").hex(),
      Digest().text("a").text("bc").hex(),
      Digest().text("abc").hex(),
      Digest().f64s(std::vector<double>{1, 2}).hex(),
      Digest().f64s(std::vector<double>{1}).f64s(std::vector<double>{2}).hex(),
      Digest().f64(1).f64(2).hex(),
      Digest().f64(2).f64(1).hex(),
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) CHECK(all[i] != all[j]);
  }
}

TEST_CASE("arrays longer than a chunk are digested whole, and narrow integers as wide ones") {
  std::vector<double> values;
  std::vector<std::int32_t> narrow;
  std::vector<std::int64_t> wide;
  for (int i = 0; i < 1000; ++i) {
    values.push_back(i / 8.0);
    narrow.push_back(i - 500);
    wide.push_back(i - 500);
  }
  const std::string before = Digest().f64s(values).hex();
  for (const std::size_t at : {0, 255, 256, 999}) {
    std::vector<double> changed = values;
    changed[at] += 1;
    CHECK(Digest().f64s(changed).hex() != before);
  }
  CHECK(Digest().i64s(narrow).hex() == Digest().i64s(wide).hex());
}

TEST_CASE("a digest goes on after it was saved") {
  Digest digest;
  digest.f64(1).text("loss");
  lab::ByteWriter writer;
  digest.save(writer);
  Digest restored;
  lab::ByteReader reader(writer.view());
  restored.restore(reader);
  CHECK(digest.f64(2).hex() == restored.f64(2).hex());
}
