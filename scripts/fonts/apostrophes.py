"""Writes the Simplified Chinese face of Noto Sans CJK with narrow apostrophes.

    apostrophes.py NotoSansCJK-Regular.ttc OUT.otf

That face draws U+2018 and U+2019 as wide as a Hanzi, so that "don’t", as every
telephone writes it, falls apart. Chinese hardly uses them. The glyphs of the
Korean face, which shares its outlines, are as wide as Latin ones. The double
marks stay wide, as Chinese sets them.
"""

import sys

from fontTools.ttLib import TTFont

KOREAN, CHINESE = 1, 2


def main(source, out):
    narrow = TTFont(source, fontNumber=KOREAN, lazy=True).getBestCmap()
    font = TTFont(source, fontNumber=CHINESE, lazy=True, recalcTimestamp=False, recalcBBoxes=False)
    for table in font["cmap"].tables:
        if table.isUnicode() and table.format != 14:
            for mark in (0x2018, 0x2019):
                table.cmap[mark] = narrow[mark]
    font.save(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
