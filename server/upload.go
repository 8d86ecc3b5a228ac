package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	tus "github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	"golang.org/x/exp/slog"

	"magpie/im"
	"magpie/im/wire"
	"magpie/internal/seal"
)

// uploads takes files in by the tus protocol, in pieces and over as many
// connections as it takes. What is not whole yet lies in <data>/upload under an id
// of the server's own; when the last byte is there it is hashed, synced and handed
// to blobs.
type uploads struct {
	server  *Server
	dir     string
	key     *seal.Key // nil: they lie open
	handler http.Handler

	mu   sync.Mutex
	open map[string]*openUpload
}

// openUpload is an upload that is not whole.
type openUpload struct {
	user im.UserID
	size int64
	// active is how many requests are at work on it, touched when the last one was.
	active  int
	touched time.Time
	// sum is the hash of the first hashed bytes, nil if they are not known; it
	// belongs to the request that has the upload's lock.
	sum    hash.Hash
	hashed int64
}

const (
	// uploadsPerUser bounds the uploads that a user has begun: over it the one goes
	// that was not touched for the longest time.
	uploadsPerUser = 16
	// uploadLifetime is how long an upload waits for its next byte.
	uploadLifetime = 24 * time.Hour
	// Keys of the data kept with an upload; all of it is the server's.
	metaUser = "user"
)

func openUploads(s *Server) (*uploads, error) {
	u := &uploads{server: s, dir: folderIn(s.opt.Data, s.key, "upload"), open: map[string]*openUpload{}}
	if s.key != nil {
		key := s.key.Derive("blob") // of what they become
		u.key = &key
		// Those from before there was a key begin anew.
		if err := os.RemoveAll(folderIn(s.opt.Data, nil, "upload")); err != nil {
			return nil, fmt.Errorf("server: remove uploads that are not encrypted: %w", err)
		}
	}
	if err := os.MkdirAll(u.dir, 0o700); err != nil {
		return nil, fmt.Errorf("server: make folder of uploads: %w", err)
	}
	store := uploadStore{u}
	if err := u.recall(); err != nil {
		return nil, err
	}
	composer := tus.NewStoreComposer()
	composer.UseCore(store)
	composer.UseTerminater(store)
	memorylocker.New().UseIn(composer)
	routes, err := tus.NewHandler(tus.Config{
		StoreComposer: composer, MaxSize: im.MaxFileBytes, BasePath: wire.FilesPath,
		DisableDownload: true, DisableConcatenation: true, RespectForwardedHeaders: true,
		Cors:                      &tus.CorsConfig{Disable: true},
		Logger:                    slog.New(slog.NewTextHandler(io.Discard, nil)),
		PreUploadCreateCallback:   u.create,
		PreFinishResponseCallback: u.finished,
		// Everything that has to be done after a request was cut has its own context.
		GracefulRequestCompletionTimeout: time.Millisecond,
		NetworkTimeout:                   headerTimeout * 3,
	})
	if err != nil {
		return nil, fmt.Errorf("server: uploads: %w", err)
	}
	u.handler = http.StripPrefix(wire.FilesPath, routes)
	return u, nil
}

// recall takes up the uploads that an earlier run of the server began.
func (u *uploads) recall() error {
	found, err := filepath.Glob(filepath.Join(u.dir, "*"+infoEnding))
	if err != nil {
		return fmt.Errorf("server: uploads: %w", err)
	}
	for _, path := range found {
		id := strings.TrimSuffix(filepath.Base(path), infoEnding)
		info, err := u.info(id)
		if err != nil { // nothing can be added to it
			u.server.opt.Logf("files: upload %.40s cannot be read and is removed: %v", id, err)
			if err := u.discard(id); err != nil {
				return err
			}
			continue
		}
		touched := u.server.opt.Now()
		if stat, err := os.Stat(u.path(id)); err == nil {
			touched = stat.ModTime()
		}
		u.open[id] = &openUpload{user: im.UserID(info.MetaData[metaUser]), size: info.Size, touched: touched}
	}
	return nil
}

func (u *uploads) path(id string) string { return filepath.Join(u.dir, id) }

// validUploadID reports whether s is an id as uploads get them, and so may be part
// of a path.
func validUploadID(s string) bool {
	return len(s) == 32 && strings.Trim(s, "0123456789abcdef") == ""
}

// create decides whether an upload may begin. Of what the client says of it only
// the hash is kept.
func (u *uploads) create(event tus.HookEvent) (tus.HTTPResponse, tus.FileInfoChanges, error) {
	none := tus.HTTPResponse{}
	user := userOf(event.Context)
	size := event.Upload.Size
	sum := event.Upload.MetaData[wire.MetaHash]
	err := u.server.bus.disk.room(size)
	switch {
	case size == 0:
		err = im.Errorf(im.CodeFileEmpty, "the file is empty")
	case sum != "" && !im.ValidBlobHash(sum):
		err = im.Errorf(im.CodeInvalidParameter, "%s is no SHA-256 in hexadecimal", wire.MetaHash)
	case err == nil:
		err = u.makeRoom(user)
	}
	if err != nil {
		return none, tus.FileInfoChanges{}, u.server.tusError(err)
	}
	meta := tus.MetaData{metaUser: string(user)}
	if sum != "" {
		meta[wire.MetaHash] = sum
	}
	return none, tus.FileInfoChanges{MetaData: meta}, nil
}

// makeRoom lets a user begin one more upload: if there are too many, the one
// that waits for the longest time is given up.
func (u *uploads) makeRoom(user im.UserID) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	count, oldest := 0, ""
	for id, o := range u.open {
		if o.user != user {
			continue
		}
		count++
		if o.active == 0 && (oldest == "" || o.touched.Before(u.open[oldest].touched)) {
			oldest = id
		}
	}
	if count < uploadsPerUser {
		return nil
	}
	if oldest == "" {
		return im.Errorf(im.CodeBusy, "%s has %d uploads under way, %d are allowed", user, count, uploadsPerUser)
	}
	delete(u.open, oldest)
	return u.discard(oldest)
}

// discard removes what is there of an upload.
func (u *uploads) discard(id string) error {
	for _, path := range []string{u.path(id) + infoEnding, u.path(id)} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("server: remove upload: %w", err)
		}
	}
	return nil
}

// sweep gives up the uploads that nobody went on with.
func (u *uploads) sweep() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	for id, o := range u.open {
		if o.active > 0 || u.server.opt.Now().Sub(o.touched) < uploadLifetime {
			continue
		}
		delete(u.open, id)
		if err := u.discard(id); err != nil {
			return err
		}
	}
	return nil
}

// finished is called when the last byte of an upload is there, before the client
// is told.
func (u *uploads) finished(event tus.HookEvent) (tus.HTTPResponse, error) {
	sum, err := u.finish(event.Upload)
	if err != nil {
		return tus.HTTPResponse{}, u.server.tusError(err)
	}
	return tus.HTTPResponse{Header: tus.HTTPHeader{"Content-Location": wire.BlobsPath + sum}}, nil
}

// finish makes a whole upload a file that messages can name, and returns its
// hash. An upload that is not what was announced is given up.
func (u *uploads) finish(info tus.FileInfo) (string, error) {
	ctx, cancel := u.server.requestContext()
	defer cancel()
	o, leave := u.enter(info.ID)
	if o == nil {
		return "", noBlob("")
	}
	defer leave()
	sum, err := u.seal(info.ID, o)
	if err != nil {
		return "", err
	}
	if o.hashed != o.size {
		err = im.Errorf(im.CodeBlobDamaged, "the file has %d bytes, %d were announced", o.hashed, o.size)
	} else if announced := info.MetaData[wire.MetaHash]; announced != "" && announced != sum {
		err = im.Errorf(im.CodeBlobDamaged, "the file has the hash %s, %s was announced", sum, announced)
	} else if err := u.server.blobs.adopt(ctx, u.path(info.ID), sum, o.user); err != nil {
		return "", err
	}
	u.mu.Lock()
	delete(u.open, info.ID)
	u.mu.Unlock()
	return sum, errors.Join(err, u.discard(info.ID))
}

// seal brings an upload to the disk and returns its hash.
func (u *uploads) seal(id string, o *openUpload) (string, error) {
	f, err := u.openFile(id)
	if err != nil {
		return "", fmt.Errorf("server: finish upload: %w", err)
	}
	defer f.file.Close()
	if err := f.finish(); err != nil {
		return "", fmt.Errorf("server: finish upload: %w", diskError(err))
	}
	if o.sum == nil || o.hashed != o.size {
		o.sum = sha256.New()
		content, err := f.content(u.key)
		if err == nil {
			o.hashed, err = io.Copy(o.sum, content)
		}
		if err != nil {
			return "", fmt.Errorf("server: finish upload: %w", err)
		}
	}
	return hex.EncodeToString(o.sum.Sum(nil)), nil
}

// enter notes that a request is at work on an upload, until leave.
func (u *uploads) enter(id string) (o *openUpload, leave func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if o = u.open[id]; o == nil {
		return nil, nil
	}
	o.active++
	return o, func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		o.active--
		o.touched = u.server.opt.Now()
	}
}

// principal is the key under which a request's context says whose it is.
type principal struct{}

func withUser(ctx context.Context, u im.UserID) context.Context {
	return context.WithValue(ctx, principal{}, u)
}

// userOf is the user that a request was found to be of.
func userOf(ctx context.Context) im.UserID {
	u, _ := ctx.Value(principal{}).(im.UserID)
	return u
}
