package vault

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"magpie/im"
	"magpie/internal/durable"
	"magpie/server/datalock"
)

// asidePrefix begins the names of the folders that SetAside makes.
const asidePrefix = "set-aside-"

// SetAside is for who has lost every way to the key of the data folder root. It moves
// what the key protects (the histories of all profiles, with their settings, and the
// server's data) and the vault into a folder inside root, which it returns, so that
// everything can begin anew. Nothing is removed: the folder is a data folder of its own,
// and opens as soon as one of the ways is found again. Crashed in the middle it leaves
// some there and the rest in its place, each with the vault; called again it moves the
// rest.
//
// own is the profile whose lock the caller holds, "" for none. The error is
// [im.CodeDataFolderInUse] if another process has any of it, and then nothing is moved.
func SetAside(root, own string, now time.Time) (folder string, err error) {
	l, err := lock(root)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, l.Release()) }()
	profiles, err := fs.Glob(os.DirFS(root), "profiles/*")
	if err != nil {
		return "", fmt.Errorf("vault: %w", err)
	}
	move := []string{"server"}
	for _, p := range profiles {
		if filepath.Base(p) != own {
			held, err := held(filepath.Join(root, filepath.FromSlash(p)))
			if err != nil {
				return "", err
			}
			defer held.Release() //nolint:errcheck // the end of the process does it, too
		}
		move = append(move, filepath.Join(p, "accounts"), filepath.Join(p, "settings.json"))
	}
	// Without the key nobody begins to serve it; somebody may be at it since before.
	if server := filepath.Join(root, "server"); exists(server) {
		held, err := held(server)
		if err == nil {
			err = held.Release() // a folder with an open file cannot be moved everywhere
		}
		if err != nil {
			return "", err
		}
	}
	if folder, err = newFolder(root, now); err != nil {
		return "", err
	}
	// A copy of the vault goes first and the vault itself last: what is moved is never
	// without one.
	if err := copyVault(root, folder); err != nil {
		return "", err
	}
	for _, name := range move {
		if err := moveTo(root, folder, name); err != nil {
			return folder, err
		}
	}
	if err := os.Remove(filepath.Join(root, FileName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return folder, fmt.Errorf("vault: %w", err)
	}
	if err := durable.Folder(root); err != nil {
		return folder, fmt.Errorf("vault: %w", err)
	}
	return folder, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// held locks a folder of the data folder that another process would hold while it uses
// it.
func held(dir string) (*datalock.Lock, error) {
	l, err := datalock.Acquire(dir)
	if err != nil && im.CodeOf(err) == 0 {
		err = fmt.Errorf("vault: %w", err)
	}
	return l, err
}

// newFolder makes the folder for what is set aside, named with the time.
func newFolder(root string, now time.Time) (string, error) {
	name := filepath.Join(root, asidePrefix+now.UTC().Format("20060102T150405Z"))
	for i := 1; i < 100; i++ {
		try := name
		if i > 1 {
			try = fmt.Sprintf("%s-%d", name, i)
		}
		err := os.Mkdir(try, 0o700)
		if err == nil {
			return try, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", fmt.Errorf("vault: %w", err)
		}
	}
	return "", fmt.Errorf("vault: no free name for %s", filepath.Base(name))
}

// copyVault copies the file as it is, also one that is damaged; none is fine.
func copyVault(root, folder string) error {
	data, err := os.ReadFile(filepath.Join(root, FileName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	to, err := os.OpenFile(filepath.Join(folder, FileName), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	_, err = to.Write(data)
	if err == nil {
		err = to.Sync()
	}
	if err = errors.Join(err, to.Close()); err == nil {
		err = errors.Join(durable.Folder(folder), durable.Folder(root))
	}
	if err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	return nil
}

// moveTo moves what is called name below root, if it is there.
func moveTo(root, folder, name string) error {
	from, to := filepath.Join(root, name), filepath.Join(folder, name)
	if !exists(from) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	if err := os.Rename(from, to); err != nil {
		return fmt.Errorf("vault: set aside: %w", err)
	}
	if err := errors.Join(durable.Folder(filepath.Dir(to)), durable.Folder(filepath.Dir(from))); err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	return nil
}
