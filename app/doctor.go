package app

import (
	"context"
	"errors"
	"path/filepath"

	"fyne.io/fyne/v2"

	"magpie/app/i18n"
	"magpie/app/profile"
	"magpie/store"
	"magpie/widgets"
	"magpie/widgets/loop"
	"magpie/widgets/theme"
)

// checkup looks at all of an account's history while that is closed, says how it
// stands, and mends it if it is told to. The window shows nothing else meanwhile.
type checkup struct {
	a       *application
	account profile.Account
	path    string
	turn    int
	health  store.Health
}

// checkDatabase checks the history of the account that is shown.
func (m *mainScreen) checkDatabase() {
	m.closeSettings()
	m.app.checkup()
}

// checkup closes the account that is shown and looks at its history: a person asked
// for that, or damage was met.
func (a *application) checkup() {
	s := a.session
	if s == nil {
		return
	}
	a.main.end()
	a.session, a.main = nil, nil
	a.drop(s)
	a.examine(s.account)
}

// examine looks at the history of an account that is not open.
func (a *application) examine(account profile.Account) {
	path, err := a.profile.HistoryPath(account)
	if err != nil {
		a.cannotEnter(account, err)
		return
	}
	c := &checkup{a: a, account: account, path: path}
	ctx, stop := context.WithCancel(a.sessions.ctx)
	told := c.progress("doctor.checking", widgets.NewSecondaryButton(a.tr.T("action.cancel"), stop))
	run(c, func(o store.Options) (store.Health, error) {
		defer stop()
		o.Looking = told
		return store.ExamineContext(ctx, path, o)
	}, c.examined)
}

// run does work on the closed file beside the user interface, after everything that
// has to be written into it. It comes back unless something else was opened.
func run[T any](c *checkup, work func(store.Options) (T, error), then func(T, error)) {
	a := c.a
	if !a.sessions.begin() {
		return
	}
	a.turn++
	c.turn = a.turn
	o := store.Options{Account: c.account.User, Key: a.keys.Account(c.account.Folder()), Unseal: a.keys.Unseal()}
	go func() {
		a.files.wait()
		v, err := work(o)
		a.sessions.opened(nil)
		loop.Do(func() {
			if !a.closing && c.turn == a.turn {
				then(v, err)
			}
		})
	}()
}

// progress shows a card that says how far something is, and returns what is told of
// that, from any goroutine.
func (c *checkup) progress(title string, buttons ...*widgets.Button) func(done, total int64) {
	a := c.a
	bar := widgets.NewProgressBar()
	card := widgets.NewNoteCard(a.tr.T(title), a.tr.T("work.begins"), bar, buttons...)
	a.setContent(card)
	type part struct{ done, total int64 }
	told := &latest[part]{show: func(p part) {
		bar.SetPart(float64(p.done) / float64(max(p.total, 1)))
		card.SetWords(mediaWords{a.tr}.progress(p.done, p.total))
	}}
	return func(done, total int64) { told.set(part{done, total}) }
}

// examined says how the history stands.
func (c *checkup) examined(h store.Health, err error) {
	a, tr := c.a, c.a.tr
	goOn := func(key string) *widgets.Button { return c.button(widgets.Primary, key, func() { c.leave() }) }
	switch {
	case errors.Is(err, context.Canceled):
		c.leave()
		return
	case err != nil:
		a.cannotEnter(c.account, err)
		return
	case h.Damage == 0:
		size := mediaWords{tr}.bytes(h.Bytes)
		words := tr.F("doctor.wholeText", i18n.Args{
			"Messages": tr.N("archive.messages", h.Messages, i18n.Args{"Number": grouped(h.Messages)}),
			"Chats":    tr.N("find.chats", h.Conversations, nil), "Size": size,
		})
		c.show("doctor.whole", words, goOn("doctor.continue"))
		return
	}
	c.health = h
	words := tr.N("doctor.damagedText", h.Damage, i18n.Args{"Number": grouped(h.Damage), "Messages": grouped(h.Messages)})
	if h.Outside > 0 {
		words += " " + tr.N("doctor.outside", h.Outside, i18n.Args{"Number": grouped(h.Outside)})
	}
	c.show("doctor.damaged", words,
		c.button(widgets.Primary, "doctor.repair", c.repair),
		c.button(widgets.Secondary, "doctor.details", c.details))
}

// leave opens the account again.
func (c *checkup) leave() {
	c.a.setContent(c.a.blank())
	c.a.enter(c.account)
}

func (c *checkup) button(kind widgets.Kind, key string, tapped func()) *widgets.Button {
	return widgets.NewButton(kind, c.a.tr.T(key), tapped)
}

// show shows a card with the keyboard on its first button.
func (c *checkup) show(title, words string, buttons ...*widgets.Button) {
	c.a.note(c.a.tr.T(title), words, buttons...)
}

// note shows a card in place of everything, with the keyboard on its first button.
func (a *application) note(title, words string, buttons ...*widgets.Button) {
	a.setContent(widgets.NewNoteCard(title, words, nil, buttons...))
	a.setTitle(0)
	if len(buttons) > 0 {
		a.canvas.Focus(buttons[0])
	}
}

// details are for somebody who wants to know, or is asked by who helps them.
func (c *checkup) details() {
	a, tr := c.a, c.a.tr
	h := c.health
	fact := func(label, value string) widgets.Item { return widgets.Item{Object: widgets.NewFact(label, value)} }
	items := []widgets.Item{
		fact(tr.T("doctor.factFile"), c.path),
		fact(tr.T("doctor.factSize"), mediaWords{tr}.bytes(h.Bytes)),
		fact(tr.T("doctor.factReadable"), tr.F("doctor.readable", i18n.Args{
			"Messages": tr.N("archive.messages", h.Messages, i18n.Args{"Number": grouped(h.Messages)}),
			"Chats":    tr.N("find.chats", h.Conversations, nil), "Waiting": grouped(h.Waiting), "Drafts": grouped(h.Drafts),
		})),
		fact(tr.T("doctor.factDamaged"), tr.N("doctor.places", h.Damage, i18n.Args{"Number": grouped(h.Damage)})),
	}
	if h.Outside > 0 {
		items = append(items, fact(tr.T("doctor.factOutside"), tr.N("archive.messages", h.Outside, i18n.Args{"Number": grouped(h.Outside)})))
	}
	if len(h.Lost) > 0 {
		items = append(items, fact(tr.T("doctor.factLost"), c.lostWords()))
	}
	for _, problem := range h.Problems {
		items = append(items, widgets.Item{Above: 4, Object: widgets.NewParagraph(problem, theme.Ink2, theme.MetaSize, fyne.TextAlignLeading)})
	}
	if more := h.Damage - len(h.Problems); more > 0 {
		items = append(items, hint(tr.N("doctor.more", more, i18n.Args{"Number": grouped(more)})))
	}
	var sheet *widgets.Sheet
	sheet = widgets.NewSheet(tr.T("doctor.detailsTitle"), "", widgets.NewStack(items...),
		widgets.NewSecondaryButton(tr.T("archive.showFolder"), func() { a.showFolder(c.path) }),
		widgets.NewPrimaryButton(tr.T("action.close"), func() { sheet.Close() }))
	sheet.Open(a.canvas, nil)
}

// showFolder shows where a file is.
func (a *application) showFolder(path string) {
	if err := a.openFile(filepath.Dir(path)); err != nil {
		a.say(a.tr.Error(err))
	}
}

// mended is what came of a repair.
type mended struct {
	report store.Report
	health store.Health // afterwards
}

// repair sets the damaged file aside and saves what can be read of it.
func (c *checkup) repair() {
	told := c.progress("doctor.repairing")
	run(c, func(o store.Options) (m mended, err error) {
		o.Looking = told
		if m.report, err = store.Repair(c.path, o); err != nil {
			return m, err
		}
		m.health, err = store.Examine(c.path, o)
		return m, err
	}, c.repaired)
}

func (c *checkup) repaired(m mended, err error) {
	a, tr := c.a, c.a.tr
	if err != nil {
		a.cannotEnter(c.account, err)
		return
	}
	goOn := c.button(widgets.Primary, "doctor.continue", c.leave)
	if m.report.SetAside == "" { // it was mended by somebody else meanwhile
		c.show("doctor.whole", "", goOn)
		return
	}
	words := tr.F("doctor.repairedText", i18n.Args{
		"Messages": tr.N("archive.messages", m.health.Messages, i18n.Args{"Number": grouped(m.health.Messages)}),
		"Lost":     c.lostWords(),
		"File":     filepath.Base(m.report.SetAside),
	})
	c.show("doctor.repaired", words+outsideWords(tr, m.report), goOn, c.button(widgets.Secondary, "archive.showFolder", func() { a.showFolder(m.report.SetAside) }))
}

// outsideWords say how many of the messages that were saved may be old, nothing if none.
func outsideWords(tr *i18n.Translator, r store.Report) string {
	if r.Outside == 0 {
		return ""
	}
	return " " + tr.N("doctor.outsideSaved", r.Outside, i18n.Args{"Number": grouped(r.Outside)})
}

// lostWords say what damage took, as exactly as the file tells: messages by their number
// or within bounds, else how many places cannot be read.
func (c *checkup) lostWords() string {
	tr, h := c.a.tr, c.health
	least, most := 0, 0
	for _, l := range h.Lost {
		if least += l.Least; l.Most < 0 || most < 0 {
			most = -1
		} else {
			most += l.Most
		}
	}
	switch {
	case len(h.Lost) == 0 || most < 0:
		return tr.N("doctor.lost", h.Damage, i18n.Args{"Number": grouped(h.Damage)})
	case least < most:
		return tr.F("doctor.lostBetween", i18n.Args{"Least": grouped(least), "Most": grouped(most)})
	}
	return tr.N("doctor.lostMessages", most, i18n.Args{"Number": grouped(most)})
}

// tellMended says that a history was found damaged when it was opened, and what was
// done about it.
func (a *application) tellMended(r store.Report) {
	tr := a.tr
	a.ask(question{
		title: tr.T("doctor.damaged"),
		text: tr.F("doctor.mendedText", i18n.Args{
			"Saved": tr.N("doctor.entries", r.Salvaged, i18n.Args{"Number": grouped(r.Salvaged)}),
			"Lost":  tr.N("doctor.lost", r.Lost, i18n.Args{"Number": grouped(r.Lost)}),
			"File":  filepath.Base(r.SetAside),
		}) + outsideWords(tr, r),
		no: tr.T("archive.showFolder"), yes: tr.T("action.ok"),
		onNo: func() { a.showFolder(r.SetAside) },
	})
}
