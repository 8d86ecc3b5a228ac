package app

import (
	"fyne.io/fyne/v2"

	"magpie/app/i18n"
	"magpie/assets"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// about says what the program is and where it keeps everything.
func (p *settingsPage) about() fyne.CanvasObject {
	a, tr := p.m.app, p.m.tr
	root := a.profile.Root
	open := widgets.NewSmallButton(widgets.Secondary, tr.T("about.openFolder"), func() {
		if err := a.openFile(root); err != nil {
			a.say(tr.Error(err))
		}
	})
	report := widgets.NewSmallButton(widgets.Secondary, tr.T("about.showReport"), p.showReport)
	licences := widgets.NewSmallButton(widgets.Secondary, tr.T("about.showLicences"), p.licences)
	return widgets.NewStack(
		widgets.Item{Object: widgets.NewSettingRow(tr.T("app.name"), tr.F("about.version", i18n.Args{"Version": a.options.Version}), nil)},
		widgets.Item{Object: widgets.NewSettingRow(tr.T("about.data"), root, open)},
		widgets.Item{Object: widgets.NewSettingRow(tr.T("about.report"), tr.T("about.reportNote"), report)},
		widgets.Item{Object: widgets.NewSettingRow(tr.T("about.licence"), tr.N("about.others", len(assets.Licences()), nil), licences)},
	)
}

// licences lists what is part of the program, and under which licence.
func (p *settingsPage) licences() {
	tr := p.m.tr
	var rows []widgets.Item
	for _, l := range assets.Licences() {
		read := widgets.NewSmallButton(widgets.Secondary, tr.T("about.readLicence"), func() { p.licence(l) })
		rows = append(rows, widgets.Item{Object: widgets.NewSettingRow(l.Name, l.Licence, read)})
	}
	var sheet *widgets.Sheet
	sheet = widgets.NewSheet(tr.T("about.licences"), tr.T("about.licencesText"), widgets.NewStack(rows...),
		widgets.NewSecondaryButton(tr.T("action.close"), func() { sheet.Close() }))
	sheet.Open(p.m.app.canvas, nil)
}

// licence shows the text of one.
func (p *settingsPage) licence(l assets.Licence) {
	var sheet *widgets.Sheet
	sheet = widgets.NewSheet(l.Name, l.Licence, widgets.NewParagraph(l.Text(), theme.Ink, theme.MetaSize, fyne.TextAlignLeading),
		widgets.NewSecondaryButton(p.m.tr.T("action.close"), func() { sheet.Close() }))
	sheet.Open(p.m.app.canvas, nil)
}
