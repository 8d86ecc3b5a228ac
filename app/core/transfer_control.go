package core

import (
	"context"
	"encoding/json"
	"slices"

	"magpie/im"
)

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
	ts.letOut(t.group)
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
		if slices.Contains(t.hashes, hash) {
			return true
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
// [Client.ResumeTransfer], over restarts too. Code 2105 if no files of such a
// message are waiting.
func (c *Client) PauseTransfer(id im.MessageID) error { return c.transfers.pause(id, true) }

// ResumeTransfer goes on with a transfer that was paused.
func (c *Client) ResumeTransfer(id im.MessageID) error { return c.transfers.pause(id, false) }

func (ts *transfers) pause(id im.MessageID, paused bool) error {
	ts.noting.Lock()
	defer ts.noting.Unlock()
	ts.mu.Lock()
	t := ts.held[id]
	if t == nil || len(t.hashes) == 0 {
		ts.mu.Unlock()
		return im.Errorf(im.CodeInvalidMessage, "no files of message %.96q wait to be uploaded", id)
	}
	if t.paused == paused {
		ts.mu.Unlock()
		return nil
	}
	ts.changeLocked(t, func() { t.paused = paused })
	var all []im.MessageID
	for id, t := range ts.held {
		if t.paused {
			all = append(all, id)
		}
	}
	ts.mu.Unlock()
	ts.letOut(t.group)
	slices.Sort(all)
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return ts.client.db.SetMeta(ts.client.ctx, metaPaused, string(text))
}

// load reads which transfers were paused by an earlier process.
func (ts *transfers) load() error {
	text, err := ts.client.db.Meta(metaPaused)
	if err != nil || text == "" {
		return err
	}
	var all []im.MessageID
	_ = json.Unmarshal([]byte(text), &all) // what cannot be read goes on
	ts.paused = make(map[im.MessageID]bool, len(all))
	for _, id := range all {
		ts.paused[id] = true
	}
	return nil
}

// Transfer returns how far the upload of a message's files is; false if none of
// it waits to be uploaded.
func (c *Client) Transfer(id im.MessageID) (TransferProgress, bool) {
	c.transfers.mu.Lock()
	defer c.transfers.mu.Unlock()
	t := c.transfers.held[id]
	if t == nil || len(t.hashes) == 0 {
		return TransferProgress{}, false
	}
	return TransferProgress{ID: id, Sent: t.sent, Total: t.total, Paused: t.paused}, true
}
