package app

import (
	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/im"
	"magpie/store"
	"magpie/widgets"
)

// filters bound what is searched.
type filters struct {
	from im.UserID
	name string // of from
	conv im.ConversationID
	when period
	kind string // the key of one of findKinds, "" for all
}

func (f *filters) any() bool { return f.from != "" || f.conv != "" || f.when.set() || f.kind != "" }

func (f *filters) query() core.SearchQuery {
	q := core.SearchQuery{From: f.from, Conversation: f.conv}
	q.Since, q.Until = f.when.bounds()
	for _, k := range findKinds {
		if k.key == f.kind {
			q.Kinds = k.kinds
		}
	}
	return q
}

// findKinds are the kinds of messages that can be asked for, with their icons.
var findKinds = []struct {
	key, icon string
	kinds     []core.SearchKind
}{
	{"pictures", "image", []core.SearchKind{store.SearchImage}},
	{"videos", "play", []core.SearchKind{store.SearchVideo}},
	{"files", "file", []core.SearchKind{store.SearchFile}},
	{"voice", "mic", []core.SearchKind{store.SearchAudio}},
	{"links", "at", []core.SearchKind{store.SearchLink}},
}

// filterChips are the chips of the filters.
type filterChips struct{ from, conv, when, kind *widgets.Chip }

func (f *finder) newFilterChips() []*widgets.Chip {
	c := &f.chips
	c.from = widgets.NewFilterChip("", func() { f.beginPick(pickPerson) })
	c.conv = widgets.NewFilterChip("", func() { f.beginPick(pickChat) })
	c.when = widgets.NewFilterChip("", func() { f.beginPick(pickTime) })
	c.kind = widgets.NewFilterChip("", func() { f.beginPick(pickKind) })
	return []*widgets.Chip{c.from, c.conv, c.when, c.kind}
}

// showChips brings the words of all chips up to what is found and set.
func (f *finder) showChips() {
	tr := f.m.tr
	_, any := f.query()
	for t := range findTabs {
		label := tr.T("find.tab." + t.name())
		n, known := 0, f.text != ""
		switch t {
		case tabMessages:
			n, known = f.found.messages.total, any && f.found.answered
		case tabPeople:
			n, known = len(f.byName.people), known && f.people != nil
		case tabChats:
			n = len(f.byName.chats)
		case tabFiles:
			n, known = f.found.files.total, any && f.found.answered
		}
		if known {
			label = tr.F("find.tabCount", i18n.Args{"Name": label, "Count": n})
		}
		f.tabs[t].SetText(label)
		f.tabs[t].SetOn(f.pick == nil && f.tab == t)
	}
	set := func(chip *widgets.Chip, what picker, on bool, words, none string, clear func()) {
		chip.SetOn(f.pick != nil && f.pick.what == what)
		if !on {
			chip.SetText(none)
			chip.SetClear(nil)
			return
		}
		chip.SetText(words)
		chip.SetClear(func() { clear(); f.filtered() })
	}
	set(f.chips.from, pickPerson, f.filters.from != "", tr.F("find.from", i18n.Args{"Name": f.filters.name}), tr.T("find.anyone"), func() { f.filters.from = "" })
	set(f.chips.conv, pickChat, f.filters.conv != "", tr.F("find.inChat", i18n.Args{"Name": f.chatName(f.filters.conv)}), tr.T("find.anyChat"), func() { f.filters.conv = "" })
	set(f.chips.when, pickTime, f.filters.when.set(), f.filters.when.words(f.m.times), tr.T("find.anyTime"), func() { f.filters.when = period{} })
	set(f.chips.kind, pickKind, f.filters.kind != "", tr.T("find.kind."+first(f.filters.kind, "any")), tr.T("find.kind.any"), func() { f.filters.kind = "" })
	for _, chip := range []*widgets.Chip{f.chips.from, f.chips.conv, f.chips.when, f.chips.kind} {
		show(f.searches() && (chip != f.chips.kind || f.tab != tabFiles), chip)
	}
}

// filtered searches anew after a filter changed.
func (f *finder) filtered() {
	if f.pick != nil {
		f.endPick()
	}
	f.list.Select("")
	f.look()
	f.sheet.FocusField()
}

func (f *finder) clearFilters() {
	f.filters = filters{}
	f.filtered()
}

// clearLast takes away the filter that stands last.
func (f *finder) clearLast() {
	switch {
	case f.filters.kind != "":
		f.filters.kind = ""
	case f.filters.when.set():
		f.filters.when = period{}
	case f.filters.conv != "":
		f.filters.conv = ""
	case f.filters.from != "":
		f.filters.from = ""
	default:
		return
	}
	f.filtered()
}
