package voicedraft

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"magpie/im"
)

// Folder holds the drafts of one account:
//
//	<folder>/<conversation in hex>/<time>.aac   the note
//	<folder>/<conversation in hex>/<time>.json  it is being sent: an intent
//
// Its methods block on the disk and may be called from any goroutine, each draft by
// one at a time.
type Folder string

const (
	noteExt   = ".aac"
	intentExt = ".json"
)

func (f Folder) of(conv im.ConversationID) string {
	return filepath.Join(string(f), hex.EncodeToString([]byte(conv)))
}

// New returns the path for a recording that begins, in a folder that is there.
func (f Folder) New(conv im.ConversationID, now time.Time) (string, error) {
	dir := f.of(conv)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("voicedraft: %w", err)
	}
	for at := now.UnixNano(); ; at++ {
		path := filepath.Join(dir, fmt.Sprintf("%020d", at)+noteExt)
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			return path, nil
		} else if err != nil {
			return "", fmt.Errorf("voicedraft: %w", err)
		}
	}
}

// Drafts are the paths of the drafts of a conversation, the oldest first, without
// those that are being sent.
func (f Folder) Drafts(conv im.ConversationID) ([]string, error) {
	files, err := list(f.of(conv))
	if err != nil {
		return nil, err
	}
	var drafts []string
	for _, name := range files {
		if base, ok := strings.CutSuffix(name, noteExt); ok && !slices.Contains(files, base+intentExt) {
			drafts = append(drafts, filepath.Join(f.of(conv), name))
		}
	}
	slices.SortFunc(drafts, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	return drafts, nil
}

// Conversations are those that have drafts.
func (f Folder) Conversations() ([]im.ConversationID, error) {
	names, err := list(string(f))
	if err != nil {
		return nil, err
	}
	var found []im.ConversationID
	for _, name := range names {
		conv, err := hex.DecodeString(name)
		if err != nil {
			continue // not ours
		}
		drafts, err := f.Drafts(im.ConversationID(conv))
		if err != nil {
			return nil, err
		}
		if len(drafts) > 0 {
			found = append(found, im.ConversationID(conv))
		}
	}
	return found, nil
}

// Delete removes a draft. One that is gone already is no error.
func (f Folder) Delete(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("voicedraft: %w", err)
	}
	return nil
}

// list returns the names of what is in a folder, nothing if it is not there.
func list(dir string) ([]string, error) {
	all, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("voicedraft: %w", err)
	}
	names := make([]string, len(all))
	for i, e := range all {
		names[i] = e.Name()
	}
	return names, nil
}
