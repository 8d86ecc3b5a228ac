"""The set "Magpie": one bird in sixteen moods."""

from svg import circle, document, drop, ellipse, heart, inside, line, linear, path, placed, rect, sparkle, star, zed

DARK, BELLY, BEAK, CHEEK, WHITE = "#1B2738", "#F7FAFF", "#FFB02E", "#FF8FA3", "#FFFFFF"

GRADIENTS = [
    linear("body", 120, 36, 120, 214, (0, "#33466A"), (0.55, "#1F2C42"), (1, "#162031")),
    linear("tail", 150, 190, 230, 110, (0, "#1F2C42"), (0.6, "#2A6FA8"), (1, "#2FB5C7")),
    linear("belly", 120, 130, 120, 210, (0, "#FFFFFF"), (1, "#DFE9F7")),
    linear("beak", 120, 98, 120, 126, (0, "#FFC553"), (1, "#FF9A1F")),
]

LEFT, RIGHT = (60, 132), (180, 132)  # shoulders


def wing(shoulder, turn):
    """A wing that hangs down from the shoulder, turned clockwise."""
    def at(d):
        return placed(d, *shoulder, turn=turn)

    return [
        path(at("M-15 -6C-27 18 -24 54 2 76C24 56 26 18 15 -6C9 -15 -9 -15 -15 -6Z"), "#2A5F96"),
        *inside(path(at("M-20 34C-17 52 -11 66 2 76C13 66 19 52 20 34C8 40 -8 40 -20 34Z"), "#2FB5C7"),
                path(at("M-20 14C-8 21 8 21 19 14C21 20 21 26 20 32C8 39 -8 39 -21 32C-22 26 -21 20 -20 14Z"), WHITE),
                line(at("M-7 52C-6 57 -3 62 1 67"), "#9BEAF2", 3.5)),
    ]


def eyes(kind):
    out = []
    for x, side in ((90, -1), (150, 1)):
        y = 92
        if kind == "happy":
            out.append(line(f"M{x - 14} {y + 5}Q{x} {y - 17} {x + 14} {y + 5}", WHITE, 7))
        elif kind == "closed":
            out.append(line(f"M{x - 14} {y - 2}Q{x} {y + 14} {x + 14} {y - 2}", WHITE, 6.5))
        elif kind == "squeezed":
            out.append(line(f"M{x - side * -12} {y - 11}L{x + side * -10} {y}L{x - side * -12} {y + 11}", WHITE, 7))
        elif kind == "heart":
            out.append(heart(x, y, 25, "#FF5C7A", side * 8))
        elif kind == "star":
            out += [circle(x, y, 20, WHITE), star(x, y + 1, 17, "#FFB02E")]
        elif kind == "wide":
            out += [circle(x, y, 23, WHITE), circle(x, y, 8, DARK), circle(x - 3, y - 3, 2.6, WHITE)]
        elif kind == "wink" and side > 0:
            out.append(line(f"M{x - 13} {y + 5}Q{x} {y - 15} {x + 13} {y + 5}", WHITE, 7))
        elif kind == "angry":
            # A circle cut off by the brow, which falls towards the beak.
            out += [path(f"M{x - side * 18.5} {y - 4}A19 19 0 1 {int(side < 0)} {x + side * 10.5} {y - 16}Z", WHITE),
                    circle(x - 2 * side, y + 4, 9.5, DARK), circle(x - 2 * side - 3, y + 1, 3.2, WHITE),
                    line(f"M{x - side * 20} {y - 6}L{x + side * 17} {y - 21}", WHITE, 6.5)]
        else:
            dx, dy = {"up": (5, -7), "down": (0, 6)}.get(kind, (0, 1))
            out += [circle(x, y, 19, WHITE), circle(x + dx, y + dy, 11.5, DARK),
                    circle(x + dx - 4, y + dy - 5, 4, WHITE), circle(x + dx + 4, y + dy + 4, 1.8, WHITE)]
            if kind == "sad":
                out.append(line(f"M{x - side * 14} {y - 31}L{x + side * 12} {y - 23}", WHITE, 5))
    return inside(*out)


def beak(kind):
    if kind == "open":
        return inside(
            path("M103 111C104 138 136 138 137 111Z", "#C7354F"),
            path("M110 125C113 119 127 119 130 125C127 134 113 134 110 125Z", "#FF8FA3"),
            path("M99 112C106 101 114 97 120 97C126 97 134 101 141 112C130 117 110 117 99 112Z", "url(#beak)"))
    if kind == "oh":
        return inside(ellipse(120, 120, 13, 15, "url(#beak)"), ellipse(120, 121, 7, 9, "#8E2339"))
    if kind == "sad":
        return inside(path("M102 120C108 106 114 103 120 103C126 103 132 106 138 120C128 115 112 115 102 120Z", "url(#beak)"))
    return inside(
        path("M102 110C109 101 115 98 120 98C125 98 131 101 138 110C132 121 126 126 120 126C114 126 108 121 102 110Z", "url(#beak)"),
        line("M105 111C113 115 127 115 135 111", "#D97706", 3))


def feet():
    out = []
    for x in (97, 143):
        out.append(line(f"M{x} 204V217M{x - 10} 219Q{x} 211 {x + 10} 219M{x} 216V220", "#FF9A1F", 7))
    return out


def bird(eye="open", mouth="calm", left=16, right=-16, back=(), front=(), over=(), blush=True, tail=True):
    """The bird; `back` lies behind it, `front` before it, `over` before its wings."""
    shapes = list(back)
    if tail:
        shapes += [path("M140 200C184 204 214 172 230 104C232 94 218 88 212 98C194 138 174 156 140 160Z", "url(#tail)"),
                   *inside(line("M170 184C192 170 208 146 218 112", "#8FE3EC", 3.5))]
    shapes += feet()
    shapes += [
        path("M104 46C98 28 108 14 128 10C124 22 134 30 138 46Z", "#33466A"),
        path("M120 36C172 36 198 76 198 124C198 182 168 212 120 212C72 212 42 182 42 124C42 76 68 36 120 36Z", "url(#body)"),
        *inside(
            path("M120 146C130 128 170 130 172 164C173 193 150 206 120 206C90 206 67 193 68 164C70 130 110 128 120 146Z", "url(#belly)"),
            path("M70 74C78 58 92 50 104 48C92 56 82 66 77 78C75 83 67 80 70 74Z", "#52698F")),
    ]
    if blush:
        shapes += inside(ellipse(66, 118, 12, 8, CHEEK), ellipse(174, 118, 12, 8, CHEEK))
    shapes += eyes(eye) + beak(mouth)
    shapes += list(front)
    if left is not None:
        shapes += wing(LEFT, left)
    if right is not None:
        shapes += wing(RIGHT, right)
    shapes += list(over)
    return document(240, shapes, GRADIENTS, edge=6)


def mug():
    return [
        line("M146 166C164 162 166 190 144 188", "#E8734A", 9),
        path("M92 152H148V184C148 198 140 204 130 204H110C100 204 92 198 92 184Z", "#FF8A5C"),
        *inside(ellipse(120, 152, 28, 8, "#FFB38F"), ellipse(120, 153, 22, 5.5, "#6B3A22"), heart(120, 180, 13, WHITE)),
        *inside(line("M108 145C103 140 112 136 108 130", WHITE, 5), line("M132 145C127 140 136 136 132 130", WHITE, 5)),
    ]


def gift():
    return [
        rect(82, 160, 76, 54, "#FF5C7A", 8), *inside(rect(112, 160, 16, 54, "#FFD166")),
        rect(76, 152, 88, 20, "#FF7A93", 7), *inside(rect(112, 152, 16, 20, "#FFD166")),
        line("M120 152C104 154 94 144 102 137C109 132 118 140 120 152C122 140 131 132 138 137C146 144 136 154 120 152Z", "#FFC93C", 6),
    ]


def umbrella():
    top = "M36 72C40 26 76 4 120 4C164 4 200 26 204 72C190 62 176 62 162 72C148 62 134 62 120 72C106 62 92 62 78 72C64 62 50 62 36 72Z"
    return [line("M196 60V186C196 200 178 200 178 188", "#8A5A3B", 6), path(top, "#FF6B6B"),
            *inside(path("M78 72C80 40 96 14 120 4C144 14 160 40 162 72C148 62 134 62 120 72C106 62 92 62 78 72Z", "#FF9A9A"))]


def confetti():
    colours = ("#FF5C7A", "#FFC93C", "#2FB5C7", "#7A5CF0", "#4CC38A")
    places = ((28, 60, 20), (212, 54, -30), (44, 26, 50), (196, 22, 10), (20, 104, -15), (222, 96, 40), (70, 14, -40), (168, 12, 25))
    return [path(placed("M-6 -3.5L6 -3.5L6 3.5L-6 3.5Z", x, y, turn=t), colours[i % 5]) for i, (x, y, t) in enumerate(places)]


def moods():
    """Yields the sticker's word in messages and its drawing."""
    yield "hello", bird("happy", "open", right=-142, over=[
        line("M214 34Q228 46 230 62", "#2FB5C7", 6), line("M204 48Q214 56 216 66", "#2FB5C7", 6)])
    yield "ok", bird("wink", right=-146, left=16, over=[
        circle(204, 60, 28, "#3CC27E"), *inside(line("M191 61L200 71L218 49", WHITE, 9))])
    yield "love", bird("heart", "open", left=40, right=-40, over=[
        heart(34, 50, 22), heart(208, 60, 28, "#FF7A93", 14), heart(196, 22, 15, "#FF5C7A", -10)])
    yield "laugh", bird("squeezed", "open", left=44, right=-44, over=[
        drop(46, 88, 15, turn=38), drop(194, 88, 15, turn=-38)])
    yield "cry", bird("sad", "sad", left=16, right=-16, blush=False, front=inside(
        path("M76 108C74 140 70 160 66 176C76 184 92 184 100 176C100 156 102 132 102 110Z", "#8AD8FA"),
        path("M164 108C166 140 170 160 174 176C164 184 148 184 140 176C140 156 138 132 138 110Z", "#8AD8FA")), over=[
        ellipse(64, 214, 32, 8, "#8AD8FA"), ellipse(176, 214, 32, 8, "#8AD8FA")])
    yield "sleep", bird("closed", "calm", left=10, right=-10, over=[
        zed(178, 52, 17), zed(202, 24, 24)])
    yield "angry", bird("angry", "sad", left=38, right=-38, blush=False, over=[
        line("M186 26L206 46M206 26L186 46", "#FF4D4D", 8), line("M30 62C22 54 24 42 34 40", "#FF8A5C", 6), line("M16 82C6 72 8 54 18 48", "#FF8A5C", 6)])
    yield "surprised", bird("wide", "oh", left=142, right=-142, over=[
        line("M34 24L46 40M206 24L194 40M72 8L78 22M168 8L162 22", "#FFB02E", 7)])
    yield "thinking", bird("up", "calm", right=82, over=[
        line("M190 44C188 24 222 20 222 40C222 54 206 54 206 68", "#7A5CF0", 8), circle(206, 84, 5.5, "#7A5CF0")])
    yield "thanks", bird("happy", "calm", left=-52, right=52, over=[
        *flower(120, 150), sparkle(30, 60, 15), sparkle(210, 60, 20), sparkle(192, 24, 11)])
    yield "party", bird("star", "open", left=142, right=-142, back=confetti(), over=[
        path("M88 52L124 -2L152 48C134 40 108 40 88 52Z", "#7A5CF0"),
        *inside(line("M101 34C112 28 126 26 140 27", "#FFC93C", 6), line("M112 18C118 15 126 14 132 15", "#FF8FA3", 5)),
        circle(124, 8, 8, "#FFC93C")])
    yield "coffee", bird("closed", "calm", left=-38, right=38, over=mug())
    yield "rain", bird("open", "calm", left=16, right=-30, tail=False, over=[
        *umbrella(), drop(22, 104, 11), drop(14, 150, 11), drop(226, 110, 11), drop(228, 154, 11)])
    yield "goodnight", bird("closed", "calm", left=14, right=-14, over=[
        path("M62 62C66 26 104 14 140 28C170 34 196 48 212 88C196 76 182 70 172 66C140 46 96 46 62 62Z", "#6C8CFF"),
        *inside(line("M66 58C98 42 140 42 172 62", "#DDE5FF", 12)), circle(210, 92, 11, "#FFE08A"),
        path("M34 16C22 20 14 32 16 46C18 60 32 68 46 64C34 60 28 50 28 38C28 30 30 22 34 16Z", "#FFD166"),
        star(70, 16, 9), star(22, 92, 8)])
    yield "cheer", bird("angry", "open", left=140, right=-140, over=[
        path("M50 66C92 50 148 50 190 66L194 50C150 32 90 32 46 50Z", "#FF4D4D"), *inside(circle(120, 49, 9, WHITE)),
        path("M188 52L212 40L208 54L222 58L194 66Z", "#FF4D4D")])
    yield "gift", bird("open", "open", left=-44, right=44, over=gift())


def flower(x, y):
    petals = [circle(x + dx, y + dy, 11, "#FF8FA3") for dx, dy in ((0, -13), (12.5, -4), (8, 10.5), (-8, 10.5), (-12.5, -4))]
    return [line(f"M{x} {y + 8}V{y + 54}", "#3CA66B", 6), path(f"M{x} {y + 40}C{x + 8} {y + 24} {x + 22} {y + 24} {x + 26} {y + 26}C{x + 24} {y + 38} {x + 12} {y + 44} {x} {y + 40}Z", "#5CC98A"),
            *petals, *inside(circle(x, y, 9, "#FFD166"))]
