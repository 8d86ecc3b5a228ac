package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// Toasts shows one short notice at a time near the lower edge and takes it away
// after a while. It lies over the content of the window, as large as that, and
// lets everything through but clicks on the notice.
type Toasts struct {
	widget.BaseWidget
	back   *canvas.Rectangle
	words  *Paragraph
	link   *Link
	action string
	run    func()
	shown  bool
	stop   func() bool
	// after calls f on the UI goroutine after d; replaced in tests.
	after func(d time.Duration, f func()) (stop func() bool)
}

// How long a notice stays: longer when it asks something.
const (
	toastFor       = 4 * time.Second
	toastForAction = 8 * time.Second
)

// NewToasts makes the place where notices appear.
func NewToasts() *Toasts {
	t := &Toasts{back: box(theme.RadiusRow), words: NewParagraph("", theme.OnToast, theme.SecondarySize, fyne.TextAlignLeading), after: afterUI}
	t.link = NewLink("", theme.ToastLink, theme.SecondarySize, func() {
		run := t.run
		t.Clear()
		call(run)
	})
	t.ExtendBaseWidget(t)
	return t
}

// Say shows a notice instead of the present one. The words of an action, and
// what it does, may be empty.
func (t *Toasts) Say(words, action string, run func()) {
	if t.stop != nil {
		t.stop()
	}
	t.words.SetText(words)
	t.link.SetText(action)
	t.action, t.run, t.shown = action, run, true
	stay := toastFor
	if action != "" {
		stay = toastForAction
	}
	t.stop = t.after(stay, t.Clear)
	t.Refresh()
}

// Clear takes the notice away.
func (t *Toasts) Clear() {
	if t.stop != nil {
		t.stop()
		t.stop = nil
	}
	t.shown, t.run = false, nil
	t.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (t *Toasts) CreateRenderer() fyne.WidgetRenderer {
	t.paint()
	return &flat{
		objects: these(t.back, t.words, t.link),
		layout:  t.layout,
		min:     fixed(0, 0),
		refresh: func() { t.paint(); t.layout(t.Size()); canvas.Refresh(t) },
	}
}

func (t *Toasts) paint() {
	t.back.FillColor = theme.Color(theme.Toast)
	t.back.Hidden, t.words.Hidden = !t.shown, !t.shown
	t.link.Hidden = !t.shown || t.action == ""
}

func (t *Toasts) layout(size fyne.Size) {
	if !t.shown {
		return
	}
	const pad, above = float32(16), float32(76)
	room := size.Width - 2*theme.Grid*4 - 2*pad
	link := float32(0)
	if t.action != "" {
		link = t.link.MinSize().Width + pad
	}
	words := min(t.words.face.Width(t.words.words)+1, room-link)
	w := words + link + 2*pad
	lines := t.words.HeightFor(words)
	height := lines + 20
	x, y := round((size.Width-w)/2), max(size.Height-above-height, 0)
	place(t.back, x, y, w, height)
	place(t.words, x+pad, y+(height-lines)/2, words, lines)
	if t.action != "" {
		place(t.link, x+pad+words+pad, y+(height-theme.LineHeight)/2, link-pad, theme.LineHeight)
	}
}
