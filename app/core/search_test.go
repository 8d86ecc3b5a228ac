package core

import (
	"strings"
	"testing"

	"magpie/im"
)

func (d *device) finds(q SearchQuery) []string {
	d.t.Helper()
	p, err := d.Search(d.t.Context(), q)
	ok(d.t, err)
	equal(d.t, "total", p.Total, uint64(len(p.Hits)))
	words := []string{}
	for _, h := range p.Hits {
		words = append(words, h.Text)
	}
	return words
}

// What was sent or received is found as soon as there is word of it, and what was
// recalled is not, on all devices and without a connection.
func TestSearchOnTwoDevices(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann, bob := s.device(t, "ann").ready(), s.device(t, "bob").ready()
	mine := ann.say(im.ConvC2C, "bob", "明天的会议 at the café")
	equal(t, "the sender's", ann.finds(SearchQuery{Text: "会议 cafe"}), []string{"明天的会议 at the café"})
	bob.hear("明天的会议 at the café")
	bob.say(im.ConvC2C, "ann", "the Café is closed")
	ann.hear("the Café is closed")
	equal(t, "the receiver's", bob.finds(SearchQuery{Text: "cafe", From: "ann"}), []string{"明天的会议 at the café"})
	equal(t, "newest first", ann.finds(SearchQuery{Text: "cafe", Conversation: "C2Cbob"}), []string{"the Café is closed", "明天的会议 at the café"})

	ok(t, ann.RevokeMessage(t.Context(), mine.ID))
	equal(t, "after the recall", ann.finds(SearchQuery{Text: "会议"}), []string{})
	eventually(t, "the recall", func() bool { return len(bob.finds(SearchQuery{Text: "会议"})) == 0 })

	s.kill()
	equal(t, "offline", bob.finds(SearchQuery{Text: "closed"}), []string{"the Café is closed"})
	p, err := bob.Search(t.Context(), SearchQuery{Text: "closed"})
	ok(t, err)
	h := p.Hits[0]
	equal(t, "highlight", h.Text[h.Highlights[0].Start:h.Highlights[0].End], "closed")
	equal(t, "read by its sender", h.Message.IsRead, true)
}

func TestSearchRefuses(t *testing.T) {
	s := newMagpied(t, "ann")
	ann := s.device(t, "ann").ready()
	for what, q := range map[string]SearchQuery{
		"too long": {Text: strings.Repeat("好", 3000)}, "a kind": {Text: "x", Kinds: []SearchKind{"poem"}},
		"an offset": {Text: "x", Offset: -1}, "a limit": {Text: "x", Limit: 1001},
	} {
		_, err := ann.Search(t.Context(), q)
		equal(t, what, im.CodeOf(err), im.CodeInvalidParameter)
	}
	_, err := ann.Search(t.Context(), SearchQuery{Text: "x", Conversation: "nowhere"})
	equal(t, "a conversation", im.CodeOf(err), im.CodeInvalidConversationID)
	for _, nothing := range []string{"", "   ", "!!!", "\x00\x07"} {
		equal(t, "nothing to find", ann.finds(SearchQuery{Text: nothing}), []string{})
	}
}
