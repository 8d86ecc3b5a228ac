"""Cuts the pictures of all emoji out of Noto Color Emoji and writes them with
their names.

    emoji.py FONT UNICODE OUT

FONT is NotoColorEmoji.ttf with bitmaps (CBDT), UNICODE the folder of Debian's
unicode-data and unicode-cldr-core. OUT gets

    pictures.bin        WebP pictures of 72 by 72 pixels, one after another
    index.tsv           where each is, and the names (see assets/emoji.go)
    emojisequences.txt  what package im recognises in a text

The same font, data, Pillow and libwebp give the same bytes.
"""

import io
import os
import sys
import xml.etree.ElementTree as ElementTree

from fontTools.ttLib import TTFont
from PIL import Image

SIDE = 72  # pixels of a stored picture
CROP = (4, 0, 132, 128)  # the font's strike is 136 by 128 with empty sides
QUALITY = 80  # of the colours

# Levels of opacity besides 0. The channel is stored without loss, so that it
# takes more than the colours do unless it has few values; on an edge a pixel
# wide 16 look like 256.
LEVELS = 15

STYLE = "\ufe0f"
TONES = {chr(c) for c in range(0x1F3FB, 0x1F400)}

GROUPS = {
    "Smileys & Emotion": "smileys",
    "People & Body": "people",
    "Component": "",
    "Animals & Nature": "animals",
    "Food & Drink": "food",
    "Travel & Places": "travel",
    "Activities": "activities",
    "Objects": "objects",
    "Symbols": "symbols",
    "Flags": "flags",
}


def test_lines(path):
    """Yields sequence, status, group and English name of emoji-test.txt."""
    group = None
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.startswith("# group:"):
                group = GROUPS[line.split(":", 1)[1].strip()]
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            code_points, rest = line.split(";", 1)
            status, comment = rest.split("#", 1)
            sequence = "".join(chr(int(c, 16)) for c in code_points.split())
            # "😀 E1.0 grinning face"
            yield sequence, status.strip(), group, comment.split(None, 2)[2]


def annotations(folder, language):
    """Returns names and keywords by sequence without U+FE0F."""
    names, keywords = {}, {}
    for part in ("annotations", "annotationsDerived"):
        path = os.path.join(folder, "cldr", "common", part, language + ".xml")
        for a in ElementTree.parse(path).iter("annotation"):
            key = a.get("cp").replace(STYLE, "")
            if a.get("type") == "tts":
                names[key] = a.text.strip()
            else:
                keywords[key] = [w.strip() for w in a.text.split("|")]
    return names, keywords


def later_names(path):
    """Reads the names of emoji that are newer than the annotations."""
    names, keywords = {}, {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.startswith("#"):
                continue
            sequence, name, words = line.rstrip("\n").split("\t")
            key = sequence.replace(STYLE, "")
            names[key] = name
            keywords[key] = words.split("|")
    return names, keywords


class Font:
    """Finds the picture of a sequence: through the character map, and where
    there are several characters through the font's ligatures."""

    def __init__(self, path):
        font = TTFont(path)
        self.map = font.getBestCmap()
        self.strike = font["CBDT"].strikeData[0]
        self.ligatures = {}
        for lookup in font["GSUB"].table.LookupList.Lookup:
            for table in lookup.SubTable:
                for first, ligatures in getattr(table, "ligatures", {}).items():
                    for ligature in ligatures:
                        parts = (first, *ligature.Component)
                        self.ligatures.setdefault(parts, ligature.LigGlyph)

    def glyph(self, bare):
        glyphs = tuple(self.map.get(ord(c)) for c in bare)
        glyph = glyphs[0] if len(glyphs) == 1 else self.ligatures.get(glyphs)
        if glyph not in self.strike:
            sys.exit("emoji.py: the font has no picture of " + ascii(bare))
        return glyph

    def picture(self, glyph):
        image = Image.open(io.BytesIO(self.strike[glyph].imageData)).convert("RGBA")
        if image.size != (136, 128):
            sys.exit(f"emoji.py: {glyph} is {image.size}, not (136, 128)")
        image = image.crop(CROP).resize((SIDE, SIDE), Image.LANCZOS)
        opacity = image.getchannel("A")
        image.putalpha(opacity.point(lambda v: round(round(v * LEVELS / 255) * 255 / LEVELS)))
        out = io.BytesIO()
        image.save(out, "WEBP", quality=QUALITY, method=6)
        return out.getvalue()


def clean(words):
    """Lower case, each once, nothing that the index's signs would break."""
    kept = []
    for word in words:
        word = word.lower()
        if word not in kept and not set(word) & set("\t\n|"):
            kept.append(word)
    return kept


def main():
    font_path, unicode, out = sys.argv[1:4]
    lines = list(test_lines(os.path.join(unicode, "emoji", "emoji-test.txt")))

    recognised = set()
    for sequence, status, _, _ in lines:
        bare = sequence.replace(STYLE, "")
        if len(bare) > 1:
            recognised.add(bare)
        elif status != "unqualified":
            recognised.add(sequence)  # U+FE0F at the end: text without it
    with open(os.path.join(out, "emojisequences.txt"), "w", encoding="utf-8") as f:
        f.writelines(s + "\n" for s in sorted(recognised))

    font = Font(font_path)
    english, english_words = annotations(unicode, "en")
    chinese, chinese_words = annotations(unicode, "zh")
    here = os.path.dirname(os.path.abspath(__file__))
    later, later_words = later_names(os.path.join(here, "later.tsv"))

    places = {}  # of a glyph: two sequences may share one
    offset = 0
    missing = []
    with open(os.path.join(out, "pictures.bin"), "wb") as pictures, open(
        os.path.join(out, "index.tsv"), "w", encoding="utf-8"
    ) as index:
        for sequence, status, group, name in lines:
            if status not in ("fully-qualified", "component"):
                continue
            bare = sequence.replace(STYLE, "")
            glyph = font.glyph(bare)
            if glyph not in places:
                data = font.picture(glyph)
                pictures.write(data)
                places[glyph] = (offset, len(data))
                offset += len(data)
            fields = [sequence, *map(str, places[glyph])]
            if group and not TONES & set(sequence):
                in_chinese = chinese.get(bare) or later.get(bare)
                if not in_chinese:
                    missing.append(sequence + "\t" + name)
                    continue
                words = english_words.get(bare, []) + chinese_words.get(bare, later_words.get(bare, []))
                fields += [group, english.get(bare, name), in_chinese, "|".join(clean(words))]
            index.write("\t".join(fields) + "\n")
    if missing:
        sys.exit("emoji.py: no Chinese name in later.tsv for\n" + "\n".join(missing))


if __name__ == "__main__":
    main()
