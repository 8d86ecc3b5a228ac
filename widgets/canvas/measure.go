package canvas

import (
	"math"

	"fyne.io/fyne/v2"

	"magpie/im"
	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// Sizes of the canvas, all on the grid of the theme.
const (
	rowGap      = 2 * theme.Grid // between messages
	joinedGap   = theme.Grid     // between joined ones
	bubblePadX  = 3 * theme.Grid
	bubblePadY  = 2 * theme.Grid
	avatarSpace = theme.AvatarSmall + 2*theme.Grid
	nameHeight  = theme.LineHeight + 1
	pillPadX    = 10
	pillPadY    = 3
	smallLine   = 4 * theme.Grid // height of a line of secondary text
	metaGap     = 2 * theme.Grid
	ruleGap     = 10
	narrowBelow = 480 // below this width of the canvas the margins shrink
)

// area is a rectangle within a row.
type area struct{ x, y, w, h float32 }

func (a area) holds(x, y float32) bool { return x >= a.x && x < a.x+a.w && y >= a.y && y < a.y+a.h }

// inside is a square in the middle of an area.
func inside(a area, side float32) area {
	return area{a.x + (a.w-side)/2, a.y + (a.h-side)/2, side, side}
}

// label is a piece of text within a row: its upper left corner and width.
type label struct {
	text string
	x, y float32
	w    float32
}

// rowLayout is where everything of one row is, measured from its upper left
// corner, for one width of the canvas.
type rowLayout struct {
	width, height float32
	// body is the lower edge of the bubble or what stands for it: what stays
	// where it is when something changes above or hangs itself below.
	body float32

	day     pill
	divider rule
	notice  pill
	hole    pill
	ghosts  []ghost
	bubble  area // w is 0 if there is none

	name    label
	text    textlayout.Layout
	runs    []im.Run // what the parts of text are
	line    float32  // height of a line of text
	textX   float32
	textY   float32
	inner   float32 // width within which lines of right-to-left text end
	meta    label
	mark    mark
	markX   float32
	markY   float32
	failure []label
	resend  label

	avatar  area
	initial label

	sticker area  // w is 0 if there is none
	says    label // what its tile says where there is no picture
	card    *cardLayout
	voice   *voiceLayout
	photo   *photoLayout
	file    *fileLayout
}

// pill is text on a small rounded ground in the middle.
type pill struct {
	area
	lines  []label
	action label
}

// rule is text between two lines that go to the margins.
type rule struct {
	label
	y, left, right float32 // where the lines are and reach to; left is 0 for no rule
}

// mark is what stands behind the time of an own message.
type mark uint8

const (
	noMark mark = iota
	oneCheck
	twoChecks
	clock
)

func (m mark) width() float32 {
	switch m {
	case oneCheck:
		return 12
	case twoChecks:
		return 15
	case clock:
		return 9
	}
	return 0
}

// marginX is what is left free at either side.
func marginX(width float32) float32 {
	if width < narrowBelow {
		return theme.CanvasPaddingY
	}
	return theme.CanvasPaddingX
}

// layoutOf returns the layout of an entry for the present width.
func (c *Canvas) layoutOf(e *entry) *rowLayout {
	width := c.Size().Width
	if e.layout == nil || e.layout.width != width {
		e.layout = c.measure(e, width)
		c.measured++
	}
	return e.layout
}

func (c *Canvas) measure(e *entry, width float32) *rowLayout {
	l := &rowLayout{width: width, line: theme.LineHeight}
	y := float32(rowGap)
	switch {
	case e.look.first:
		y = 0
	case e.look.joined:
		y = joinedGap
	}
	if e.look.day {
		l.day = c.pillOf(c.words.Day(e.Time), "", y, width)
		y = l.day.y + l.day.h + rowGap
	}
	if e.look.divider {
		l.divider = c.ruleOf(c.words.Unread(c.divider.n), y, width)
		y += theme.LineHeight + rowGap
	}
	switch e.Kind {
	case KindNotice:
		l.notice = c.pillOf(e.Text, e.Action, y, width)
		y += l.notice.h
	case KindHole:
		y = c.holeOf(l, e, y, width)
	case KindSticker:
		y = c.stickerOf(l, e, y, width)
	case KindCard:
		y = c.cardOf(l, e, y, width)
	case KindVoice:
		y = c.voiceOf(l, e, y, width)
	case KindImage, KindVideo:
		y = c.photoOf(l, e, y, width)
	case KindFile:
		y = c.fileOf(l, e, y, width)
	default:
		y = c.bubbleOf(l, e, y, width)
	}
	l.body = c.snap(y)
	if e.spoken() && e.Own && e.State == StateFailed {
		y = c.failureOf(l, e, l.body+theme.Grid, width)
	}
	l.height = c.snapUp(y)
	return l
}

// centred returns where text of a font goes on a line of height h that begins at
// y.
func (c *Canvas) centred(f *font, y, h float32) float32 { return c.snap(y + (h-f.height)/2) }

func (c *Canvas) snapUp(v float32) float32 {
	return float32(math.Ceil(float64(v*c.scale)-0.01)) / c.scale
}

func (c *Canvas) pillOf(text, action string, y, width float32) pill {
	f := &c.face().small
	limit := (width-2*marginX(width))*0.9 - 2*pillPadX
	lay := f.Layout(text, limit)
	p := pill{area: area{y: y}}
	inner := lay.Width
	n := len(lay.Lines)
	actionText, actionW := f.Fit(textlayout.Clean(action), limit)
	const dot = " · "
	dotW := f.Width(dot)
	sameLine := false
	if action != "" {
		last := lay.Lines[n-1].Width
		if sameLine = last+dotW+actionW <= limit; sameLine {
			inner = max(inner, last+dotW+actionW)
		} else {
			inner = max(inner, actionW)
			n++
		}
	}
	p.w = c.snapUp(inner) + 2*pillPadX
	p.h = float32(n)*smallLine + 2*pillPadY
	p.x = c.snap((width - p.w) / 2)
	ly := y + pillPadY
	for i, ln := range lay.Lines {
		w := ln.Width
		text := lay.Text[ln.Start:ln.Visible]
		if sameLine && i == len(lay.Lines)-1 {
			w += dotW + actionW
			text += dot
		}
		x := c.snap((width - w) / 2)
		p.lines = append(p.lines, label{text: text, x: x, y: c.centred(f, ly, smallLine), w: w})
		if sameLine && i == len(lay.Lines)-1 {
			p.action = label{text: actionText, x: c.snap(x + w - actionW), y: c.centred(f, ly, smallLine), w: actionW}
		}
		ly += smallLine
	}
	if action != "" && !sameLine {
		p.action = label{text: actionText, x: c.snap((width - actionW) / 2), y: c.centred(f, ly, smallLine), w: actionW}
	}
	return p
}

func (c *Canvas) ruleOf(text string, y, width float32) rule {
	f := &c.face().small
	m := marginX(width)
	text, w := f.Fit(textlayout.Clean(text), width-2*m-6*ruleGap)
	x := c.snap((width - w) / 2)
	return rule{
		label: label{text: text, x: x, y: c.centred(f, y, theme.LineHeight), w: w},
		y:     c.snap(y + theme.LineHeight/2), left: x - ruleGap, right: c.snap(x+w) + ruleGap,
	}
}

// bodyTop is the upper edge of what was said.
func (l *rowLayout) bodyTop() float32 {
	if l.photo != nil {
		return l.photo.y
	}
	return max(l.bubble.y, l.sticker.y)
}

// lineAt returns the index of the line of text nearest to y in the row.
func (l *rowLayout) lineAt(y float32) int {
	n := int((y - l.textY) / l.line)
	return min(max(n, 0), len(l.text.Lines)-1)
}

// lineX is where a line of text begins.
func (l *rowLayout) lineX(i int) float32 {
	if ln := &l.text.Lines[i]; ln.RTL {
		return l.textX + l.inner - ln.Width
	}
	return l.textX
}

// textBottom is where the last line of text ends.
func (l *rowLayout) textBottom() float32 { return l.textY + float32(len(l.text.Lines))*l.line }

func pos(x, y float32) fyne.Position { return fyne.Position{X: x, Y: y} }
