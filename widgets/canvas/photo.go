package canvas

import (
	"fyne.io/fyne/v2"
	fcanvas "fyne.io/fyne/v2/canvas"

	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// Sizes of pictures and videos, from the pictures.
const (
	photoMaxW, photoMaxH         = 320, 240
	photoMinW, photoMinH         = 24 * theme.Grid, 16 * theme.Grid
	photoDefaultW, photoDefaultH = 180, 120 // where the message does not say

	glassHeight = 4 * theme.Grid
	glassPadX   = 6
	glassEdge   = 2 * theme.Grid // from the edges of the picture

	photoButton      = 12 * theme.Grid
	photoButtonSmall = 8 * theme.Grid // where the large one would meet the pills
	photoIcon        = 8 * theme.Grid // of a tile
)

// photoLayout is where the parts of a picture or video are.
type photoLayout struct {
	area
	button area // in the middle
	time   area // the ground of the time
}

// photoSize is how large a picture of w by h pixels is drawn: fitted into the
// largest size, never larger than it is, and never smaller than the least, which
// shows the middle of what is longer than that.
func photoSize(w, h int, limit float32) (width, height float32) {
	if w <= 0 || h <= 0 {
		width, height = photoDefaultW, photoDefaultH
	} else {
		scale := min(1, photoMaxW/float32(w), photoMaxH/float32(h))
		width, height = max(float32(w)*scale, photoMinW), max(float32(h)*scale, photoMinH)
	}
	if width > limit {
		width, height = limit, max(height*limit/width, photoMinH)
	}
	return width, height
}

// photoOf lays out a picture or video at y and returns its lower edge.
func (c *Canvas) photoOf(l *rowLayout, e *entry, y, width float32) float32 {
	left, limit := c.side(e, width)
	limit = max(limit, 3*theme.TextSize)
	m := e.media()
	w, h := photoSize(m.Width, m.Height, limit)
	w, h = c.snap(w), c.snap(h)
	if e.Own {
		left = width - marginX(width) - w
	}
	if e.look.name {
		c.nameOf(l, e, y, limit)
		l.name.x = c.snap(left)
		y += nameHeight
	}
	y += c.quoteAlone(l, e, y, width, w)
	p := &photoLayout{area: area{c.snap(left), c.snap(y), w, h}}
	l.photo = p

	metaW := c.measureMeta(l, e)
	p.time = area{w: c.snapUp(metaW) + 2*glassPadX, h: glassHeight}
	p.time.x, p.time.y = c.snap(p.x+w-p.edge()-p.time.w), c.snap(p.y+h-p.edge()-glassHeight)
	c.placeMeta(l, p.time.x+glassPadX, c.centred(&c.face().meta, p.time.y, glassHeight))

	p.button = inside(p.area, photoButton)
	if p.small() {
		p.button = inside(area{p.x, p.y, w, p.time.y - p.y}, photoButtonSmall)
	}
	p.button.x, p.button.y = c.snap(p.button.x), c.snap(p.button.y)
	c.placeAvatar(l, e, c.leading(width), p.y+h)
	return p.y + h
}

// small reports whether there is no room for a large button between the pills.
func (p *photoLayout) small() bool { return p.h < photoButton+2*(glassHeight+glassEdge) }

func (p *photoLayout) edge() float32 {
	if p.small() {
		return theme.Grid
	}
	return glassEdge
}

// picture draws a picture or video.
func (r *row) picture(c *Canvas, e *entry, l *rowLayout) {
	f, p := c.face(), l.photo
	if l.name.text != "" {
		r.text(l.name, &f.name, theme.Color(theme.Link))
	}
	r.quote(e, l, f)
	t := c.transferOf(e)
	shown := r.askThumbnail(c, e, l, p.area)
	broken := !shown && r.thumb.State == ThumbBroken
	button := t != nil || e.Kind == KindVideo && !broken
	r.photoGround(c, e, p, shown, broken, button)
	if button {
		r.photoButton(c, p, t)
	}
	if r.photoInfo(c, e, p, t) {
		r.rect(p.time, theme.Color(theme.Glass), glassHeight/2)
		white := theme.Color(theme.OnGlass)
		r.text(l.meta, &f.meta, white)
		r.mark(l, white, white)
	}
	r.avatar(c, e, l)
	r.failure(l, f)
}

// askThumbnail has the picture of a message, to be drawn in an area, and reports whether
// there is any.
func (r *row) askThumbnail(c *Canvas, e *entry, l *rowLayout, a area) bool {
	if r.thumbOf != l {
		r.thumb, r.thumbOf = Thumbnail{}, l
		if c.thumbs != nil {
			r.thumb = c.thumbs(e.Key, c.pixels(a.w), c.pixels(a.h))
		}
	}
	return r.thumb.Image != nil && !r.thumb.Image.Bounds().Empty()
}

// photoGround draws the picture, or a tile of the same shape.
func (r *row) photoGround(c *Canvas, e *entry, p *photoLayout, shown, broken, button bool) {
	if !shown {
		r.dropPhoto()
		r.rect(p.area, theme.Color(theme.Tip), theme.RadiusBubble)
		kind := "image"
		switch {
		case broken:
			kind = "broken"
		case e.Kind == KindVideo:
			kind = "video"
		}
		if !button {
			at := inside(p.button, photoIcon)
			at.x, at.y = c.snap(at.x), c.snap(at.y)
			if m, ok := c.pictures.Resource(c.icons.get(true, kind, theme.Faint), c.pixels(photoIcon)); ok {
				r.image(at, m, 0)
			}
		}
		return
	}
	// For what can be seen through; a little smaller, or it would show as a rim.
	r.rect(area{p.x + 1, p.y + 1, p.w - 2, p.h - 2}, theme.Color(theme.Tip), theme.RadiusBubble-1)
	r.photograph(p.area, theme.RadiusBubble)
}

// photograph draws the picture that there is.
func (r *row) photograph(a area, radius float32) {
	if r.photo == nil {
		r.photo = &fcanvas.Image{FillMode: fcanvas.ImageFillCover, ScaleMode: fcanvas.ImageScaleFastest}
	}
	o := r.photo
	o.Move(pos(a.x, a.y))
	o.Resize(fyne.Size{Width: a.w, Height: a.h})
	if o.Image != r.thumb.Image || o.CornerRadius != radius {
		o.Image, o.CornerRadius = r.thumb.Image, radius
		o.Refresh() // takes the shape of the picture, and has its texture made
	}
	r.box.Objects = append(r.box.Objects, o)
}

// forget lets go of the picture of a message that is not on the screen any more.
func (r *row) forget() {
	r.thumb, r.thumbOf = Thumbnail{}, nil
	r.dropPhoto()
}

// dropPhoto draws no picture, and has its texture freed, which Fyne would keep for
// a minute.
func (r *row) dropPhoto() {
	if r.photo != nil && r.photo.Image != nil {
		r.photo.Image = nil
		fcanvas.Refresh(r.photo)
	}
}

// photoButton draws the round button in the middle: play, or what can be done with
// a transfer.
func (r *row) photoButton(c *Canvas, p *photoLayout, t *Transfer) {
	r.rect(p.button, theme.Color(theme.Glass), p.button.w/2)
	name, side := "play", theme.IconMedium
	switch {
	case t == nil:
	case t.Failed != "":
		name = "retry"
	default:
		r.ring(inside(p.button, p.button.w-2*theme.Grid), *t, theme.Color(theme.OnGlass))
		if name = "close"; t.Paused {
			name = t.resume()
		}
		side = theme.IconSmall
		if p.small() {
			side -= theme.Grid
		}
	}
	r.icon(c, p.button, name, theme.OnGlass, side)
}

// photoInfo draws what is said about a video or a transfer: at the lower left, or
// at the upper left where it would meet the time. It reports whether it has left the
// time its place.
func (r *row) photoInfo(c *Canvas, e *entry, p *photoLayout, t *Transfer) (timeToo bool) {
	full, short := c.photoWords(e, t)
	if full == "" {
		return true
	}
	f := &c.face().meta
	x, low, high := p.x+p.edge(), p.time.y, p.y+p.edge()
	beside := p.time.x - theme.Grid - x - 2*glassPadX
	all := p.w - 2*p.edge() - 2*glassPadX
	switch w := f.Width(full); {
	case w <= beside:
		r.onGlass(c, full, x, low)
	case w <= all && !p.small():
		r.onGlass(c, full, x, high)
	case short != "" && f.Width(short) <= beside:
		r.onGlass(c, short, x, low)
	case short != "" && p.small(): // the button is all there is room for
	case p.small():
		full, _ = f.Fit(full, all)
		r.onGlass(c, full, x, low)
		return false
	default:
		full, _ = f.Fit(full, all)
		r.onGlass(c, full, x, high)
	}
	return true
}

// photoWords are what a pill says, and something shorter for where there is no room
// for it, "" if it has to be said in full.
func (c *Canvas) photoWords(e *entry, t *Transfer) (full, short string) {
	m := e.media()
	switch {
	case t != nil && t.Failed != "":
		return textlayout.Clean(t.Failed), ""
	case t != nil && t.Paused:
		return c.words.Paused(t.Done, t.Total), t.percent()
	case t != nil:
		return c.words.Progress(t.Done, t.Total), t.percent()
	case e.Kind != KindVideo:
		return "", ""
	case m.Duration > 0 && m.Size > 0:
		short = c.words.Length(m.Duration)
		return short + " · " + c.words.Bytes(m.Size), short
	case m.Duration > 0:
		short = c.words.Length(m.Duration)
		return short, short
	case m.Size > 0:
		short = c.words.Bytes(m.Size)
		return short, short
	}
	return "", ""
}
