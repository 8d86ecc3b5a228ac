package app

import (
	"context"
	"maps"

	"magpie/im"
	"magpie/widgets/canvas"
)

// originals are the messages that others answer, as far as they were looked up. The
// store is asked beside the user interface: with each page for all of its answers
// together, and for one that an event brought after it is on the screen with what it
// says itself. It belongs to the goroutine of the user interface.
type originals struct {
	// known has what was looked up; found is false for what is not on this disk.
	known map[im.MessageID]original
	// missed are those that were asked for and not known, until they are fetched.
	missed []im.MessageID
}

type original struct {
	im.Message
	found bool
	// last says that an event told it: what was read before that is older.
	last bool
}

// maxOriginals bounds how many are held. Each page brings those that it needs, so
// that nothing is lost when they are forgotten.
const maxOriginals = 4096

// get is the message, if it is known and on this disk.
func (o *originals) get(id im.MessageID) (m im.Message, ok bool) {
	of, known := o.known[id]
	if !known {
		o.missed = append(o.missed, id)
	}
	return of.Message, of.found
}

// learn takes in what was looked up.
func (o *originals) learn(found map[im.MessageID]original) {
	if o.known == nil {
		o.known = make(map[im.MessageID]original, len(found))
	}
	if len(o.known)+len(found) > maxOriginals {
		maps.DeleteFunc(o.known, func(_ im.MessageID, of original) bool { return !of.last })
	}
	for id, of := range found {
		if !o.known[id].last {
			o.known[id] = of
		}
	}
}

// recalled takes in that messages were recalled or deleted here, removed that one is not on this
// disk any more. Neither comes back, so what is being looked up just now, and may
// have been read before, does not cover it.
func (o *originals) recalled(messages []im.Message) {
	for i := range messages {
		o.tell(messages[i].ID, original{Message: messages[i], found: true, last: true})
	}
}

// deleted reports whether a message was deleted here since it may have been read.
func (o *originals) deleted(id im.MessageID) bool {
	return o != nil && o.known[id].IsDeleted
}

func (o *originals) removed(id im.MessageID) { o.tell(id, original{last: true}) }

func (o *originals) tell(id im.MessageID, of original) {
	if o.known == nil {
		o.known = map[im.MessageID]original{}
	}
	o.known[id] = of
}

// take returns what is to be looked up, once.
func (o *originals) take() []im.MessageID {
	missed := o.missed
	o.missed = nil
	return missed
}

// answered are the messages that those of a page answer, once each.
func answered(pages ...[]im.Message) (ids []im.MessageID) {
	seen := map[im.MessageID]bool{}
	for _, messages := range pages {
		for i := range messages {
			if r, ok := messages[i].Reply(); ok && !seen[r.MessageID] {
				seen[r.MessageID] = true
				ids = append(ids, r.MessageID)
			}
		}
	}
	return ids
}

// messageReader is the part of the core that looks messages up.
type messageReader interface {
	Message(id im.MessageID) (m im.Message, found bool, err error)
}

// lookUp reads messages; it blocks on the disk. One that cannot be read counts as
// not here, and its answer says itself what it answers: the history whose reading
// fails is told of by those who read its pages.
func lookUp(from messageReader, ids []im.MessageID) map[im.MessageID]original {
	all := make(map[im.MessageID]original, len(ids))
	for _, id := range ids {
		m, found, err := from.Message(id)
		all[id] = original{Message: m, found: found && err == nil}
	}
	return all
}

// quoteMissed looks up what was shown without its original and shows it again.
func (c *chat) quoteMissed() {
	missed := c.present.originals.take()
	if len(missed) == 0 {
		return
	}
	client := c.m.s.client
	beside(c.ctx, func(context.Context) (map[im.MessageID]original, error) {
		return lookUp(client, missed), nil
	}, func(found map[im.MessageID]original, _ error) {
		c.present.originals.learn(found)
		var here []im.Message
		for id, of := range found {
			if of.found {
				here = append(here, im.Message{ID: id})
			}
		}
		c.showAgain(c.present.quoters(here))
	})
}

// showAgain reads messages and puts them on the canvas as they are now.
func (c *chat) showAgain(ids []im.MessageID) {
	if len(ids) == 0 {
		return
	}
	client, stamp := c.m.s.client, c.fresh.begin()
	beside(c.ctx, func(context.Context) (list []im.Message, err error) {
		for _, id := range ids {
			m, ok, err := client.Message(id)
			if err != nil {
				return nil, err
			}
			if ok {
				list = append(list, m)
			}
		}
		return list, nil
	}, func(list []im.Message, err error) {
		var ch canvas.Changes
		for i := range list {
			ch.Put = append(ch.Put, c.present.item(&list[i]))
		}
		c.m.canvas.Apply(c.fresh.done(stamp, ch))
		if err != nil {
			c.m.reportQuietly(err)
		}
	})
}
