package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// Person is one row of a [PeopleList].
type Person struct {
	// ID chooses the colour of the avatar.
	ID   string
	Name string
	// Detail stands behind the name, in a quieter ink: what tells two of the
	// same name apart. May be empty.
	Detail string
}

// PeopleList is a small list of people that lies above the composer, to choose
// one from while the keyboard stays there: [PeopleList.Key] is given its keys.
type PeopleList struct {
	widget.BaseWidget

	// OnChosen is called when a person chose row i.
	OnChosen func(i int)

	people []Person
	at     int
	rows   []*personRow
	back   *canvas.Rectangle
	scroll *container.Scroll
	inner  *fyne.Container
}

// Measures of the list; it shows at most peopleRows rows at once.
const (
	peopleRows      = 6
	personRowHeight = theme.AvatarSmall + 2*theme.Grid
	peoplePad       = float32(6)
)

// NewPeopleList makes an empty list.
func NewPeopleList() *PeopleList {
	l := &PeopleList{back: box(theme.RadiusRow + peoplePad)}
	l.inner = container.New(&personRows{})
	l.scroll = container.NewVScroll(l.inner)
	l.ExtendBaseWidget(l)
	return l
}

// SetPeople replaces the rows; the first is chosen.
func (l *PeopleList) SetPeople(people []Person) {
	l.people, l.at = people, 0
	l.inner.Objects = l.inner.Objects[:0]
	for i := range people {
		if i == len(l.rows) {
			l.rows = append(l.rows, newPersonRow(l, i))
		}
		l.rows[i].show(people[i], i == 0)
		l.inner.Add(l.rows[i])
	}
	l.scroll.Offset = fyne.Position{}
	l.Refresh()
}

// Key moves in the list by the arrows and chooses by Enter and Tab; it reports
// whether it used the key.
func (l *PeopleList) Key(key *fyne.KeyEvent) bool {
	if len(l.people) == 0 {
		return false
	}
	switch key.Name {
	case fyne.KeyUp:
		l.mark((l.at + len(l.people) - 1) % len(l.people))
	case fyne.KeyDown:
		l.mark((l.at + 1) % len(l.people))
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyTab:
		l.choose(l.at)
	default:
		return false
	}
	return true
}

func (l *PeopleList) choose(i int) {
	if l.OnChosen != nil {
		l.OnChosen(i)
	}
}

// mark shows row i as the one that Enter chooses, and scrolls to it.
func (l *PeopleList) mark(i int) {
	l.rows[l.at].show(l.people[l.at], false)
	l.at = i
	l.rows[i].show(l.people[i], true)
	top, view := float32(i)*personRowHeight, l.scroll.Size().Height
	offset := l.scroll.Offset
	offset.Y = min(max(offset.Y, top+personRowHeight-view), top)
	l.scroll.ScrollToOffset(offset)
}

// CreateRenderer implements fyne.Widget.
func (l *PeopleList) CreateRenderer() fyne.WidgetRenderer {
	l.paint()
	return &flat{
		objects: these(l.back, l.scroll),
		layout: func(size fyne.Size) {
			place(l.back, 0, 0, size.Width, size.Height)
			place(l.scroll, peoplePad, peoplePad, size.Width-2*peoplePad, size.Height-2*peoplePad)
		},
		min: func() fyne.Size {
			rows := float32(min(max(len(l.people), 1), peopleRows))
			return fyne.NewSize(240, rows*personRowHeight+2*peoplePad)
		},
		refresh: func() { l.paint(); l.scroll.Refresh(); canvas.Refresh(l) },
	}
}

func (l *PeopleList) paint() {
	l.back.FillColor = theme.Color(theme.Panel)
	l.back.StrokeColor = theme.Color(theme.Line)
	l.back.StrokeWidth = theme.LineThickness
}

// personRows puts rows of one height below each other.
type personRows struct{}

func (personRows) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(200, float32(len(o))*personRowHeight)
}

func (personRows) Layout(o []fyne.CanvasObject, size fyne.Size) {
	for i, row := range o {
		place(row, 0, float32(i)*personRowHeight, size.Width, personRowHeight)
	}
}

// personRow shows one person.
type personRow struct {
	widget.BaseWidget
	list         *PeopleList
	index        int
	shown        Person
	marked       bool
	hovered      bool
	back         *canvas.Rectangle
	avatar       *avatarParts
	name, detail *label
}

var (
	_ fyne.Tappable      = (*personRow)(nil)
	_ desktop.Hoverable  = (*personRow)(nil)
	_ desktop.Cursorable = (*personRow)(nil)
)

func newPersonRow(l *PeopleList, index int) *personRow {
	r := &personRow{
		list: l, index: index,
		back:   box(theme.RadiusRow),
		avatar: newAvatarParts(theme.AvatarSmall),
		name:   newLabel(theme.TextSize, false),
		detail: newLabel(theme.MetaSize, false),
	}
	r.ExtendBaseWidget(r)
	return r
}

func (r *personRow) show(p Person, marked bool) {
	r.shown, r.marked = p, marked
	r.Refresh()
}

func (r *personRow) CreateRenderer() fyne.WidgetRenderer {
	r.paint()
	objects := append([]fyne.CanvasObject{r.back}, r.avatar.objects()...)
	return &flat{
		objects: these(append(objects, r.name.line, r.detail.line)...),
		layout:  r.layout,
		min:     fixed(160, personRowHeight),
		refresh: func() { r.paint(); r.layout(r.Size()); canvas.Refresh(r) },
	}
}

func (r *personRow) paint() {
	on := theme.Panel
	switch {
	case r.marked:
		on = theme.Selected
	case r.hovered:
		on = theme.Hover
	}
	r.back.FillColor = theme.Color(on)
	r.avatar.show(r.shown.ID, r.shown.Name, false, on)
	r.name.set(r.shown.Name)
	r.name.ink(theme.Ink)
	r.detail.set(r.shown.Detail)
	r.detail.ink(theme.Ink3)
}

func (r *personRow) layout(size fyne.Size) {
	const gap = float32(10)
	place(r.back, 0, 0, size.Width, size.Height)
	r.avatar.place(theme.Grid, theme.Grid)
	x := theme.Grid + theme.AvatarSmall + gap
	end := size.Width - gap
	w := r.name.place(x, 0, size.Height, end-x)
	r.detail.place(x+w+gap, 0, size.Height, end-x-w-gap)
}

func (r *personRow) Tapped(*fyne.PointEvent)        { r.list.choose(r.index) }
func (r *personRow) MouseIn(*desktop.MouseEvent)    { r.hovered = true; r.Refresh() }
func (r *personRow) MouseMoved(*desktop.MouseEvent) {}
func (r *personRow) MouseOut()                      { r.hovered = false; r.Refresh() }
func (r *personRow) Cursor() desktop.Cursor         { return desktop.PointerCursor }
