package widgets

import (
	"fyne.io/fyne/v2"

	"magpie/im"
	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// Measures of a text area.
const (
	areaPadX  = float32(12)
	areaPadY  = float32(8)
	areaThumb = float32(4) // the scroll bar
	// areaCaret is how much shorter the cursor is than a line, above and below.
	areaCaret = float32(1)
	// areaLift is how much higher than in the middle of their line letters look as if
	// they were in the middle.
	areaLift = float32(1)
	// Emoji stand in the text as on the canvas.
	areaEmoji   = float32(18)
	areaAdvance = theme.LineHeight
)

// laid is what a layout was made of.
type laid struct {
	text  string
	width float32
	ready bool
}

// lay lays the text out, if that is not done.
func (a *textArea) lay() {
	want := laid{a.text.String(), a.textWidth(), true}
	if a.laid == want {
		return
	}
	a.laid = want
	if a.face == nil {
		a.remeasure()
	}
	a.runs = a.runs[:0]
	var parts []textlayout.Part
	at := 0
	for _, r := range im.ParseText(want.text, a.mentions) {
		p := textlayout.Part{Start: at, End: at + len(r.Text)}
		at = p.End
		switch r.Kind {
		case im.RunEmoji:
			p.Advance = areaAdvance
		case im.RunMention:
		default:
			continue
		}
		parts = append(parts, p)
		a.runs = append(a.runs, r)
	}
	a.layout = a.face.LayoutParts(want.text, parts, want.width)
}

// remeasure makes the face anew if the font or its size has changed.
func (a *textArea) remeasure() {
	if s, _ := theme.MeasureText("Mj好", theme.TextSize, fyne.TextStyle{}); a.face == nil || s.Width != a.probed {
		a.face, a.probed, a.laid = newFace(theme.TextSize, false), s.Width, laid{}
	}
}

// textWidth is how wide lines may be.
func (a *textArea) textWidth() float32 {
	return max(a.Size().Width-2*areaPadX, theme.LineHeight)
}

// rowsFor is how many lines the text has in an area of a width.
func (a *textArea) rowsFor(width float32) int {
	if width != a.Size().Width {
		a.Resize(fyne.NewSize(width, a.Size().Height))
	}
	a.lay()
	return len(a.layout.Lines)
}

// view is how much of the text's height is in sight, most how far it can be
// scrolled.
func (a *textArea) view() float32 { return max(a.Size().Height-2*areaPadY, theme.LineHeight) }

func (a *textArea) most() float32 {
	return max(0, float32(len(a.layout.Lines))*theme.LineHeight-a.view())
}

// scrollTo scrolls as far as there is text.
func (a *textArea) scrollTo(offset float32) { a.offset = min(max(offset, 0), a.most()) }

// reveal scrolls to where the cursor is.
func (a *textArea) reveal() {
	a.lay()
	top := float32(a.caretLine()) * theme.LineHeight
	a.scrollTo(min(max(a.offset, top+theme.LineHeight-a.view()), top))
}

// Scrolled implements fyne.Scrollable, for which what stands out is clipped too.
func (a *textArea) Scrolled(e *fyne.ScrollEvent) {
	before := a.offset
	if a.scrollTo(a.offset - e.Scrolled.DY); a.offset != before {
		a.update()
	}
}

// caretLine is the number of the line that the cursor is on.
func (a *textArea) caretLine() int {
	at := a.text.Caret()
	i := a.layout.LineOf(at)
	if a.upstream && i > 0 && a.layout.Lines[i].Start == at {
		i--
	}
	return i
}

// lineX and lineY are where a line begins.
func (a *textArea) lineX(i int) float32 {
	if ln := &a.layout.Lines[i]; ln.RTL {
		return areaPadX + a.textWidth() - ln.Width
	}
	return areaPadX
}

func (a *textArea) lineY(i int) float32 {
	return areaPadY + float32(i)*theme.LineHeight - a.offset
}

// caretPlace is the upper left corner of the cursor.
func (a *textArea) caretPlace() fyne.Position {
	a.lay()
	i := a.caretLine()
	x := a.lineX(i) + a.face.CaretX(&a.layout, i, a.text.Caret())
	// Blanks at the end of a line go on beyond its edge.
	x = min(max(x, areaPadX), areaPadX+a.textWidth())
	return fyne.NewPos(x, a.lineY(i))
}

// placeAt is the place in the text nearest to a point, and whether that is the
// end of a line that goes on in the next.
func (a *textArea) placeAt(p fyne.Position) (at int, upstream bool) {
	a.lay()
	i := int((p.Y - areaPadY + a.offset) / theme.LineHeight)
	if p.Y < areaPadY-a.offset {
		i = 0
	}
	return a.placeOn(min(i, len(a.layout.Lines)-1), p.X)
}

// placeOn is placeAt on a line.
func (a *textArea) placeOn(i int, x float32) (at int, upstream bool) {
	at = a.face.Offset(&a.layout, i, x-a.lineX(i))
	return at, i+1 < len(a.layout.Lines) && at == a.layout.Lines[i+1].Start
}
