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
	"sync"
	"time"

	"magpie/im"
	"magpie/internal/seal"
)

// Folder holds the drafts of one account:
//
//	<folder>/<conversation in hex>/<time>.aac   the note
//	<folder>/<conversation in hex>/<time>.json  it is being sent: an intent
//
// With a key both are sealed: the note is a log of frames, so that what was recorded
// is good to its last frame whatever becomes of the process. Those from before there
// was a key are read as they are, until [Folder.Rewrite].
//
// Its methods block on the disk and may be called from any goroutine, each draft by
// one at a time. No other process may use the folder.
type Folder struct {
	dir string
	key *seal.Key // nil: nothing is sealed
	// unseal says that notes are to lie open from now on.
	unseal bool

	mu sync.Mutex
	// growing are the paths of the notes that are being recorded.
	growing map[string]bool
}

// Open returns the folder at dir, which need not be there, of the account with this
// key; nil means that its notes lie open. With unseal they are to lie open from now
// on, and the key is for those that do not yet.
func Open(dir string, account *seal.Key, unseal bool) *Folder {
	f := &Folder{dir: dir, unseal: unseal, growing: map[string]bool{}}
	if account != nil {
		key := account.Derive("voice")
		f.key = &key
	}
	return f
}

// seals reports whether what is written now is sealed.
func (f *Folder) seals() bool { return f.key != nil && !f.unseal }

const (
	noteExt   = ".aac"
	intentExt = ".json"
)

func (f *Folder) of(conv im.ConversationID) string {
	return filepath.Join(f.dir, hex.EncodeToString([]byte(conv)))
}

// New returns the path for a recording that begins, in a folder that is there. The
// note is no draft before done is called, when its file is complete.
func (f *Folder) New(conv im.ConversationID, now time.Time) (path string, done func(), err error) {
	dir := f.of(conv)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", nil, fmt.Errorf("voicedraft: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for at := now.UnixNano(); ; at++ {
		path = filepath.Join(dir, fmt.Sprintf("%020d", at)+noteExt)
		if f.growing[path] {
			continue
		}
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			break
		} else if err != nil {
			return "", nil, fmt.Errorf("voicedraft: %w", err)
		}
	}
	f.growing[path] = true
	return path, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.growing, path)
	}, nil
}

// Drafts are the paths of the drafts of a conversation, the oldest first, without
// those that are being recorded or sent.
func (f *Folder) Drafts(conv im.ConversationID) ([]string, error) {
	files, err := list(f.of(conv))
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var drafts []string
	for _, name := range files {
		base, ok := strings.CutSuffix(name, noteExt)
		path := filepath.Join(f.of(conv), name)
		if ok && !f.growing[path] && !slices.Contains(files, base+intentExt) {
			drafts = append(drafts, path)
		}
	}
	slices.SortFunc(drafts, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	return drafts, nil
}

// Conversations are those that have drafts.
func (f *Folder) Conversations() ([]im.ConversationID, error) {
	names, err := list(f.dir)
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
func (f *Folder) Delete(path string) error {
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
