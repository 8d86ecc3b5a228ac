package core

import (
	"context"
	"errors"
	"sync"

	"magpie/im"
	"magpie/store"
)

// transfers are the messages of the outbox whose files are not at the server
// yet, and those behind them in their batch: they wait beside their lanes, so that what was written later need not.
type transfers struct {
	client *Client
	turns  chan struct{} // one token for each upload that may run

	mu   sync.Mutex
	held map[im.MessageID]*transfer
	// batches are those of which somebody is held.
	batches map[string]*company
	busy    map[string]chan struct{} // by hash: an upload of it runs

	paused map[im.MessageID]bool // by an earlier process; not changed after New
	noting sync.Mutex            // held while it is noted which are paused
}

// transfer is one message with files.
type transfer struct {
	row    store.OutboxRow
	fresh  bool // the message was never tried
	hashes []string
	sizes  []int64 // of them, bytes
	total  int64
	group  *company

	// Guarded by transfers.mu.
	sent    int64
	there   bool // all of it is at the server
	paused  bool
	over    bool
	cut     context.CancelFunc // ends the attempt that runs, nil if none does
	changed chan struct{}      // closed and replaced when paused or over change
}

// setUpFiles makes what transfers need; nothing is read or written yet.
func (c *Client) setUpFiles() {
	c.files = fileCache{dir: c.o.Files, unseal: c.o.Unseal, grown: c.grown, used: -1}
	if c.o.Key != nil {
		key := c.o.Key.Derive("files")
		c.files.key = &key
	}
	c.tidy = tidy{poke: make(chan struct{}, 1), rules: KeepRules{Bytes: c.o.FilesBytes, For: c.o.FilesFor}}
	c.rules.of = c.o.AutoDownload
	c.fileServer = newFileServer(c)
	c.transfers = transfers{
		client: c, turns: make(chan struct{}, c.o.UploadsAtOnce),
		held: make(map[im.MessageID]*transfer), batches: make(map[string]*company), busy: make(map[string]chan struct{}),
	}
	c.downloads = downloads{open: make(map[string]*download), turns: make(chan struct{}, c.o.DownloadsAtOnce)}
	c.out.hold = c.transfers.hold
}

// hold takes a message in hand that has files here, or belongs behind one in its
// batch that has; false if it can go out as it is. The outbox calls it when it takes the row in.
func (ts *transfers) hold(row store.OutboxRow, fresh bool) bool {
	uses, err := im.BlobsOf(row.Message.Payload)
	if err != nil {
		return false
	}
	t := &transfer{row: row, fresh: fresh, paused: ts.paused[row.Message.ID], changed: make(chan struct{})}
	seen := map[string]bool{}
	for _, use := range uses {
		size, ok := ts.client.files.stat(use.Hash)
		if !ok || seen[use.Hash] {
			continue // the server has it, or says that it has not
		}
		seen[use.Hash] = true
		t.hashes, t.sizes, t.total = append(t.hashes, use.Hash), append(t.sizes, size), t.total+size
	}
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if ts.held[row.Message.ID] != nil {
		return true
	}
	t.group = ts.companyLocked(row.Batch)
	t.there = len(t.hashes) == 0
	if t.there && !t.group.waitingLocked() {
		return false
	}
	if !t.there && !ts.client.spawn(func() { ts.run(t) }) {
		return false
	}
	ts.held[row.Message.ID] = t
	ts.joinLocked(t)
	return true
}

// run uploads the files of one message, however often that is cut, and then lets
// the message go out.
func (ts *transfers) run(t *transfer) {
	c := ts.client
	id := t.row.Message.ID
	told := throttle(func(sent, total int64) {
		ts.mu.Lock()
		t.sent = sent
		ts.mu.Unlock()
		c.hub.emit(TransferProgress{ID: id, Sent: sent, Total: total})
	})
	for trouble := 0; ; trouble++ {
		l, ok := ts.wait(t)
		if !ok {
			return
		}
		before := t.progress(ts)
		err := ts.attempt(t, told)
		switch {
		case err == nil:
			ts.mu.Lock()
			t.there = true
			ts.mu.Unlock()
			ts.letOut(t.group)
			return
		case c.ctx.Err() != nil:
			return
		case errors.Is(err, context.Canceled): // paused, or given up
			trouble = -1
		case passing(err):
			if t.progress(ts) != before {
				trouble = 0
			}
			c.pause(c.backOff(trouble, resendMin, resendMax), l)
		default:
			if !ts.end(t) {
				return
			}
			// A message that cannot be marked stays in the outbox; the next start
			// tries it again.
			if row, _, there := c.out.get(id); there {
				c.report(c.feed(row.Message.ConversationID).refused(row, coded(err, im.CodeServerInternal)))
			}
			ts.letOut(t.group)
			return
		}
	}
}

func (t *transfer) progress(ts *transfers) int64 {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	return t.sent
}

// wait returns when a transfer may go on: connected and not paused; false when it
// is over.
func (ts *transfers) wait(t *transfer) (*link, bool) {
	c := ts.client
	for {
		c.mu.Lock()
		l, linked := c.link, c.changed
		c.mu.Unlock()
		ts.mu.Lock()
		paused, over, changed := t.paused, t.over, t.changed
		ts.mu.Unlock()
		switch {
		case over || c.ctx.Err() != nil:
			return nil, false
		case l != nil && !paused:
			return l, true
		}
		select {
		case <-linked:
		case <-changed:
		case <-c.ctx.Done():
		}
	}
}

// attempt uploads what is missing, one file after the other.
func (ts *transfers) attempt(t *transfer, told func(sent, total int64)) error {
	ctx, cancel := context.WithCancel(ts.client.ctx)
	defer cancel()
	ts.mu.Lock()
	if t.paused || t.over {
		ts.mu.Unlock()
		return context.Canceled
	}
	t.cut = cancel
	ts.mu.Unlock()
	var before int64
	for i, hash := range t.hashes {
		done := before
		err := ts.client.uploadOne(ctx, hash, func(sent int64) { told(done+sent, t.total) })
		if err != nil {
			if ctx.Err() != nil {
				return context.Canceled
			}
			return err
		}
		before += t.sizes[i]
	}
	return nil
}

// uploadOne uploads one content when it is its turn, never twice at once.
func (c *Client) uploadOne(ctx context.Context, hash string, progress func(sent int64)) error {
	ts := &c.transfers
	for {
		ts.mu.Lock()
		other := ts.busy[hash]
		mine := make(chan struct{})
		if other == nil {
			ts.busy[hash] = mine
		}
		ts.mu.Unlock()
		if other == nil {
			defer func() {
				ts.mu.Lock()
				delete(ts.busy, hash)
				ts.mu.Unlock()
				close(mine)
			}()
			break
		}
		select {
		case <-other:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	select {
	case ts.turns <- struct{}{}:
		defer func() { <-ts.turns }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return c.fileServer.upload(ctx, hash, progress)
}

// pinned are the files that must stay: those of the outbox and of uploads.
func (c *Client) pinned() map[string]bool {
	all := c.out.hashes()
	c.transfers.mu.Lock()
	defer c.transfers.mu.Unlock()
	for hash := range c.transfers.busy {
		all[hash] = true
	}
	return all
}

// end takes a transfer off the list; false if it was over already.
func (ts *transfers) end(t *transfer) bool {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if t.over {
		return false
	}
	t.over = true
	delete(ts.held, t.row.Message.ID)
	return true
}

// uploadAll brings the files of a message that is not kept to the server.
func (c *Client) uploadAll(ctx context.Context, p im.Payload) error {
	uses, err := im.BlobsOf(p)
	if err != nil {
		return err
	}
	for _, use := range uses {
		if c.files.has(use.Hash) {
			if err := c.uploadOne(ctx, use.Hash, func(int64) {}); err != nil {
				return err
			}
		}
	}
	return nil
}
