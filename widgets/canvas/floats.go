package canvas

import (
	"image/color"
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
	dateTop     = 2 * theme.Grid
	dateLinger  = 1200 * time.Millisecond
	maxPillSays = 999
)

// floats are the things above the messages: the date at the top while a person
// scrolls, the pill to the newest message, the scroll bar, and the words of an
// empty conversation.
type floats struct {
	ground *fcanvas.Image

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
	barShown float64 // how many sequences the screen holds

	empty *fcanvas.Text
	// edge shows that the canvas has the keyboard where there is no message for it.
	edge *fcanvas.Rectangle
}

func newFloats() *floats {
	f := &floats{
		ground:     &fcanvas.Image{FillMode: fcanvas.ImageFillStretch, ScaleMode: fcanvas.ImageScalePixels},
		dateGround: &fcanvas.Rectangle{CornerRadius: theme.RadiusPill + 2},
		dateText:   &fcanvas.Text{TextSize: theme.MetaSize},
		jumpGround: &fcanvas.Rectangle{CornerRadius: jumpHeight / 2},
		jumpIcon:   fcanvas.NewImageFromResource(theme.Icon("chevron-down", theme.Ink2)),
		jumpText:   &fcanvas.Text{TextSize: theme.MetaSize, TextStyle: fyne.TextStyle{Bold: true}},
		bar:        &fcanvas.Rectangle{CornerRadius: theme.ScrollbarWidth / 2},
		empty:      &fcanvas.Text{TextSize: theme.SecondarySize},
		edge:       &fcanvas.Rectangle{FillColor: color.Transparent, StrokeWidth: theme.RingWidth, CornerRadius: theme.RadiusRow},
		jumpSays:   -1,
	}
	f.jumpIcon.FillMode = fcanvas.ImageFillContain
	f.jumpIcon.Resize(fyne.NewSquareSize(theme.IconMedium))
	f.recolour()
	return f
}

func (f *floats) recolour() {
	f.ground.Image = plain(theme.Color(theme.Canvas))
	f.dateGround.FillColor = theme.Color(theme.Tip)
	// A ring of ground parts it from the pills that pass under it.
	f.dateGround.StrokeColor, f.dateGround.StrokeWidth = theme.Color(theme.Canvas), 2
	f.dateText.Color = theme.Color(theme.Ink2)
	f.jumpGround.FillColor = theme.Color(theme.Panel)
	f.jumpGround.StrokeColor, f.jumpGround.StrokeWidth = theme.Color(theme.Line), theme.LineThickness
	f.jumpText.Color = theme.Color(theme.Link)
	f.bar.FillColor = theme.Color(theme.Scrollbar)
	f.empty.Color = theme.Color(theme.Ink2)
	f.edge.StrokeColor = theme.Color(theme.Link)
	f.dateDay, f.jumpSays = time.Time{}, -1
}

func (f *floats) appendTo(os []fyne.CanvasObject) []fyne.CanvasObject {
	return append(os, f.empty, f.edge, f.bar, f.dateGround, f.dateText, f.jumpGround, f.jumpIcon, f.jumpText)
}

// placeFloats puts what floats where it belongs, after the rows.
func (c *Canvas) placeFloats() {
	size := c.Size()
	c.floats.ground.Resize(size)
	c.placeEmpty(size)
	c.placeEdge(size)
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
	theme.SetText(f.empty, c.words.Empty)
	s := f.empty.MinSize()
	f.empty.Move(pos(c.snap((size.Width-s.Width)/2), c.snap((size.Height-s.Height)/2)))
}

// placeDate shows the day of the message at the upper edge, unless its own
// separator is there.
func (c *Canvas) placeDate(size fyne.Size) {
	f := c.floats
	if c.pointer.mode == dragBar {
		c.placeBarDate(size)
		return
	}
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
		if show {
			c.sayDate(first.Time, size)
		}
	}
	f.dateGround.Hidden, f.dateText.Hidden = !show, !show
	if show {
		c.moveDate(c.snap((size.Width-c.datePill())/2), dateTop)
	}
}

// dateHeight is that of the pill with the date.
const dateHeight = smallLine + 2*pillPadY

// sayDate has the pill say the day of a moment.
func (c *Canvas) sayDate(t time.Time, size fyne.Size) {
	t = t.In(c.now().Location())
	if f := c.floats; !sameDay(t, f.dateDay) {
		f.dateDay = t
		f.dateSays, f.dateWidth = c.face().small.Fit(c.words.Day(t), size.Width/2)
	}
}

// datePill is how wide the pill is.
func (c *Canvas) datePill() float32 { return c.snapUp(c.floats.dateWidth) + 2*pillPadX }

// moveDate puts the pill at a place.
func (c *Canvas) moveDate(x, y float32) {
	f := c.floats
	theme.SetText(f.dateText, f.dateSays)
	f.dateGround.Move(pos(x-2, y-2))
	f.dateGround.Resize(fyne.Size{Width: c.datePill() + 4, Height: dateHeight + 4})
	f.dateText.Move(pos(x+pillPadX, c.centred(&c.face().small, y+pillPadY, smallLine)))
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
	show := len(c.shown) > 0 && !c.AtNewest() && c.pointer.mode != dragBar
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
		theme.SetText(f.jumpText, strconv.Itoa(min(c.seen.below, maxPillSays)))
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
