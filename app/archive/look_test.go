package archive_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"magpie/app/archive"
	"magpie/im"
)

// Before an import begins it is known what it would bring.
func TestLook(t *testing.T) {
	o := options(t)
	_, err := archive.Export(t.Context(), filled(t), o)
	ok(t, err)
	c, err := archive.Look(t.Context(), "alice", o.Dir)
	ok(t, err)
	if c.Account != "alice" || c.Conversations != 2 || c.Messages != 2603 || c.Files != 4 || c.FileBytes != 13+13+12+10 || c.Time != noon.UnixMilli() {
		t.Errorf("%+v", c)
	}
	if c.First != noon.Add(time.Minute).UnixMilli() || c.Last != noon.Add(2600*time.Minute).UnixMilli() {
		t.Errorf("from %v to %v", time.UnixMilli(c.First).UTC(), time.UnixMilli(c.Last).UTC())
	}
	if c, err := archive.Look(t.Context(), "mallory", o.Dir); !errors.Is(err, archive.ErrOtherAccount) || c.Account != "alice" {
		t.Errorf("to another: %+v, %v", c, err)
	}
	if _, err := archive.Look(t.Context(), "alice", t.TempDir()); !errors.Is(err, archive.ErrNoExport) {
		t.Errorf("an empty folder: %v", err)
	}
	if _, err := archive.Look(t.Context(), "alice", filepath.Join(o.Dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := archive.Look(ctx, "alice", o.Dir); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestWithoutFiles(t *testing.T) {
	o := options(t)
	o.NoFiles = true
	done, err := archive.Export(t.Context(), filled(t), o)
	if err != nil || done.Files != 0 || done.Missing != 0 || done.Messages != 2603 {
		t.Errorf("%+v, %v", done, err)
	}
	if _, err := os.Stat(filepath.Join(o.Dir, "files")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("there is a folder of files: %v", err)
	}
}

// A file that was changed stays out, and says so; what it was with comes in.
func TestAChangedFileStaysOut(t *testing.T) {
	o := options(t)
	_, err := archive.Export(t.Context(), filled(t), o)
	ok(t, err)
	files, err := filepath.Glob(filepath.Join(o.Dir, "files", "*.m4a"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	ok(t, os.WriteFile(files[0], []byte("something else"), 0o600))
	into, _ := account(t, "alice")
	done, err := archive.Import(t.Context(), into, o.Dir, nil)
	var refused *archive.RefusedError
	if !errors.As(err, &refused) || len(refused.Files) != 1 || filepath.Ext(refused.Files[0].Path) != ".m4a" {
		t.Fatalf("%v", err)
	}
	if done.Messages != 2603 || done.Files != 3 || done.Part != 1 {
		t.Errorf("%+v", done)
	}
}

// A message that the account could not keep is found before anything is changed.
func TestNothingComesOfWhatCannotBeKept(t *testing.T) {
	o := options(t)
	o.Conversations = []im.ConversationID{team}
	_, err := archive.Export(t.Context(), filled(t), o)
	ok(t, err)
	path := filepath.Join(o.Dir, "messages.jsonl")
	b, err := os.ReadFile(path)
	ok(t, err)
	long := make([]byte, im.MaxMessageBytes+1)
	for i := range long {
		long[i] = 'x'
	}
	ok(t, os.WriteFile(path, replaced(t, b, `"text":"[微笑]"`, `"text":"`+string(long)+`"`), 0o600))
	into, _ := account(t, "alice")
	if _, err := archive.Import(t.Context(), into, o.Dir, nil); !errors.Is(err, archive.ErrFormat) {
		t.Errorf("%v", err)
	}
	if rows, err := into.GetConversationList(t.Context()); err != nil || len(rows) != 0 {
		t.Errorf("%d conversations, %v", len(rows), err)
	}
}

// An import that is cancelled goes on where it was.
func TestImportGoesOn(t *testing.T) {
	o := options(t)
	_, err := archive.Export(t.Context(), filled(t), o)
	ok(t, err)
	into, _ := account(t, "alice")
	ctx, cancel := context.WithCancel(t.Context())
	done, err := archive.Import(ctx, into, o.Dir, func(p archive.Progress) {
		if p.Messages >= 1000 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || done.Messages < 1000 || done.Messages > 1500 || done.Part <= 0.3 || done.Part >= 0.7 {
		t.Fatalf("%+v, %v", done, err)
	}
	again, err := archive.Import(t.Context(), into, o.Dir, nil)
	if err != nil || again.Here != done.Messages || again.Messages != 2603-done.Messages {
		t.Errorf("%+v after %+v, %v", again, done, err)
	}
}
