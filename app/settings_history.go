package app

import (
	"strconv"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/app/profile"
	"magpie/widgets"
)

// historyDays are the choices for how old messages are fetched in the background.
var historyDays = []int{0, 365, 30, -1}

// historyRow says how far back history comes by itself.
func (s *storageSection) historyRow() fyne.CanvasObject {
	a, tr := s.p.m.app, s.p.m.tr
	current := a.settings.HistoryDays
	choices, known := historyDays, false
	for _, d := range choices {
		known = known || d == current
	}
	if !known { // somebody wrote it into the file
		choices = append([]int{current}, choices...)
	}
	var options []widgets.Option
	for _, days := range choices {
		label := tr.N("storage.days", max(days, 0), nil)
		switch {
		case days < 0:
			label = tr.T("storage.historyNone")
		case days == 0:
			label = tr.T("storage.historyAll")
		case days == 30:
			label = tr.N("storage.months", 1, nil)
		case days == 365:
			label = tr.T("storage.year")
		}
		options = append(options, widgets.Option{Value: strconv.Itoa(days), Label: label})
	}
	choice := widgets.NewSelect(strconv.Itoa(current), options...)
	choice.OnChanged = func(value string) {
		days, _ := strconv.Atoi(value) // of the options above
		a.change(func(s *profile.Settings) { s.HistoryDays = days })
		a.applyRules()
	}
	row := widgets.NewSettingRow(tr.T("storage.history"), "", choice)
	tell := func(h core.HistoryProgress) { row.SetNote(s.historyWords(h)) }
	tell(s.p.m.s.client.HistoryProgress())
	s.p.fetched = func(h core.HistoryProgress) {
		tell(h)
		s.p.view.Regrow()
	}
	return row
}

// historyWords say how much of all history is here. How much the server has is never
// quite certain: numbers of messages have gaps.
func (s *storageSection) historyWords(h core.HistoryProgress) string {
	tr := s.p.m.tr
	args := i18n.Args{"Here": grouped(int(h.Here)), "All": grouped(int(h.Here + h.Missing))}
	switch {
	case h.Here+h.Missing == 0: // nothing is known yet
		return tr.T("storage.historyNote")
	case h.Missing == 0:
		return tr.F("storage.historyWhole", args)
	case h.State == core.FillOffline:
		return tr.F("storage.historyOffline", args)
	case h.State == core.FillBounded:
		return tr.F("storage.historyBounded", args)
	}
	return tr.F("storage.historyPart", args)
}
