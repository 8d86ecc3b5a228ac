package core

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"slices"

	"magpie/im"
)

// maxInlineMerged is up to how many bytes of JSON merged messages travel inside
// the message: with title and lines it stays well within what a message may have.
const maxInlineMerged = 4000

// CreateForwardMessage makes a message with the content of m for another
// conversation. Who wrote it is not said. Files are not sent again: the server has
// them. Code 2453 for what has no content of its own to send on: recalled messages,
// tips, notices, and own ones that are not sent yet or were refused.
func (c *Client) CreateForwardMessage(t im.ConversationType, to string, m im.Message) (im.Message, error) {
	if err := forwardable(&m); err != nil {
		return im.Message{}, err
	}
	return c.CreateMessage(t, to, m.Payload), nil
}

// forwardable says whether m may be sent on.
func forwardable(m *im.Message) error {
	switch {
	case m.IsRevoked, m.IsPlaceMessage, m.IsSystemMessage, m.Payload == nil:
		return im.Errorf(im.CodeForwardInvalid, "a message without content cannot be forwarded")
	case m.Sequence == 0:
		return im.Errorf(im.CodeForwardInvalid, "the message is not sent yet")
	}
	if _, unknown := m.Payload.(im.UnknownPayload); unknown {
		return im.Errorf(im.CodeForwardInvalid, "a message of type %q cannot be forwarded", m.Type)
	}
	if err := m.Payload.Validate(); err != nil {
		return im.Errorf(im.CodeForwardInvalid, "the message cannot be forwarded: %v", err)
	}
	return nil
}

// Merger is several messages that are to be sent on as one.
type Merger struct {
	// Messages are those to send on, at most [im.MaxMergedMessages]; their order is
	// that in which they were sent, whatever it is here.
	Messages []im.Message
	// Title says what it is ("Chat of Ann and Bo"), Lines are the first of the
	// messages in words, CompatibleText is for programs that show neither.
	Title          string
	Lines          []string
	CompatibleText string
}

// CreateMergerMessage makes one message of several. Where they do not fit into
// one, their list becomes a file of it. Code 2450 for too many or none, 2453 if one
// of them cannot be sent on, 8005 if they are in one another too deeply, and those
// of [Client.AddFile].
func (c *Client) CreateMergerMessage(ctx context.Context, t im.ConversationType, to string, g Merger) (im.Message, error) {
	if len(g.Messages) == 0 || len(g.Messages) > im.MaxMergedMessages {
		return im.Message{}, im.Errorf(im.CodeMergerInvalid, "%d messages, 1 to %d are allowed", len(g.Messages), im.MaxMergedMessages)
	}
	inOrder := slices.Clone(g.Messages)
	slices.SortStableFunc(inOrder, compareSent)
	list := make([]im.Message, len(inOrder))
	for i := range inOrder {
		m := &inOrder[i]
		if err := forwardable(m); err != nil {
			return im.Message{}, err
		}
		list[i] = im.Message{
			ID: m.ID, Type: m.Type, Payload: m.Payload, From: m.From, Nick: m.Nick, NameCard: m.NameCard, Avatar: m.Avatar,
			Time: m.Time,
		}
	}
	p := im.MergerPayload{
		Title: g.Title, AbstractList: g.Lines, CompatibleText: g.CompatibleText, Version: 1, MessageList: list,
	}
	b, err := json.Marshal(list)
	if err != nil {
		return im.Message{}, im.Errorf(im.CodeMergerInvalid, "merged messages: %v", err)
	}
	if err := im.CheckNesting(b); err != nil {
		return im.Message{}, im.Errorf(im.CodeMergerTooDeep, "%v", err)
	}
	if len(b) > maxInlineMerged {
		if p, err = c.mergedFile(ctx, p, b); err != nil {
			return im.Message{}, err
		}
	}
	return c.CreateMessage(t, to, p), nil
}

// compareSent orders messages of one conversation by number, others by time.
func compareSent(a, b im.Message) int {
	if a.ConversationID == b.ConversationID {
		return cmp.Compare(a.Sequence, b.Sequence)
	}
	return cmp.Compare(a.Time, b.Time)
}

// mergedFile moves the list of p, whose JSON is b, into a file.
func (c *Client) mergedFile(ctx context.Context, p im.MergerPayload, b []byte) (im.MergerPayload, error) {
	if len(b) > im.MaxMergedListBytes {
		return p, im.Errorf(im.CodeMergerInvalid, "merged messages of %d bytes, %d are allowed", len(b), im.MaxMergedListBytes)
	}
	uses, err := im.BlobsOf(p)
	if err != nil {
		return p, err
	}
	for _, u := range uses {
		if a := im.BlobAddress(u.Hash); !slices.Contains(p.Files, a) {
			p.Files = append(p.Files, a)
		}
	}
	f, err := c.AddFile(ctx, bytes.NewReader(b), im.MaxMergedListBytes)
	if err != nil {
		return p, err
	}
	p.MessageList, p.DownloadKey = nil, f.Address
	if n := im.PayloadSize(p); n > im.MaxMessageBytes {
		return p, im.Errorf(im.CodeMergerInvalid, "the %d files of the merged messages are too many for one message", len(p.Files))
	}
	return p, nil
}

// MergedMessages returns the messages that p was made of, in their order. A list
// that is a file is downloaded if it is not here. What it has was written by
// others: code 2450 if it is not a list of messages. Other errors are those of
// [Client.Download].
func (c *Client) MergedMessages(ctx context.Context, p im.MergerPayload) ([]im.Message, error) {
	if p.DownloadKey == "" {
		return p.MessageList, nil
	}
	content, err := c.content(ctx, p.DownloadKey, im.MaxMergedListBytes)
	if err != nil {
		return nil, err
	}
	if err := im.CheckNesting(content); err != nil {
		return nil, im.Errorf(im.CodeMergerInvalid, "merged messages: %v", err)
	}
	var list []im.Message
	if err := json.Unmarshal(content, &list); err != nil {
		return nil, im.Errorf(im.CodeMergerInvalid, "merged messages: %v", err)
	}
	if len(list) == 0 || len(list) > im.MaxMergedMessages {
		return nil, im.Errorf(im.CodeMergerInvalid, "%d merged messages, 1 to %d are allowed", len(list), im.MaxMergedMessages)
	}
	return list, nil
}

// content returns all of a file, which has at most limit bytes.
func (c *Client) content(ctx context.Context, address string, limit int64) ([]byte, error) {
	if err := c.DownloadUpTo(ctx, address, limit, nil); err != nil {
		return nil, err
	}
	f, err := c.OpenFile(address)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = im.Errorf(im.CodeMergerInvalid, "file of more than %d bytes", limit)
	}
	return b, err
}
