package server

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"sync"

	tus "github.com/tus/tusd/v2/pkg/handler"

	"magpie/im"
)

// uploadStore keeps uploads as files: what is there of one, and beside it in .info
// what is known of it. It is for a server that anybody can talk to: an upload is
// seen by its user only, the disk is not filled, and what comes in is hashed on the
// way.
type uploadStore struct{ uploads *uploads }

// NewUpload implements tus.DataStore.
func (s uploadStore) NewUpload(_ context.Context, info tus.FileInfo) (tus.Upload, error) {
	u := s.uploads
	info.ID = randomHex(16)
	err := u.begin(info)
	if err != nil {
		return nil, u.server.tusError(diskError(err))
	}
	u.mu.Lock()
	u.open[info.ID] = &openUpload{
		user: im.UserID(info.MetaData[metaUser]), size: info.Size, touched: u.server.opt.Now(), sum: sha256.New(),
	}
	u.mu.Unlock()
	return ownUpload{u, info}, nil
}

// GetUpload implements tus.DataStore; nobody sees another's uploads. One that
// is whole, whose end could not be reported, is finished now and then gone.
func (s uploadStore) GetUpload(ctx context.Context, id string) (tus.Upload, error) {
	if !validUploadID(id) {
		return nil, tus.ErrNotFound
	}
	u := s.uploads
	u.mu.Lock()
	o := u.open[id]
	mine := o != nil && o.user == userOf(ctx)
	u.mu.Unlock()
	if !mine {
		return nil, tus.ErrNotFound
	}
	info, err := u.info(id)
	if err != nil {
		return nil, err
	}
	if info.Offset >= info.Size {
		resp, err := u.finished(tus.HookEvent{Context: ctx, Upload: info})
		if err != nil {
			return nil, err
		}
		gone := tus.NewError("ERR_FINISHED", "the upload is finished", 410)
		gone.HTTPResponse = gone.HTTPResponse.MergeWith(resp)
		return nil, gone
	}
	return ownUpload{u, info}, nil
}

// AsTerminatableUpload implements tus.TerminaterDataStore.
func (s uploadStore) AsTerminatableUpload(up tus.Upload) tus.TerminatableUpload {
	return up.(ownUpload)
}

// ownUpload is one upload, for the request that has its lock.
type ownUpload struct {
	uploads *uploads
	info    tus.FileInfo
}

// GetInfo implements tus.Upload.
func (up ownUpload) GetInfo(context.Context) (tus.FileInfo, error) { return up.info, nil }

// GetReader implements tus.Upload; what is not whole is given to nobody.
func (up ownUpload) GetReader(context.Context) (io.ReadCloser, error) { return nil, tus.ErrNotFound }

// FinishUpload implements tus.Upload; see uploads.finished.
func (up ownUpload) FinishUpload(context.Context) error { return nil }

// Terminate implements tus.TerminatableUpload.
func (up ownUpload) Terminate(context.Context) error {
	up.uploads.mu.Lock()
	defer up.uploads.mu.Unlock()
	delete(up.uploads.open, up.info.ID)
	return up.uploads.discard(up.info.ID)
}

// chunkBuffers are what incoming bytes pass through.
var chunkBuffers = sync.Pool{New: func() any { b := make([]byte, 256<<10); return &b }}

// WriteChunk implements tus.Upload: it appends what src gives, of which the
// handler lets no more through than the upload has room for. What came before a
// cut is kept.
func (up ownUpload) WriteChunk(_ context.Context, offset int64, src io.Reader) (int64, error) {
	o, leave := up.uploads.enter(up.info.ID)
	if o == nil {
		return 0, tus.ErrNotFound
	}
	defer leave()
	f, err := up.uploads.openFile(up.info.ID)
	if err != nil {
		return 0, fmt.Errorf("server: add to upload: %w", err)
	}
	if o.hashed != offset {
		o.sum = nil
	}
	buf := chunkBuffers.Get().(*[]byte)
	defer chunkBuffers.Put(buf)
	n, err := io.CopyBuffer(chunkWriter{f, o.sum, &up.uploads.server.bus.disk}, struct{ io.Reader }{src}, *buf)
	if o.hashed = offset + n; err != nil {
		o.sum = nil // perhaps it has more than the file
	}
	if e := f.close(); err == nil {
		err = e
	}
	if err != nil {
		return n, up.uploads.server.tusError(diskError(err))
	}
	return n, nil
}

// chunkWriter writes to the file and the hash as long as the disk has room.
type chunkWriter struct {
	file io.Writer
	sum  hash.Hash
	disk *diskGuard
}

func (w chunkWriter) Write(b []byte) (int, error) {
	if err := w.disk.check(); err != nil {
		return 0, err
	}
	n, err := w.file.Write(b)
	if w.sum != nil {
		w.sum.Write(b[:n])
	}
	return n, err
}
