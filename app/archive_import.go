package app

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"magpie/app/archive"
	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/loop"
)

// importForm asks which export comes in.
type importForm struct {
	m      *mainScreen
	sheet  *widgets.Sheet
	folder *widgets.TextField
}

// askImport opens the form.
func (m *mainScreen) askImport() {
	f := &importForm{m: m}
	tr := m.tr
	var items []widgets.Item
	f.folder, items = m.folderField(tr.T("archive.from"), "", func(folder string) string { return folder })
	f.folder.OnSubmitted = f.look
	f.sheet = widgets.NewSheet(tr.T("archive.importTitle"), tr.T("archive.importText"), widgets.NewStack(items...),
		widgets.NewSecondaryButton(tr.T("action.cancel"), func() { f.sheet.Close() }),
		widgets.NewPrimaryButton(tr.T("archive.lookIn"), f.look))
	f.sheet.OpenField(m.app.canvas, f.folder)
}

// look reads what the export holds before anything is changed.
func (f *importForm) look() {
	m := f.m
	dir := pathOf(f.folder.Text())
	if dir == "" || !filepath.IsAbs(dir) {
		wrong(f.folder, m.tr.T("archive.needPath"))
		return
	}
	ctx, stop := context.WithCancel(m.s.ctx)
	f.sheet.Close()
	work := m.app.newLongWork(m.tr.T("archive.reading"), stop)
	me := m.me
	go func() {
		c, err := archive.Look(ctx, me, dir)
		stop()
		loop.Do(func() {
			work.sheet.Close()
			switch {
			case m.app.closing || m.s.ctx.Err() != nil, errors.Is(err, context.Canceled):
			case err != nil:
				f.again(m.archiveError(err, c.Account))
			default:
				f.confirm(dir, c)
			}
		})
	}()
}

// again shows the form with what was wrong.
func (f *importForm) again(words string) {
	f.sheet.OpenField(f.m.app.canvas, f.folder)
	wrong(f.folder, words)
}

// confirm says what the export holds, and asks.
func (f *importForm) confirm(dir string, c archive.Contents) {
	m, tr := f.m, f.m.tr
	line := func(label, value string) widgets.Item { return widgets.Item{Object: widgets.NewFact(label, value)} }
	date := func(ms int64) string { return m.times.date(time.UnixMilli(ms)) }
	messages := grouped(c.Messages)
	if c.Messages > 0 {
		messages = tr.F("archive.messagesBetween", i18n.Args{"Count": messages, "From": date(c.First), "To": date(c.Last)})
	}
	files := grouped(c.Files)
	if c.Files > 0 {
		files += " · " + mediaWords{tr}.bytes(c.FileBytes)
	}
	var sheet *widgets.Sheet
	sheet = widgets.NewSheet(tr.T("archive.confirmTitle"), tr.T("archive.confirmText"), widgets.NewStack(
		line(tr.T("archive.factAccount"), string(c.Account)),
		line(tr.T("archive.factMade"), date(c.Time)),
		line(tr.T("archive.factChats"), grouped(c.Conversations)),
		line(tr.T("archive.factMessages"), messages),
		line(tr.T("archive.factFiles"), files),
	), widgets.NewSecondaryButton(tr.T("action.cancel"), func() { sheet.Close() }),
		widgets.NewPrimaryButton(tr.T("archive.import"), func() {
			sheet.Close()
			f.begin(dir, c)
		}))
	sheet.Open(m.app.canvas, nil)
}

// begin brings the export in.
func (f *importForm) begin(dir string, c archive.Contents) {
	m := f.m
	ctx, stop := context.WithCancel(m.s.ctx)
	work := m.app.newLongWork(m.tr.T("archive.importing"), stop)
	told := &latest[archive.Progress]{show: func(p archive.Progress) {
		work.show(p.Part, m.tr.F("archive.importProgress", i18n.Args{
			"Done": grouped(p.Messages + p.Here), "Messages": grouped(c.Messages), "Files": grouped(p.Files), "OfFiles": grouped(c.Files),
			"Percent": min(int(p.Part*100), 100),
		}))
	}}
	client := m.s.client
	go func() {
		done, err := archive.Import(ctx, client, dir, told.set)
		stop()
		loop.Do(func() {
			work.sheet.Close()
			m.imported(done, c.Account, err)
		})
	}()
}

// imported says what was added, what was here already, and what was refused and why.
func (m *mainScreen) imported(done archive.Progress, whose im.UserID, err error) {
	a, tr := m.app, m.tr
	if a.closing || m.s.ctx.Err() != nil {
		return
	}
	lines := []string{m.tr.F("archive.added", i18n.Args{
		"Messages": tr.N("archive.messages", done.Messages, i18n.Args{"Number": grouped(done.Messages)}),
		"Files":    tr.N("archive.filesCount", done.Files, i18n.Args{"Number": grouped(done.Files)}),
	})}
	if done.Here > 0 {
		lines = append(lines, tr.N("archive.here", done.Here, i18n.Args{"Number": grouped(done.Here)}))
	}
	if done.Missing > 0 {
		lines = append(lines, tr.N("archive.importMissing", done.Missing, nil))
	}
	title := tr.T("archive.importDone")
	var refused *archive.RefusedError
	switch {
	case errors.As(err, &refused):
		lines = append(lines, tr.N("archive.refused", len(refused.Files), nil))
		const most = 3
		for i, r := range refused.Files {
			if i == most {
				lines = append(lines, "…")
				break
			}
			lines = append(lines, tr.F("archive.refusedFile", i18n.Args{"File": r.Path, "Reason": m.refusal(r.Err)}))
		}
	case errors.Is(err, context.Canceled):
		title = tr.T("archive.importStopped")
		lines = append(lines, tr.T("archive.importAgain"))
	case err != nil:
		title = tr.T("archive.importFailed")
		lines = append([]string{m.archiveError(err, whose)}, lines...)
	}
	a.tell(title, strings.Join(lines, "\n"))
}

// refusal is why a file was refused.
func (m *mainScreen) refusal(err error) string {
	if im.CodeOf(err) != 0 {
		return m.tr.Error(err)
	}
	return m.tr.T("archive.fileChanged")
}
