package archive

import "magpie/im"

// share is how much of an export is done. A conversation counts by its highest
// sequence, which is known without reading it.
type share struct{ done, all float64 }

func newShare(chats []im.Conversation) (s share) {
	for i := range chats {
		s.all += weight(&chats[i])
	}
	return s
}

func weight(c *im.Conversation) float64 {
	if c.LastMessage == nil {
		return 1
	}
	return float64(max(c.LastMessage.LastSequence, 1))
}

// finish counts a conversation that is done.
func (s *share) finish(c *im.Conversation) { s.done += weight(c) }

// part is what is done, of the conversation under way up to a sequence.
func (s *share) part(sequence uint64) float64 {
	if s.all == 0 {
		return 0
	}
	return min((s.done+float64(sequence))/s.all, 1)
}
