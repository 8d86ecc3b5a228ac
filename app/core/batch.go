package core

import (
	"context"

	"magpie/im"
)

// Batch hands over messages of one conversation that belong together, as pictures
// and the words about them: they go out in the order of the calls, none before the
// files of those before it are at the server. What is paused, refused or cancelled
// holds up nobody, and other messages do not wait. A restart forgets what belongs
// together: what is left goes out as its files get there.
type Batch struct {
	client *Client
	group  *company
}

// company are the transfers of one batch by the order of their messages; every
// transfer is in one, mostly alone.
type company struct {
	// Guarded by transfers.mu.
	list []*transfer
}

// NewBatch begins a batch.
func (c *Client) NewBatch() *Batch { return &Batch{c, &company{}} }

// SendMessage is [Client.SendMessage] for the next message of the batch.
func (b *Batch) SendMessage(ctx context.Context, m im.Message, o im.SendOptions) (im.Message, error) {
	ts := &b.client.transfers
	ts.mu.Lock()
	ts.joining[m.ID] = b.group
	ts.mu.Unlock()
	defer func() {
		ts.mu.Lock()
		delete(ts.joining, m.ID)
		ts.mu.Unlock()
	}()
	return b.client.SendMessage(ctx, m, o)
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
	ts.mu.Unlock()
	for _, t := range out {
		ts.client.out.release(ts.client, t.row.Message.ID, t.fresh)
	}
}
