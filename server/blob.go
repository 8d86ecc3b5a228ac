package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"magpie/im"
)

// blobs keeps the files that messages name: each content once, in a file named by
// its SHA-256, <data>/blob/ab/abcd…, whoever uploaded it. Who may read a file
// follows from the messages that name it (blob_ref.go); a file that no message
// names goes after a while (blob_sweep.go).
type blobs struct {
	server *Server
	dir    string
	// due holds, for each file that may not be named by any message, when it is
	// looked at whether it can go.
	due *table
	// refs holds who may read a file: by which messages it is named, and who
	// uploaded it.
	refs *table

	// sweeping is held for writing while a file is removed, for reading while
	// something is made that relies on it.
	sweeping sync.RWMutex
}

// dueEntry is the record of a file that may have to go.
type dueEntry struct {
	Due int64 `json:"due"` // ms since 1970
}

func openBlobs(s *Server) (*blobs, error) {
	b := &blobs{
		server: s, dir: filepath.Join(s.opt.Data, "blob"),
		due: newTable(s.bus, tableBlobDue), refs: newTable(s.bus, tableBlobRefs),
	}
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return nil, fmt.Errorf("server: make folder of files: %w", err)
	}
	return b, nil
}

// path is where the content with this hash is. The hash comes from outside and
// has been found valid.
func (b *blobs) path(hash string) string { return filepath.Join(b.dir, hash[:2], hash) }

// noBlob is the error for a file that is not there and for one that is not for
// who asked.
func noBlob(hash string) error {
	return im.Errorf(im.CodeBlobNotFound, "there is no file %.64s for you", hash)
}

// open opens the content with this hash.
func (b *blobs) open(hash string) (*os.File, fs.FileInfo, error) {
	if !im.ValidBlobHash(hash) {
		return nil, nil, noBlob("")
	}
	f, err := os.Open(b.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, noBlob(hash)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("server: open file: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("server: open file: %w", err), f.Close())
	}
	return f, info, nil
}

// size is how many bytes the content with this hash has, im.CodeBlobNotFound if
// it is not here.
func (b *blobs) size(hash string) (int64, error) {
	info, err := os.Stat(b.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, noBlob(hash)
	}
	if err != nil {
		return 0, fmt.Errorf("server: look for file: %w", err)
	}
	return info.Size(), nil
}

// adopt makes the file at path, whose content has been found to have this hash
// and is on the disk, one of those that messages can name; user has uploaded it.
func (b *blobs) adopt(ctx context.Context, path, hash string, user im.UserID) error {
	b.sweeping.RLock()
	defer b.sweeping.RUnlock()
	// That it has to go again is written first: no crash leaves a file for ever.
	if err := b.keepUntil(ctx, hash, b.server.now()+unnamedLifetime.Milliseconds()); err != nil {
		return err
	}
	if _, err := b.refs.put(ctx, uploaderKey(hash, user), refEntry{Time: b.server.now()}); err != nil {
		return err
	}
	to := b.path(hash)
	if err := os.Mkdir(filepath.Dir(to), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("server: keep file: %w", err)
	}
	if _, err := b.size(hash); err == nil {
		return nil // it was here, and may be being read
	}
	if err := os.Rename(path, to); err != nil {
		return fmt.Errorf("server: keep file: %w", err)
	}
	return errors.Join(syncFolder(filepath.Dir(to)), syncFolder(b.dir))
}

// keepUntil lets a file stay at least until a time, ms since 1970.
func (b *blobs) keepUntil(ctx context.Context, hash string, until int64) error {
	for {
		var e dueEntry
		revision, err := b.due.get(ctx, hash, &e)
		if err != nil && !errors.Is(err, errNoMessage) {
			return err
		}
		if err == nil && e.Due >= until {
			return nil
		}
		if _, err := b.due.update(ctx, hash, dueEntry{until}, revision); !errors.Is(err, errConflict) {
			return err
		}
	}
}

// syncFolder makes renames in a folder durable. Windows has no such thing.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("server: sync folder: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("server: sync folder: %w", err)
	}
	return nil
}

const (
	// unnamedLifetime is how long a file stays that no message has named yet.
	unnamedLifetime = 24 * time.Hour
	// unnamedGrace is how long one stays that no message names any more, or that a
	// message is about to name.
	unnamedGrace = time.Hour
)
