package core

import (
	"context"
	"crypto/rand"
	"slices"

	"magpie/im"
)

// Batch hands over messages of one conversation that belong together, as pictures
// and the words about them: they go out in the order of the calls, none before the
// files of those before it are at the server. What is paused, refused or cancelled
// holds up nobody, and other messages do not wait. The outbox says what belongs
// together, so that a restart changes nothing.
type Batch struct {
	client *Client
	id     string
}

// company are the transfers of one batch by the order of their messages; every
// transfer is in one, mostly alone.
type company struct {
	batch string // "" for none
	// Guarded by transfers.mu.
	list []*transfer
}

// NewBatch begins a batch.
func (c *Client) NewBatch() *Batch { return &Batch{c, rand.Text()} }

// SendMessage is [Client.SendMessage] for the next message of the batch.
func (b *Batch) SendMessage(ctx context.Context, m im.Message, o im.SendOptions) (im.Message, error) {
	return b.client.send(ctx, m, o, b.id)
}

// companyLocked is where the transfers of a batch are; "" is that of one alone.
func (ts *transfers) companyLocked(batch string) *company {
	g := ts.batches[batch]
	if g == nil {
		g = &company{batch: batch}
	}
	return g
}

// joinLocked adds a transfer to its company, to which those that come later are.
func (ts *transfers) joinLocked(t *transfer) {
	t.group.list = append(t.group.list, t)
	if b := t.group.batch; b != "" {
		ts.batches[b] = t.group
	}
}

// waitingLocked reports whether somebody in the group is to go out first.
func (g *company) waitingLocked() bool {
	for _, t := range g.list {
		if !t.over && !t.paused {
			return true
		}
	}
	return false
}

// letOut lets those messages of a group go out whose files are at the server and
// before which nobody is on the way there.
func (ts *transfers) letOut(g *company) {
	var out []*transfer
	ts.mu.Lock()
	for _, t := range g.list {
		if t.over || t.paused && !t.there {
			continue
		}
		if !t.there {
			break
		}
		t.over = true
		delete(ts.held, t.row.Message.ID)
		out = append(out, t)
	}
	if !slices.ContainsFunc(g.list, func(t *transfer) bool { return !t.over }) {
		delete(ts.batches, g.batch)
	}
	ts.mu.Unlock()
	for _, t := range out {
		ts.client.out.release(ts.client, t.row.Message.ID, t.fresh)
	}
}
