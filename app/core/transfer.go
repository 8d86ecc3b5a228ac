package core

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"time"

	"magpie/im"
	"magpie/store"
)

// File is a file that is ready to be sent: put its address into a payload.
type File struct {
	// Address is what payloads have as its URL ([im.BlobAddress]).
	Address string `json:"address"`
	Size    int64  `json:"size"` // bytes
}

// AddFile copies what r gives, at most max bytes and never more than any file may
// have, into the account's folder, from where a message with its address uploads
// it; the source may go. Code 2108 for an empty file, 2402 for one that is too
// large, 130101 without room on the disk.
func (c *Client) AddFile(ctx context.Context, r io.Reader, max int64) (File, error) {
	if max <= 0 || max > im.MaxFileBytes {
		max = im.MaxFileBytes
	}
	hash, size, err := c.files.add(ctx, r, max, im.CodeFileTooLarge)
	return File{im.BlobAddress(hash), size}, err
}

// AddFileAt is AddFile for a file on this disk; code 7004 if it cannot be read.
func (c *Client) AddFileAt(ctx context.Context, path string) (File, error) {
	f, err := os.Open(path)
	if err != nil {
		return File{}, fileError("read file", err)
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return File{}, fileError("read file", err)
	case !info.Mode().IsRegular():
		return File{}, im.Errorf(im.CodeFileMissing, "%s is no file", info.Name())
	case info.Size() > im.MaxFileBytes: // before anything is copied
		return File{}, im.Errorf(im.CodeFileTooLarge, "file of %d bytes, %d are allowed", info.Size(), im.MaxFileBytes)
	}
	return c.AddFile(ctx, f, im.MaxFileBytes)
}

// Upload brings the content of an address, which AddFile returned, to the server
// and returns when it is there. Messages need no such call: they bring their
// files along. onProgress, if not nil, gets bytes sent and their total, at most
// 20 times a second. It fails with 9508 when the connection is cut; called again
// it goes on from there.
func (c *Client) Upload(ctx context.Context, address string, onProgress func(sent, total int64)) error {
	hash, ok := im.BlobHash(address)
	if !ok {
		return im.Errorf(im.CodeInvalidParameter, "%.80q is not the address of a file", address)
	}
	_, size, ok := c.files.get(hash)
	if !ok {
		return im.Errorf(im.CodeFileMissing, "the content of %s is not here", address)
	}
	told := throttle(func(sent, total int64) {
		if onProgress != nil {
			onProgress(sent, total)
		}
	})
	return c.uploadOne(ctx, hash, func(sent int64) { told(sent, size) })
}

// transfers are the messages of the outbox whose files are not at the server
// yet: they wait beside their lanes, so that what was written later need not.
type transfers struct {
	client *Client
	turns  chan struct{} // one token for each upload that may run

	mu   sync.Mutex
	held map[im.MessageID]*transfer
	busy map[string]chan struct{} // by hash: an upload of it runs
}

// transfer is one message with files.
type transfer struct {
	row    store.OutboxRow
	fresh  bool // the message was never tried
	hashes []string
	sizes  []int64 // of them, bytes
	total  int64

	// Guarded by transfers.mu.
	sent    int64
	paused  bool
	over    bool
	cut     context.CancelFunc // ends the attempt that runs, nil if none does
	changed chan struct{}      // closed and replaced when paused or over change
}

// hold takes a message in hand that has files here; false if it has none and can
// go out as it is. The outbox calls it when it takes the row in.
func (ts *transfers) hold(row store.OutboxRow, fresh bool) bool {
	uses, err := im.BlobsOf(row.Message.Payload)
	if err != nil || len(uses) == 0 {
		return false
	}
	t := &transfer{row: row, fresh: fresh, changed: make(chan struct{})}
	seen := map[string]bool{}
	for _, use := range uses {
		_, size, ok := ts.client.files.get(use.Hash)
		if !ok || seen[use.Hash] {
			continue // the server has it, or says that it has not
		}
		seen[use.Hash] = true
		t.hashes, t.sizes, t.total = append(t.hashes, use.Hash), append(t.sizes, size), t.total+size
	}
	if len(t.hashes) == 0 {
		return false
	}
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if ts.held[row.Message.ID] != nil {
		return true
	}
	ts.held[row.Message.ID] = t
	if !ts.client.spawn(func() { ts.run(t) }) {
		delete(ts.held, row.Message.ID)
		return false
	}
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
			if ts.end(t) {
				c.out.release(c, id, t.fresh)
			}
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

// stop gives up the transfer of a message that was cancelled.
func (ts *transfers) stop(id im.MessageID) {
	ts.mu.Lock()
	t := ts.held[id]
	if t != nil {
		ts.changeLocked(t, func() { t.over = true })
		delete(ts.held, id)
	}
	ts.mu.Unlock()
	if t == nil {
		return
	}
	c := ts.client
	c.spawn(func() {
		ctx, cancel := context.WithTimeout(c.ctx, c.o.RequestTimeout)
		defer cancel()
		for _, hash := range t.hashes {
			if !ts.wanted(hash) {
				// The server gives up by itself what nobody goes on with.
				_ = c.fileServer.abandon(ctx, hash)
			}
		}
	})
}

// wanted reports whether another message waits for this content to be uploaded.
func (ts *transfers) wanted(hash string) bool {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for _, t := range ts.held {
		for _, h := range t.hashes {
			if h == hash {
				return true
			}
		}
	}
	return ts.busy[hash] != nil
}

func (ts *transfers) changeLocked(t *transfer, f func()) {
	f()
	if t.cut != nil && (t.paused || t.over) {
		t.cut()
	}
	close(t.changed)
	t.changed = make(chan struct{})
}

// PauseTransfer stops the upload of a message's files until
// [Client.ResumeTransfer], or the next start of the client. Code 2105 if no files
// of such a message are waiting.
func (c *Client) PauseTransfer(id im.MessageID) error { return c.transfers.pause(id, true) }

// ResumeTransfer goes on with a transfer that was paused.
func (c *Client) ResumeTransfer(id im.MessageID) error { return c.transfers.pause(id, false) }

func (ts *transfers) pause(id im.MessageID, paused bool) error {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	t := ts.held[id]
	if t == nil {
		return im.Errorf(im.CodeInvalidMessage, "no files of message %.96q wait to be uploaded", id)
	}
	if t.paused != paused {
		ts.changeLocked(t, func() { t.paused = paused })
	}
	return nil
}

// Transfer returns how far the upload of a message's files is; false if none of
// it waits to be uploaded.
func (c *Client) Transfer(id im.MessageID) (TransferProgress, bool) {
	c.transfers.mu.Lock()
	defer c.transfers.mu.Unlock()
	t := c.transfers.held[id]
	if t == nil {
		return TransferProgress{}, false
	}
	return TransferProgress{ID: id, Sent: t.sent, Total: t.total, Paused: t.paused}, true
}

// uploadAll brings the files of a message that is not kept to the server.
func (c *Client) uploadAll(ctx context.Context, p im.Payload) error {
	uses, err := im.BlobsOf(p)
	if err != nil {
		return err
	}
	for _, use := range uses {
		if _, _, ok := c.files.get(use.Hash); ok {
			if err := c.uploadOne(ctx, use.Hash, func(int64) {}); err != nil {
				return err
			}
		}
	}
	return nil
}

// progressEvery is the least time between two reports of progress.
const progressEvery = 50 * time.Millisecond

// throttle passes reports on at most every progressEvery, and the last.
func throttle(report func(done, total int64)) func(done, total int64) {
	var mu sync.Mutex
	var last time.Time
	told := int64(-1)
	return func(done, total int64) {
		mu.Lock()
		defer mu.Unlock()
		now := time.Now()
		if done == told || done < total && now.Sub(last) < progressEvery {
			return
		}
		last, told = now, done
		report(done, total)
	}
}
