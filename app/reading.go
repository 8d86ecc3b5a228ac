package app

import (
	"context"
	"encoding/json"

	"magpie/im"
	"magpie/widgets/canvas"
)

// Where a conversation opens, the first that applies:
//
//  1. at the message that somebody came for (a search hit, a quote, a notification);
//  2. at the divider, if there are unread messages: they are why one opens it;
//  3. where it was left, to the pixel, if that was not at its end;
//  4. at its end.
//
// Where it was left is kept in the store, as drafts are, so that it is encrypted with
// them and outlives the program. It is written when the conversation is left, and a
// moment after scrolling has stopped, so that a kill takes no more than that. Being at
// the end is not kept: whoever was there wants to see what is new. What is deleted
// from this disk takes its reading with it.

// readings are the ones of a session that are known, also those that are still being
// written. They belong to the goroutine of the user interface.
type readings map[im.ConversationID]canvas.Reading

// keptReading is how one is written.
type keptReading struct {
	Sequence uint64  `json:"sequence"`
	Above    float32 `json:"above"`
}

// readingKey is where the store has it.
func readingKey(conv im.ConversationID) string { return "reading/" + string(conv) }

// reading returns where a conversation was left; the zero value for at its end.
func (s *session) reading(conv im.ConversationID) (canvas.Reading, error) {
	if at, known := s.readings[conv]; known {
		return at, nil
	}
	var k keptReading
	value, err := s.store.Meta(readingKey(conv))
	if err == nil && value != "" {
		err = json.Unmarshal([]byte(value), &k)
	}
	if err != nil {
		return canvas.Reading{}, err
	}
	s.readings[conv] = canvas.Reading(k)
	return s.readings[conv], nil
}

// lastReading is where the conversation was left.
func (c *chat) lastReading() canvas.Reading {
	at, err := c.m.s.reading(c.conv)
	if err != nil { // it opens at its end
		c.m.app.log("where %s was read: %v", c.conv, err)
	}
	return at
}

// keepReading notes where the conversation is being left. Before anything of it was on
// the screen, nothing is known of that.
func (c *chat) keepReading() {
	at, ok := c.m.canvas.Reading()
	if !ok {
		return
	}
	if c.m.canvas.AtNewest() {
		at = canvas.Reading{}
	}
	c.m.putReading(c.conv, at)
}

// settleReading is called every second: where a person has been for that long is
// kept. While they scroll nothing is written, and nothing where they were before.
func (c *chat) settleReading() {
	at, ok := c.m.canvas.Reading()
	if !ok {
		return
	}
	if c.settling == at {
		c.keepReading()
	}
	c.settling = at
}

// forgetReading is for a conversation whose history is not here any more.
func (m *mainScreen) forgetReading(conv im.ConversationID) {
	m.putReading(conv, canvas.Reading{})
	if m.conversation() == conv {
		m.canvas.Close() // what it still shows is no place to come back to
	}
}

func (m *mainScreen) putReading(conv im.ConversationID, at canvas.Reading) {
	a, s := m.app, m.s
	if was, err := s.reading(conv); err == nil && was == at {
		return
	}
	s.readings[conv] = at
	a.files.add(func() {
		if err := s.writeReading(conv, at); err != nil {
			a.log("where %s was read could not be kept: %v", conv, err)
		}
	})
}

func (s *session) writeReading(conv im.ConversationID, at canvas.Reading) error {
	value := ""
	if at != (canvas.Reading{}) {
		b, err := json.Marshal(keptReading(at))
		if err != nil {
			return err
		}
		value = string(b)
	}
	return s.store.SetMeta(context.Background(), readingKey(conv), value)
}
