package core

import (
	"context"
	"sync"
	"time"

	"magpie/im"
)

// typingPause is the least time between two messages that tell the same side
// that this account types. Who hears of it takes it back by itself after 6 s.
const typingPause = 3 * time.Second

// typing remembers when the other sides were told last that this account types.
type typing struct {
	mu   sync.Mutex
	told map[im.ConversationID]time.Time
}

// due notes that on or off is about to be told at now, and reports whether it
// needs to be.
func (t *typing) due(conv im.ConversationID, on bool, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	last, typed := t.told[conv]
	if !on {
		delete(t.told, conv)
		return typed
	}
	if since := now.Sub(last); typed && since >= 0 && since < typingPause {
		return false
	}
	if t.told == nil {
		t.told = make(map[im.ConversationID]time.Time)
	}
	t.told[conv] = now
	return true
}

// SendTyping tells the other side of a one-to-one conversation that this account
// types, at most once in 3 s, or that it stopped, if it was told the other
// before. It may be called with every key: unless the client is Ready it does
// nothing. Code 2106 for other conversations, else the server's.
func (c *Client) SendTyping(ctx context.Context, conv im.ConversationID, on bool) error {
	if err := conv.Validate(); err != nil {
		return err
	}
	if conv.Type() != im.ConvC2C {
		return im.Errorf(im.CodeInvalidConversationType, "typing is told in one-to-one conversations only")
	}
	if c.State() != Ready || !c.typing.due(conv, on, c.o.Now()) {
		return nil
	}
	m := c.CreateCustomMessage(im.ConvC2C, conv.To(), im.NewTyping(on))
	_, err := c.SendMessage(ctx, m, im.SendOptions{OnlineUserOnly: true})
	if onNetwork(err) || im.CodeOf(err) == im.CodeNotReady {
		return nil // the connection went meanwhile
	}
	return err
}

// typed returns the event that a message is instead of one that is read, if it is.
func (c *Client) typed(m *im.Message) (Typing, bool) {
	p, is := m.Payload.(im.CustomPayload)
	if !is || m.ConversationType != im.ConvC2C {
		return Typing{}, false
	}
	on, is := p.Typing()
	return Typing{ConversationID: m.ConversationID, UserID: m.From, On: on, Time: m.Time}, is
}
