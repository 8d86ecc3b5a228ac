package app

import (
	"magpie/app/profile"
	"magpie/im"
	"magpie/widgets"
)

// The filters of the conversation list, as the settings name them.
const (
	filterAll    = ""
	filterUnread = "unread"
	filterGroups = "groups"
	filterPeople = "people"
)

// listFilters are all of them, in their order from left to right.
var listFilters = []string{filterAll, filterUnread, filterGroups, filterPeople}

// filterWords is the key of what a filter is called.
func filterWords(filter string) string {
	if filter == filterAll {
		return "filter.all"
	}
	return "filter." + filter
}

// filtered is the part of the list that is shown.
type filtered struct {
	m *mainScreen
	// rows are the places of those shown in mainScreen.rows.
	rows []int
	// kept is a conversation that stays among the unread though it was opened, until
	// another is.
	kept im.ConversationID
}

// Len implements widgets.Conversations.
func (f *filtered) Len() int { return len(f.rows) }

// At implements widgets.Conversations.
func (f *filtered) At(i int) widgets.Conversation { return f.m.present(&f.m.rows[f.rows[i]]) }

// Index finds a row without asking for all of them.
func (f *filtered) Index(conv im.ConversationID) int {
	for i, at := range f.rows {
		if f.m.rows[at].ConversationID == conv {
			return i
		}
	}
	return -1
}

func newListFilter(m *mainScreen) *widgets.ListFilter {
	var options []widgets.Option
	for _, value := range listFilters {
		options = append(options, widgets.Option{Value: value, Label: m.tr.T(filterWords(value))})
	}
	f := widgets.NewListFilter(m.app.settings.ListFilter, options...)
	f.OnChanged = m.chooseFilter
	return f
}

// chooseFilter shows another part of the list, now and at the next start.
func (m *mainScreen) chooseFilter(value string) {
	m.app.change(func(s *profile.Settings) { s.ListFilter = value })
	m.shown.kept = ""
	m.list.SetEmpty(m.tr.T(emptyWords(value)))
	m.refreshList()
	m.list.ScrollToTop()
}

// emptyWords is the key of what an empty list says.
func emptyWords(filter string) string {
	switch filter {
	case filterUnread:
		return "list.emptyUnread"
	case filterGroups:
		return "list.emptyGroups"
	case filterPeople:
		return "list.emptyPeople"
	}
	return "list.empty"
}

// fits reports whether the filter shows a conversation. System notices are among
// all and the unread only.
func (f *filtered) fits(filter string, c *im.Conversation) bool {
	switch filter {
	case filterUnread:
		return isUnread(c) || c.ConversationID == f.kept
	case filterGroups:
		return c.ConversationID.Type() == im.ConvGroup
	case filterPeople:
		return c.ConversationID.Type() == im.ConvC2C
	}
	return true
}

// isUnread reports whether there is something unread, or a mark of the person's.
func isUnread(c *im.Conversation) bool { return c.UnreadCount > 0 || c.MarkedUnread }

// refreshList shows what the rows and the filter have become.
func (m *mainScreen) refreshList() {
	f, unread := m.shown, 0
	filter := m.filter.Value()
	f.rows = f.rows[:0]
	for i := range m.rows {
		if m.leaves(&m.rows[i]) {
			continue
		}
		if isUnread(&m.rows[i]) {
			unread++
		}
		if f.fits(filter, &m.rows[i]) {
			f.rows = append(f.rows, i)
		}
	}
	m.filter.SetCount(filterUnread, unread)
	m.list.Refresh()
}

// selectRow shows in the list which conversation was opened. One that was unread
// stays where it is, among the unread, while it is being read.
func (m *mainScreen) selectRow(conv im.ConversationID) {
	if m.filter.Value() == filterUnread && m.shown.kept != conv {
		before := m.shown.kept
		m.shown.kept = ""
		if m.shown.Index(conv) >= 0 {
			m.shown.kept = conv
		}
		if before != "" || m.shown.kept != "" {
			m.refreshList()
		}
	}
	m.list.Select(conv)
}

// openNth opens the conversation in row n of what is shown, the first being 1.
func (m *mainScreen) openNth(n int) {
	if n >= 1 && n <= m.shown.Len() {
		m.openChat(m.rows[m.shown.rows[n-1]].ConversationID)
	}
}
