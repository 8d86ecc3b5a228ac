package core

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"sync"

	"magpie/im"
)

// downloads are those under way, one for each content.
type downloads struct {
	mu    sync.Mutex
	open  map[string]*download
	turns chan struct{} // one token for each that may run
}

// download is one content on its way here, for everybody who waits for it.
type download struct {
	done   chan struct{}
	cancel context.CancelFunc
	// Guarded by downloads.mu until done is closed.
	waiting  int
	left     bool  // nobody waits for it any more
	limit    int64 // bytes
	err      error
	progress map[*func(received, total int64)]struct{}
}

// downloadTries is how often in a row a download may be cut without a byte.
const downloadTries = 5

// Download brings the content of an address ([im.BlobAddress]) to the disk, from
// where [Client.OpenFile] has it; it returns at once if it is there. One that was cut goes on where it
// was, in a later process too, and several callers share one transfer. onProgress,
// if not nil, gets bytes received and their total, at most 20 times a second.
//
// The content may go when the cache is full and it was not asked for lately. Errors: 6017 for no such address, 130110
// if the server has no such file for this account, 130111 if what came was
// something else, 2402 if it is larger than any file may be, 130101 without room
// on the disk, 9508 without a connection, or ctx's.
func (c *Client) Download(ctx context.Context, address string, onProgress func(received, total int64)) error {
	return c.DownloadUpTo(ctx, address, im.MaxFileBytes, onProgress)
}

// DownloadUpTo is Download of at most limit bytes, code 2402 if there are more.
func (c *Client) DownloadUpTo(ctx context.Context, address string, limit int64, onProgress func(received, total int64)) error {
	hash, ok := im.BlobHash(address)
	if !ok {
		return im.Errorf(im.CodeInvalidParameter, "%.80q is not the address of a file", address)
	}
	if c.files.here(hash) {
		return nil
	}
	for {
		d, joined, err := c.join(hash, limit, &onProgress)
		if err != nil {
			return err
		}
		if joined {
			defer c.leaveDownload(d, &onProgress)
		}
		select {
		case <-d.done:
			if joined {
				return d.err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// join takes part in the download of a content, which it starts if need be. One
// that was given up a moment ago has to end before there can be another: joined is
// then false.
func (c *Client) join(hash string, limit int64, onProgress *func(int64, int64)) (d *download, joined bool, err error) {
	ds := &c.downloads
	ds.mu.Lock()
	defer ds.mu.Unlock()
	d = ds.open[hash]
	if d != nil && d.left {
		return d, false, nil
	}
	if d == nil {
		ctx, cancel := context.WithCancel(c.ctx)
		d = &download{done: make(chan struct{}), cancel: cancel, progress: map[*func(int64, int64)]struct{}{}}
		started := c.spawn(func() {
			defer cancel()
			err := c.fetch(ctx, hash, d)
			ds.mu.Lock()
			delete(ds.open, hash)
			d.err = err
			ds.mu.Unlock()
			close(d.done)
			c.hub.emit(DownloadEnded{Address: im.BlobAddress(hash), Error: coded(err, im.CodeServerInternal)})
		})
		if !started {
			cancel()
			return nil, false, im.Errorf(im.CodeLoggedOut, "the client was closed")
		}
		ds.open[hash] = d
	}
	d.waiting++
	d.limit = max(d.limit, limit)
	if *onProgress != nil {
		d.progress[onProgress] = struct{}{}
	}
	return d, true, nil
}

// forgetFiles takes the files of a message that was recalled from the disk, also
// those on their way. Another message that names them brings them back.
func (c *Client) forgetFiles(p im.Payload) {
	uses, err := im.BlobsOf(p)
	if err != nil || len(uses) == 0 {
		return
	}
	pinned := c.pinned()
	for _, use := range uses {
		if pinned[use.Hash] {
			continue
		}
		c.downloads.stop(use.Hash)
		c.report(c.files.remove(use.Hash))
	}
}

func (ds *downloads) listeners(d *download) []*func(received, total int64) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	return slices.Collect(maps.Keys(d.progress))
}

// limitOf is how large the file may be for those who wait for it.
func (ds *downloads) limitOf(d *download) int64 {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	return d.limit
}

// leaveDownload ends a download that nobody waits for any more. What came stays.
func (c *Client) leaveDownload(d *download, onProgress *func(int64, int64)) {
	c.downloads.mu.Lock()
	defer c.downloads.mu.Unlock()
	delete(d.progress, onProgress)
	if d.waiting--; d.waiting == 0 {
		d.left = true
		d.cancel()
	}
}

// fetch is one download from its turn to its place in the cache.
func (c *Client) fetch(ctx context.Context, hash string, d *download) (err error) {
	select {
	case c.downloads.turns <- struct{}{}:
		defer func() { <-c.downloads.turns }()
	case <-ctx.Done():
		return ctx.Err()
	}
	in := incoming{client: c, hash: hash, sum: sha256.New(), limit: func() int64 { return c.downloads.limitOf(d) }}
	// What an earlier attempt left is there, and counted in.
	if in.part, in.got, err = c.files.openPart(hash, in.sum); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.part.close()) }()
	in.told = throttle(func(got, total int64) {
		for _, report := range c.downloads.listeners(d) {
			(*report)(got, total)
		}
		c.hub.emit(TransferProgress{Address: im.BlobAddress(hash), Sent: got, Total: total, Download: true})
	})
	for tries := 0; ; tries++ {
		before := in.got
		if err = in.receive(ctx); err == nil {
			break
		}
		if in.got != before {
			tries = 0
		}
		if !passing(err) || tries >= downloadTries {
			return err
		}
		if !c.pause(c.backOff(tries, c.o.RetryMin, resendMax), nil) || ctx.Err() != nil {
			return context.Canceled
		}
	}
	if sum := hex.EncodeToString(in.sum.Sum(nil)); sum != hash {
		return errors.Join(im.Errorf(im.CodeBlobDamaged, "%s came as %s", hash, sum), in.part.remove())
	}
	if err := in.part.finish(); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := c.files.adopt(in.part.path, hash, in.got); err != nil {
		return err
	}
	return in.part.remove() // there only if the file came another way meanwhile
}
