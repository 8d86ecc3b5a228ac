package app

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"magpie/widgets"
)

// question is a dialog with a text and one or two answers.
type question struct {
	title, text string
	yes, no     string // no may be empty
	// danger marks what cannot be taken back. Enter does not do it: it presses
	// the button that does nothing.
	danger bool
	onYes  func()
	onNo   func() // pressed, not merely closed; may be nil
}

// ask shows a question, and returns what it is on.
func (a *application) ask(q question) *widgets.Sheet {
	var sheet *widgets.Sheet
	buttons := []*widgets.Button{}
	if q.no != "" {
		buttons = append(buttons, widgets.NewSecondaryButton(q.no, func() {
			sheet.Close()
			if q.onNo != nil {
				q.onNo()
			}
		}))
	}
	kind := widgets.Primary
	if q.danger {
		kind = widgets.Danger
	}
	yes := widgets.NewButton(kind, q.yes, func() {
		sheet.Close()
		if q.onYes != nil {
			q.onYes()
		}
	})
	if q.danger {
		buttons = append([]*widgets.Button{yes}, buttons...)
	} else {
		buttons = append(buttons, yes)
	}
	sheet = widgets.NewSheet(q.title, q.text, nil, buttons...)
	sheet.Open(a.canvas, nil)
	return sheet
}

// askOfLink is ask about a link. Several may come in a row, from outside or by clicks: while
// a person has one such question in front, others are not put before it.
func (a *application) askOfLink(q question) {
	if a.linkAsked == nil || !a.linkAsked.IsOpen() {
		a.linkAsked = a.ask(q)
	}
}

// tellOfLink is tell in the same way.
func (a *application) tellOfLink(title, text string) {
	a.askOfLink(question{title: title, text: text, yes: a.tr.T("action.ok")})
}

// tell shows something that a person must not miss.
func (a *application) tell(title, text string) {
	a.ask(question{title: title, text: text, yes: a.tr.T("action.ok")})
}

// say shows a short notice at the lower edge of what is in front; without a screen
// that has one, a dialog.
func (a *application) say(words string) { a.offer(words, "", nil) }

// offer is say with something that can be done about it.
func (a *application) offer(words, action string, run func()) {
	switch m := a.main; {
	case m != nil && m.viewing != nil:
		m.viewing.say(words, action, run)
	case m != nil && m.settings != nil:
		m.settings.view.Say(words, action, run)
	case m != nil:
		m.content.toasts.Say(words, action, run)
	case a.window != nil:
		a.tell("", words)
	}
}

// form is a dialog with fields whose answer needs the server: it stays open
// until that succeeded and says what went wrong until then.
type form struct {
	app     *application
	title   string
	text    string
	content fyne.CanvasObject
	first   *widgets.TextField
	yes     string
	danger  bool // what it does cannot be taken back
	// submit reads the fields and returns the work that runs beside the user
	// interface, which the fields belong to. done runs when the work succeeded.
	submit func() (func(ctx context.Context) error, error)
	done   func()
	// words says what went wrong, nil for the usual words.
	words func(error) string

	sheet   *widgets.Sheet
	send    *widgets.Button
	ctx     context.Context
	stop    context.CancelFunc
	running bool
}

// open shows the form.
func (f *form) open() {
	f.ctx, f.stop = context.WithCancel(f.app.session.ctx)
	kind := widgets.Primary
	if f.danger {
		kind = widgets.Danger
	}
	f.send = widgets.NewButton(kind, f.yes, f.trySend)
	cancel := widgets.NewSecondaryButton(f.app.tr.T("action.cancel"), func() { f.sheet.Close() })
	f.sheet = widgets.NewSheet(f.title, f.text, f.content, cancel, f.send)
	f.sheet.OnClosed = f.stop
	if f.first != nil {
		f.first.OnSubmitted = f.trySend
		f.sheet.OpenField(f.app.canvas, f.first)
		return
	}
	f.sheet.Open(f.app.canvas, nil)
}

// errNotYet is returned by a form's submit that has said itself what is wrong.
var errNotYet = errors.New("not yet")

func (f *form) say(err error) {
	switch {
	case errors.Is(err, errNotYet):
		f.sheet.SetProblem("")
	case f.words != nil:
		f.sheet.SetProblem(f.words(err))
	default:
		f.sheet.SetProblem(f.app.tr.Error(err))
	}
}

func (f *form) trySend() {
	if f.running {
		return
	}
	work, err := f.submit()
	if err != nil {
		f.say(err)
		return
	}
	f.running = true
	f.send.Disable()
	f.sheet.SetProblem("")
	beside(f.ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, work(ctx) }, func(_ struct{}, err error) {
		f.running = false
		f.send.Enable()
		if err != nil {
			f.say(err)
			return
		}
		f.sheet.Close()
		f.done()
	})
}
