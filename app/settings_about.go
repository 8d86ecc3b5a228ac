package app

import (
	"fyne.io/fyne/v2"

	"magpie/app/i18n"
	"magpie/widgets"
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
	return widgets.NewStack(
		widgets.Item{Object: widgets.NewSettingRow(tr.T("app.name"), tr.F("about.version", i18n.Args{"Version": a.options.Version}), nil)},
		widgets.Item{Object: widgets.NewSettingRow(tr.T("about.data"), root, open)},
		widgets.Item{Object: widgets.NewSettingRow(tr.T("about.licence"), "", nil)},
	)
}
