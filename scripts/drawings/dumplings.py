"""The set "Dumplings": soft round friends, each of another colour."""

from svg import circle, document, drop, ellipse, heart, inside, line, linear, note, path, placed, rect, sparkle, star

INK, WHITE = "#5A3B42", "#FFFFFF"

# Light, middle and shade of a dough.
DOUGHS = {
    "milk": ("#FFFDF8", "#FFEBD0", "#EBC797"),
    "pink": ("#FFDCE5", "#FFB3C6", "#F08BA6"),
    "mint": ("#DDF8E7", "#A5E3BD", "#74C596"),
    "sky": ("#DDF0FF", "#A9D6F8", "#74B2E4"),
    "lemon": ("#FFF7C9", "#FFE27A", "#EDBE3E"),
    "grape": ("#EADFFF", "#C9B1F7", "#A385E3"),
    "peach": ("#FFE7D2", "#FFBD8A", "#EE9A62"),
}

ROUND = "M120 56C178 56 212 98 212 146C212 190 178 208 120 208C62 208 28 190 28 146C28 98 62 56 120 56Z"
FLAT = "M120 122C186 122 226 150 232 182C236 204 204 210 120 210C36 210 4 204 8 182C14 150 54 122 120 122Z"


def dough(colour, name="dough", x=0):
    light, middle, shade = DOUGHS[colour]
    return linear(name, 96 + x, 56, 144 + x, 220, (0, light), (0.6, middle), (1, shade))


def dots(y=134, gap=40, r=9):
    out = []
    for x in (120 - gap, 120 + gap):
        out += [circle(x, y, r, INK), circle(x - 3, y - 3.5, r / 3, WHITE)]
    return out


def arcs(y=134, gap=40, up=True):
    k = -1 if up else 1
    return [line(f"M{x - 12} {y - 4 * k}Q{x} {y + 14 * k} {x + 12} {y - 4 * k}", INK, 6) for x in (120 - gap, 120 + gap)]


def cheeks(y=154, gap=66, colour="#FF8FA3"):
    return [ellipse(120 - gap, y, 14, 9, colour, fill_opacity=0.75), ellipse(120 + gap, y, 14, 9, colour, fill_opacity=0.75)]


def smile(y=148, w=11):
    return line(f"M{120 - w} {y}Q120 {y + 13} {120 + w} {y}", INK, 5.5)


def grin(y=146, w=17):
    return [path(f"M{120 - w} {y}C{120 - w} {y + 30} {120 + w} {y + 30} {120 + w} {y}Z", "#B8405A"),
            path(f"M{120 - w * 0.6} {y + 17}C{120 - 4} {y + 11} {120 + 4} {y + 11} {120 + w * 0.6} {y + 17}C{120 + 6} {y + 23} {120 - 6} {y + 23} {120 - w * 0.6} {y + 17}Z", "#FF8FA3")]


def shine():
    return path("M62 100C72 84 88 76 104 73C92 82 80 92 72 106C68 113 57 109 62 100Z", WHITE, fill_opacity=0.8)


def bun(colour, face, back=(), front=(), body=ROUND, glow=True, more=()):
    shapes = [*back, path(body, "url(#dough)", stroke=DOUGHS[colour][2], stroke_width=3), *inside(*([shine()] if glow else []), *face), *front]
    return document(240, shapes, [dough(colour), *more], edge=6)


def hand(x, y, colour, turn=0):
    oval = "M17 0C17 7.2 9.4 13 0 13C-9.4 13 -17 7.2 -17 0C-17 -7.2 -9.4 -13 0 -13C9.4 -13 17 -7.2 17 0Z"
    return path(placed(oval, x, y, turn=turn), DOUGHS[colour][1], stroke=DOUGHS[colour][2], stroke_width=3)


def spiral(x, y):
    return line(f"M{x} {y}C{x + 4} {y - 5} {x + 9} {y + 2} {x + 3} {y + 7}C{x - 6} {y + 11} {x - 12} {y} {x - 7} {y - 8}"
                f"C{x} {y - 17} {x + 16} {y - 11} {x + 16} {y + 3}", INK, 4.5)


def moods():
    """Yields the sticker's word in messages and its drawing."""
    yield "happy", bun("pink", [*arcs(), *grin(), *cheeks()])
    yield "shy", bun("peach", [*arcs(up=False, y=130), smile(150, 7), *cheeks(150, 64, "#FF7A93"),
                               *[line(f"M{x} 158L{x + 6} 146", "#E8506F", 3.5) for x in (44, 54, 64, 172, 182, 192)]],
                     front=[hand(86, 190, "peach", 20), hand(154, 190, "peach", -20)])
    yield "cool", bun("sky", [line("M106 166Q124 174 136 160", INK, 5.5), *cheeks(160),
                              path("M54 116H186C188 142 178 156 156 156C138 156 130 146 126 132C122 128 118 128 114 132C110 146 102 156 84 156C62 156 52 142 54 116Z", "#2B3348"),
                              path("M66 122H96L78 148C68 144 64 134 66 122Z", "#5F6F96"), path("M138 122H168L150 148C140 144 136 134 138 122Z", "#5F6F96")],
                      front=[sparkle(204, 62, 18), sparkle(30, 84, 11)])
    yield "hug", bun("pink", [*arcs(128), smile(138, 8), *cheeks(144)],
                     front=[heart(120, 184, 44), hand(68, 186, "pink", 30), hand(172, 186, "pink", -30)])
    yield "sob", bun("sky", [line("M70 120L88 130M170 120L152 130", INK, 5.5),
                             line("M68 138Q80 148 92 138", INK, 6), line("M148 138Q160 148 172 138", INK, 6),
                             path("M66 144C62 166 56 184 50 198C62 206 80 206 86 200C90 180 92 162 92 146Z", "#6CC4F4"),
                             path("M174 144C178 166 184 184 190 198C178 206 160 206 154 200C150 180 148 162 148 146Z", "#6CC4F4"),
                             path("M106 176C106 160 134 160 134 176Z", "#B8405A")],
                     front=[ellipse(44, 208, 34, 9, "#8AD8FA"), ellipse(196, 208, 34, 9, "#8AD8FA")])
    yield "hungry", bun("lemon", [star(80, 130, 16, INK), star(160, 130, 16, INK), *grin(146, 15), *cheeks(156),
                                  drop(140, 168, 9, "#6CC4F4")],
                        front=[line("M26 196V150M16 142V156Q26 168 36 156V142M26 158V142", "#9AA7B8", 6),
                               line("M217 198V168", "#9AA7B8", 7), path("M208 174C204 146 214 128 226 126V174Z", "#C3CDDA")])
    yield "dizzy", bun("mint", [spiral(80, 132), spiral(160, 132), line("M98 168Q106 160 114 168T130 168T142 168", INK, 5.5)],
                       front=[star(66, 40, 12), star(122, 24, 15), star(178, 42, 11)])
    yield "melted", bun("milk", [line("M66 162H92M148 162H174", INK, 6), line("M108 180Q120 172 132 180", INK, 5.5), *cheeks(180, 78),
                                 path("M62 146C76 138 92 134 106 133C94 138 84 142 74 150C68 154 54 152 62 146Z", WHITE, fill_opacity=0.9)],
                        body=FLAT, glow=False, front=[drop(186, 112, 13)])
    yield "together", pair()
    yield "morning", bun("peach", [*arcs(), *grin(146, 13), *cheeks()],
                         back=[circle(120, 72, 46, "#FFC93C"),
                               line("M120 16V12M74 30L68 23M166 30L172 23M52 64L40 60M188 64L200 60", "#FFB02E", 8)],
                         front=[hand(32, 140, "peach", -50), hand(208, 140, "peach", 50)])
    yield "birthday", bun("milk", [*dots(140), smile(152), *cheeks(160),
                                   path("M46 92C68 66 92 56 120 56C148 56 172 66 194 92C188 112 174 112 168 98C162 116 146 116 140 100C134 118 108 118 102 100C96 116 78 116 72 98C66 112 52 112 46 92Z", "#FF8FA3"),
                                   *[circle(x, y, 4, c) for x, y, c in ((84, 84, "#FFF3B0"), (112, 74, "#8FE3EC"), (140, 82, "#FFF3B0"), (166, 86, "#8FE3EC"))]],
                          glow=False,
                          back=[rect(112, 32, 16, 32, "#7ABEF5", 5), *inside(line("M114 46L126 40", WHITE, 5))],
                          front=[drop(120, 22, 12, "#FFB02E"), star(44, 44, 12, "#FFC93C"), star(196, 44, 12, "#FF8FA3", 20)])
    yield "sprout", bun("mint", [*dots(), smile(), *cheeks()], back=[
        line("M120 64C120 50 120 40 122 30", "#3CA66B", 7),
        path("M122 36C114 16 94 8 76 12C80 30 100 40 122 34Z", "#5CC98A"), path("M122 32C130 14 150 8 166 14C160 34 142 42 122 32Z", "#7BDCA4")])
    yield "reading", bun("grape", [circle(80, 128, 22, WHITE, fill_opacity=0.6), circle(160, 128, 22, WHITE, fill_opacity=0.6),
                                   *dots(132, 40, 7), *[circle(x, 128, 22, "none", stroke=INK, stroke_width=5) for x in (80, 160)],
                                   line("M102 126Q120 118 138 126", INK, 5)],
                         front=[path("M120 172C100 158 70 156 46 162V212C70 206 100 208 120 220C140 208 170 206 194 212V162C170 156 140 158 120 172Z", "#FF8A5C"),
                                *inside(path("M116 178C98 166 74 164 54 168V204C74 200 98 202 116 212Z", WHITE), path("M124 178C142 166 166 164 186 168V204C166 200 142 202 124 212Z", WHITE),
                                        line("M66 178Q86 176 104 184M66 190Q86 188 104 196M174 178Q154 176 136 184M174 190Q154 188 136 196", "#C9CED8", 3.5))])
    yield "music", bun("sky", [*arcs(136), smile(150, 9), *cheeks(158, 58)],
                       back=[line("M36 132C30 20 210 20 204 132", "#4A4F6A", 12)],
                       front=[rect(16, 112, 34, 56, "#7A5CF0", 15), rect(190, 112, 34, 56, "#7A5CF0", 15),
                              *note(24, 60, "#FF5C7A"), *note(198, 44, "#2FB5C7")])
    yield "fire", bun("lemon", [line("M64 120L92 130M176 120L148 130", INK, 6.5), *dots(142, 40, 8), line("M106 164Q120 156 134 164", INK, 5.5), *cheeks(162)],
                      back=[path("M36 150C8 110 34 84 46 52C60 66 66 74 70 84C76 52 98 30 112 10C130 24 138 42 142 60C150 50 156 40 158 28C184 58 232 104 204 150Z", "#FF7A45"),
                            *inside(path("M54 130C44 108 58 92 66 78C76 86 82 92 86 100C92 76 104 58 114 42C128 60 134 76 138 92C146 86 152 78 156 68C176 90 200 112 188 134Z", "#FFC93C"))])
    yield "peek", bun("grape", [*dots(156, 40, 10)], body="M120 100C178 100 212 138 212 186V206H28V186C28 138 62 100 120 100Z", glow=False,
                      front=[rect(8, 188, 224, 26, "#C58B5A", 10), *inside(rect(16, 193, 208, 6, "#DDA877", 3)),
                             hand(72, 188, "grape"), hand(168, 188, "grape"),
                             line("M176 66C174 48 204 44 204 62C204 74 190 74 190 86", "#7A5CF0", 7), circle(190, 100, 5, "#7A5CF0")])


def pair():
    left = "M78 92C114 92 134 122 134 156C134 192 114 208 78 208C34 208 10 192 10 156C10 122 40 92 78 92Z"
    right = "M162 92C200 92 230 122 230 156C230 192 206 208 162 208C126 208 106 192 106 156C106 122 126 92 162 92Z"
    face = []
    for x, near in ((70, 1), (170, -1)):
        face += [line(f"M{x - 30} {144}Q{x - 20} {130} {x - 10} {144}", INK, 5.5), line(f"M{x + 10} {144}Q{x + 20} {130} {x + 30} {144}", INK, 5.5),
                 line(f"M{x - 7} 154Q{x} 163 {x + 7} 154", INK, 5), ellipse(x - 38, 160, 10, 7, "#FF8FA3", fill_opacity=0.8), ellipse(x + 38, 160, 10, 7, "#FF8FA3", fill_opacity=0.8)]
    shapes = [path(right, "url(#second)", stroke=DOUGHS["mint"][2], stroke_width=3), path(left, "url(#dough)", stroke=DOUGHS["pink"][2], stroke_width=3), *inside(*face), heart(120, 56, 30), heart(168, 40, 15, "#FF8FA3", 14), heart(76, 44, 13, "#FF8FA3", -14)]
    return document(240, shapes, [dough("pink", x=-40), dough("mint", "second", 40)], edge=6)
