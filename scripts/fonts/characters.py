"""Prints every character that the bundled font should hold, in code order.

The set is made by rules, not kept as a list, so that a reader can see why a
character is in it: what Chinese people write every day (GB 2312), what the
window's own words and signs use, and the alphabets that its faces draw well.
Characters that the source font lacks are left out by the subsetter. Anything
rarer is drawn from the fonts of the system.
"""

import sys
import unicodedata

# First and last code point of blocks that are taken whole.
BLOCKS = [
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x024F),  # Latin-1, Latin Extended-A and B (pinyin tones included)
    (0x02B0, 0x02FF),  # modifier letters
    (0x0300, 0x036F),  # combining marks
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x045F),  # Cyrillic
    (0x1E00, 0x1EFF),  # Latin Extended Additional (Vietnamese)
    (0x2000, 0x206F),  # general punctuation
    (0x2070, 0x209F),  # superscripts and subscripts
    (0x20A0, 0x20BF),  # currency
    (0x2100, 0x214F),  # letterlike
    (0x2150, 0x218F),  # number forms
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematics
    (0x2300, 0x23FF),  # technical
    (0x2460, 0x24FF),  # enclosed numbers
    (0x2500, 0x25FF),  # box drawing, blocks, shapes
    (0x2600, 0x267F),  # signs
    (0x2700, 0x27BF),  # dingbats
    (0x3000, 0x303F),  # CJK punctuation
    (0x3040, 0x30FF),  # kana
    (0x3100, 0x312F),  # bopomofo
    (0x3200, 0x33FF),  # enclosed CJK, units
    (0xFF00, 0xFFEF),  # full and half width forms
]


def gb2312():
    """Yields every character of GB 2312, rows 1 to 87."""
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes((row, cell)).decode("gb2312")
            except UnicodeDecodeError:
                continue


def main():
    wanted = {chr(c) for first, last in BLOCKS for c in range(first, last + 1)}
    wanted.update(gb2312())
    kept = sorted(c for c in wanted if unicodedata.category(c) not in ("Cn", "Cc", "Zl", "Zp"))
    sys.stdout.write("".join(kept))


if __name__ == "__main__":
    main()
