"""Prints the licence that must travel with the font: the copyright notice of
the font file itself, then the text of the SIL Open Font License as Debian's
copyright file gives it (indented by a space, " ." for an empty line)."""

import sys

from fontTools.ttLib import TTFont


def notice(font_path, number):
    names = TTFont(font_path, fontNumber=number, lazy=True)["name"]
    return names.getDebugName(0)


def stanza(copyright_path):
    lines = []
    inside = False
    with open(copyright_path, encoding="utf-8") as f:
        for line in f:
            line = line.rstrip("\n")
            if line.split() == ["License:", "SIL-1.1"] and not inside:
                # The first hit is the "Files: *" paragraph, which has no text.
                inside = True
                lines = []
                continue
            if inside:
                if line.startswith(" "):
                    lines.append("" if line == " ." else line[1:])
                    continue
                if lines:
                    return lines
                inside = False
    return lines


def main():
    font_path, copyright_path = sys.argv[1:3]
    text = stanza(copyright_path)
    if not any("SIL OPEN FONT LICENSE Version 1.1" in line for line in text):
        sys.exit("licence.py: no SIL licence in " + copyright_path)
    print(notice(font_path, 2))
    print()
    print("This Font Software is licensed under the SIL Open Font License, Version 1.1.")
    print()
    print("\n".join(text))


if __name__ == "__main__":
    main()
