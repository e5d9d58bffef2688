"""Prepares texts to learn from: corpora.py UNPACKED OUT

UNPACKED holds the files of the Debian packages bible-kjv-text, r-cran-janeaustenr and dict-jargon.
Written into OUT: scripture.txt, novels.txt and jargon.txt, a paragraph (or verse) a line, UTF-8.
"""

import gzip
import struct
import subprocess
import sys
import zlib
from pathlib import Path


def paragraphs(lines):
    """Lines between blank ones become one line, and runs of blanks one space."""
    blocks = "\n".join(line.rstrip() for line in lines).split("\n\n")
    joined = (" ".join(block.split()) for block in blocks)
    return "".join(line + "\n" for line in joined if line)


def scripture(root):
    """The New Testament of the King James Version, without the numbers of the verses.

    A header with, at byte 84, the number of windows after their size, and where each begins; a
    window is what compress(1) makes, most of them without the three bytes of its header.
    """
    data = (root / "usr/lib/bible.data").read_bytes()
    (windows,) = struct.unpack_from(">I", data, 88)
    begins = struct.unpack_from(f">{windows + 1}I", data, 92)
    magic, text = b"\x1f\x9d\x90", b""
    for begin, end in zip(begins, begins[1:]):
        packed = data[begin:end]
        if not packed.startswith(magic):
            packed = magic + packed
        text += subprocess.run(["gzip", "-dc"], input=packed, check=True, stdout=subprocess.PIPE).stdout
    verses = [line.split(" ", 1) for line in text.decode("ascii").splitlines()[1:]]
    first = next(i for i, verse in enumerate(verses) if verse[0].startswith("Mat"))
    return "".join(f"{words.strip()}\n" for _, words in verses[first:])


def novels(root):
    """Pride and Prejudice and Persuasion, from a database of R's.

    Each object is a length and a zlib stream; in it, after a header, a vector of strings: 9 in the
    lowest byte of a string's flags, its length, its bytes.
    """
    data = (root / "usr/lib/R/site-library/janeaustenr/data/Rdata.rdb").read_bytes()
    books = []
    while data:
        unpack = zlib.decompressobj()
        item = unpack.decompress(data[4:])
        data = unpack.unused_data
        (encoding,) = struct.unpack_from(">I", item, 14)
        (count,) = struct.unpack_from(">I", item, 22 + encoding)
        at = 26 + encoding
        lines = []
        for _ in range(count):
            (length,) = struct.unpack_from(">I", item, at + 4)
            lines.append(item[at + 8 : at + 8 + length].decode("utf-8"))
            at += 8 + length
        books.append(lines)
    wanted = ["PRIDE AND PREJUDICE", "Persuasion"]
    return "".join(paragraphs(next(b for b in books if b[0].strip() == title)) for title in wanted)


def jargon(root):
    """The Jargon File, without what the dictionary adds: where it is from, and a line of signs."""
    text = gzip.decompress((root / "usr/share/dictd/jargon.dict.dz").read_bytes()).decode("utf-8")
    lines = text.splitlines()
    return paragraphs(lines[lines.index("(TM)") : -1])


if __name__ == "__main__":
    unpacked, out = map(Path, sys.argv[1:])
    for make in (scripture, novels, jargon):
        (out / f"{make.__name__}.txt").write_bytes(make(unpacked).encode("utf-8"))
