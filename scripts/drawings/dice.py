"""The six faces of a die; one and four in red, as dice are in China."""

from svg import circle, document, inside, linear, rect

PLACES = {
    1: ((60, 60),),
    2: ((38, 38), (82, 82)),
    3: ((36, 36), (60, 60), (84, 84)),
    4: ((38, 38), (82, 38), (38, 82), (82, 82)),
    5: ((36, 36), (84, 36), (60, 60), (36, 84), (84, 84)),
    6: ((38, 33), (82, 33), (38, 60), (82, 60), (38, 87), (82, 87)),
}


def faces():
    """Yields the number and its drawing."""
    for number, places in PLACES.items():
        colour, deep = ("#E5484D", "#B4232B") if number in (1, 4) else ("#2B3A52", "#121B29")
        r = 17 if number == 1 else 10.5
        shapes = [
            rect(9, 11, 102, 102, "#C3CDDA", 24),
            rect(9, 7, 102, 102, "url(#side)", 24),
            rect(14, 11, 92, 92, "url(#top)", 20),
        ]
        for x, y in places:
            shapes += inside(circle(x, y - 1.5, r, deep), circle(x, y, r - 0.6, colour), circle(x - r * 0.3, y + r * 0.42, r * 0.22, "#FFFFFF", fill_opacity=0.35))
        yield number, document(120, shapes, [
            linear("side", 0, 7, 0, 109, (0, "#F4F7FB"), (1, "#D6DEE9")),
            linear("top", 0, 11, 0, 103, (0, "#FFFFFF"), (1, "#F1F5FA")),
        ])
