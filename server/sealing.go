package server

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"magpie/im"
	"magpie/internal/seal"
)

// Folder is a data folder, and what opens it.
type Folder struct {
	Data string
	// Key is that of the folder, nil for one that is not encrypted.
	Key *seal.Key
}

// dataKeyFile has the key under which everything else in the folder lies: sealed
// with the folder's own, or open in one that was encrypted once and is not to be any
// more. So neither another key nor none makes anything be written anew. A folder
// that never had a key has no such file.
const dataKeyFile = "storage.key"

// dataKey returns the key of what lies in the folder, nil if it lies open. Code
// 130112 (CodeSealed) if the folder's key is needed and not given, 130113
// (CodeWrongKey) if it is another.
func (f Folder) dataKey() (*seal.Key, error) {
	b, err := os.ReadFile(filepath.Join(f.Data, dataKeyFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("server: read key: %w", err)
	case seal.Is(b) && f.Key == nil:
		return nil, im.Errorf(im.CodeSealed, "the server's data is encrypted; its key is needed")
	case seal.Is(b):
		if b, err = unseal(b, *f.Key); errors.Is(err, seal.ErrKey) {
			return nil, im.Errorf(im.CodeWrongKey, "the server's data was encrypted with another key")
		}
		if err != nil {
			return nil, fmt.Errorf("server: %s: %w", dataKeyFile, err)
		}
	}
	var key seal.Key
	if n, err := hex.Decode(key[:], bytes.TrimSpace(b)); err != nil || n != len(key) {
		return nil, fmt.Errorf("server: %s is damaged", dataKeyFile)
	}
	return &key, nil
}

// openDataKey is dataKey for the server that has the folder locked: it makes a key
// when one is needed, and brings it into the form that the options ask for.
func (f Folder) openDataKey(unsealing bool) (*seal.Key, error) {
	key, err := f.dataKey()
	if err != nil {
		return nil, err
	}
	if key == nil {
		if f.Key == nil || unsealing {
			return nil, nil
		}
		fresh := seal.NewKey()
		key = &fresh
	}
	wrap := f.Key
	if unsealing {
		wrap = nil
	}
	path := filepath.Join(f.Data, dataKeyFile)
	if b, err := os.ReadFile(path); err == nil && seal.Is(b) == (wrap != nil) {
		return key, nil
	}
	if err := writeFile(path, []byte(hex.EncodeToString(key[:])+"\n"), wrap); err != nil {
		return nil, err
	}
	return key, syncFolder(f.Data)
}

// writeFile replaces a file of mode 0600 in one step, so that a crash leaves the old
// or the new one; it is sealed with key unless that is nil.
func writeFile(path string, b []byte, key *seal.Key) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // mode 0600
	if err != nil {
		return fmt.Errorf("server: write %s: %w", filepath.Base(path), err)
	}
	defer os.Remove(f.Name())
	if key == nil {
		_, err = f.Write(b)
	} else {
		err = sealTo(f, *key, bytes.NewReader(b))
	}
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("server: write %s: %w", filepath.Base(path), err)
	}
	return nil
}

// writeJSON is writeFile of a value.
func writeJSON(path string, v any, key *seal.Key) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(path, append(b, '\n'), key)
}

// readFile reads a file that writeFile wrote, sealed or not.
func readFile(path string, key *seal.Key) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil || !seal.Is(b) {
		return b, err
	}
	if key == nil {
		return nil, im.Errorf(im.CodeSealed, "%s is encrypted", filepath.Base(path))
	}
	return unseal(b, *key)
}

func unseal(b []byte, key seal.Key) ([]byte, error) {
	r, err := seal.NewReader(bytes.NewReader(b), int64(len(b)), key)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// sealTo seals what r gives into a new file.
func sealTo(w io.Writer, key seal.Key, r io.Reader) error {
	s, err := seal.NewWriter(w, key)
	if err != nil {
		return err
	}
	_, err = io.CopyBuffer(s, r, make([]byte, seal.ChunkSize))
	return errors.Join(err, s.Close())
}

// folderIn is where a part of the data lies: what is sealed has a folder of its own, so
// that what is from before is told from it.
func folderIn(data string, key *seal.Key, name string) string {
	if key != nil {
		return filepath.Join(data, "sealed", name)
	}
	return filepath.Join(data, name)
}
