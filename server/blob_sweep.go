package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// sweepEvery is how often it is looked which files can go.
const sweepEvery = 30 * time.Minute

// run removes what nothing names, and uploads nobody goes on with, now and then until the server ends.
func (b *blobs) run() {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := errors.Join(b.sweep(b.server.ctx), b.server.uploads.sweep()); err != nil && b.server.ctx.Err() == nil {
			b.server.opt.Logf("files: %v", err)
		}
		select {
		case <-tick.C:
		case <-b.server.ctx.Done():
			return
		}
	}
}

// sweep removes the files whose time has come and that no message names.
func (b *blobs) sweep(ctx context.Context) error {
	now := b.server.now()
	var hashes []string
	err := b.due.list(ctx, "*", func(e entry) error {
		d, err := decodeEntry[dueEntry](e)
		if err == nil && d.Due <= now {
			hashes = append(hashes, e.key)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, hash := range hashes {
		if err := b.settle(ctx, hash); err != nil {
			return fmt.Errorf("server: clean up files: %w", err)
		}
	}
	return nil
}

// settle removes the file with this hash if no message names it and nobody
// uploaded it lately, and else the records whose time has passed.
func (b *blobs) settle(ctx context.Context, hash string) error {
	b.sweeping.Lock()
	defer b.sweeping.Unlock()
	now := b.server.now()
	var e dueEntry
	if _, err := b.due.get(ctx, hash, &e); err != nil || e.Due > now {
		return ignoreMissing(err) // somebody is about to name it
	}
	var over []string // records whose time has passed
	named, temporary := false, false
	err := b.refs.list(ctx, hash+".>", func(e entry) error {
		_, r, ok := parseRef(e.key)
		v, err := decodeEntry[refEntry](e)
		switch {
		case err != nil || !ok:
			return err
		case r.n > 0:
			named = true
		case now-v.Time < unnamedLifetime.Milliseconds():
			temporary = true
		default:
			over = append(over, e.key)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !named && !temporary {
		if err := b.remove(hash); err != nil {
			return err
		}
		over = []string{hash + ".>"}
	}
	for _, key := range over {
		if err := b.refs.purge(ctx, key); err != nil {
			return err
		}
	}
	if temporary {
		return nil // it is looked at again
	}
	return b.due.purge(ctx, hash)
}

// remove takes a file from the disk.
func (b *blobs) remove(hash string) error {
	paths := []string{b.path(hash), b.path(hash) + damagedEnding}
	if b.plain != "" {
		paths = append(paths, b.plainPath(hash))
	}
	for _, path := range paths {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, errNoMessage) {
		return nil
	}
	return err
}
