package core

import (
	"context"

	"magpie/im"
	"magpie/store"
)

// NotHere returns of how many conversations that a search covers the server has earlier
// messages which are not on this computer, as far as is known here: those cannot be found
// yet. What a person deleted here is not among them. It needs no network.
func (c *Client) NotHere(ctx context.Context, q SearchQuery) (chats int, err error) {
	rows, err := c.covered(q)
	if err != nil {
		return 0, err
	}
	for i := range rows {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		conv := rows[i].ConversationID
		if q.From != "" && conv.Type() == im.ConvC2C && q.From != conv.Peer() && q.From != c.o.User {
			continue // who writes there is known
		}
		lacks, err := c.feed(conv).lacks(q)
		if err != nil {
			return 0, err
		}
		if lacks {
			chats++
		}
	}
	return chats, nil
}

// covered are the rows of what a search looks through.
func (c *Client) covered(q SearchQuery) ([]store.Conversation, error) {
	if q.Conversation == "" {
		return c.db.Conversations(0, 0)
	}
	row, found, err := c.db.Conversation(q.Conversation)
	if err != nil || !found {
		return nil, err
	}
	return []store.Conversation{row}, nil
}

// lacks reports whether earlier messages of the time that a search covers are not here.
func (f *feed) lacks(q SearchQuery) (bool, error) {
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.load(); err != nil {
		return false, err
	}
	if f.first == 0 {
		return false, nil // nobody said that the server has any
	}
	// New messages that are on their way are not earlier ones.
	hole, missing := f.earlier(max(min(f.top(), f.floor), f.spans.top()))
	if missing == 0 || q.Since.IsZero() {
		return missing > 0, nil
	}
	edge, err := f.edge(hole)
	return edge >= q.Since.UnixMilli(), err
}

// Known reports whether a conversation is known here: it is in the list or was, or there
// are messages of it.
func (c *Client) Known(conv im.ConversationID) (bool, error) {
	if _, found, err := c.db.Conversation(conv); err != nil || found {
		return found, err
	}
	list, err := c.db.Page(conv, 0, 1)
	return len(list) > 0, err
}
