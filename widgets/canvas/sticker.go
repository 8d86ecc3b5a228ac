package canvas

import (
	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// stickerSide is how large a sticker is drawn.
const stickerSide = 30 * theme.Grid

// stickerOf lays out a sticker at y, with the time below its right edge, and
// returns its lower edge.
func (c *Canvas) stickerOf(l *rowLayout, e *entry, y, width float32) float32 {
	m := marginX(width)
	left, limit := c.side(e, width)
	side := min(stickerSide, max(limit, 3*theme.TextSize))
	if e.Own {
		left = width - m - side
	}
	if e.look.name {
		c.nameOf(l, e, y, max(limit, 3*theme.TextSize))
		l.name.x = c.snap(left)
		y += nameHeight
	}
	y += c.quoteAlone(l, e, y, width, side)
	l.sticker = area{c.snap(left), c.snap(y), side, side}
	if _, ok := c.pictures.Resource(e.Picture, c.pixels(side)); !ok {
		f := &c.face().detail
		l.says.text, l.says.w = f.Fit(textlayout.Clean(e.Text), side-2*bubblePadY)
		l.says.x = c.snap(left + (side-l.says.w)/2)
		l.says.y = c.centred(f, l.sticker.y, side)
	}
	metaW := c.measureMeta(l, e)
	bottom := l.sticker.y + side
	c.placeMeta(l, left+max(side-metaW, 0), c.centred(&c.face().meta, bottom+2, smallLine))
	bottom += smallLine + 2
	c.placeAvatar(l, e, c.leading(width), bottom)
	return bottom
}

// sticker draws a sticker, or a tile in its place.
func (r *row) sticker(c *Canvas, e *entry, l *rowLayout) {
	f := c.face()
	if l.name.text != "" {
		r.text(l.name, &f.name, theme.Color(theme.Link))
	}
	r.quote(e, l, f)
	if m, ok := c.pictures.Resource(e.Picture, c.pixels(l.sticker.w)); ok {
		r.image(l.sticker, m, 0)
	} else {
		r.rect(l.sticker, theme.Color(theme.Tip), theme.RadiusBubble)
		r.text(l.says, &f.detail, theme.Color(theme.Ink2))
	}
	r.meta(e, l, f)
	r.avatar(c, e, l)
	r.failure(l, f)
}
