package widgets

import (
	"image"
	"strings"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"magpie/im"
	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// CreateRenderer implements fyne.Widget.
func (a *textArea) CreateRenderer() fyne.WidgetRenderer {
	return &flat{
		objects: func() []fyne.CanvasObject { return a.visible },
		layout:  func(fyne.Size) { a.reveal(); a.update() },
		min:     fixed(2*areaPadX+2*theme.LineHeight, theme.LineHeight+2*areaPadY),
		refresh: func() { a.remeasure(); a.reveal(); a.update() },
	}
}

// pen counts what has been used of the objects that are kept.
type pen struct{ texts, images, marks, made int }

// update draws the lines that are in sight. It costs what is in sight.
func (a *textArea) update() {
	a.lay()
	a.visible = a.visible[:0]
	var p pen
	first := max(int((a.offset-areaPadY)/theme.LineHeight), 0)
	last := min(int((a.offset+a.Size().Height)/theme.LineHeight)+1, len(a.layout.Lines))
	for i := first; i < last; i++ {
		a.drawMarks(&p, i)
	}
	for i := first; i < last; i++ {
		a.drawLine(&p, i)
	}
	// What is not used must not keep a picture or a long text.
	a.texts, a.images = a.texts[:p.texts], a.images[:p.images]
	a.drawHint()
	a.drawThumb()
	a.caret.FillColor = theme.Color(theme.Accent)
	at := a.caretPlace()
	place(a.caret, at.X-theme.CursorWidth/2, at.Y+areaCaret, theme.CursorWidth, theme.LineHeight-2*areaCaret)
	a.visible = append(a.visible, a.caret)
	canvas.Refresh(a)
}

// drawMarks draws what is behind marked letters; a line feed that is marked shows
// as a narrow strip.
func (a *textArea) drawMarks(p *pen, i int) {
	from, to := a.text.Selection()
	if from == to {
		return
	}
	for _, s := range a.markedSpans(i, from, to) {
		if p.marks == len(a.marks) {
			a.marks = append(a.marks, canvas.NewRectangle(theme.Color(theme.TextMark)))
		}
		m := a.marks[p.marks]
		p.marks++
		m.FillColor = theme.Color(theme.TextMark)
		place(m, a.lineX(i)+s.X, a.lineY(i), s.Width, theme.LineHeight)
		a.visible = append(a.visible, m)
	}
}

// markedSpans are the stretches of a line that are marked, with the blanks and the
// line feed that end it.
func (a *textArea) markedSpans(i, from, to int) []textlayout.Span {
	const lineFeed = 4 // how wide one is shown
	ln := &a.layout.Lines[i]
	spans := a.face.Spans(&a.layout, i, from, to, nil)
	if from = max(from, ln.Visible); from >= min(to, ln.End) {
		return spans
	}
	x := a.face.CaretX(&a.layout, i, from)
	end := a.face.CaretX(&a.layout, i, min(to, ln.End))
	if to >= ln.End && a.layout.Text[ln.End-1] == '\n' {
		if ln.RTL {
			end -= lineFeed
		} else {
			end += lineFeed
		}
	}
	if n := len(spans); n > 0 && !ln.RTL && spans[n-1].X+spans[n-1].Width >= x-0.5 {
		spans[n-1].Width = end - spans[n-1].X // no seam between the two
		return spans
	}
	return append(spans, textlayout.Span{X: min(x, end), Width: max(end-x, x-end)})
}

// drawLine draws the letters and pictures of a line.
func (a *textArea) drawLine(p *pen, i int) {
	ln := &a.layout.Lines[i]
	x, y := a.lineX(i), a.lineY(i)
	if ln.Pieces == nil || ln.Whole {
		if ln.Visible > ln.Start {
			a.drawText(p, a.layout.Text[ln.Start:ln.Visible], theme.Ink, x, y)
		}
		return
	}
	for _, piece := range ln.Pieces {
		run := im.Run{}
		if piece.Part > 0 {
			run = a.runs[piece.Part-1]
		}
		switch {
		case run.Kind == im.RunEmoji:
			a.drawEmoji(p, run.Emoji, x+piece.X, y)
		case piece.Text == "":
		case run.Kind == im.RunMention:
			a.drawText(p, piece.Text, theme.Link, x+piece.X, y)
		default:
			a.drawText(p, piece.Text, theme.Ink, x+piece.X, y)
		}
	}
}

func (a *textArea) drawText(p *pen, s string, ink fyne.ThemeColorName, x, y float32) {
	if p.texts == len(a.texts) {
		a.texts = append(a.texts, canvas.NewText("", nil))
	}
	t := a.texts[p.texts]
	p.texts++
	if a.Disabled() {
		ink = theme.Ink3
	}
	t.TextSize, t.Color = theme.TextSize, theme.Color(ink)
	theme.SetText(t, thinned(s))
	placeLine(t, x, y-areaLift+lower(a.face, t.Text), theme.LineHeight)
	a.visible = append(a.visible, t)
}

// thinned returns s as it is drawn: of heaps of marks on one letter, with which a
// line can be of any length, no more than anybody could tell apart. Shaping ten
// thousand of them takes seconds.
func thinned(s string) string {
	const most = 16
	if len(s) <= maxLine {
		return s
	}
	var b strings.Builder
	heap := 0
	for _, r := range s {
		if heap++; !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			heap = 0
		}
		if heap <= most {
			b.WriteRune(r)
		}
	}
	return head(b.String(), 4*maxLine)
}

// makeMost is how many pictures of emoji are made at once: the first look at one
// costs a third of a millisecond, and thousands may be pasted. Those beyond come a
// frame later.
const (
	makeMost  = 48
	makeAfter = 16 * time.Millisecond
)

func (a *textArea) drawEmoji(p *pen, sequence string, x, y float32) {
	side := pixels(a, areaEmoji)
	if !a.pictures.HasEmoji(sequence, side) {
		if p.made++; p.made > makeMost {
			if !a.making {
				a.making = true
				a.after(makeAfter, func() { a.making = false; a.update() })
			}
			return
		}
	}
	var m image.Image
	var ok bool
	if m, ok = a.pictures.Emoji(sequence, side); !ok {
		a.drawText(p, sequence, theme.Ink, x, y) // the font may have it
		return
	}
	if p.images == len(a.images) {
		a.images = append(a.images, &canvas.Image{ScaleMode: canvas.ImageScaleFastest})
	}
	o := a.images[p.images]
	p.images++
	showPicture(o, m)
	place(o, x+(areaAdvance-areaEmoji)/2, y+(theme.LineHeight-areaEmoji)/2+1-areaLift, areaEmoji, areaEmoji)
	a.visible = append(a.visible, o)
}

func (a *textArea) drawHint() {
	if a.text.String() != "" {
		return
	}
	a.hint.ink(theme.Ink3)
	a.hint.place(a, areaPadX, areaPadY-areaLift, theme.LineHeight, a.textWidth())
	a.visible = append(a.visible, a.hint.shown...)
}

// drawThumb draws a scroll bar if there is more than is in sight.
func (a *textArea) drawThumb() {
	most := a.most()
	if most == 0 {
		return
	}
	track := a.Size().Height - 2*areaThumb
	height := max(track*a.view()/(a.view()+most), 3*areaThumb)
	a.thumb.FillColor = theme.Color(theme.Scrollbar)
	place(a.thumb, a.Size().Width-areaThumb-2, areaThumb+(track-height)*a.offset/most, areaThumb, height)
	a.visible = append(a.visible, a.thumb)
}
