package core

import (
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"magpie/internal/seal"
)

// part is a download under way on the disk, open or sealed. What a killed process
// wrote is there for the next one.
type part struct {
	path   string
	file   *os.File
	key    *seal.Key // nil: it lies open
	sealed *seal.Part
	ended  bool // it is closed
}

// openPart opens the part of a content, or begins one. got bytes are there from an
// earlier attempt, and in sum.
func (f *fileCache) openPart(hash string, sum hash.Hash) (p *part, got int64, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p = &part{path: f.part(hash), key: f.writeKey()}
	if err := f.rewritePart(hash); err != nil {
		return nil, 0, err
	}
	if got, err = p.open(sum); err != nil && p.file != nil {
		err = errors.Join(err, p.file.Close())
	}
	if got == 0 {
		sum.Reset() // it may have been begun anew
	}
	return p, got, err
}

// open opens the file and gives what is there of it.
func (p *part) open(content io.Writer) (got int64, err error) {
	if p.file, err = os.OpenFile(p.path, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return 0, fileError("write file", err)
	}
	if p.key == nil {
		got, err = io.Copy(content, p.file)
		return got, fileError("read file", err)
	}
	info, err := p.file.Stat()
	if err != nil {
		return 0, fileError("read file", err)
	}
	p.sealed, err = seal.OpenPart(p.file, info.Size(), *p.key)
	if err == nil {
		got, err = p.sealed.WriteTo(content)
	}
	if errors.Is(err, seal.ErrDamaged) || errors.Is(err, seal.ErrKey) { // nothing to go on from
		return 0, p.restart()
	}
	return got, fileError("read file", err)
}

// Write implements [io.Writer].
func (p *part) Write(b []byte) (int, error) {
	if p.sealed != nil {
		return p.sealed.Write(b)
	}
	return p.file.Write(b)
}

// restart begins anew.
func (p *part) restart() error {
	_, err := p.file.Seek(0, io.SeekStart)
	if err = errors.Join(err, p.file.Truncate(0)); err == nil && p.key != nil {
		p.sealed, err = seal.OpenPart(p.file, 0, *p.key)
	}
	return fileError("write file", err)
}

// finish makes it the whole file, and closes it.
func (p *part) finish() error {
	var err error
	if p.sealed != nil {
		err = p.sealed.Finish()
	}
	if err == nil {
		err = p.file.Sync()
	}
	p.ended = true
	return fileError("write file", errors.Join(err, p.file.Close()))
}

// close keeps what came, for another attempt, unless it has ended.
func (p *part) close() error {
	if p.ended {
		return nil
	}
	p.ended = true
	var err error
	if p.sealed != nil {
		err = p.sealed.Flush()
	}
	return fileError("write file", errors.Join(err, p.file.Close()))
}

// remove gives up what came, if it is still there.
func (p *part) remove() error {
	if !p.ended {
		p.ended = true
		if err := p.file.Close(); err != nil {
			return fileError("remove file", err)
		}
	}
	return fileError("remove file", ignoreNotExist(os.Remove(p.path)))
}

// rewritePart makes of a part from before the cache was sealed, or unsealed, one
// that openPart can go on with; mu is held. What cannot be read is begun anew.
func (f *fileCache) rewritePart(hash string) error {
	if err := f.makeFolder(f.parts(f.writeKey())); err != nil {
		return err
	}
	for _, key := range f.keys() {
		if key == f.writeKey() {
			continue
		}
		old := f.partWith(hash, key)
		if _, err := os.Stat(old); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if _, err := os.Stat(f.part(hash)); errors.Is(err, fs.ErrNotExist) {
			if err := f.copyPart(&part{path: old, key: key}, hash); err != nil {
				return err
			}
		}
		if err := ignoreNotExist(os.Remove(old)); err != nil {
			return fileError("remove file", err)
		}
	}
	return nil
}

// copyPart copies what was downloaded so far: all of it or, after a crash, nothing.
func (f *fileCache) copyPart(from *part, hash string) error {
	path := f.part(hash)
	to := &part{path: filepath.Join(filepath.Dir(path), addPrefix+filepath.Base(path)), key: f.writeKey()}
	if err := ignoreNotExist(os.Remove(to.path)); err != nil {
		return fileError("write file", err)
	}
	if _, err := to.open(io.Discard); err != nil {
		return err
	}
	_, err := from.open(to)
	if err = errors.Join(err, from.file.Close()); err == nil && to.sealed != nil {
		err = to.sealed.Flush()
	}
	if err == nil {
		// Not with close, which would write the last chunk once more, behind the sync.
		to.ended = true
		err = errors.Join(to.file.Sync(), to.file.Close())
	}
	if err == nil {
		err = os.Rename(to.path, path)
	}
	if err != nil {
		return errors.Join(fileError("write file", err), to.remove())
	}
	return nil
}
