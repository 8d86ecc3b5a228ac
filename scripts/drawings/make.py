"""Writes the stickers, dice and avatars that the other files here draw.

    make.py OUT          writes below the folder OUT
"""

import os
import sys

import avatars
import dice
import dumplings
import magpie


def files():
    """Yields every file's path and text."""
    for name, drawings in (("magpie", magpie.moods()), ("dumplings", dumplings.moods())):
        for word, svg in drawings:
            yield f"stickers/{name}/{word}.svg", svg
    for number, svg in dice.faces():
        yield f"dice/{number}.svg", svg
    for i, svg in enumerate(avatars.pictures(), 1):
        yield f"avatars/{i:02}.svg", svg


def main():
    for name, text in files():
        path = os.path.join(sys.argv[1], name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)


if __name__ == "__main__":
    main()
