package widgets

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// ListFilter is the row above the conversation list that chooses which of them it
// shows. Exactly one of its options is chosen. For the keyboard it is one thing:
// Left, Right, Home and End choose, Down goes on to the list.
type ListFilter struct {
	widget.BaseWidget

	// OnChanged is told when a person chooses another option.
	OnChanged func(value string)
	// OnDown is the key that leaves the row for what is below it.
	OnDown func()

	value   string
	options []*filterOption
	over    int // the option under the pointer, -1 for none
	focused bool
}

// filterOption is one of the words of a [ListFilter], with a count behind it.
type filterOption struct {
	value string
	back  *canvas.Rectangle
	plain *label // as long as it is not chosen
	bold  *label
	count *label
	x, w  float32
}

var (
	_ fyne.Tappable      = (*ListFilter)(nil)
	_ fyne.Focusable     = (*ListFilter)(nil)
	_ fyne.Shortcutable  = (*ListFilter)(nil)
	_ desktop.Hoverable  = (*ListFilter)(nil)
	_ desktop.Cursorable = (*ListFilter)(nil)
)

// FilterHeight is the height of a [ListFilter].
const FilterHeight = float32(26)

// Measures of its options: calmer than the chips of the search, which stands over
// everything else, while this is always there.
const (
	filterLeft   = float32(12) // to the edge of the list
	filterPad    = float32(9)
	filterGap    = float32(4)
	filterRadius = float32(9)
	// filterMost is the largest count that is said.
	filterMost = 999
)

// NewListFilter makes the row with the option of the given value chosen, the first
// if there is none. Of the options only value and label count.
func NewListFilter(value string, options ...Option) *ListFilter {
	f := &ListFilter{over: -1}
	for _, o := range options {
		p := &filterOption{
			value: o.Value,
			back:  box(filterRadius),
			plain: newLabel(theme.SecondarySize, false),
			bold:  newLabel(theme.SecondarySize, true),
			count: newLabel(theme.SmallSize, true),
		}
		p.plain.set(o.Label)
		p.bold.set(o.Label)
		f.options = append(f.options, p)
	}
	f.value = f.options[max(f.index(value), 0)].value
	f.ExtendBaseWidget(f)
	return f
}

// Value returns what is chosen.
func (f *ListFilter) Value() string { return f.value }

// SetCount says how many there are of an option, 0 for no word of it.
func (f *ListFilter) SetCount(value string, n int) {
	i := f.index(value)
	if i < 0 {
		return
	}
	words := ""
	switch {
	case n > filterMost:
		words = strconv.Itoa(filterMost) + "+"
	case n > 0:
		words = strconv.Itoa(n)
	}
	if c := f.options[i].count; c.full != words {
		c.set(words)
		f.Refresh()
	}
}

func (f *ListFilter) index(value string) int {
	return slices.IndexFunc(f.options, func(o *filterOption) bool { return o.value == value })
}

// choose is a person choosing option i; there need be none.
func (f *ListFilter) choose(i int) {
	if i < 0 || i >= len(f.options) || f.options[i].value == f.value {
		return
	}
	f.value = f.options[i].value
	f.Refresh()
	if f.OnChanged != nil {
		f.OnChanged(f.value)
	}
}

// CreateRenderer implements fyne.Widget.
func (f *ListFilter) CreateRenderer() fyne.WidgetRenderer {
	var objects []fyne.CanvasObject
	for _, o := range f.options {
		objects = append(objects, o.back, o.plain.line, o.bold.line, o.count.line)
	}
	f.paint()
	return &flat{
		objects: these(objects...),
		layout:  f.layout,
		min:     fixed(120, FilterHeight),
		refresh: func() { f.paint(); f.layout(f.Size()); canvas.Refresh(f) },
	}
}

func (f *ListFilter) paint() {
	for i, o := range f.options {
		chosen := o.value == f.value
		fill := theme.Panel
		switch {
		case chosen:
			fill = theme.Selected
		case i == f.over:
			fill = theme.Hover
		}
		o.back.FillColor = theme.Color(fill)
		ring(o.back, chosen && f.focused, theme.Link)
		o.plain.ink(theme.Ink2)
		o.bold.ink(theme.Link)
		o.count.ink(theme.Ink2)
		if chosen {
			o.count.ink(theme.Link)
		}
	}
}

// layout gives each option what its words need in bold, so that nothing moves when
// another is chosen; where there is no room, all give way alike.
func (f *ListFilter) layout(size fyne.Size) {
	room := size.Width - 2*filterLeft - filterGap*float32(len(f.options)-1)
	total := float32(0)
	for _, o := range f.options {
		o.w = round(o.bold.width()+1) + 2*filterPad
		if o.count.full != "" {
			o.w += filterGap + round(o.count.width()+1)
		}
		total += o.w
	}
	share := min(1, max(room, 0)/total)
	x, pad := filterLeft, filterPad*share
	for _, o := range f.options {
		o.x, o.w = x, o.w*share
		place(o.back, o.x, 0, o.w, size.Height)
		shown, other := o.plain, o.bold
		if o.value == f.value {
			shown, other = other, shown
		}
		other.line.Hidden = true
		end := o.x + o.w - pad
		if o.count.full != "" {
			end -= filterGap + round(o.count.width()+1)
			o.count.place(end+filterGap, 0, size.Height, o.count.width()+1)
		} else {
			o.count.line.Hidden = true
		}
		words := end - o.x - pad
		if free := words - shown.width(); free > 0 { // the lighter words in the middle
			shown.place(o.x+pad+free/2, 0, size.Height, words)
		} else {
			shown.place(o.x+pad, 0, size.Height, words)
		}
		x += o.w + filterGap
	}
}

// at is the option at a place, -1 for none.
func (f *ListFilter) at(p fyne.Position) int {
	return slices.IndexFunc(f.options, func(o *filterOption) bool { return p.X >= o.x && p.X < o.x+o.w })
}

// Tapped chooses what is under the pointer.
func (f *ListFilter) Tapped(e *fyne.PointEvent) { f.choose(f.at(e.Position)) }

// MouseIn implements desktop.Hoverable.
func (f *ListFilter) MouseIn(e *desktop.MouseEvent) { f.hover(f.at(e.Position)) }

// MouseMoved implements desktop.Hoverable.
func (f *ListFilter) MouseMoved(e *desktop.MouseEvent) { f.hover(f.at(e.Position)) }

// MouseOut implements desktop.Hoverable.
func (f *ListFilter) MouseOut() { f.hover(-1) }

func (f *ListFilter) hover(i int) {
	if f.over != i {
		f.over = i
		f.Refresh()
	}
}

// Cursor implements desktop.Cursorable.
func (f *ListFilter) Cursor() desktop.Cursor {
	if f.over < 0 {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// FocusGained implements fyne.Focusable.
func (f *ListFilter) FocusGained() { f.focused = true; f.Refresh() }

// FocusLost implements fyne.Focusable.
func (f *ListFilter) FocusLost() { f.focused = false; f.Refresh() }

// TypedRune implements fyne.Focusable.
func (f *ListFilter) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (f *ListFilter) TypedKey(key *fyne.KeyEvent) {
	switch i := f.index(f.value); key.Name {
	case fyne.KeyLeft:
		f.choose(i - 1)
	case fyne.KeyRight:
		f.choose(i + 1)
	case fyne.KeyHome:
		f.choose(0)
	case fyne.KeyEnd:
		f.choose(len(f.options) - 1)
	case fyne.KeyDown:
		call(f.OnDown)
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter: // it is chosen already
	default:
		passKey(f, key)
	}
}

// KeyDown implements desktop.Keyable.
func (f *ListFilter) KeyDown(key *fyne.KeyEvent) { passKeyDown(f, key) }

// KeyUp implements desktop.Keyable.
func (f *ListFilter) KeyUp(*fyne.KeyEvent) {}

// TypedShortcut hands shortcuts to the window.
func (f *ListFilter) TypedShortcut(s fyne.Shortcut) { passShortcut(f, s) }
