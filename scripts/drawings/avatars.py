"""Twelve pictures for people and groups without one of their own. They fill the
square; what matters lies in the middle, because the window cuts them round."""

import math

from svg import circle, document, ellipse, line, linear, path, rect, star

W = 128


def sky(*stops):
    return linear("sky", 0, 0, 0, W, *stops), rect(0, 0, W, W, "url(#sky)")


def eye(x, y, r=7, ink="#1B2738"):
    return [circle(x, y, r, "#FFFFFF"), circle(x, y, r * 0.62, ink), circle(x - r * 0.22, y - r * 0.26, r * 0.22, "#FFFFFF")]


def portrait(ground, body, belly, beak, extra_back=(), extra=(), cheek="#FF8FA3", eyes_at=(46, 82), eye_y=62):
    """A round bird that looks out of the picture's lower edge."""
    g, back = sky(*ground)
    shapes = [back, *extra_back,
              path("M64 22C98 22 112 52 112 86C112 112 104 128 104 136H24C24 128 16 112 16 86C16 52 30 22 64 22Z", body),
              path("M64 86C72 74 98 76 98 104C98 122 92 136 88 140H40C36 136 30 122 30 104C30 76 56 74 64 86Z", belly)]
    shapes += list(extra)
    for x in eyes_at:
        shapes += eye(x, eye_y, 9)
    shapes += [path("M53 73C58 66 61 64 64 64C67 64 70 66 75 73C71 80 67 83 64 83C61 83 57 80 53 73Z", beak),
               ellipse(33, 78, 7, 4.5, cheek), ellipse(95, 78, 7, 4.5, cheek)]
    return document(W, shapes, [g])


def magpie():
    return portrait(((0, "#BFEFF2"), (1, "#7FD3DC")), "#1F2C42", "#FFFFFF", "#FFB02E",
                    extra=[path("M34 50C38 40 46 34 54 31C47 37 42 44 40 53C38 57 32 55 34 50Z", "#52698F")])


def robin():
    return portrait(((0, "#E6F3D8"), (1, "#B7DDA0")), "#8A6A52", "#F7F0E4", "#4A3A33",
                    extra=[path("M64 44C88 44 104 62 102 84C100 104 84 112 64 112C44 112 28 104 26 84C24 62 40 44 64 44Z", "#F2703D"),
                           path("M64 112C84 112 96 106 98 128H30C32 106 44 112 64 112Z", "#F7F0E4")])


def owl():
    g, back = sky((0, "#2B2F66"), (1, "#6B5BB5"))
    shapes = [back, star(24, 24, 5, "#FFE08A"), star(104, 20, 4, "#FFE08A"), star(112, 56, 3, "#FFE08A"), star(14, 58, 3, "#FFE08A"),
              path("M26 30C36 30 46 34 52 38H76C82 34 92 30 102 30C100 38 100 44 104 52C110 66 110 84 108 100L104 136H24L20 100C18 84 18 66 24 52C28 44 28 38 26 30Z", "#B9845A"),
              path("M64 84C82 84 92 96 92 112V136H36V112C36 96 46 84 64 84Z", "#F3DDBF"),
              line("M50 104Q54 110 58 104M70 104Q74 110 78 104M60 118Q64 124 68 118", "#B9845A", 3.5)]
    for x in (44, 84):
        shapes += [circle(x, 62, 21, "#F3DDBF"), circle(x, 62, 15, "#FFFFFF"), circle(x, 62, 9.5, "#2A1E3A"), circle(x - 3, 58.5, 3.2, "#FFFFFF")]
    shapes.append(path("M57 72C60 67 68 67 71 72C69 80 66 86 64 88C62 86 59 80 57 72Z", "#FFB02E"))
    return document(W, shapes, [g])


def chick():
    return portrait(((0, "#FFF0C2"), (1, "#FFD98A")), "#FFCB3D", "#FFE48F", "#FF8A3D",
                    extra=[line("M64 24C60 16 54 14 50 14M65 24C66 14 72 10 78 12", "#F2A900", 5)])


def parrot():
    return portrait(((0, "#D3F5E6"), (1, "#86DDB8")), "#2FA66A", "#C8F27A", "#3A3F4A",
                    extra=[path("M64 22C82 22 94 30 102 42C84 42 74 36 64 36C54 36 44 42 26 42C34 30 46 22 64 22Z", "#FF5C5C"),
                           path("M16 86C16 78 17 70 19 64C30 74 34 96 30 116C20 112 16 98 16 86Z", "#2A6FD0"),
                           path("M112 86C112 78 111 70 109 64C98 74 94 96 98 116C108 112 112 98 112 86Z", "#2A6FD0")])


def penguin():
    return portrait(((0, "#DDF1FF"), (1, "#9CCBF2")), "#34507A", "#FFFFFF", "#FF9A3D",
                    extra=[path("M64 46C70 36 100 36 100 66C100 80 96 92 90 100H38C32 92 28 80 28 66C28 36 58 36 64 46Z", "#FFFFFF"),
                           path("M20 104C46 114 82 114 108 104L109 118C82 128 46 128 19 118Z", "#FF5C7A"), path("M82 112L98 109L100 136H86Z", "#E8416A")])


def mountains():
    g, back = sky((0, "#FF9E7A"), (0.45, "#FFC98F"), (1, "#FFE9C2"))
    return document(W, [back, circle(64, 62, 24, "#FFF3C9"), circle(64, 62, 18, "#FFFFFF", fill_opacity=0.6),
                        path("M-4 96L30 54L50 78L70 46L104 84L132 60V132H-4Z", "#B76E8F"),
                        path("M70 46L81 58L75 62L69 57L62 63L59 64Z", "#FFF3E6"), path("M30 54L37 62L32 66L28 62L23 64Z", "#FFF3E6"),
                        path("M-4 104C18 88 34 86 54 98C78 112 100 90 132 92V132H-4Z", "#7A4A7A"),
                        path("M-4 118C24 104 52 110 76 116C98 122 114 114 132 110V132H-4Z", "#4E2F5E"),
                        line("M30 32Q36 26 41 32Q46 26 52 32M84 24Q88 20 91.500 24Q95 20 99 24", "#7A4A7A", 2.5)], [g])


def sea():
    g, back = sky((0, "#8FD8F5"), (0.6, "#D5F3FB"), (1, "#E9FAFF"))
    return document(W, [back, circle(94, 32, 15, "#FFE08A"),
                        path("M14 40C14 32 26 30 30 36C34 28 48 30 48 40C56 40 56 48 48 48H16C8 48 8 40 14 40Z", "#FFFFFF"),
                        path("M64 34V80H34C38 60 50 44 64 34Z", "#FF6B6B"), path("M69 44C82 54 92 66 96 80H69Z", "#FFF6E6"),
                        path("M26 85H102C98 98 90 104 78 104H48C36 104 30 96 26 85Z", "#8A5A3B"), line("M66.500 30V86", "#5F3C26", 4),
                        path("M-4 98C8 90 18 90 30 98C42 106 52 106 64 98C76 90 86 90 98 98C110 106 120 106 132 98V132H-4Z", "#3FA9DC"),
                        path("M-4 112C8 104 18 104 30 112C42 120 52 120 64 112C76 104 86 104 98 112C110 120 120 120 132 112V132H-4Z", "#1F7FBF")], [g])


def bamboo():
    g, back = sky((0, "#F3F7E6"), (1, "#CFE6B8"))
    shapes = [back, circle(70, 56, 34, "#F9C6B8")]
    for x, w, top, c, d in ((22, 12, -4, "#7DBB6B", "#5E9E50"), (48, 15, -4, "#5EA657", "#45863F"), (104, 13, -4, "#6DB15F", "#4F9146")):
        shapes += [rect(x - w / 2, top, w, 140, c)]
        shapes += [line(f"M{x - w / 2} {y}H{x + w / 2}", d, 3) for y in range(18 + x % 17, 128, 34)]
    for x, y, turn in ((55, 40, -28), (55, 44, 10), (97, 60, 200), (97, 64, 160), (29, 84, -18), (55, 98, -30)):
        a = math.radians(turn)
        tx, ty = x + 34 * math.cos(a), y + 34 * math.sin(a)
        nx, ny = -9 * math.sin(a), 9 * math.cos(a)
        mx, my = x + 13 * math.cos(a), y + 13 * math.sin(a)
        shapes.append(path(f"M{x} {y}Q{mx + nx:.4g} {my + ny:.4g} {tx:.4g} {ty:.4g}Q{mx - nx:.4g} {my - ny:.4g} {x} {y}Z", "#3F8F4B"))
    return document(W, shapes, [g])


def balloon():
    g, back = sky((0, "#6FA8FF"), (1, "#D6E7FF"))
    return document(W, [back, path("M8 96C8 88 20 86 24 92C28 84 42 86 42 96C50 96 50 106 42 106H12C2 106 2 96 8 96Z", "#FFFFFF"),
                        path("M92 40C92 33 101 31 105 36C109 29 120 31 120 40C127 40 127 48 120 48H95C87 48 87 40 92 40Z", "#FFFFFF"),
                        path("M64 14C90 14 102 34 98 54C95 68 80 80 74 90H54C48 80 33 68 30 54C26 34 38 14 64 14Z", "#FF6B6B"),
                        path("M64 14C80 14 84 34 82 54C80 70 74 80 70 90H58C54 80 48 70 46 54C44 34 48 14 64 14Z", "#FFD166"),
                        path("M64 14C70 14 72 34 71 54C70 70 67 82 66 90H62C61 82 58 70 57 54C56 34 58 14 64 14Z", "#FF6B6B"),
                        line("M55 91L57 102M73 91L71 102", "#8A5A3B", 2.5), path("M54 101H74L72 114C72 116 70 117 68 117H60C58 117 56 116 56 114Z", "#A8703F"),
                        rect(53, 100, 22, 4.5, "#8A5A3B", 2)], [g])


def waves():
    """Overlapping waves, as on Chinese and Japanese cloth."""
    shapes = [rect(0, 0, W, W, "#1F6F8B")]
    rings = (("#1F6F8B", 16), ("#F4EAD5", 14.5), ("#2FB5C7", 11), ("#F4EAD5", 7.5), ("#1F6F8B", 5))
    for row in range(-1, 18):
        y = row * 8
        for column in range(-1, 6):
            x = column * 32 + (16 if row % 2 else 0)
            shapes += [circle(x, y, r, c) for c, r in rings]
    return document(W, shapes)


def plum():
    """A branch of plum blossom, on which magpies bring luck."""
    g, back = sky((0, "#FFE3E6"), (1, "#F7B9C4"))
    shapes = [back, circle(86, 40, 26, "#FFF4DC"),
              line("M-6 112C24 104 44 92 60 72C72 58 92 50 112 24", "#5B3A3F", 8), line("M42 92C38 76 44 62 50 52", "#5B3A3F", 5),
              line("M78 58C92 66 104 68 118 66", "#5B3A3F", 5)]
    for x, y, size in ((50, 48, 13), (86, 50, 15), (28, 98, 14), (112, 26, 11), (110, 68, 12), (64, 82, 11)):
        for i in range(5):
            a = math.radians(72 * i - 90)
            shapes.append(circle(round(x + size * 0.58 * math.cos(a), 2), round(y + size * 0.58 * math.sin(a), 2), round(size * 0.5, 2), "#E8416A" if i % 2 else "#F0567B"))
        shapes += [circle(x, y, round(size * 0.34, 2), "#FFE9A8"), circle(x, y, round(size * 0.14, 2), "#C98A1B")]
    return document(W, shapes, [g])


def pictures():
    """Yields the drawings in their order; a number once given stays."""
    for draw in (magpie, robin, owl, chick, parrot, penguin, mountains, sea, bamboo, balloon, waves, plum):
        yield draw()
