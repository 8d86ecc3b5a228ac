package app

import (
	"strconv"
	"strings"

	"magpie/im"
	"magpie/widgets"
)

// picker is which filter is being chosen.
type picker int

const (
	pickPerson picker = iota
	pickChat
	pickTime
	pickKind
)

// picking is a filter being chosen, in the list of the search: what is typed
// narrows what there is to choose.
type picking struct {
	f    *finder
	what picker
	kept string // what was typed before
	rows []pickRow
}

// pickMost is how many people or chats are offered; typing narrows them.
const pickMost = 200

// pickRow is one thing that can be chosen.
type pickRow struct {
	row widgets.Conversation
	set func(*filters)
}

func (f *finder) beginPick(what picker) {
	kept := f.sheet.Text()
	if f.pick != nil {
		if f.pick.what == what {
			f.endPick()
			f.sheet.FocusField()
			return
		}
		kept = f.pick.kept
	}
	f.pick = &picking{f: f, what: what, kept: kept}
	f.sheet.SetPlaceholder(f.m.tr.T("find.pick." + what.name()))
	f.sheet.SetText("")
	f.sheet.FocusField()
	f.pick.narrow()
}

func (p picker) name() string { return [...]string{"person", "chat", "time", "kind"}[p] }

// endPick goes back to what was searched for.
func (f *finder) endPick() {
	kept := f.pick.kept
	f.pick = nil
	f.list.Select("")
	f.sheet.SetPlaceholder(f.m.tr.T("find.hint"))
	f.sheet.SetText(kept)
	f.arrange()
}

// take chooses a row.
func (p *picking) take(index string) {
	i, err := strconv.Atoi(index)
	if err != nil || i >= len(p.rows) {
		return
	}
	p.rows[i].set(&p.f.filters)
	p.f.filtered()
}

// none is what is said where nothing fits.
func (p *picking) none() string { return p.f.m.tr.T("find.pickNone." + p.what.name()) }

// narrow shows what fits what is typed; what is set now is marked, or the first.
func (p *picking) narrow() {
	f := p.f
	typed := strings.TrimSpace(f.sheet.Text())
	p.rows = p.rows[:0]
	switch p.what {
	case pickPerson:
		p.people(strings.ToLower(typed))
	case pickChat:
		p.chats(strings.ToLower(typed))
	case pickTime:
		p.times(typed)
	case pickKind:
		p.kinds(strings.ToLower(typed))
	}
	at := 0
	for i := range p.rows {
		p.rows[i].row.ID = im.ConversationID(pickPrefix + "/" + strconv.Itoa(i))
		if p.rows[i].row.Checked {
			at = i
		}
	}
	f.list.ScrollToTop()
	f.arrange()
	f.mark(at)
}

// add appends a row without an avatar, if its name fits.
func (p *picking) add(part, name, icon, below string, chosen bool, set func(*filters)) {
	lower := strings.ToLower(name)
	at := strings.Index(lower, part)
	if at < 0 {
		return
	}
	row := widgets.Conversation{Name: name, Icon: icon, Preview: below, Checked: chosen}
	if len(lower) == len(name) {
		row.NameMark = widgets.Span{From: at, To: at + len(part)}
	}
	p.rows = append(p.rows, pickRow{row, set})
}

func (p *picking) people(part string) {
	f := p.f
	p.add(part, f.m.tr.T("find.anyone"), "group", "", f.filters.from == "", func(s *filters) { s.from = "" })
	all := append([]im.Profile{{UserID: f.m.me}}, f.people...)
	for _, fit := range fitting(part, all, f.personNames) {
		if len(p.rows) > pickMost {
			break
		}
		user := fit.of.UserID
		if user == f.m.me && len(p.rows) > 1 && part == "" {
			continue // it stands first already
		}
		name, _ := f.personNames(&fit.of)
		row := f.personRow(&fit)
		row.Checked = f.filters.from == user
		p.rows = append(p.rows, pickRow{row, func(s *filters) { s.from, s.name = user, name }})
	}
}

func (p *picking) chats(part string) {
	f := p.f
	p.add(part, f.m.tr.T("find.anyChat"), "search", "", f.filters.conv == "", func(s *filters) { s.conv = "" })
	for _, fit := range fitting(part, f.all, f.chatNames) {
		if len(p.rows) > pickMost {
			break
		}
		row := f.chatRow(&fit)
		conv := row.ID
		row.Unread, row.MarkedUnread, row.Time = 0, false, ""
		row.Checked = f.filters.conv == conv
		p.rows = append(p.rows, pickRow{row, func(s *filters) { s.conv = conv }})
	}
}

func (p *picking) times(typed string) {
	f := p.f
	now := f.m.app.now()
	for _, when := range typedPeriods(typed, now) {
		p.rows = append(p.rows, pickRow{
			widgets.Conversation{Name: when.words(f.m.times), Icon: "clock", Checked: f.filters.when == when},
			func(s *filters) { s.when = when },
		})
	}
	if len(p.rows) > 0 {
		return
	}
	part := strings.ToLower(typed)
	p.add(part, f.m.tr.T("find.anyTime"), "clock", f.m.tr.T("find.typeDate"), !f.filters.when.set(), func(s *filters) { s.when = period{} })
	for _, when := range namedPeriods(now) {
		p.add(part, when.words(f.m.times), "clock", when.dates(f.m.times), f.filters.when == when, func(s *filters) { s.when = when })
	}
}

func (p *picking) kinds(part string) {
	f := p.f
	p.add(part, f.m.tr.T("find.kind.any"), "search", "", f.filters.kind == "", func(s *filters) { s.kind = "" })
	for _, k := range findKinds {
		p.add(part, f.m.tr.T("find.kind."+k.key), k.icon, "", f.filters.kind == k.key, func(s *filters) { s.kind = k.key })
	}
}
