package app

import (
	"slices"
	"strings"

	"magpie/im"
)

// mention is a member that was chosen after '@', by the name that the text then
// has, or everybody ([im.AtAllUsers]).
type mention struct {
	name string
	user im.UserID
}

// mentions are those of one text that is being written, in the order in which
// they were chosen.
type mentions []mention

// candidate is somebody that a mention may name.
type candidate struct {
	mention
	nick, avatar string
}

// findMentions returns the candidates whose name, nick or id begins with word, or
// a later word of whose name does, in their order.
func findMentions(all []candidate, word string) (found []candidate) {
	wanted := strings.ToLower(word)
	begins := func(s string) bool { return strings.HasPrefix(strings.ToLower(s), wanted) }
	var later []candidate
	for _, c := range all {
		switch {
		case begins(c.name) || begins(c.nick) || begins(string(c.user)):
			found = append(found, c)
		case slices.ContainsFunc(strings.Fields(c.name), begins):
			later = append(later, c)
		}
	}
	return append(found, later...)
}

// users returns whom text mentions of m. Where several of one name were chosen
// and the name is there less often, those chosen last are meant.
func (m mentions) users(text string) (users []im.UserID) {
	counts := map[string]int{}
	for _, r := range im.ParseText(text, m.names()) {
		if r.Kind == im.RunMention {
			counts[strings.TrimPrefix(r.Text, "@")]++
		}
	}
	for _, c := range slices.Backward(m) {
		if counts[c.name] > 0 && !slices.Contains(users, c.user) {
			counts[c.name]--
			users = append(users, c.user)
		}
	}
	slices.Reverse(users)
	return users
}

func (m mentions) names() []string {
	var names []string
	for _, c := range m {
		names = append(names, c.name)
	}
	return names
}

// adopt returns m with the mentions of a text that was written before, in an
// earlier run of the program: those of names that only one member has.
func (m mentions) adopt(text string, all []candidate) mentions {
	if !strings.Contains(text, "@") {
		return m
	}
	count := map[string]int{}
	var names []string
	for _, c := range all {
		count[c.name]++
		names = append(names, c.name)
	}
	known := m.names()
	for _, r := range im.ParseText(text, names) {
		name := strings.TrimPrefix(r.Text, "@")
		if r.Kind != im.RunMention || count[name] != 1 || slices.Contains(known, name) {
			continue
		}
		i := slices.IndexFunc(all, func(c candidate) bool { return c.name == name })
		m, known = append(m, all[i].mention), append(known, name)
	}
	return m
}
