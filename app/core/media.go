package core

import (
	"context"
	"slices"

	"magpie/im"
	"magpie/store"
)

// MediaQuery chooses messages of [Client.Media]. At most one of Before and After is
// set; neither means the newest.
type MediaQuery struct {
	// Types are those wanted: [im.MsgImage], [im.MsgVideo], [im.MsgFile],
	// [im.MsgAudio], and [im.MsgText] for texts with a link.
	Types  []im.MessageType
	Before uint64 // the newest with a smaller sequence
	After  uint64 // the oldest with a larger sequence
	Limit  int    // 1 to 1000; 0 means 64
}

// Media returns the messages of a conversation that have a picture, a video, a file,
// a voice note or a link, as far as they are on disk, oldest first. It never waits
// for the network and does not read the history in between.
func (c *Client) Media(ctx context.Context, conv im.ConversationID, q MediaQuery) ([]im.Message, error) {
	if err := conv.Validate(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if q.Limit <= 0 {
		q.Limit = 64
	}
	q.Limit = min(q.Limit, 1000)
	var list []im.Message
	var err error
	if c.inLive(conv) {
		list = c.liveMedia(conv, q)
	} else if list, err = c.db.Media(conv, store.MediaQuery(q)); err != nil {
		return nil, err
	}
	marks := c.marks(conv)
	for i := range list {
		marks.set(&list[i])
	}
	return list, nil
}

// CountMedia is how many such messages of the types are on disk, and how many of
// them have a sequence of at most upTo.
func (c *Client) CountMedia(ctx context.Context, conv im.ConversationID, types []im.MessageType, upTo uint64) (all, until int, err error) {
	if err := conv.Validate(); err != nil {
		return 0, 0, err
	}
	if err := ctx.Err(); err != nil {
		return 0, 0, err
	}
	if c.inLive(conv) {
		for _, m := range c.liveMedia(conv, MediaQuery{Types: types, Limit: 1000}) {
			all++
			if m.Sequence <= upTo {
				until++
			}
		}
		return all, until, nil
	}
	return c.db.CountMedia(conv, types, upTo)
}

// liveMedia is Media of a live room, of which the last messages are in memory.
func (c *Client) liveMedia(conv im.ConversationID, q MediaQuery) []im.Message {
	page := c.live.page(conv, HistoryQuery{Limit: 1000})
	list := slices.DeleteFunc(page.Messages, func(m im.Message) bool {
		t := m.Type
		if p, ok := m.Payload.(im.TextPayload); ok && !im.HasLink(p.Text) {
			t = ""
		}
		return m.IsRevoked || !slices.Contains(q.Types, t) || q.Before > 0 && m.Sequence >= q.Before || m.Sequence <= q.After
	})
	if q.After > 0 {
		return list[:min(q.Limit, len(list))]
	}
	return list[max(0, len(list)-q.Limit):]
}
