package vault

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"magpie/im"
	"magpie/internal/durable"
	"magpie/internal/seal"
	"magpie/server/datalock"
)

// FileName is the name of the vault's file in the data folder.
const FileName = "vault.json"

// version is that of the file's format.
const version = 1

// maxFile is far more than a vault with every kind of wrap has.
const maxFile = 64 << 10

// Kinds of a wrap, and of a vault without any.
const (
	kindKeyring    = "keyring"
	kindPassphrase = "passphrase"
	kindRecovery   = "recovery"
	kindNone       = "none"
)

// file is vault.json.
type file struct {
	Version int `json:"version"`
	// ID is random and tells the vault from others in the key store.
	ID []byte `json:"id"`
	// Kind is kindNone for a vault without encryption, else empty.
	Kind  string `json:"kind,omitempty"`
	Wraps []wrap `json:"wraps,omitempty"`
	// PlainKey is the root key of a vault whose encryption was turned off.
	PlainKey []byte `json:"plainKey,omitempty"`
}

const idSize = 16

// wrap returns the wrap of a kind, nil if there is none.
func (f *file) wrap(kind string) *wrap {
	for i := range f.Wraps {
		if f.Wraps[i].Kind == kind {
			return &f.Wraps[i]
		}
	}
	return nil
}

// with returns a copy of the file in which w, with the root key sealed into it, is in
// place of the wrap of its kind.
func (f *file) with(w wrap, under, root seal.Key) (*file, error) {
	w, err := w.seal(f.ID, under, root)
	g := f.without(w.Kind)
	g.Wraps = append(g.Wraps, w)
	return g, err
}

// without returns a copy of the file without the wrap of a kind.
func (f *file) without(kind string) *file {
	g := *f
	g.Wraps = nil
	for _, w := range f.Wraps {
		if w.Kind != kind {
			g.Wraps = append(g.Wraps, w)
		}
	}
	return &g
}

// check reports what the program that wrote the file would not have written.
func (f *file) check() error {
	if len(f.ID) != idSize {
		return fmt.Errorf("an id of %d bytes", len(f.ID))
	}
	switch {
	case f.Kind == kindNone && len(f.Wraps) > 0, f.Kind != kindNone && f.Kind != "":
		return fmt.Errorf("kind %.40q with %d wrapped keys", f.Kind, len(f.Wraps))
	case len(f.PlainKey) != 0 && len(f.PlainKey) != seal.KeySize:
		return fmt.Errorf("a key of %d bytes", len(f.PlainKey))
	case f.Kind == "" && f.PlainKey != nil:
		return errors.New("a key in the clear beside wrapped ones")
	case f.Kind == "" && f.wrap(kindKeyring) == nil && f.wrap(kindPassphrase) == nil:
		return errors.New("no way to the key")
	}
	seen := map[string]bool{}
	for i := range f.Wraps {
		w := &f.Wraps[i]
		if seen[w.Kind] {
			return fmt.Errorf("two wraps of kind %q", w.Kind)
		}
		seen[w.Kind] = true
		if err := w.check(); err != nil {
			return err
		}
	}
	return nil
}

// read reads the file of the data folder root, nil if there is none.
func read(root string) (*file, error) {
	path := filepath.Join(root, FileName)
	r, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	return parse(path, data)
}

// parse reads what the file at path holds.
func parse(path string, data []byte) (*file, error) {
	damaged := func(err error) error { return im.Errorf(im.CodeVaultDamaged, "%s: %v", path, err) }
	if len(data) > maxFile {
		return nil, damaged(fmt.Errorf("more than %d bytes", maxFile))
	}
	var head struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, damaged(err)
	}
	if head.Version > version {
		return nil, im.Errorf(im.CodeVersion, "%s has format %d; this program knows %d", path, head.Version, version)
	}
	if head.Version != version {
		return nil, damaged(fmt.Errorf("format %d", head.Version))
	}
	f := &file{}
	if err := json.Unmarshal(data, f); err != nil {
		return nil, damaged(err)
	}
	if err := f.check(); err != nil {
		return nil, damaged(err)
	}
	return f, nil
}

// write replaces the file of the data folder: a crash or a full disk leaves the old
// one or the new one. Only its owner may read it.
func (f *file) write(root string) error {
	if err := f.check(); err != nil { // what cannot be read again must not take its place
		return fmt.Errorf("vault: %w", err)
	}
	data, err := json.MarshalIndent(f, "", "\t")
	if err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	tmp, err := os.CreateTemp(root, halfWritten) // with rights 0600
	if err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	defer os.Remove(tmp.Name()) // fails when it was renamed, which is the good case
	_, err = tmp.Write(append(data, '\n'))
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	if err := os.Rename(tmp.Name(), filepath.Join(root, FileName)); err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	if err := durable.Folder(root); err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	return nil
}

// halfWritten are the names of what is being written.
const halfWritten = FileName + ".new-*"

// sweep removes what processes that were killed left half written: when encryption was
// being turned off, that has the key in the clear.
func sweep(root string) {
	left, err := filepath.Glob(filepath.Join(root, halfWritten))
	if err != nil || len(left) == 0 {
		return
	}
	l, err := datalock.Acquire(filepath.Join(root, lockName))
	if err != nil {
		return // somebody is writing, or nobody can: the next start tries again
	}
	for _, name := range left {
		_ = os.Remove(name)
	}
	_ = l.Release() // the end of the process does it, too
}

// lockName is the file that keeps other processes from changing the vault.
const lockName = "vault.lock"

// lockPatience is far longer than writing the file takes.
const lockPatience = 5 * time.Second

// lock keeps other processes from changing the vault meanwhile.
func lock(root string) (*datalock.Lock, error) {
	for deadline := time.Now().Add(lockPatience); ; time.Sleep(5 * time.Millisecond) {
		l, err := datalock.Acquire(filepath.Join(root, lockName))
		if im.CodeOf(err) != im.CodeDataFolderInUse || time.Now().After(deadline) {
			return l, err
		}
	}
}
