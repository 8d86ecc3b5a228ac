package app

import (
	"context"
	"os"

	"fyne.io/fyne/v2"

	"magpie/app/diagnose"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// showReport makes the report and shows all of it before it can go anywhere.
func (p *settingsPage) showReport() {
	m := p.m
	r, client := m.app.report(m.s), m.s.client
	beside(p.ctx, func(ctx context.Context) (*diagnose.Report, error) { return r, r.Collect(ctx, client) }, func(r *diagnose.Report, err error) {
		if err != nil {
			m.report(err)
			return
		}
		p.reportSheet(r.String())
	})
}

func (p *settingsPage) reportSheet(text string) {
	a, tr := p.m.app, p.m.tr
	var sheet *widgets.Sheet
	sheet = widgets.NewSheet(tr.T("about.report"), tr.T("about.reportText"),
		widgets.NewParagraph(text, theme.Ink, theme.MetaSize, fyne.TextAlignLeading),
		widgets.NewSecondaryButton(tr.T("action.close"), func() { sheet.Close() }),
		widgets.NewSecondaryButton(tr.T("about.saveReport"), func() { p.saveReport(text) }),
		widgets.NewPrimaryButton(tr.T("menu.copy"), func() {
			a.fyne.Clipboard().SetContent(text)
			sheet.Close()
			a.say(tr.T("about.reportCopied"))
		}))
	sheet.Open(a.canvas, nil)
}

// saveReport writes the report where the person says.
func (p *settingsPage) saveReport(text string) {
	a, m := p.m.app, p.m
	a.askWhere("magpie-report.txt", func(path string) {
		beside(m.ctx, func(context.Context) (struct{}, error) { return struct{}{}, os.WriteFile(path, []byte(text), 0o600) }, func(_ struct{}, err error) {
			if err != nil {
				m.report(err)
				return
			}
			a.say(m.tr.T("about.reportSaved"))
		})
	})
}
