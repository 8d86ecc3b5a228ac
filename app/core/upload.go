package core

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"

	"magpie/im"
	"magpie/im/wire"
)

// upload makes sure that the server has the content with this hash, which is in
// the cache: it asks, goes on with an upload that was cut, in this process or an
// earlier one, or begins one. progress gets how many bytes the server has of it.
func (s *fileServer) upload(ctx context.Context, hash string, progress func(sent int64)) error {
	file, err := s.client.files.open(hash)
	if err != nil {
		return err
	}
	defer file.Close()
	size := file.Size()
	// A few rounds: each ends one way in which client and server may have differed.
	for range 4 {
		var there bool
		if there, err = s.has(ctx, hash); there {
			s.client.files.setUpload(hash, "")
			progress(size)
			return nil
		}
		if err != nil {
			return err
		}
		var id string
		var offset int64
		if id, offset, err = s.resume(ctx, hash); err != nil {
			return err
		}
		if id == "" {
			if id, err = s.begin(ctx, hash, size); err != nil {
				return err
			}
		}
		switch err = s.patch(ctx, file, id, hash, offset, size, progress); {
		case err == nil:
			s.client.files.setUpload(hash, "")
			return nil
		case statusOf(err) == http.StatusConflict:
			continue // the server has more or less than it said: ask again
		case statusOf(err) == http.StatusNotFound, statusOf(err) == http.StatusGone:
			s.client.files.setUpload(hash, "")
			continue // finished, or given up meanwhile
		case im.CodeOf(err) == im.CodeBlobDamaged:
			s.client.files.setUpload(hash, "")
			return err
		default:
			return err
		}
	}
	return err
}

// has reports whether the server has the content, whole, and this user may read it.
func (s *fileServer) has(ctx context.Context, hash string) (bool, error) {
	resp, err := s.request(ctx, http.MethodHead, wire.BlobsPath+hash, nil, nil, 0)
	switch im.CodeOf(err) {
	case im.CodeBlobNotFound, im.CodeBlobDamaged:
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, resp.Body.Close()
}

// resume finds the upload of this content that was begun and not finished: its
// id, "" if there is none, and how much the server has.
func (s *fileServer) resume(ctx context.Context, hash string) (id string, offset int64, err error) {
	if id = s.client.files.uploadOf(hash); id == "" {
		return "", 0, nil
	}
	resp, err := s.request(ctx, http.MethodHead, wire.FilesPath+id, tusHeader(), nil, 0)
	switch statusOf(err) {
	case http.StatusNotFound, http.StatusGone, http.StatusForbidden:
		s.client.files.setUpload(hash, "")
		return "", 0, nil
	}
	if err != nil {
		return "", 0, err
	}
	resp.Body.Close()
	at, err := strconv.ParseUint(resp.Header.Get("Upload-Offset"), 10, 63)
	if err == nil {
		return id, int64(at), nil
	}
	s.client.files.setUpload(hash, "") // that is no answer: it begins anew
	return "", 0, nil
}

// begin begins an upload and notes its id on the disk.
func (s *fileServer) begin(ctx context.Context, hash string, size int64) (string, error) {
	h := tusHeader()
	h.Set("Upload-Length", strconv.FormatInt(size, 10))
	h.Set("Upload-Metadata", wire.MetaHash+" "+base64.StdEncoding.EncodeToString([]byte(hash)))
	resp, err := s.request(ctx, http.MethodPost, wire.FilesPath, h, nil, 0)
	if err != nil {
		return "", err
	}
	resp.Body.Close()
	id := path.Base(resp.Header.Get("Location"))
	if !validUploadID(id) {
		return "", im.Errorf(im.CodeInvalidRequest, "the server began an upload without an id that can be used")
	}
	s.client.files.setUpload(hash, id)
	return id, nil
}

// validUploadID reports whether a server's name for an upload can be part of a
// path.
func validUploadID(s string) bool {
	return s != "" && len(s) <= 128 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+") == ""
}

// patch sends the rest of the content from offset on.
func (s *fileServer) patch(ctx context.Context, file io.ReaderAt, id, hash string, offset, size int64, progress func(sent int64)) error {
	if offset > size {
		return &httpError{status: http.StatusConflict, cause: im.Errorf(im.CodeBlobDamaged, "the server has %d bytes of %d", offset, size)}
	}
	ctx, moving, stop := watched(ctx)
	defer stop()
	// The body may still be read from after the request has ended.
	var over atomic.Bool
	defer over.Store(true)
	sent := offset
	body := countingReader{io.NewSectionReader(file, offset, size-offset), func(n int) {
		moving()
		if sent += int64(n); !over.Load() {
			progress(min(sent, size-1)) // the last byte counts when the server has said so
		}
	}}
	h := tusHeader()
	h.Set("Content-Type", "application/offset+octet-stream")
	h.Set("Upload-Offset", strconv.FormatInt(offset, 10))
	resp, err := s.request(ctx, http.MethodPatch, wire.FilesPath+id, h, body, size-offset)
	if err != nil {
		return err
	}
	resp.Body.Close()
	if got := resp.Header.Get("Content-Location"); path.Base(got) != hash {
		return im.Errorf(im.CodeBlobDamaged, "the server kept it as %.100q", got)
	}
	progress(size)
	return nil
}

// abandon tells the server that an upload will not go on.
func (s *fileServer) abandon(ctx context.Context, hash string) error {
	id := s.client.files.uploadOf(hash)
	if id == "" {
		return nil
	}
	s.client.files.setUpload(hash, "")
	resp, err := s.request(ctx, http.MethodDelete, wire.FilesPath+id, tusHeader(), nil, 0)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func tusHeader() http.Header { return http.Header{"Tus-Resumable": {"1.0.0"}} }

// uploadEnding is that of the note which upload of the server a content is on its
// way with.
const uploadEnding = ".upload"

// uploadOf is the server's id of the upload of this content, "" if none was begun.
func (f *fileCache) uploadOf(hash string) string {
	b, err := os.ReadFile(f.part(hash) + uploadEnding)
	if id := string(b); err == nil && validUploadID(id) {
		return id
	}
	return ""
}

// setUpload notes it; "" forgets it. One that cannot be noted begins anew after
// the next cut.
func (f *fileCache) setUpload(hash, id string) {
	name := f.part(hash) + uploadEnding
	if id == "" {
		_ = os.Remove(name) // it may not be there
		return
	}
	if f.makeFolder(filepath.Dir(name)) == nil {
		_ = os.WriteFile(name, []byte(id), 0o600) // see above
	}
}
