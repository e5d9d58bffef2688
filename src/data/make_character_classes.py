"""Which characters are letters, numbers and white space? Writes character_classes.inc.

    python3 src/data/make_character_classes.py

Letters and numbers are the general categories L* and N* of the Unicode data that this Python
carries. White space is the property White_Space: what str.isspace calls so but the four information
separators U+001C to U+001F, which have it only by their bidirectional class.
"""

import sys
import unicodedata
from pathlib import Path

OTHER, LETTER, NUMBER, SPACE = range(4)


def class_of(code):
    character = chr(code)
    category = unicodedata.category(character)
    if category[0] == "L":
        return LETTER
    if category[0] == "N":
        return NUMBER
    if character.isspace() and not 0x1C <= code <= 0x1F:
        return SPACE
    return OTHER


starts = []
last = None
for code in range(sys.maxunicode + 1):
    now = class_of(code)
    if now != last:
        starts.append(4 * code + now)
        last = now

lines = [f"// Unicode {unicodedata.unidata_version}; made by make_character_classes.py."]
line = ""
for start in starts:
    word = f"{start:#x},"
    if len(line) + 1 + len(word) > 100:
        lines.append(line)
        line = ""
    line += (" " if line else "") + word
lines.append(line)
path = Path(__file__).resolve().parent / "character_classes.inc"
path.write_text("\n".join(lines) + "\n", encoding="utf-8")
