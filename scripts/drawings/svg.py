"""The little of SVG that the drawings use, all of which Fyne's rasteriser
understands: no filters, classes, uses, clips or text. Shapes are turned and
scaled here, because it widens no strokes and turns no gradients with them."""

import math
import re


def attributes(named):
    return "".join(f' {k.replace("_", "-")}="{v}"' for k, v in named.items() if v is not None)


class Shape:
    """One element. `cut` says that it is part of the silhouette, around which a
    sticker has a white edge."""

    def __init__(self, tag, cut=True, **named):
        self.tag, self.cut, self.named = tag, cut, named

    def __str__(self):
        return f"<{self.tag}{attributes(self.named)}/>"

    def edge(self, width):
        """The same shape in white, wider by `width` on all sides."""
        named = {k: v for k, v in self.named.items() if not k.startswith(("fill", "stroke"))}
        own = float(self.named.get("stroke_width") or 0) if self.named.get("stroke") else 0
        fill = "none" if self.named.get("fill") == "none" else "#FFFFFF"
        named.update(fill=fill, stroke="#FFFFFF", stroke_width=f"{own + 2 * width:g}",
                     stroke_linejoin="round", stroke_linecap="round")
        return f"<{self.tag}{attributes(named)}/>"


def circle(x, y, r, fill, **more):
    return Shape("circle", cx=x, cy=y, r=r, fill=fill, **more)


def ellipse(x, y, rx, ry, fill, **more):
    return Shape("ellipse", cx=x, cy=y, rx=rx, ry=ry, fill=fill, **more)


def path(d, fill, **more):
    return Shape("path", d=d, fill=fill, **more)


def line(d, colour, width, **more):
    return Shape("path", d=d, fill="none", stroke=colour, stroke_width=width,
                 stroke_linecap="round", stroke_linejoin="round", **more)


def rect(x, y, w, h, fill, r=0, **more):
    return Shape("rect", x=x, y=y, width=w, height=h, rx=r or None, ry=r or None, fill=fill, **more)


def inside(*shapes):
    """Marks shapes as lying within the silhouette."""
    for s in shapes:
        s.cut = False
    return list(shapes)


def linear(name, x1, y1, x2, y2, *stops):
    inner = "".join(f'<stop offset="{o:g}" stop-color="{c}"/>' for o, c in stops)
    return (f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" x1="{x1:g}" y1="{y1:g}" '
            f'x2="{x2:g}" y2="{y2:g}">{inner}</linearGradient>')


def radial(name, x, y, r, *stops):
    inner = "".join(f'<stop offset="{o:g}" stop-color="{c}"/>' for o, c in stops)
    return (f'<radialGradient id="{name}" gradientUnits="userSpaceOnUse" cx="{x:g}" cy="{y:g}" r="{r:g}">'
            f"{inner}</radialGradient>")


def document(side, shapes, gradients=(), edge=0):
    """The file: a square of `side` units, with a white edge if asked for."""
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" viewBox="0 0 {side} {side}">']
    if gradients:
        lines.append("  <defs>" + "".join(gradients) + "</defs>")
    if edge:
        lines += ["  " + s.edge(edge) for s in shapes if s.cut]
    lines += ["  " + str(s) for s in shapes]
    return "\n".join(lines) + "\n</svg>\n"


def placed(d, x, y, scale=1, turn=0):
    """The path d, made of M, L, C and Z, scaled, turned clockwise by degrees,
    and moved so that its origin lies at x, y."""
    cos, sin = math.cos(math.radians(turn)) * scale, math.sin(math.radians(turn)) * scale

    def point(match):
        a, b = float(match[1]), float(match[2])
        return f"{x + a * cos - b * sin:.4g} {y + a * sin + b * cos:.4g}"

    return re.sub(r"(-?[\d.]+) (-?[\d.]+)", point, d)


# Small things that several drawings hold.

def heart(x, y, size, fill="#FF5C7A", turn=0):
    return path(placed("M0 16C-24 0 -18 -18 -7 -16C-3 -15 0 -11 0 -8C0 -11 3 -15 7 -16C18 -18 24 0 0 16Z",
                       x, y, size / 20, turn), fill)


def star(x, y, size, fill="#FFC93C", turn=0):
    return path(placed("M0 -19L5.6 -6.8L18.5 -5.4L8.6 3.4L11.6 16.4L0 9.4L-11.6 16.4L-8.6 3.4L-18.5 -5.4L-5.6 -6.8Z",
                       x, y, size / 20, turn), fill)


def sparkle(x, y, size, fill="#FFC93C"):
    return path(placed("M0 -20C2 -6 6 -2 20 0C6 2 2 6 0 20C-2 6 -6 2 -20 0C-6 -2 -2 -6 0 -20Z",
                       x, y, size / 20), fill)


def drop(x, y, size, fill="#5CC3F2", turn=0):
    return path(placed("M0 -20C9 -7 13 0 13 7C13 14 7 19 0 19C-7 19 -13 14 -13 7C-13 0 -9 -7 0 -20Z",
                       x, y, size / 20, turn), fill)


def zed(x, y, size, colour="#6C8CFF"):
    k = size
    return line(f"M{x} {y}H{x + k}L{x} {y + k}H{x + k}", colour, max(4, size / 4))


def note(x, y, colour="#7A5CF0"):
    return [ellipse(x, y, 9, 7, colour), line(f"M{x + 8} {y - 2}V{y - 34}Q{x + 12} {y - 24} {x + 22} {y - 22}", colour, 5)]
