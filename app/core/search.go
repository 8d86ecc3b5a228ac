package core

import (
	"context"
	"time"

	"magpie/im"
	"magpie/store"
)

// SearchKind is a kind of message to look for; see [store.SearchKinds].
type SearchKind = store.SearchKind

// SearchQuery says what [Client.Search] looks for; all that is set must be so.
type SearchQuery struct {
	// Text is what a person typed, at most 1,024 bytes: words that must all be
	// there in any order; between quotation marks, together. Case and the accents
	// of Latin letters do not matter. A word is found by its beginning; Chinese,
	// Japanese, Korean and emoji by any part, a single character too.
	Text         string
	From         im.UserID         // the sender
	Conversation im.ConversationID // the conversation
	// Kinds: one of them. A text with an address is a text and a link.
	Kinds []SearchKind
	// Since and Until bound the server's time of the message, both included, to
	// the second. The zero time is no bound.
	Since, Until time.Time
	Offset       int // hits before the page, at most 1,000,000
	Limit        int // 1 to 1,000; 0 means 20
}

// SearchPage is a page of hits, newest first.
type SearchPage struct {
	Hits []SearchHit `json:"hits"`
	// Total is how many there are on all pages together, exactly.
	Total uint64 `json:"total"`
	// Indexing: the index of an older file is still being made in the background;
	// what is not in it yet is missing, new messages are not.
	Indexing bool `json:"indexing,omitempty"`
	// Indexed is how much of the history is in the index, 0 to 1; about, while
	// Indexing.
	Indexed float64 `json:"indexed,omitempty"`
}

// SearchHit is a message that was found.
type SearchHit struct {
	Message im.Message `json:"message"`
	// Text is what was searched of the message: its text, the name of its file, a
	// description, or the names in a tip. Highlights are where the words are in
	// it, as bytes from Start up to End, ascending, none touching another.
	Text       string      `json:"text,omitempty"`
	Highlights []Highlight `json:"highlights,omitempty"`
}

// Highlight is a part of a text, in bytes.
type Highlight struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Search looks through all history that is on disk. It needs no network and
// never waits for one: what this device has not fetched it does not find. A
// message is found from the moment at which it is in the history, and no longer
// once it was recalled. Nothing set, or a text of which nothing can be found such
// as "!", finds nothing. Code 6017 for a text that is too long, an unknown kind or
// an offset or limit out of range; 2503 for a malformed conversation.
func (c *Client) Search(ctx context.Context, q SearchQuery) (SearchPage, error) {
	var page SearchPage
	if q.Conversation != "" {
		if err := q.Conversation.Validate(); err != nil {
			return page, err
		}
	}
	r, err := c.db.Search(ctx, store.SearchQuery(q))
	if err != nil {
		return page, err
	}
	page.Total, page.Indexing, page.Indexed = r.Total, r.Indexing, r.Indexed
	page.Hits = make([]SearchHit, 0, len(r.Hits))
	known := map[im.ConversationID]marks{}
	for _, h := range r.Hits {
		conv := h.Message.ConversationID
		if _, ok := known[conv]; !ok {
			known[conv] = c.marks(conv)
		}
		hit := SearchHit{Message: h.Message, Text: h.Text}
		known[conv].set(&hit.Message)
		for _, r := range h.Highlights {
			hit.Highlights = append(hit.Highlights, Highlight(r))
		}
		page.Hits = append(page.Hits, hit)
	}
	return page, nil
}
