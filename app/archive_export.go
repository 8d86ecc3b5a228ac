package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/archive"
	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/loop"
	"magpie/widgets/theme"
)

// exportForm asks what is exported, and where to.
type exportForm struct {
	m      *mainScreen
	conv   im.ConversationID // of the chip for one chat, "" for none
	sheet  *widgets.Sheet
	what   *widgets.ChipChoice
	when   *widgets.ChipChoice
	dates  *widgets.TextField
	files  *widgets.Check
	folder *widgets.TextField
	// proposed is what was put into folder; what a person typed there stays.
	proposed, parent string
}

// Values of the choices of the form.
const (
	exportOne   = "one"
	exportAll   = "all"
	exportDates = "dates"
)

// askExport opens the form for one chat, or, with conv "", for all of them.
func (m *mainScreen) askExport(conv im.ConversationID) {
	tr := m.tr
	f := &exportForm{m: m, conv: conv, parent: m.app.saveFolder()}
	chosen := exportOne
	if conv == "" {
		f.conv, chosen = m.conversation(), exportAll
	}
	options := []widgets.Option{{Value: exportAll, Label: tr.T("archive.all")}}
	if f.conv != "" {
		row, _ := m.row(f.conv)
		options = append([]widgets.Option{{Value: exportOne, Label: m.name(&row)}}, options...)
	}
	f.what = widgets.NewChipChoice(tr.T("archive.what"), chosen, options...)
	f.what.OnChanged = func(string) { f.propose() }
	times := []widgets.Option{{Value: "", Label: tr.T("find.anyTime")}}
	for _, p := range namedPeriods(m.app.now()) {
		if p.key == "month" || p.key == "year" {
			times = append(times, widgets.Option{Value: p.key, Label: p.words(m.times)})
		}
	}
	times = append(times, widgets.Option{Value: exportDates, Label: tr.T("archive.dates")})
	f.when = widgets.NewChipChoice(tr.T("archive.when"), "", times...)
	f.dates = widgets.NewTextField("", tr.T("archive.datesHint"))
	f.dates.Hide()
	f.when.OnChanged = func(value string) {
		show(value == exportDates, f.dates)
		f.sheet.Refresh()
		if value == exportDates {
			f.dates.Focus()
		}
	}
	f.files = widgets.NewCheck(tr.T("archive.files"), tr.T("archive.filesWords"), true)
	var place []widgets.Item
	f.folder, place = m.folderField(tr.T("archive.to"), "", func(parent string) string {
		f.parent = parent
		return f.proposal()
	})
	f.propose()
	f.folder.OnSubmitted = f.begin
	f.dates.OnSubmitted = f.begin
	items := append([]widgets.Item{
		{Object: f.what}, {Above: 14, Object: f.when}, {Above: 8, Object: f.dates}, {Above: 10, Object: f.files},
	}, place...)
	items = append(items, widgets.Item{Above: 14, Object: widgets.NewParagraph(tr.T("archive.note"), theme.Ink2, theme.MetaSize, fyne.TextAlignLeading)})
	f.sheet = widgets.NewSheet(tr.T("archive.exportTitle"), "", widgets.NewStack(items...),
		widgets.NewSecondaryButton(tr.T("action.cancel"), func() { f.sheet.Close() }),
		widgets.NewPrimaryButton(tr.T("archive.export"), f.begin))
	f.sheet.Open(m.app.canvas, nil)
}

// proposal is a folder that is not there yet.
func (f *exportForm) proposal() string {
	name := ""
	if f.what.Value() == exportOne {
		row, _ := f.m.row(f.conv)
		name = plainName(f.m.name(&row))
	}
	words := f.m.tr.F("archive.folderName", i18n.Args{"Name": first(name, string(f.m.me)), "Date": f.m.app.now().Format(time.DateOnly)})
	f.proposed = freePath(f.parent, words)
	return f.proposed
}

// propose puts a folder into the field, unless a person put another there.
func (f *exportForm) propose() {
	if f.folder.Text() == f.proposed {
		f.folder.SetText(f.proposal())
	}
}

// options are what the form says; ok is false if something in it is wrong, and said.
func (f *exportForm) options() (o archive.Options, ok bool) {
	m := f.m
	o = archive.Options{
		Dir: pathOf(f.folder.Text()), NoFiles: !f.files.On(), Fetch: m.connected(),
		Language: m.tr.Language(), Now: m.app.now(), Zone: m.app.now().Location(),
	}
	if f.what.Value() == exportOne {
		o.Conversations = []im.ConversationID{f.conv}
	}
	for _, p := range namedPeriods(m.app.now()) {
		if p.key == f.when.Value() {
			o.Since, o.Until = p.from, p.to
		}
	}
	if f.when.Value() == exportDates {
		p := typedPeriods(f.dates.Text(), m.app.now())
		if len(p) == 0 {
			wrong(f.dates, m.tr.T("archive.noDate"))
			return o, false
		}
		o.Since, o.Until = p[0].from, p[0].to
	}
	_, err := os.Lstat(o.Dir)
	switch {
	case o.Dir == "" || !filepath.IsAbs(o.Dir):
		wrong(f.folder, m.tr.T("archive.needPath"))
	case err == nil:
		wrong(f.folder, m.tr.T("archive.exists"))
	case !errors.Is(err, fs.ErrNotExist):
		wrong(f.folder, m.archiveError(err, ""))
	default:
		return o, true
	}
	return o, false
}

// begin exports what the form says.
func (f *exportForm) begin() {
	o, ok := f.options()
	if !ok {
		return
	}
	m := f.m
	ctx, stop := context.WithCancel(m.s.ctx)
	f.sheet.Close()
	work := m.app.newLongWork(m.tr.T("archive.exporting"), stop)
	told := &latest[archive.Progress]{show: func(p archive.Progress) { work.show(p.Part, m.exportWords(p)) }}
	o.OnProgress = told.set
	client := m.s.client
	go func() {
		done, err := archive.Export(ctx, client, o)
		stop()
		loop.Do(func() {
			work.sheet.Close()
			m.exported(f, o, done, err)
		})
	}()
}

// exportWords say how far an export is.
func (m *mainScreen) exportWords(p archive.Progress) string {
	row, _ := m.row(p.Current)
	return m.tr.F("archive.progress", i18n.Args{
		"Number": min(p.Conversations+1, p.Of), "Of": p.Of, "Name": m.name(&row), "Percent": min(int(p.Part*100), 100),
		"Messages": m.tr.N("archive.messages", p.Messages, i18n.Args{"Number": grouped(p.Messages)}),
		"Files":    m.tr.N("archive.filesCount", p.Files, i18n.Args{"Number": grouped(p.Files)}),
	})
}

// exported says what came of it. After a failure the form is there again, as it was.
func (m *mainScreen) exported(f *exportForm, o archive.Options, done archive.Progress, err error) {
	a, tr := m.app, m.tr
	switch {
	case a.closing || m.s.ctx.Err() != nil: // the account was left meanwhile
		return
	case errors.Is(err, context.Canceled):
		a.say(tr.T("archive.exportStopped"))
		return
	case err != nil:
		f.sheet.SetProblem(m.archiveError(err, ""))
		f.sheet.Open(a.canvas, nil)
		return
	}
	a.folder = filepath.Dir(o.Dir)
	words := tr.F("archive.exported", i18n.Args{"Name": filepath.Base(o.Dir), "What": m.counted(done)})
	if done.Holes > 0 {
		words += "\n" + tr.N("archive.holes", done.Holes, nil)
	}
	if done.Missing > 0 {
		words += "\n" + tr.N("archive.missing", done.Missing, nil)
	}
	a.ask(question{
		title: tr.T("archive.exportDone"), text: words, no: tr.T("action.done"), yes: tr.T("archive.showFolder"),
		onYes: func() { m.report(a.openFile(o.Dir)) },
	})
}

// counted says how much of everything there is.
func (m *mainScreen) counted(p archive.Progress) string {
	return m.tr.F("archive.counted", i18n.Args{
		"Chats":    m.tr.N("find.chats", p.Conversations, nil),
		"Messages": m.tr.N("archive.messages", p.Messages, i18n.Args{"Number": grouped(p.Messages)}),
		"Files":    m.tr.N("archive.filesCount", p.Files, i18n.Args{"Number": grouped(p.Files)}),
	})
}
