package core

import (
	"context"

	"magpie/im"
)

// SendMessage checks m, writes it to the outbox on disk and returns it as it
// stands there; it then goes out by itself, messages of one conversation in the
// order of the calls, as soon as there is a connection. [MessageUpdated] tells
// how it went, [Client.WaitSent] waits for it.
//
// The error is an *im.Error: that of [im.Message.Validate], or 130101 when the
// disk is full and nothing was kept. An OnlineUserOnly message is not kept: it
// goes out at once, SendMessage returns when the server has taken it, and the
// error is 2999 unless the client is Ready, or the server's.
//
// Sending the same id again is not a second message.
func (c *Client) SendMessage(ctx context.Context, m im.Message, o im.SendOptions) (im.Message, error) {
	return im.Message{}, nil
}

// WaitSent waits until the message was acknowledged and returns it with its
// sequence. If it was refused it returns the message with status fail and the
// *im.Error; code 2105 if there is no such message, 3005 after Close.
func (c *Client) WaitSent(ctx context.Context, id im.MessageID) (im.Message, error) {
	return im.Message{}, nil
}

// ResendMessage sends a refused message again, with the same id. Code 2105 if
// it is not in the outbox; no error if it is being sent already.
func (c *Client) ResendMessage(ctx context.Context, id im.MessageID) (im.Message, error) {
	return im.Message{}, nil
}

// CancelMessage takes a message that was not acknowledged out of the outbox.
// Code 130104 while it is on its way to the server, 2105 if it is not in the
// outbox. One that was tried before may have arrived all the same; it then
// comes back as sent.
func (c *Client) CancelMessage(ctx context.Context, id im.MessageID) error { return nil }

// Pending returns the messages of a conversation that are not acknowledged,
// waiting ones and refused ones, in the order in which they were written.
func (c *Client) Pending(conv im.ConversationID) ([]im.Message, error) { return nil, nil }

// Message returns a message that is stored or in the outbox.
func (c *Client) Message(id im.MessageID) (im.Message, bool, error) { return im.Message{}, false, nil }
