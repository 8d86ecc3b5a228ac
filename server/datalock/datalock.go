package datalock

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"

	"magpie/im"
)

// FileName is the name of the lock's file inside the data folder. It stays when
// the lock is released: removing it would let two processes lock two files of
// this name.
const FileName = "lock"

// errHeld is what the system's lock returns when another process has it.
var errHeld = errors.New("held by another process")

// Lock is an exclusive lock on a data folder, held until Release or the end of
// the process.
type Lock struct {
	once sync.Once
	file *os.File
	err  error
}

// Acquire locks the data folder dir, which it makes (with rights for its owner
// only) if there is none. It does not wait: if another process, or another Lock
// of this one, has the folder, the error is an *im.Error with code 130105 that
// names the folder and the process.
func Acquire(dir string) (*Lock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("datalock: make the data folder: %w", err)
	}
	name := filepath.Join(dir, FileName)
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return nil, fmt.Errorf("the folder %s may not be written; change its rights, or use a copy of it: %w", dir, err)
	}
	if err != nil {
		return nil, fmt.Errorf("datalock: open the lock: %w", err)
	}
	if err := lockFile(f); err != nil {
		holder := readPID(f)
		_ = f.Close() // nothing was written
		if errors.Is(err, errHeld) {
			return nil, im.Errorf(im.CodeDataFolderInUse, "the data folder %s is in use by %s", dir, holder)
		}
		return nil, fmt.Errorf("datalock: lock %s: %w", name, err)
	}
	// The id is a courtesy to others. On a full disk it cannot be written, and
	// what is there must still be readable: the lock holds without it.
	_ = writePID(f)
	return &Lock{file: f}, nil
}

// Release gives the folder back. It may be called more than once and from any
// goroutine; every call returns what the first did. A nil Lock holds nothing.
func (l *Lock) Release() error {
	if l == nil {
		return nil
	}
	l.once.Do(func() {
		// The id of a process that is gone would only mislead.
		l.err = errors.Join(l.file.Truncate(0), unlockFile(l.file), l.file.Close())
	})
	return l.err
}

func writePID(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

// readPID says in words who holds f. The holder may be between locking and
// writing, and the file may hold anything, so it can be unknown.
func readPID(f *os.File) string {
	b, err := io.ReadAll(io.NewSectionReader(f, 0, 32))
	if err == nil {
		if pid, err := strconv.Atoi(string(bytes.TrimSpace(b))); err == nil && pid > 0 {
			return fmt.Sprintf("process %d", pid)
		}
	}
	return "another process"
}
