package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// PlayingBar is a line above the messages that says what is being played elsewhere,
// with what can be done about it.
type PlayingBar struct {
	widget.BaseWidget

	// OnToggle pauses or goes on, OnGoTo leads there, OnClose ends it.
	OnToggle, OnGoTo, OnClose func()

	back, line *canvas.Rectangle
	toggle     *IconButton
	title      *playingTitle
	close      *IconButton
	labels     PlayingWords
}

// PlayingWords are what the buttons of a [PlayingBar] do.
type PlayingWords struct{ Play, Pause, Close string }

const playingHeight = float32(38)

// NewPlayingBar makes a bar without words. Hide it while nothing is played.
func NewPlayingBar(words PlayingWords) *PlayingBar {
	b := &PlayingBar{back: box(0), line: box(0), labels: words}
	b.toggle = NewIconButton("pause", words.Pause, func() { call(b.OnToggle) })
	b.close = NewIconButton("close", words.Close, func() { call(b.OnClose) })
	b.title = newPlayingTitle(func() { call(b.OnGoTo) })
	b.ExtendBaseWidget(b)
	return b
}

// Set says whose voice it is, where in it and whether it is paused.
func (b *PlayingBar) Set(name, place string, paused bool) {
	icon, label := "pause", b.labels.Pause
	if paused {
		icon, label = "play", b.labels.Play
	}
	if b.toggle.icon != icon {
		b.toggle.SetLabel(label)
		b.toggle.SetIcon(icon)
	}
	b.title.set(name, place)
}

// CreateRenderer implements fyne.Widget.
func (b *PlayingBar) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	return &flat{
		objects: these(b.back, b.line, b.toggle, b.title, b.close),
		layout:  b.layout,
		min:     fixed(200, playingHeight),
		refresh: func() { b.paint(); b.layout(b.Size()); canvas.Refresh(b) },
	}
}

func (b *PlayingBar) paint() {
	b.back.FillColor = theme.Color(theme.Panel)
	b.line.FillColor = theme.Color(theme.Line)
}

func (b *PlayingBar) layout(size fyne.Size) {
	const pad = float32(14)
	side := theme.IconButtonSize
	y := (size.Height - theme.LineThickness - side) / 2
	place(b.back, 0, 0, size.Width, size.Height)
	place(b.line, 0, size.Height-theme.LineThickness, size.Width, theme.LineThickness)
	place(b.toggle, pad, y, side, side)
	place(b.close, size.Width-pad-side, y, side, side)
	x := pad + side + theme.Grid
	place(b.title, x, y, max(size.Width-x-pad-side-theme.Grid, 0), side)
}

// playingTitle is the name and the place, and leads there.
type playingTitle struct {
	press
	frame       *canvas.Rectangle
	name, place *inlineLabel
}

func newPlayingTitle(tapped func()) *playingTitle {
	t := &playingTitle{frame: box(theme.RadiusButton), name: newName(theme.SecondarySize, true), place: newName(theme.SecondarySize, false)}
	t.onTapped = tapped
	t.extend(t)
	return t
}

func (t *playingTitle) set(name, place string) {
	if t.name.full == oneLine(name) && t.place.full == oneLine(place) {
		return // it moves many times a second
	}
	t.name.set(name)
	t.place.set(place)
	t.Refresh()
}

func (t *playingTitle) CreateRenderer() fyne.WidgetRenderer {
	t.paint()
	return &flat{
		objects: with([]fyne.CanvasObject{t.frame}, t.name, t.place),
		layout:  t.layout,
		min:     fixed(80, theme.IconButtonSize),
		refresh: func() { t.paint(); t.layout(t.Size()); canvas.Refresh(t) },
	}
}

func (t *playingTitle) paint() {
	fill := theme.Panel
	if t.hovered {
		fill = theme.Hover
	}
	t.frame.FillColor = theme.Color(fill)
	ring(t.frame, t.focused, theme.Link)
	t.name.ink(theme.Ink)
	t.place.ink(theme.Ink2)
}

func (t *playingTitle) layout(size fyne.Size) {
	const inset = float32(8)
	place(t.frame, 0, 0, size.Width, size.Height)
	room := max(size.Width-2*inset, 0)
	name := t.name.place(t, inset, 0, size.Height, max(room-t.place.width()-inset, 0))
	t.place.place(t, inset+name+inset, 0, size.Height, room-name-inset)
}
