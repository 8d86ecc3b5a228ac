package archive

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"magpie/app/core"
	"magpie/im"
)

// Target is where an import goes: a *core.Client.
type Target interface {
	User() im.UserID
	OtherThere(conv im.ConversationID, list []im.Message) (sequence uint64, other bool, err error)
	ImportMessages(ctx context.Context, conv im.ConversationID, list []im.Message) (added int, err error)
	AddFile(ctx context.Context, r io.Reader, max int64) (core.File, error)
	HasFile(address string) bool
}

// What an import is refused for.
var (
	// ErrFormat: the file is none that this package wrote, or was cut or changed.
	ErrFormat = errors.New("archive: not a whole export")
	// ErrVersion: a later program wrote it.
	ErrVersion = errors.New("archive: the export is from a later version of this program")
	// ErrOtherAccount: it is of another account.
	ErrOtherAccount = errors.New("archive: the export is of another account")
	// ErrOtherHistory: the account has other messages in the places of those of the
	// export, which is then of another server: numbers of messages are a server's own.
	ErrOtherHistory = errors.New("archive: the export is of another server than this account")
)

// maxLine bounds one line, in bytes: a message of 8,000 with everything around it.
const maxLine = 1 << 20

// importBatch is how many messages go in at once.
const importBatch = 200

// Import brings the export in dir (the folder, or its messages.jsonl) into an
// account. All of it is checked before anything is changed. What is there already
// stays; importing again adds nothing. Progress counts what was added, in Here the
// messages that were there, and in Missing the files that the export does not have.
//
// The error wraps [ErrFormat], [ErrVersion], [ErrOtherAccount] or [ErrOtherHistory], or is that of the
// disk or ctx's; what came in before stays, and a second import goes on from there.
// A [*RefusedError] says that all came in but for some files.
func Import(ctx context.Context, into Target, dir string, onProgress func(Progress)) (done Progress, err error) {
	path, dir, err := linesOf(dir)
	if err != nil {
		return done, err
	}
	total, err := checked(ctx, into, path)
	if err != nil {
		return done, err
	}
	done.Of = total.Conversations
	var refused RefusedError
	seen := 0
	tell := func() {
		if all := total.Messages + total.Files; all > 0 {
			done.Part = float64(seen) / float64(all)
		}
		if onProgress != nil {
			onProgress(done)
		}
	}
	var batch []im.Message
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		n, err := into.ImportMessages(ctx, batch[0].ConversationID, batch)
		done.Messages += n
		if err == nil {
			done.Here += len(batch) - n
		}
		seen += len(batch)
		batch = batch[:0]
		tell()
		return err
	}
	begun := false
	_, err = (&reader{account: into.User()}).all(ctx, path, visitor{
		conversation: func(c *im.Conversation) error {
			err := flush()
			if begun {
				done.Conversations++
			}
			begun, done.Current = true, c.ConversationID
			return err
		},
		message: func(m *im.Message) error {
			if batch = append(batch, *m); len(batch) < importBatch {
				return nil
			}
			return flush()
		},
		file: func(f *fileLine) error {
			added, err := addFile(ctx, into, dir, f)
			seen++
			switch {
			case added:
				done.Files++
			case errors.Is(err, os.ErrNotExist):
				done.Missing++
				err = nil
			case errors.Is(err, ErrFormat), im.CodeOf(err) == im.CodeFileTooLarge, im.CodeOf(err) == im.CodeFileEmpty:
				refused.Files = append(refused.Files, RefusedFile{Path: f.Path, Err: err})
				err = nil
			}
			tell()
			return err
		},
	})
	if err = errors.Join(err, flush()); err == nil && begun {
		done.Conversations++
	}
	tell()
	if err == nil && len(refused.Files) > 0 {
		err = &refused
	}
	return done, err
}

// checked reads the whole export before anything of it goes in.
func checked(ctx context.Context, into Target, path string) (footer, error) {
	var batch []im.Message
	compare := func() error {
		if len(batch) == 0 {
			return nil
		}
		conv := batch[0].ConversationID
		sequence, other, err := into.OtherThere(conv, batch)
		batch = batch[:0]
		if other {
			return fmt.Errorf("%w: message %d of %s is another one here", ErrOtherHistory, sequence, conv)
		}
		return err
	}
	total, err := (&reader{account: into.User()}).all(ctx, path, visitor{
		conversation: func(*im.Conversation) error { return compare() },
		message: func(m *im.Message) error {
			if batch = append(batch, *m); len(batch) < importBatch {
				return nil
			}
			return compare()
		},
	})
	if err == nil {
		err = compare()
	}
	return total, err
}

// linesOf finds the lines of an export by its folder or by the lines themselves.
func linesOf(at string) (path, dir string, err error) {
	info, err := os.Stat(at)
	switch {
	case err != nil:
		return "", "", fmt.Errorf("archive: %w", err)
	case !info.IsDir():
		return at, filepath.Dir(at), nil
	}
	return filepath.Join(at, linesName), at, nil
}

// addFile brings one file in, unless it is there.
func addFile(ctx context.Context, into Target, dir string, f *fileLine) (bool, error) {
	if into.HasFile(im.BlobAddress(f.Hash)) {
		return false, nil
	}
	in, err := os.Open(filepath.Join(dir, filepath.FromSlash(f.Path)))
	if err != nil {
		return false, fmt.Errorf("archive: %w", err)
	}
	defer in.Close()
	// Under a hash that it has not a file would never be found again.
	sum := sha256.New()
	if _, err := io.Copy(sum, io.LimitReader(in, im.MaxFileBytes+1)); err != nil {
		return false, fmt.Errorf("archive: %w", err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != f.Hash {
		return false, fmt.Errorf("%w: %s was changed", ErrFormat, f.Path)
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return false, fmt.Errorf("archive: %w", err)
	}
	_, err = into.AddFile(ctx, in, im.MaxFileBytes)
	return err == nil, err
}

// visitor is told what the lines say; nil functions are passed over.
type visitor struct {
	conversation func(*im.Conversation) error
	message      func(*im.Message) error
	file         func(*fileLine) error
}

// reader checks lines as it reads them.
type reader struct {
	account im.UserID
	conv    im.ConversationID
	last    uint64
	count   footer
	ended   bool
	number  int // of the line
	made    header
}

// all reads the file from its beginning to its end line.
func (r *reader) all(ctx context.Context, path string, v visitor) (footer, error) {
	f, err := os.Open(path)
	if err != nil {
		return footer{}, fmt.Errorf("archive: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	for lines.Scan() {
		if err := ctx.Err(); err != nil {
			return footer{}, err
		}
		if r.number++; len(lines.Bytes()) == 0 {
			continue
		}
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return footer{}, r.wrong("not what such a line has: %s", strings.TrimPrefix(err.Error(), "json: "))
		}
		if err := r.take(&l, v); err != nil {
			return footer{}, err
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		r.number++
		return footer{}, r.wrong("longer than %d bytes", maxLine)
	} else if err != nil {
		return footer{}, fmt.Errorf("archive: %w", err)
	}
	if !r.ended {
		return footer{}, r.wrong("the end is missing")
	}
	return r.count, nil
}

func (r *reader) wrong(format string, args ...any) error {
	return fmt.Errorf("%w: line %d: %s", ErrFormat, r.number, fmt.Sprintf(format, args...))
}

func (r *reader) take(l *line, v visitor) error {
	if (l.Export != nil) != (r.number == 1) {
		return r.wrong("an export begins with one line that says so")
	}
	if r.ended {
		return r.wrong("something follows the end")
	}
	switch {
	case l.Export != nil:
		r.made = *l.Export
		if l.Export.Version > version {
			return fmt.Errorf("%w (%d, this one reads %d)", ErrVersion, l.Export.Version, version)
		}
		if l.Export.Version < 1 {
			return r.wrong("version %d", l.Export.Version)
		}
		if l.Export.Account != r.account {
			return fmt.Errorf("%w: %.64q", ErrOtherAccount, l.Export.Account)
		}
	case l.Conversation != nil:
		if err := l.Conversation.ConversationID.Validate(); err != nil {
			return r.wrong("%v", err)
		}
		r.conv, r.last = l.Conversation.ConversationID, 0
		r.count.Conversations++
		if v.conversation != nil {
			return v.conversation(l.Conversation)
		}
	case l.Message != nil:
		m := l.Message
		if r.conv == "" || m.ConversationID != r.conv || m.Sequence <= r.last {
			return r.wrong("message %d of %.64q after %d of %.64q", m.Sequence, m.ConversationID, r.last, r.conv)
		}
		if m.ConversationType != r.conv.Type() {
			return r.wrong("message %.96q is not what its types say", m.ID)
		}
		if err := core.Importable(r.conv, m); err != nil {
			return r.wrong("%v", err)
		}
		r.last = m.Sequence
		r.count.Messages++
		if v.message != nil {
			return v.message(m)
		}
	case l.File != nil:
		if !im.ValidBlobHash(l.File.Hash) || !strings.HasPrefix(l.File.Path, "files/") || !filepath.IsLocal(filepath.FromSlash(l.File.Path)) {
			return r.wrong("file %.80q at %.200q", l.File.Hash, l.File.Path)
		}
		r.count.Files++
		if v.file != nil {
			return v.file(l.File)
		}
	case l.End != nil:
		if *l.End != r.count {
			return r.wrong("it says that there are %+v, there are %+v", *l.End, r.count)
		}
		r.ended = true
	}
	return nil
}
