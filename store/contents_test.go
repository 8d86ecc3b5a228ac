package store_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"magpie/im"
	"magpie/store"
)

// contents is everything that the store answers, a line for each thing, so that two
// states of it can be compared. Rows of the list are among it whether hidden or
// not if their conversation is in convs.
func contents(t testing.TB, s *store.Store, words []string, convs ...im.ConversationID) string {
	t.Helper()
	var b strings.Builder
	line := func(what string, v any, err error) {
		t.Helper()
		ok(t, err)
		raw, err := json.Marshal(v)
		ok(t, err)
		fmt.Fprintf(&b, "%s %s\n", what, raw)
	}
	for _, conv := range convs {
		row, found, err := s.Conversation(conv)
		line(fmt.Sprint("row ", conv, found), row, err)
		list, err := s.Page(conv, 0, 1<<20)
		ok(t, err)
		for i := range list {
			// The flow is not among what is sent.
			line(fmt.Sprint("message ", list[i].Flow), list[i], nil)
			if id := list[i].ID; id != "" {
				m, found, err := s.Message(id)
				ok(t, err)
				if !found || m.Sequence != list[i].Sequence {
					t.Errorf("message %s of %s is not found by its id (%v, %d)", id, conv, found, m.Sequence)
				}
			}
		}
		ranges, err := s.Ranges(conv)
		line("ranges", ranges, err)
		recalls, err := s.Recalls(conv)
		line("recalls", recalls, err)
		media, err := s.Media(conv, store.MediaQuery{Types: []im.MessageType{im.MsgText, im.MsgImage, im.MsgFile, im.MsgAudio, im.MsgVideo}, Limit: 1 << 20})
		line("media", sequences(media), err)
		if conv.Type() == im.ConvGroup {
			members, err := s.Members(conv.Group())
			line("members", members, err)
		}
	}
	rows, err := s.Outbox()
	line("outbox", rows, err)
	for _, r := range rows {
		if m, found, err := s.Message(r.Message.ID); err != nil || !found || m.Sequence != 0 {
			t.Errorf("waiting message %s is not found by its id (%v, %v)", r.Message.ID, found, err)
		}
	}
	list, err := s.Conversations(0, 0)
	ok(t, err)
	var order []im.ConversationID
	for _, c := range list {
		order = append(order, c.ConversationID)
	}
	line("order", order, nil)
	unread, err := s.TotalUnread()
	line("unread", unread, err)
	groups, err := s.Groups()
	line("groups", groups, err)
	profile, found, err := s.Profile("bob")
	line(fmt.Sprint("bob ", found), profile, err)
	for _, key := range []string{"device", "token"} {
		value, err := s.Meta(key)
		line(key, value, err)
	}
	for _, w := range words {
		r, err := s.Search(t.Context(), store.SearchQuery{Text: w, Limit: store.MaxSearchHits})
		ok(t, err)
		var hits []string
		for _, h := range r.Hits {
			hits = append(hits, fmt.Sprint(h.Message.ConversationID, " ", h.Message.Sequence))
		}
		slices.Sort(hits)
		line("search "+w, []any{r.Total, hits}, nil)
	}
	return b.String()
}

// differ is the first line in which two states differ.
func differ(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("%.300s\nnot %.300s", x[i], y[i])
		}
	}
	return fmt.Sprintf("%d lines, not %d", len(x), len(y))
}
