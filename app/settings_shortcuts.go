package app

import (
	"fyne.io/fyne/v2"

	"magpie/widgets"
)

// shortcuts lists the keys of the window.
func (p *settingsPage) shortcuts() fyne.CanvasObject {
	return widgets.NewStack(p.m.app.keyRows()...)
}

// keyRows are the keys of the window, by group, as the table has them.
func (a *application) keyRows() (rows []widgets.Item) {
	all := shortcuts(a.settings.EnterBreaksLine)
	for i, group := range shortcutGroups {
		above := float32(0)
		if i > 0 {
			above = 18
		}
		rows = append(rows, widgets.Item{Above: above, Object: widgets.NewPanelSection(a.tr.T(group), "", nil)})
		for _, s := range all {
			if s.group == group {
				rows = append(rows, widgets.Item{Object: widgets.NewKeyRow(a.tr.T(s.name), keyNames(s.keys[0], onMac)...)})
			}
		}
	}
	return rows
}

// help shows the keys over whatever is shown, unless something lies there already.
func (a *application) help() {
	if a.locked() || a.window.Canvas().Overlays().Top() != nil {
		return
	}
	var sheet *widgets.Sheet
	sheet = widgets.NewSheet(a.tr.T("settings.shortcuts"), "", widgets.NewStack(a.keyRows()...),
		widgets.NewSecondaryButton(a.tr.T("action.close"), func() { sheet.Close() }))
	sheet.Open(a.canvas, nil)
}
