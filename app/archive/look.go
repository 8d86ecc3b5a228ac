package archive

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"magpie/im"
)

// Contents are what an export holds.
type Contents struct {
	Account       im.UserID `json:"account"`
	Time          int64     `json:"time"` // when it was made, ms since 1970
	Conversations int       `json:"conversations"`
	Messages      int       `json:"messages"`
	Files         int       `json:"files"`
	FileBytes     int64     `json:"fileBytes"`
	// First and Last are the times of the oldest and the newest message, ms since
	// 1970; 0 without any.
	First int64 `json:"first"`
	Last  int64 `json:"last"`
}

// Look reads the export in dir (the folder, or its messages.jsonl) and says what it
// holds, after the checks that [Import] makes; nothing is changed. It is
// [ErrNoExport] if there is none, and otherwise as for Import. Of an export of
// another account it says at least whose it is.
func Look(ctx context.Context, account im.UserID, dir string) (c Contents, err error) {
	path, dir, err := linesOf(dir)
	if err != nil {
		return c, err
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return c, fmt.Errorf("%w: %s has no %s", ErrNoExport, filepath.Base(dir), linesName)
	}
	r := &reader{account: account}
	total, err := r.all(ctx, path, visitor{
		message: func(m *im.Message) error {
			if c.First == 0 || m.Time < c.First {
				c.First = m.Time
			}
			c.Last = max(c.Last, m.Time)
			return nil
		},
		file: func(f *fileLine) error {
			c.FileBytes += max(f.Size, 0)
			return nil
		},
	})
	c.Account, c.Time = r.made.Account, r.made.Time
	c.Conversations, c.Messages, c.Files = total.Conversations, total.Messages, total.Files
	return c, err
}

// ErrNoExport says that the folder is none that an export made.
var ErrNoExport = errors.New("archive: no export")

// RefusedError says that an import left files out that are not what the export
// says, and brought in the rest. It wraps [ErrFormat].
type RefusedError struct{ Files []RefusedFile }

// RefusedFile is a file that was left out.
type RefusedFile struct {
	Path string // within the export
	Err  error
}

func (e *RefusedError) Error() string {
	if len(e.Files) == 1 {
		return fmt.Sprintf("archive: a file was refused: %v", e.Files[0].Err)
	}
	return fmt.Sprintf("archive: %d files were refused, the first because of: %v", len(e.Files), e.Files[0].Err)
}

func (e *RefusedError) Unwrap() error { return ErrFormat }
