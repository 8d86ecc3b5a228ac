package canvas

import (
	"strings"

	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// Sizes of a file, from the pictures.
const (
	fileWidth   = 250 // within the bubble
	fileTile    = 10 * theme.Grid
	fileGap     = 10
	fileBar     = theme.Grid
	fileAbove   = 4 // free above the bar
	fileButton  = 6 * theme.Grid
	fileButtons = 2 // as many as there can be
)

// fileLayout is where the parts of a file are. The room of the buttons and the bar
// is kept whether they are there or not.
type fileLayout struct {
	tile    area
	names   []label
	x       float32 // left and right of the text
	right   float32
	second  float32 // upper edge of the line of the size
	buttons area    // all of them
}

// fileOf lays out a file at y and returns its lower edge.
func (c *Canvas) fileOf(l *rowLayout, e *entry, y, width float32) float32 {
	f := c.face()
	o := &fileLayout{}
	l.file = o
	inner := c.fixedBubble(l, e, y, width, fileWidth)
	x, top := l.bubble.x+bubblePadX, l.bubble.y+bubblePadY
	if e.look.name {
		c.nameOf(l, e, top, inner)
		l.name.x = x
		top += nameHeight
	}
	top += c.quoteOf(l, e, x, top, inner)
	top = c.snap(top)
	o.x, o.right = x+fileTile+fileGap, x+inner
	o.buttons = area{o.right + theme.Grid - fileButtons*fileButton, top - 2, fileButtons * fileButton, fileButton}
	n := c.fileNames(o, e, top, max(o.buttons.x-o.x-theme.Grid, 2*theme.TextSize))
	o.second = top + float32(n)*theme.LineHeight
	high := max(fileTile, o.second+smallLine+fileAbove+fileBar-top)
	o.tile = area{x, c.snap(top + (high-fileTile)/2), fileTile, fileTile}

	metaW := c.measureMeta(l, e)
	c.placeMeta(l, o.right-metaW, c.centred(&f.meta, o.second, smallLine))
	l.bubble.h = c.snap(top+high+bubblePadY) - l.bubble.y
	c.placeAvatar(l, e, c.leading(width), l.bubble.y+l.bubble.h)
	return l.bubble.y + l.bubble.h
}

// fileNames lays out the name of a file from y downwards in one line or two, and
// returns how many.
func (c *Canvas) fileNames(o *fileLayout, e *entry, y, limit float32) (lines int) {
	f := &c.face().title
	lay := f.shorten(strings.ReplaceAll(textlayout.Clean(e.media().Name), "\n", " "), limit, 2)
	for i := range lay.Lines {
		ln := &lay.Lines[i]
		x, ly := o.x, c.centred(f, y+float32(i)*theme.LineHeight, theme.LineHeight)
		if ln.RTL {
			x += limit - ln.Width
		}
		if ln.Pieces == nil || ln.Whole {
			o.names = append(o.names, label{text: lay.Text[ln.Start:ln.Visible], x: c.snap(x), y: ly, w: ln.Width})
			continue
		}
		for _, p := range ln.Pieces {
			if p.Text != "" {
				o.names = append(o.names, label{text: p.Text, x: c.snap(x + p.X), y: c.snap(ly + f.Drop(p.Text)), w: p.Width})
			}
		}
	}
	return len(lay.Lines)
}

// fileActions are what the buttons of a file do, from left to right.
func (c *Canvas) fileActions(e *entry, t *Transfer) (actions [fileButtons]mediaAction, n int) {
	switch {
	case t == nil && (e.media().Here || e.Own && e.State >= StateSending):
		return actions, 0 // what has not been sent yet can be had from nowhere
	case t == nil:
		return [fileButtons]mediaAction{mediaStart}, 1
	case t.Failed != "":
		return [fileButtons]mediaAction{mediaStart}, 1
	case t.Paused:
		return [fileButtons]mediaAction{mediaResume, mediaCancel}, 2
	}
	return [fileButtons]mediaAction{mediaPause, mediaCancel}, 2
}

// button is the area of the i-th of n buttons.
func (o *fileLayout) button(i, n int) area {
	b := o.buttons
	return area{b.x + b.w - float32(n-i)*fileButton, b.y, fileButton, b.h}
}

// file draws a file.
func (r *row) file(c *Canvas, e *entry, l *rowLayout) {
	f, o, m := c.face(), l.file, e.media()
	r.ground(e, l, f)
	t := c.transferOf(e)
	r.tile(c, e, l)
	for _, t := range o.names {
		r.text(t, &f.title, theme.Color(theme.Ink))
	}
	r.fileButtons(c, e, o, t)
	if failed := t != nil && t.Failed != ""; failed {
		say, _ := f.small.Fit(textlayout.Clean(t.Failed), o.right-o.x)
		r.text(label{text: say, x: o.x, y: c.centred(&f.small, o.second, smallLine)}, &f.small, theme.Color(theme.Danger))
	} else {
		say, _ := f.small.Fit(c.fileWords(m, t), l.metaLeft()-metaGap-o.x)
		r.text(label{text: say, x: o.x, y: c.centred(&f.small, o.second, smallLine)}, &f.small, theme.Color(theme.Meta))
		r.meta(e, l, f)
	}
	if t != nil && t.Failed == "" {
		bar := area{o.x, c.snap(o.second + smallLine + fileAbove), o.right - o.x, fileBar}
		r.rect(bar, theme.Color(theme.Line), fileBar/2)
		bar.w = c.snap(max(bar.w*t.part(), fileBar))
		r.rect(bar, theme.Color(theme.Accent), fileBar/2)
	}
	r.avatar(c, e, l)
	r.failure(l, f)
}

// tile draws what is in a file, or what kind of file it is.
func (r *row) tile(c *Canvas, e *entry, l *rowLayout) {
	f, o, m := c.face(), l.file, e.media()
	r.rect(o.tile, theme.Color(theme.Selected), theme.RadiusButton)
	if m.Still && r.askThumbnail(c, e, l, o.tile) {
		r.photograph(o.tile, theme.RadiusButton)
		return
	}
	r.dropPhoto()
	if tag := textlayout.Clean(m.Tag); tag != "" {
		tag, w := f.tag.Fit(tag, fileTile-theme.Grid)
		r.text(label{text: tag, x: c.snap(o.tile.x + (fileTile-w)/2), y: c.centred(&f.tag, o.tile.y, fileTile)}, &f.tag, theme.Color(theme.Link))
		return
	}
	r.icon(c, o.tile, "file", theme.Link, theme.IconMedium)
}

// fileWords are the size of a file, or how far it has come.
func (c *Canvas) fileWords(m Media, t *Transfer) string {
	switch {
	case t == nil && m.Size <= 0:
		return ""
	case t == nil:
		return c.words.Bytes(m.Size)
	case t.Paused:
		return c.words.Paused(t.Done, t.Total)
	}
	return c.words.Progress(t.Done, t.Total)
}

func (r *row) fileButtons(c *Canvas, e *entry, o *fileLayout, t *Transfer) {
	actions, n := c.fileActions(e, t)
	for i, action := range actions[:n] {
		a := o.button(i, n)
		if c.pointer.hot == (hot{e, int(action)}) {
			r.rect(a, theme.Color(theme.Hover), fileButton/3)
		}
		name := "close"
		switch action {
		case mediaStart:
			if name = "download"; t != nil {
				name = "retry"
			}
		case mediaPause:
			name = "pause"
		case mediaResume:
			name = t.resume()
		}
		r.icon(c, a, name, theme.Meta, theme.IconSmall)
	}
}
