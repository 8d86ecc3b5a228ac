package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"magpie/store"
)

// AccountBytes is how much all files of an account have: history, media, drafts of
// voice notes, what was set aside. Its server has its own.
func (p Profile) AccountBytes(a Account) (n int64, err error) {
	err = filepath.WalkDir(p.accountDir(a), func(_ string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it is in use
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			n += info.Size()
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	if err != nil {
		return n, fmt.Errorf("profile: %w", err)
	}
	return n, nil
}

// EraseAccount removes everything of an account from the profile: each file is filled
// with zeros before ([store.EraseFile] says what that is worth). Nothing of it may be
// open. What lies on its server stays there, also on the server inside. One that is cut
// off goes on when it is called again.
func (p Profile) EraseAccount(a Account) error {
	dir := p.accountDir(a)
	var errs []error
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if !d.IsDir() {
			errs = append(errs, eraseEntry(path, d))
		}
		return nil
	})
	if err = errors.Join(append(errs, err)...); err != nil {
		return fmt.Errorf("profile: erase account: %w", err)
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("profile: erase account: %w", err)
	}
	return nil
}

// eraseEntry removes what is no folder; a link goes, and not what it leads to.
func eraseEntry(path string, d fs.DirEntry) error {
	if d.Type().IsRegular() {
		return store.EraseFile(path)
	}
	return os.Remove(path)
}

func (p Profile) accountDir(a Account) string { return filepath.Join(p.Dir(), "accounts", a.Folder()) }
