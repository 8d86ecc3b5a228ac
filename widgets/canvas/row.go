package canvas

import (
	"image/color"

	"fyne.io/fyne/v2"
	fcanvas "fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"magpie/widgets/theme"
)

// row draws one entry with a flat list of primitives. Rows are used again for
// other entries, and so are their primitives; while a person scrolls a row is
// only moved.
type row struct {
	on     *Canvas // what it was drawn for last
	box    *fyne.Container
	entry  *entry
	layout *rowLayout // what is drawn now
	y      float32
	held   bool // mark of setRows
	stale  bool // must be drawn again though its layout is the same
	waits  bool // for pictures that were not made yet
	// thumb is the picture of a message, asked for when thumbOf was drawn first.
	thumb   Thumbnail
	thumbOf *rowLayout

	texts []*fcanvas.Text
	rects []*fcanvas.Rectangle
	lines []*fcanvas.Line
	circ  *fcanvas.Circle
	// images keep the picture that they showed last, so that an emoji that comes
	// again costs no new texture.
	images []*fcanvas.Image
	plains []*fcanvas.Image
	photo  *fcanvas.Image // see photo.go
	wave   *wave
	arcs   []*fcanvas.Arc
	frames []*fcanvas.Rectangle
	// used counts the primitives that are drawn, of each kind.
	usedTexts, usedRects, usedLines, usedImages, usedPlains, usedArcs, usedFrames int
	// from and to are the lines of text that are drawn.
	from, to int
}

func newRow() *row { return &row{box: container.New(flat{})} }

// flat is the layout of a row's container: none. Unlike that of a container
// without one, its least size does not follow from what is in it, which Fyne
// would have the whole canvas laid out again for.
type flat struct{}

func (flat) Layout([]fyne.CanvasObject, fyne.Size)     {}
func (flat) MinSize([]fyne.CanvasObject) (s fyne.Size) { return s }

func (r *row) moveTo(y float32) {
	r.y = y
	r.box.Move(pos(0, y))
}

// manyLines is how long a text must be for only its lines near the screen to be
// drawn.
const manyLines = 64

// covers reports whether what is drawn suffices with the upper edge at y in a
// canvas of a height.
func (r *row) covers(y, height float32) bool {
	if r.layout == nil {
		return false
	}
	n := len(r.layout.text.Lines)
	if n <= manyLines || r.layout.bubble.w == 0 {
		return true
	}
	from, to := visibleLines(r.layout, y, height)
	return r.from <= from && to <= r.to
}

func visibleLines(l *rowLayout, y, height float32) (from, to int) {
	n := len(l.text.Lines)
	from = int((-y - l.textY) / l.line)
	to = int((height-y-l.textY)/l.line) + 1
	return min(max(from, 0), n), min(max(to, 0), n)
}

// bind draws an entry.
func (r *row) bind(c *Canvas, e *entry, y, height float32) {
	l := e.layout
	c.drawn++
	r.on, r.layout, r.stale, r.waits = c, l, false, false
	r.usedTexts, r.usedRects, r.usedLines, r.usedImages, r.usedPlains, r.usedArcs, r.usedFrames = 0, 0, 0, 0, 0, 0, 0
	r.box.Objects = r.box.Objects[:0]
	f := c.face()
	r.lit(c, e, l)
	if l.day.w > 0 {
		r.pill(&l.day, f)
	}
	if l.divider.left > 0 {
		r.rule(&l.divider, f, theme.Color(theme.Link), faint(theme.Color(theme.Accent)))
	}
	if l.notice.w > 0 {
		r.pill(&l.notice, f)
	}
	if l.hole.w > 0 {
		r.gap(l, f)
	}
	switch {
	case l.card != nil:
		r.card(c, e, l, y, height)
	case l.voice != nil:
		r.voice(c, e, l)
	case l.photo != nil:
		r.picture(c, e, l)
	case l.file != nil:
		r.file(c, e, l)
	case l.merged != nil:
		r.merged(c, e, l)
	case l.sticker.w > 0:
		r.sticker(c, e, l)
	case l.bubble.w > 0:
		r.bubble(c, e, l, y, height)
	}
	if l.photo == nil && (l.file == nil || !e.media().Still) {
		r.forget()
	}
	r.veil(c, e, l)
	r.circle(c, e, l)
	r.focus(c, e, l)
	r.box.Resize(fyne.Size{Width: l.width, Height: l.height})
}

// faint is a colour for lines in it that should not be louder than the text
// between them.
func faint(c color.Color) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = uint8(uint16(n.A) * 115 / 255)
	return n
}

func (r *row) bubble(c *Canvas, e *entry, l *rowLayout, y, height float32) {
	f := c.face()
	r.ground(e, l, f)
	ink := theme.Color(theme.Ink)
	if e.Kind == KindOther {
		ink = theme.Color(theme.Ink2)
	}
	r.body(c, e, l, y, height, ink)
	r.meta(e, l, f)
	r.avatar(c, e, l)
	r.failure(l, f)
}

// ground draws the bubble itself, and in it the name of the sender and what is
// answered.
func (r *row) ground(e *entry, l *rowLayout, f *fonts) {
	r.plain(l.bubble, theme.Color(bubbleFill(e)), theme.RadiusBubble)
	if l.name.text != "" {
		r.text(l.name, &f.name, theme.Color(theme.Link))
	}
	r.quote(e, l, f)
}

func bubbleFill(e *entry) fyne.ThemeColorName {
	if e.Own {
		return theme.BubbleOut
	}
	return theme.BubbleIn
}

// textInk is what a text is drawn in: itself, and its links and mentions.
type textInk struct{ plain, link color.Color }

// body draws the text, or the lines of it that are near the screen.
func (r *row) body(c *Canvas, e *entry, l *rowLayout, y, height float32, ink color.Color) {
	f := c.face()
	r.from, r.to = 0, len(l.text.Lines)
	if r.to > manyLines {
		r.from, r.to = visibleLines(l, y, height)
		r.from, r.to = max(r.from-manyLines/2, 0), min(r.to+manyLines/2, len(l.text.Lines))
	}
	if !c.marked.empty() {
		r.marked(c, e, l)
	}
	inks := textInk{ink, theme.Color(theme.Link)}
	for i := r.from; i < r.to; i++ {
		ln := &l.text.Lines[i]
		top := l.textY + float32(i)*l.line
		x, ly := l.lineX(i), c.centred(&f.text, top, l.line)
		if ln.Pieces == nil || ln.Whole {
			if ln.Visible > ln.Start {
				r.text(label{text: l.text.Text[ln.Start:ln.Visible], x: x, y: ly}, &f.text, ink)
			}
			continue
		}
		for _, p := range ln.Pieces {
			r.piece(c, l, p, x, ly, top, inks)
		}
	}
}

// meta draws the time and how far an own message has come.
func (r *row) meta(e *entry, l *rowLayout, f *fonts) {
	tone := theme.Color(theme.Meta)
	if e.Own && e.State == StateFailed {
		tone = theme.Color(theme.Danger)
	}
	r.text(l.meta, &f.meta, tone)
	r.mark(l, tone, theme.Color(theme.Link))
}

// avatar draws the avatar: the picture, or the initial where there is none.
func (r *row) avatar(c *Canvas, e *entry, l *rowLayout) {
	if l.avatar.w == 0 {
		return
	}
	if m, ok := c.pictures.Resource(e.Sender.Picture, c.pixels(l.avatar.w)); ok {
		r.image(l.avatar, m, theme.AvatarSmallRadius)
		return
	}
	r.rect(l.avatar, e.Sender.Color, theme.AvatarSmallRadius)
	r.text(l.initial, &c.face().initial, theme.Color(theme.AvatarInk))
}

// failure draws the line under a message that was not sent.
func (r *row) failure(l *rowLayout, f *fonts) {
	danger := theme.Color(theme.Danger)
	for _, t := range l.failure {
		r.text(t, &f.small, danger)
	}
	if l.resend.w > 0 {
		r.link(l.resend, &f.small, danger)
	}
}

func (r *row) pill(p *pill, f *fonts) {
	r.rect(p.area, theme.Color(theme.Tip), theme.RadiusPill)
	for _, t := range p.lines {
		r.text(t, &f.small, theme.Color(theme.Ink2))
	}
	if p.action.w > 0 {
		r.link(p.action, &f.small, theme.Color(theme.Link))
	}
}

func (r *row) rule(p *rule, f *fonts, ink, line color.Color) {
	m := marginX(r.layout.width)
	r.rect(area{m, p.y, p.left - m, theme.LineThickness}, line, 0)
	r.text(p.label, &f.small, ink)
	r.rect(area{p.right, p.y, r.layout.width - m - p.right, theme.LineThickness}, line, 0)
}

// mark draws what stands beside the time: a clock, a check, or two in the colour
// read.
func (r *row) mark(l *rowLayout, tone, read color.Color) {
	x, y := l.markX, l.markY
	const w = 1.4
	switch l.mark {
	case oneCheck, twoChecks:
		if l.mark == twoChecks {
			tone = read
		}
		r.line(x+1, y+0.5, x+3.5, y+3, w, tone)
		r.line(x+3.5, y+3, x+9, y-3.5, w, tone)
	}
	if l.mark == twoChecks {
		r.line(x+6.5, y+2.3, x+7.2, y+3, w, tone)
		r.line(x+7.2, y+3, x+12.7, y-3.5, w, tone)
	}
	if l.mark == clock {
		if r.circ == nil {
			r.circ = &fcanvas.Circle{StrokeWidth: 1, FillColor: color.Transparent}
		}
		r.circ.StrokeColor = tone
		r.circ.Move(pos(x, y-4))
		r.circ.Resize(fyne.Size{Width: 9, Height: 9})
		r.box.Objects = append(r.box.Objects, r.circ)
		r.line(x+4.5, y+0.5, x+4.5, y-2, 1, tone)
		r.line(x+4.5, y+0.5, x+6.5, y+0.5, 1, tone)
	}
}
