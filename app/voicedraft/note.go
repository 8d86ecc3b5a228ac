package voicedraft

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"magpie/internal/seal"
	"magpie/media"
	"magpie/media/aac"
	"magpie/media/record"
)

// Create makes the file of a recording, for record.Options: at a path from
// [Folder.New].
func (f *Folder) Create(path string) (record.Growing, error) {
	if !f.seals() {
		return aac.Create(path)
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("voicedraft: %w", err)
	}
	log, err := seal.NewLog(file, *f.key)
	if err == nil {
		err = file.Sync() // without its beginning, a note cannot be read at all
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("voicedraft: %w", err), file.Close(), os.Remove(path))
	}
	return &sealedNote{file: file, log: log}, nil
}

// sealedNote is a recording that grows, a record for each frame.
type sealedNote struct {
	file  *os.File
	log   *seal.Log
	frame []byte
}

// Append implements record.Growing.
func (n *sealedNote) Append(unit []byte) (err error) {
	if n.frame, err = aac.AppendFrame(n.frame[:0], unit); err != nil {
		return err
	}
	return n.log.Append(n.frame)
}

// Close implements record.Growing.
func (n *sealedNote) Close() error {
	if err := errors.Join(n.file.Sync(), n.file.Close()); err != nil {
		return fmt.Errorf("voicedraft: %w", err)
	}
	return nil
}

// OpenNote opens a note, also one that is still being recorded: what is there of it
// now. A sealed one is opened into memory: ten minutes have 5 MB.
func (f *Folder) OpenNote(path string) (media.Content, error) {
	file, sealed, err := openFile(path)
	if err != nil {
		return nil, err
	}
	if !sealed {
		return file, nil
	}
	frames, err := f.unsealNote(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("voicedraft: %w", err)
	}
	return memory{bytes.NewReader(frames)}, nil
}

// noteFile is a note or an intent on the disk.
type noteFile struct {
	*os.File
	size int64
}

// Size is what it had when it was opened, in bytes.
func (f *noteFile) Size() int64 { return f.size }

// openFile opens a note or an intent and tells whether it is sealed: what lies open
// begins with a frame or a bracket. One that begins with zeros was to be sealed, and
// lost power before it had a beginning.
func openFile(path string) (f *noteFile, sealed bool, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, false, fmt.Errorf("voicedraft: %w", err)
	}
	info, err := file.Stat()
	var head [8]byte
	if err == nil {
		if _, err = file.ReadAt(head[:], 0); errors.Is(err, io.EOF) {
			err = nil
		}
	}
	if err != nil {
		return nil, false, errors.Join(fmt.Errorf("voicedraft: %w", err), file.Close())
	}
	return &noteFile{file, info.Size()}, seal.Is(head[:]) || head == [8]byte{} && info.Size() > 0, nil
}

func (f *Folder) unsealNote(file *noteFile) (frames []byte, err error) {
	var head [8]byte
	if _, err := file.ReadAt(head[:], 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if file.size < seal.HeaderSize || head == [8]byte{} { // it was just being begun
		return nil, nil
	}
	if f.key == nil {
		return nil, seal.ErrKey
	}
	_, err = seal.ReadLog(file, file.Size(), *f.key, func(frame []byte) error {
		frames = append(frames, frame...)
		return nil
	})
	return frames, err
}

// memory is a note in memory.
type memory struct{ *bytes.Reader }

func (memory) Close() error { return nil }

// Rewrite brings the notes and intents that are not as new ones are written into that
// form: it seals those from before there was a key, or unseals. One that cannot be
// rewritten stays as it is; the errors are of those.
func (f *Folder) Rewrite() error {
	switch {
	case f.key == nil:
		return nil
	case f.unseal:
		return f.each(true, f.unsealOne)
	}
	return f.each(false, f.sealOne)
}

func (f *Folder) sealOne(path string, file *noteFile) error {
	return f.replace(path, func(to *os.File) error {
		if !strings.HasSuffix(path, intentExt) {
			return f.sealNote(to, file)
		}
		data, err := io.ReadAll(file)
		if err != nil {
			return err
		}
		return f.write(to, data)
	})
}

func (f *Folder) unsealOne(path string, file *noteFile) error {
	open := f.unsealNote
	if strings.HasSuffix(path, intentExt) {
		open = f.unsealIntent
	}
	plain, err := open(file)
	if err != nil {
		return fmt.Errorf("voicedraft: %w", err)
	}
	return f.replace(path, func(to *os.File) error {
		_, err := to.Write(plain)
		return err
	})
}

// sealNote makes a log of a note that lies open.
func (f *Folder) sealNote(to *os.File, from io.Reader) error {
	log, err := seal.NewLog(to, *f.key)
	if err != nil {
		return err
	}
	piece := make([]byte, 64<<10)
	for {
		n, err := io.ReadFull(from, piece)
		if n > 0 {
			if err := log.Append(piece[:n]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// each calls do for the notes and intents that are sealed, or for those that are
// not, but for those that somebody is recording. What a process left half written it
// removes.
func (f *Folder) each(sealed bool, do func(path string, file *noteFile) error) error {
	dirs, err := list(f.dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, dir := range dirs {
		names, err := list(filepath.Join(f.dir, dir))
		errs = append(errs, err)
		for _, name := range names {
			path := filepath.Join(f.dir, dir, name)
			f.mu.Lock()
			growing := f.growing[path]
			f.mu.Unlock()
			switch {
			case strings.HasPrefix(name, temporary):
				errs = append(errs, f.Delete(path))
			case !growing && (strings.HasSuffix(name, noteExt) || strings.HasSuffix(name, intentExt)):
				errs = append(errs, f.one(path, sealed, do))
			}
		}
	}
	return errors.Join(errs...)
}

func (f *Folder) one(path string, sealed bool, do func(string, *noteFile) error) error {
	file, is, err := openFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if is == sealed {
		err = do(path, file)
	}
	return errors.Join(err, file.Close())
}
