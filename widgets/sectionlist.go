package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// sectionList is the list at the left of a [SettingsPage]. It has the keyboard as one
// thing: the arrows move through it.
type sectionList struct {
	widget.BaseWidget
	page    *SettingsPage
	names   []string
	at      int
	rows    []*sectionRow
	focused bool
	// pointed: it has the keyboard by the pointer, or because the page opened; the ring
	// is for who uses keys, and comes with the first one.
	pointed bool
}

var (
	_ fyne.Focusable    = (*sectionList)(nil)
	_ fyne.Shortcutable = (*sectionList)(nil)
)

const (
	sectionHeight = float32(40)
	sectionMargin = float32(8) // left and right of a row, and of the text in it
)

func newSectionList(p *SettingsPage, names []string) *sectionList {
	l := &sectionList{page: p, names: names, at: -1}
	for i, name := range names {
		l.rows = append(l.rows, newSectionRow(l, i, name))
	}
	l.ExtendBaseWidget(l)
	return l
}

func (l *sectionList) FocusGained()                  { l.focused = true; l.Refresh() }
func (l *sectionList) FocusLost()                    { l.focused, l.pointed = false, false; l.Refresh() }
func (l *sectionList) TypedRune(rune)                {}
func (l *sectionList) KeyUp(*fyne.KeyEvent)          {}
func (l *sectionList) TypedShortcut(s fyne.Shortcut) { passShortcut(l, s) }

// KeyDown implements desktop.Keyable.
func (l *sectionList) KeyDown(key *fyne.KeyEvent) {
	l.keyed()
	passKeyDown(l, key)
}

// keyed shows the ring: keys are used.
func (l *sectionList) keyed() {
	if l.pointed {
		l.pointed = false
		l.Refresh()
	}
}

// point gives the list the keyboard without a ring.
func (l *sectionList) point() {
	l.pointed = true
	if !l.focused {
		focus(l)
	}
	l.Refresh()
}

// TypedKey moves through the sections.
func (l *sectionList) TypedKey(key *fyne.KeyEvent) {
	l.keyed()
	to := l.at
	switch key.Name {
	case fyne.KeyUp:
		to--
	case fyne.KeyDown:
		to++
	case fyne.KeyHome:
		to = 0
	case fyne.KeyEnd:
		to = len(l.names) - 1
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if l.at >= 0 {
			l.page.choose(l.at, true)
		}
		return
	default:
		passKey(l, key)
		return
	}
	if to >= 0 && to < len(l.names) && to != l.at {
		l.page.choose(to, false)
	}
}

func (l *sectionList) CreateRenderer() fyne.WidgetRenderer {
	var all []fyne.CanvasObject
	for _, r := range l.rows {
		all = append(all, r)
	}
	return &flat{
		objects: these(all...),
		layout: func(size fyne.Size) {
			for i, r := range l.rows {
				place(r, sectionMargin, float32(i)*(sectionHeight+theme.RowGap), size.Width-2*sectionMargin, sectionHeight)
			}
		},
		min: func() fyne.Size {
			return fyne.NewSize(120, float32(len(l.rows))*(sectionHeight+theme.RowGap))
		},
		refresh: func() {
			for _, r := range l.rows {
				r.Refresh()
			}
			canvas.Refresh(l)
		},
	}
}

// sectionRow is the name of a section.
type sectionRow struct {
	widget.BaseWidget
	list    *sectionList
	index   int
	hovered bool
	back    *canvas.Rectangle
	name    *label
}

var (
	_ fyne.Tappable      = (*sectionRow)(nil)
	_ desktop.Hoverable  = (*sectionRow)(nil)
	_ desktop.Cursorable = (*sectionRow)(nil)
)

func newSectionRow(l *sectionList, i int, name string) *sectionRow {
	r := &sectionRow{list: l, index: i, back: box(theme.RadiusRow), name: newLabel(theme.TextSize, false)}
	r.name.set(name)
	r.ExtendBaseWidget(r)
	return r
}

func (r *sectionRow) CreateRenderer() fyne.WidgetRenderer {
	r.paint()
	return &flat{
		objects: these(r.back, r.name.line),
		layout: func(size fyne.Size) {
			place(r.back, 0, 0, size.Width, size.Height)
			r.name.place(sectionMargin, 0, size.Height, size.Width-2*sectionMargin)
		},
		min:     fixed(80, sectionHeight),
		refresh: func() { r.paint(); canvas.Refresh(r) },
	}
}

func (r *sectionRow) paint() {
	chosen := r.index == r.list.at
	r.back.FillColor = color.Transparent
	switch {
	case chosen && (!r.list.page.narrow || r.list.focused):
		r.back.FillColor = theme.Color(theme.Selected)
	case r.hovered:
		r.back.FillColor = theme.Color(theme.Hover)
	}
	ring(r.back, chosen && r.list.focused && !r.list.pointed, theme.Link)
	r.name.ink(theme.Ink)
}

func (r *sectionRow) Tapped(*fyne.PointEvent) {
	r.list.point()
	r.list.page.choose(r.index, true)
}

func (r *sectionRow) MouseIn(*desktop.MouseEvent)    { r.hovered = true; r.Refresh() }
func (r *sectionRow) MouseMoved(*desktop.MouseEvent) {}
func (r *sectionRow) MouseOut()                      { r.hovered = false; r.Refresh() }
func (r *sectionRow) Cursor() desktop.Cursor         { return desktop.PointerCursor }
