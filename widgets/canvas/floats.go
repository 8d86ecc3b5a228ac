package canvas

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	fcanvas "fyne.io/fyne/v2/canvas"

	"magpie/widgets/theme"
)

// Sizes of what floats above the messages.
const (
	jumpHeight  = 9 * theme.Grid
	jumpAway    = 80 // how far from the newest message the pill appears, in units
	barMargin   = 2
	barMin      = 8 * theme.Grid
	barGrip     = 14 // how wide the scroll bar is for the pointer
	dateTop     = 2 * theme.Grid
	dateLinger  = 1200 * time.Millisecond
	maxPillSays = 999
)

// floats are the things above the messages: the date at the top while a person
// scrolls, the pill to the newest message, the scroll bar, and the words of an
// empty conversation.
type floats struct {
	ground *fcanvas.Rectangle

	dateGround *fcanvas.Rectangle
	dateText   *fcanvas.Text
	date       bool // a person is scrolling
	dateUntil  time.Time
	dateArmed  bool      // something will look whether dateUntil is over
	dateDay    time.Time // what dateText was made for
	dateSays   string
	dateWidth  float32

	jumpGround *fcanvas.Rectangle
	jumpIcon   *fcanvas.Image
	jumpText   *fcanvas.Text
	jump       area // w is 0 while it is hidden
	jumpSays   int

	bar      *fcanvas.Rectangle
	barArea  area    // h is 0 while there is none
	barTop   float64 // sequence at the upper edge
	barShown float64 // how many sequences the screen holds

	empty *fcanvas.Text
}

func newFloats() *floats {
	f := &floats{
		ground:     &fcanvas.Rectangle{},
		dateGround: &fcanvas.Rectangle{CornerRadius: theme.RadiusPill + 2},
		dateText:   &fcanvas.Text{TextSize: theme.MetaSize},
		jumpGround: &fcanvas.Rectangle{CornerRadius: jumpHeight / 2},
		jumpIcon:   fcanvas.NewImageFromResource(theme.Icon("chevron-down", theme.Ink2)),
		jumpText:   &fcanvas.Text{TextSize: theme.MetaSize, TextStyle: fyne.TextStyle{Bold: true}},
		bar:        &fcanvas.Rectangle{CornerRadius: theme.ScrollbarWidth / 2},
		empty:      &fcanvas.Text{TextSize: theme.SecondarySize},
		jumpSays:   -1,
	}
	f.jumpIcon.FillMode = fcanvas.ImageFillContain
	f.jumpIcon.Resize(fyne.NewSquareSize(theme.IconMedium))
	f.recolour()
	return f
}

func (f *floats) recolour() {
	f.ground.FillColor = theme.Color(theme.Canvas)
	f.dateGround.FillColor = theme.Color(theme.Tip)
	// A ring of ground parts it from the pills that pass under it.
	f.dateGround.StrokeColor, f.dateGround.StrokeWidth = theme.Color(theme.Canvas), 2
	f.dateText.Color = theme.Color(theme.Ink2)
	f.jumpGround.FillColor = theme.Color(theme.Panel)
	f.jumpGround.StrokeColor, f.jumpGround.StrokeWidth = theme.Color(theme.Line), theme.LineThickness
	f.jumpText.Color = theme.Color(theme.Link)
	f.bar.FillColor = theme.Color(theme.Scrollbar)
	f.empty.Color = theme.Color(theme.Ink2)
	f.dateDay, f.jumpSays = time.Time{}, -1
}

func (f *floats) appendTo(os []fyne.CanvasObject) []fyne.CanvasObject {
	return append(os, f.empty, f.bar, f.dateGround, f.dateText, f.jumpGround, f.jumpIcon, f.jumpText)
}

// placeFloats puts what floats where it belongs, after the rows.
func (c *Canvas) placeFloats() {
	size := c.Size()
	c.floats.ground.Resize(size)
	c.placeEmpty(size)
	c.placeSkeleton(size)
	c.placeBar(size)
	c.placeDate(size)
	c.placeJump(size)
}

func (c *Canvas) placeEmpty(size fyne.Size) {
	f := c.floats
	f.empty.Hidden = !c.open || c.loads.around || c.loads.lost || len(c.window.entries) > 0 || c.window.older || c.window.newer
	if f.empty.Hidden {
		return
	}
	f.empty.Text = c.words.Empty
	s := f.empty.MinSize()
	f.empty.Move(pos(c.snap((size.Width-s.Width)/2), c.snap((size.Height-s.Height)/2)))
}

// placeDate shows the day of the message at the upper edge, unless its own
// separator is there.
func (c *Canvas) placeDate(size fyne.Size) {
	f := c.floats
	show := f.date && len(c.shown) > 0
	if show {
		for _, r := range c.shown {
			if top := r.y + r.layout.day.y; r.layout.day.w > 0 && top > -r.layout.day.h && top < 2*dateTop+r.layout.day.h {
				show = false
			}
			if r.y > 2*dateTop+theme.LineHeight {
				break
			}
		}
		first := c.shown[0].entry
		show = show && first.Kind != KindHole
		if show && !sameDay(first.Time, f.dateDay) {
			f.dateDay = first.Time
			f.dateSays, f.dateWidth = c.face().small.Fit(c.words.Day(first.Time), size.Width/2)
		}
	}
	f.dateGround.Hidden, f.dateText.Hidden = !show, !show
	if !show {
		return
	}
	w, h := c.snapUp(f.dateWidth)+2*pillPadX, float32(smallLine+2*pillPadY)
	x := c.snap((size.Width - w) / 2)
	f.dateText.Text = f.dateSays
	f.dateGround.Move(pos(x-2, dateTop-2))
	f.dateGround.Resize(fyne.Size{Width: w + 4, Height: h + 4})
	f.dateText.Move(pos(x+pillPadX, c.centred(&c.face().small, dateTop+pillPadY, smallLine)))
}

// showDate shows the date for a while.
func (c *Canvas) showDate() {
	f := c.floats
	f.date = true
	f.dateUntil = c.now().Add(dateLinger)
	if !f.dateArmed {
		f.dateArmed = true
		c.after(dateLinger, c.endDate)
	}
}

// endDate hides the date, or comes back later if scrolling has gone on.
func (c *Canvas) endDate() {
	f := c.floats
	f.dateArmed = false
	if f.date && c.holdDate() {
		f.dateUntil = c.now().Add(dateLinger)
	}
	if left := f.dateUntil.Sub(c.now()); f.date && left > 0 {
		f.dateArmed = true
		c.after(left, c.endDate)
		return
	}
	f.date = false
	c.placeFloats()
	c.refreshAll()
}

// placeJump shows the pill where the newest message is far, with how many have
// come below.
func (c *Canvas) placeJump(size fyne.Size) {
	f := c.floats
	show := len(c.shown) > 0 && !c.AtNewest()
	if show && !c.window.newer && c.seen.below == 0 {
		last := c.shown[len(c.shown)-1]
		show = last.entry != c.window.entries[len(c.window.entries)-1] || last.y+last.layout.height > size.Height+jumpAway
	}
	f.jumpGround.Hidden, f.jumpIcon.Hidden, f.jumpText.Hidden = !show, !show, !show || c.seen.below == 0
	if !show {
		f.jump = area{}
		return
	}
	if f.jumpSays != c.seen.below {
		f.jumpSays = c.seen.below
		f.jumpText.Text = strconv.Itoa(min(c.seen.below, maxPillSays))
		if c.seen.below > maxPillSays {
			f.jumpText.Text += "+"
		}
	}
	w := float32(jumpHeight)
	var textW float32
	if c.seen.below > 0 {
		textW = c.snapUp(c.face().name.Width(f.jumpText.Text))
		w += textW + theme.Grid
	}
	x, y := c.snap(size.Width-marginX(size.Width)-w), c.snap(size.Height-theme.CanvasPaddingY-jumpHeight)
	f.jump = area{x, y, w, jumpHeight}
	f.jumpGround.Move(pos(x, y))
	f.jumpGround.Resize(fyne.Size{Width: w, Height: jumpHeight})
	pad := (jumpHeight - theme.IconMedium) / 2
	f.jumpText.Move(pos(x+pad+1, c.centred(&c.face().name, y, jumpHeight)))
	f.jumpIcon.Move(pos(c.snap(x+w-pad-theme.IconMedium), c.snap(y+pad)))
}

// placeBar shows where in the conversation the screen is, by sequence.
func (c *Canvas) placeBar(size fyne.Size) {
	f, w := c.floats, &c.window
	f.barArea = area{}
	defer func() { f.bar.Hidden = f.barArea.h == 0 || !c.pointer.inside && !f.date && c.pointer.mode != dragBar }()
	if len(c.shown) == 0 {
		return
	}
	first, last := c.shown[0], c.shown[len(c.shown)-1]
	whole := !w.older && !w.newer && len(c.shown) == len(w.entries) && first.y >= 0 && c.pos.stick
	total := float64(w.last) - float64(w.first) + 1
	if whole || total <= 0 {
		return
	}
	top := c.sequenceAt(first, 0)
	bottom := c.sequenceAt(last, size.Height)
	f.barTop, f.barShown = top, max(bottom-top, 1)
	h := min(max(float32(f.barShown/total)*size.Height, barMin), size.Height)
	at := float32((top - float64(w.first)) / max(total-f.barShown, 1))
	switch {
	case c.pos.stick:
		at = 1
	case !w.older && first.entry == w.entries[0] && first.y >= 0:
		at = 0
	}
	y := min(max(at, 0), 1) * (size.Height - h)
	if c.pointer.mode == dragBar {
		y = min(max(c.pointer.at.Y-c.pointer.grab, 0), size.Height-h)
	}
	f.barArea = area{size.Width - theme.ScrollbarWidth - barMargin, c.snap(y), theme.ScrollbarWidth, h}
	f.bar.Move(pos(f.barArea.x, f.barArea.y))
	f.bar.Resize(fyne.Size{Width: f.barArea.w, Height: f.barArea.h})
}

// sequenceAt returns the sequence at height y of the canvas, which goes through
// row r, with the part of the row above y.
func (c *Canvas) sequenceAt(r *row, y float32) float64 {
	part := float64(min(max((y-r.y)/r.layout.height, 0), 1))
	if r.entry.Sequence == 0 {
		return float64(c.window.last) + part
	}
	if e, g := r.entry, c.pos.want; e.Kind == KindHole && g.kind != goNowhere && g.sequence >= e.Sequence && g.sequence <= e.Until {
		return float64(g.sequence) + part // it is on its way
	}
	if r.entry.Kind == KindHole {
		part *= float64(r.entry.Until - min(r.entry.Sequence, r.entry.Until) + 1)
	}
	return float64(r.entry.Sequence) + part
}

// dragBarTo goes where the thumb of the scroll bar, with its upper edge at y,
// says.
func (c *Canvas) dragBarTo(y float32) {
	f, w := c.floats, &c.window
	room := c.Size().Height - f.barArea.h
	if room <= 0 || f.barArea.h == 0 {
		return
	}
	at := float64(min(max(y/room, 0), 1))
	if at >= 1 {
		c.goTo(goal{kind: goNewest})
		return
	}
	total := float64(w.last) - float64(w.first) + 1
	sequence := float64(w.first) + at*max(total-f.barShown, 0)
	whole := uint64(sequence)
	c.showDate()
	c.goTo(goal{kind: goTop, sequence: whole, part: float32(sequence - float64(whole))})
}
