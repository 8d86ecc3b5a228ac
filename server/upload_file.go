package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	tus "github.com/tus/tusd/v2/pkg/handler"

	"magpie/internal/seal"
)

// uploadFile is what is there of an upload, open or sealed, for being added to.
type uploadFile struct {
	file   *os.File
	sealed *seal.Part // nil: it lies open
	size   int64      // of the content, when it was opened
	whole  bool       // it is sealed to its end
}

// begin makes the files of an upload.
func (u *uploads) begin(info tus.FileInfo) error {
	f, err := os.OpenFile(u.path(info.ID), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err == nil {
		err = writeJSON(u.path(info.ID)+infoEnding, info, u.server.key)
	}
	if err != nil {
		return fmt.Errorf("server: begin upload: %w", err)
	}
	return nil
}

// infoEnding is that of the file beside an upload.
const infoEnding = ".info"

// info is what is known of an upload, and how much of it is there; tus.ErrNotFound
// for one that is not.
func (u *uploads) info(id string) (info tus.FileInfo, err error) {
	b, err := readFile(u.path(id)+infoEnding, u.server.key)
	if err == nil {
		err = json.Unmarshal(b, &info)
	}
	var f *uploadFile
	if err == nil {
		f, err = u.openFile(id)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return info, tus.ErrNotFound
	}
	if err != nil {
		return info, fmt.Errorf("server: read upload: %w", err)
	}
	info.ID, info.Offset = id, f.size
	return info, f.close()
}

// openFile opens an upload, whose lock the caller has. What a process that was
// killed left half written of one that is sealed is cut off.
func (u *uploads) openFile(id string) (_ *uploadFile, err error) {
	f := &uploadFile{}
	if f.file, err = os.OpenFile(u.path(id), os.O_RDWR, 0); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.file.Close())
		}
	}()
	info, err := f.file.Stat()
	if err != nil {
		return nil, err
	}
	if u.key == nil {
		f.size, err = f.file.Seek(0, io.SeekEnd)
		return f, err
	}
	if r, err := seal.NewReader(f.file, info.Size(), *u.key); err == nil {
		f.size, f.whole = r.Size(), true
		return f, nil
	}
	if f.sealed, err = seal.OpenPart(f.file, info.Size(), *u.key); err != nil {
		return nil, err
	}
	f.size = f.sealed.Size()
	return f, nil
}

// Write implements io.Writer.
func (f *uploadFile) Write(b []byte) (int, error) {
	switch {
	case f.whole:
		return 0, errors.New("server: the upload is whole")
	case f.sealed != nil:
		return f.sealed.Write(b)
	}
	return f.file.Write(b)
}

// finish makes it a whole content, on the disk.
func (f *uploadFile) finish() error {
	if f.sealed != nil {
		if err := f.sealed.Finish(); err != nil {
			return err
		}
		f.sealed = nil
	}
	return f.file.Sync()
}

// content reads it, once it is finished.
func (f *uploadFile) content(key *seal.Key) (io.Reader, error) {
	info, err := f.file.Stat()
	if err != nil {
		return nil, err
	}
	if key == nil {
		return io.NewSectionReader(f.file, 0, info.Size()), nil
	}
	return seal.NewReader(f.file, info.Size(), *key)
}

// close leaves what was written where the next request finds it.
func (f *uploadFile) close() error {
	var err error
	if f.sealed != nil {
		err = f.sealed.Flush()
	}
	return errors.Join(err, f.file.Close())
}
