package server

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"magpie/im"
	"magpie/internal/seal"
)

// blobs keeps the files that messages name: each content once, in a file named by
// its SHA-256, <data>/blob/ab/abcd…, whoever uploaded it; sealed, below
// <data>/sealed/blob, under a name that only the key leads to. Who may read a file
// follows from the messages that name it (blob_ref.go); a file that no message
// names goes after a while (blob_sweep.go).
type blobs struct {
	server *Server
	dir    string // of new files
	// plain is the folder of those from before there was a key, "" if there is none.
	plain string
	key   *seal.Key // nil: files lie open
	name  seal.Key  // of their names
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
		server: s, dir: folderIn(s.opt.Data, s.key, "blob"),
		due: newTable(s.bus, tableBlobDue), refs: newTable(s.bus, tableBlobRefs),
	}
	if s.key != nil {
		key := s.key.Derive("blob")
		b.key, b.name, b.plain = &key, s.key.Derive("blob name"), folderIn(s.opt.Data, nil, "blob")
	}
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return nil, fmt.Errorf("server: make folder of files: %w", err)
	}
	return b, nil
}

// path is where the content with this hash is. The hash comes from outside and
// has been found valid.
func (b *blobs) path(hash string) string {
	if b.key != nil {
		mac := hmac.New(sha256.New, b.name[:])
		mac.Write([]byte(hash))
		hash = hex.EncodeToString(mac.Sum(nil))
	}
	return filepath.Join(b.dir, hash[:2], hash)
}

// plainPath is where it is if it is from before there was a key.
func (b *blobs) plainPath(hash string) string { return filepath.Join(b.plain, hash[:2], hash) }

// noBlob is the error for a file that is not there and for one that is not for
// who asked.
func noBlob(hash string) error {
	return im.Errorf(im.CodeBlobNotFound, "there is no file %.64s for you", hash)
}

// blob is an open file.
type blob struct {
	io.ReadSeeker
	io.Closer
	size int64
}

// open opens the content with this hash.
func (b *blobs) open(hash string) (blob, error) {
	if !im.ValidBlobHash(hash) {
		return blob{}, noBlob("")
	}
	f, err := os.Open(b.path(hash))
	key := b.key
	if errors.Is(err, fs.ErrNotExist) && b.plain != "" {
		f, err = os.Open(b.plainPath(hash))
		key = nil
		if errors.Is(err, fs.ErrNotExist) { // it may have been sealed in this moment
			f, err = os.Open(b.path(hash))
			key = b.key
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return blob{}, b.missing(hash)
	}
	if err != nil {
		return blob{}, fmt.Errorf("server: open file: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return blob{}, errors.Join(fmt.Errorf("server: open file: %w", err), f.Close())
	}
	if key == nil {
		return blob{f, f, info.Size()}, nil
	}
	r, err := seal.NewReader(f, info.Size(), *key)
	if err != nil {
		if isDamage(err) {
			err = b.setAside(hash, f)
		}
		return blob{}, errors.Join(fmt.Errorf("server: open file: %w", err), f.Close())
	}
	return blob{watched{r, func() error { return b.setAside(hash, f) }}, f, r.Size()}, nil
}

// size is how many bytes the content with this hash has, im.CodeBlobNotFound if
// it is not here, im.CodeBlobDamaged if it is not whole.
func (b *blobs) size(hash string) (int64, error) {
	info, err := os.Stat(b.path(hash))
	if err == nil && b.key != nil {
		if size, ok := seal.ContentSize(info.Size()); ok {
			return size, nil
		}
		return 0, damagedBlob(hash)
	}
	if errors.Is(err, fs.ErrNotExist) && b.plain != "" {
		info, err = os.Stat(b.plainPath(hash))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return 0, b.missing(hash)
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
	// What was just hashed is whole, which nobody knows of what is here: so it takes the
	// place, and heals what the disk has damaged. Who is reading goes on with the other.
	_, here := b.size(hash)
	err := b.move(path, b.path(hash))
	if err != nil && here == nil && runtime.GOOS == "windows" {
		return nil // it is being read, and cannot be replaced there meanwhile
	}
	return errors.Join(err, b.forget(hash))
}

// move brings a file to its place, durably.
func (b *blobs) move(path, to string) error {
	if err := os.Mkdir(filepath.Dir(to), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("server: keep file: %w", err)
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
