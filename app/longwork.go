package app

import (
	"context"
	"sync"

	"fyne.io/fyne/v2"

	"magpie/widgets"
	"magpie/widgets/loop"
	"magpie/widgets/theme"
)

// latest hands the newest of many values to the user interface, one at a time: work
// that tells of its progress thousands of times a second does not fill the event
// loop.
type latest[T any] struct {
	mu      sync.Mutex
	value   T
	waiting bool
	show    func(T) // on the user interface
}

func (l *latest[T]) set(v T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.value = v
	if l.waiting {
		return
	}
	l.waiting = true
	loop.Do(func() {
		l.mu.Lock()
		v := l.value
		l.waiting = false
		l.mu.Unlock()
		l.show(v)
	})
}

// longWork is something that takes a while: a sheet says how far it is and lets a
// person stop it.
type longWork struct {
	sheet  *widgets.Sheet
	bar    *widgets.ProgressBar
	words  *widgets.Paragraph
	cancel *widgets.Button
	stop   context.CancelFunc
}

// newLongWork opens the sheet. stop is called at Cancel; the work closes the sheet
// when it has ended.
func (a *application) newLongWork(title string, stop context.CancelFunc) *longWork {
	w := &longWork{
		bar:   widgets.NewProgressBar(),
		words: widgets.NewParagraph(a.tr.T("work.begins"), theme.Ink2, theme.SecondarySize, fyne.TextAlignLeading),
		stop:  stop,
	}
	w.cancel = widgets.NewSecondaryButton(a.tr.T("action.cancel"), func() {
		w.cancel.Disable()
		w.words.SetText(a.tr.T("work.stopping"))
		w.stop()
	})
	w.sheet = widgets.NewSheet(title, "", widgets.NewStack(widgets.Item{Object: w.bar}, widgets.Item{Above: 10, Object: w.words}), w.cancel)
	// Neither a key nor a click beside it ends what takes long.
	w.sheet.Sticky, w.sheet.NoDefault = true, true
	w.sheet.Open(a.canvas, nil)
	return w
}

// show says how far it is.
func (w *longWork) show(part float64, words string) {
	if w.cancel.Disabled() {
		return // it is being stopped
	}
	w.bar.SetPart(part)
	w.words.SetText(words)
	w.sheet.Refresh()
}
