package core

import (
	"context"

	"magpie/im"
)

// MessageList is a page of [Client.GetMessageList].
type MessageList struct {
	// Messages are acknowledged ones, oldest first, at most 15.
	Messages []im.Message `json:"messageList"`
	// NextReqMessageID asks for the page before this one; empty if this page is.
	NextReqMessageID im.MessageID `json:"nextReqMessageID"`
	// IsCompleted: there is nothing older that this user may read.
	IsCompleted bool `json:"isCompleted"`
	// Offline: the server has messages in or before this page that are not on
	// disk and could not be fetched now.
	Offline bool `json:"offline,omitempty"`
}

// GetMessageList returns the newest messages of a conversation, or with
// nextReqMessageID those before an earlier page. count is 1 to 15; 0 and more
// mean 15. What is on disk is used first, what is missing is fetched if the
// client is connected; if it is not, or the server does not answer, the list
// is what is on disk, with Offline set and no error. Code 2503 for a malformed
// conversation, 6017 for a nextReqMessageID that is not known.
func (c *Client) GetMessageList(ctx context.Context, conv im.ConversationID, nextReqMessageID im.MessageID, count int) (MessageList, error) {
	return MessageList{}, nil
}

// HistoryQuery chooses a page of [Client.History]. At most one of Before,
// After and Around is set; none means the newest messages.
type HistoryQuery struct {
	Before uint64 // the newest with a smaller sequence
	After  uint64 // the oldest with a larger sequence
	Around uint64 // half before, half from it on
	Limit  int    // 1 to 1000; 0 means 64
}

// Hole is a range of sequences, both ends included, that the server has and
// the disk has not.
type Hole struct {
	From uint64 `json:"from"`
	To   uint64 `json:"to"`
}

// HistoryPage is a page of what is on disk.
type HistoryPage struct {
	// Messages are acknowledged ones, oldest first.
	Messages []im.Message `json:"messages"`
	// Pending are the unacknowledged own ones, if the page reaches the end.
	Pending []im.Message `json:"pending,omitempty"`
	// HasOlder and HasNewer: there is more on disk or on the server.
	HasOlder bool `json:"hasOlder"`
	HasNewer bool `json:"hasNewer"`
	// Holes are those within the page and the ones that touch its ends, newest
	// last. FillHistory(ctx, conv, hole.To+1) fetches from the upper end of one.
	Holes []Hole `json:"holes,omitempty"`
	// First and Last are the range that this user may read on the server, as
	// far as is known here; 0 if nothing is.
	First uint64 `json:"first,omitempty"`
	Last  uint64 `json:"last,omitempty"`
}

// History returns a page of what is on disk. It never waits for the network
// and costs the same in a conversation of any length.
func (c *Client) History(ctx context.Context, conv im.ConversationID, q HistoryQuery) (HistoryPage, error) {
	return HistoryPage{}, nil
}

// FillHistory fetches up to 100 missing messages of the nearest hole below
// sequence before (0: from the end) from the server, newest first, and stores
// them; [HistoryChanged] tells. It returns how many it stored, 0 if nothing is
// missing there. Code 9508 without a connection.
func (c *Client) FillHistory(ctx context.Context, conv im.ConversationID, before uint64) (int, error) {
	return 0, nil
}
