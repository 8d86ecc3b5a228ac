package core

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
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
	path     string
	err      error
	progress map[*func(received, total int64)]struct{}
}

// downloadTries is how often in a row a download may be cut without a byte.
const downloadTries = 5

// Download brings the content of an address ([im.BlobAddress]) to the disk and
// returns where it is; at once if it is there. One that was cut goes on where it
// was, in a later process too, and several callers share one transfer. onProgress,
// if not nil, gets bytes received and their total, at most 20 times a second.
//
// The file is the cache's: it is to be read only, and may go when the cache is
// full and it was not asked for lately. Errors: 6017 for no such address, 130110
// if the server has no such file for this account, 130111 if what came was
// something else, 2402 if it is larger than any file may be, 130101 without room
// on the disk, 9508 without a connection, or ctx's.
func (c *Client) Download(ctx context.Context, address string, onProgress func(received, total int64)) (string, error) {
	return c.DownloadUpTo(ctx, address, im.MaxFileBytes, onProgress)
}

// DownloadUpTo is Download of at most limit bytes, code 2402 if there are more.
func (c *Client) DownloadUpTo(ctx context.Context, address string, limit int64, onProgress func(received, total int64)) (string, error) {
	hash, ok := im.BlobHash(address)
	if !ok {
		return "", im.Errorf(im.CodeInvalidParameter, "%.80q is not the address of a file", address)
	}
	if path, _, ok := c.files.get(hash); ok {
		return path, nil
	}
	for {
		d, joined, err := c.join(hash, limit, &onProgress)
		if err != nil {
			return "", err
		}
		if joined {
			defer c.leaveDownload(d, &onProgress)
		}
		select {
		case <-d.done:
			if joined {
				return d.path, d.err
			}
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// CachedFile returns where the content of an address is on this disk, for
// reading only; false if it is not here or no address of a file.
func (c *Client) CachedFile(address string) (string, bool) {
	hash, ok := im.BlobHash(address)
	if !ok {
		return "", false
	}
	path, _, ok := c.files.get(hash)
	return path, ok
}

// HasFile is CachedFile without counting as a use of the file.
func (c *Client) HasFile(address string) bool {
	hash, ok := im.BlobHash(address)
	return ok && c.files.has(hash)
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
			path, err := c.fetch(ctx, hash, d)
			ds.mu.Lock()
			delete(ds.open, hash)
			d.path, d.err = path, err
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
		c.downloads.mu.Lock()
		if d := c.downloads.open[use.Hash]; d != nil {
			d.cancel()
		}
		c.downloads.mu.Unlock()
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
func (c *Client) fetch(ctx context.Context, hash string, d *download) (string, error) {
	select {
	case c.downloads.turns <- struct{}{}:
		defer func() { <-c.downloads.turns }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if err := c.files.makeFolder(filepath.Join(c.files.dir, "part")); err != nil {
		return "", err
	}
	f, err := os.OpenFile(c.files.part(hash), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", fileError("write file", err)
	}
	defer f.Close()
	in := incoming{client: c, hash: hash, file: f, sum: sha256.New(), limit: func() int64 { return c.downloads.limitOf(d) }}
	in.told = throttle(func(got, total int64) {
		for _, report := range c.downloads.listeners(d) {
			(*report)(got, total)
		}
		c.hub.emit(TransferProgress{Address: im.BlobAddress(hash), Sent: got, Total: total, Download: true})
	})
	if in.got, err = io.Copy(in.sum, f); err != nil { // what an earlier attempt left
		return "", fileError("read file", err)
	}
	for tries := 0; ; tries++ {
		before := in.got
		if err = in.receive(ctx); err == nil {
			break
		}
		if in.got != before {
			tries = 0
		}
		if !passing(err) || tries >= downloadTries {
			return "", err
		}
		if !c.pause(c.backOff(tries, c.o.RetryMin, resendMax), nil) || ctx.Err() != nil {
			return "", context.Canceled
		}
	}
	if sum := hex.EncodeToString(in.sum.Sum(nil)); sum != hash {
		return "", errors.Join(im.Errorf(im.CodeBlobDamaged, "%s came as %s", hash, sum), os.Remove(c.files.part(hash)))
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return "", fileError("write file", err)
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err := c.files.adopt(c.files.part(hash), hash, in.got); err != nil {
		return "", err
	}
	_ = os.Remove(c.files.part(hash)) // there only if the file came another way meanwhile
	return c.files.path(hash), nil
}
