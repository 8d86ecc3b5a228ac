package voicedraft_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"magpie/app/core"
	"magpie/app/voicedraft"
	"magpie/im"
	"magpie/internal/seal"
	"magpie/media/aac"
	"magpie/media/m4a"
	"magpie/media/record"
	"magpie/store"
	"magpie/store/storetest"
)

const (
	seconds = 3
	conv    = im.ConversationID("C2Cada")
)

var key = &seal.Key{'k', 'e', 'y'}

// tone is a microphone that hears 440 Hz for a number of samples.
func tone(samples int) io.ReadCloser {
	b := make([]byte, 0, 2*samples)
	for i := range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(16384*math.Sin(2*math.Pi*440*float64(i)/aac.SampleRate))))
	}
	return io.NopCloser(strings.NewReader(string(b)))
}

// recorded makes a draft of 2.5 s.
func recorded(t *testing.T, f *voicedraft.Folder, conv im.ConversationID) record.Note {
	t.Helper()
	path, done, err := f.New(conv, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	if all := drafts(t, f, conv); slices.Contains(all, path) {
		t.Error("what is being recorded is a draft")
	}
	r, err := record.New(record.Options{Path: path, Create: f.Create}, func(record.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	note, err := r.Run(t.Context(), tone(seconds*aac.SampleRate-aac.SampleRate/2))
	if err != nil {
		t.Fatal(err)
	}
	return note
}

// offline is a client that is not connected: what it sends waits.
func offline(t *testing.T) *core.Client {
	t.Helper()
	path, options := filepath.Join(t.TempDir(), "history.db"), store.Options{Account: "wren"}
	storetest.Sound(t, path, options)
	st, _, err := store.Open(path, options)
	if err != nil {
		t.Fatal(err)
	}
	c, err := core.New(core.Options{Store: st, Server: "ws://127.0.0.1:1", User: "wren", UserSig: "x"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(c.Close(), st.Close()); err != nil {
			t.Error(err)
		}
	})
	return c
}

func message(c *core.Client, n record.Note) im.Message {
	return c.CreateAudioMessage(im.ConvC2C, "ada", voicedraft.Payload(n))
}

// sent checks that just the message m waits to go out, with the whole note.
func sent(t *testing.T, c *core.Client, m im.Message) {
	t.Helper()
	all, err := c.Pending(conv)
	if err != nil || len(all) != 1 || all[0].ID != m.ID {
		t.Fatalf("%d messages wait: %+v, %v", len(all), all, err)
	}
	p := all[0].Payload.(im.AudioPayload)
	if p.Second != seconds || len(p.Peaks) != im.MaxPeaks || p.Format != "m4a" {
		t.Errorf("the message says %+v", p)
	}
	f, err := c.OpenFile(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	file, err := m4a.Open(f, p.Size)
	if err != nil {
		t.Fatal(err)
	}
	if track, err := file.AAC(); err != nil || track.Samples != seconds*aac.SampleRate-aac.SampleRate/2 {
		t.Errorf("the file has %+v, %v", track, err)
	}
}

// left are the names of the files in the folder.
func left(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, filepath.Base(path))
		}
		return err
	})
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return names
}

func drafts(t *testing.T, f *voicedraft.Folder, conv im.ConversationID) []string {
	t.Helper()
	all, err := f.Drafts(conv)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSend(t *testing.T) {
	dir, c := t.TempDir(), offline(t)
	f := voicedraft.Open(dir, key, false)
	n := recorded(t, f, conv)
	if all := drafts(t, f, conv); !slices.Equal(all, []string{n.Path}) {
		t.Errorf("drafts: %v", all)
	}
	m := message(c, n)
	if err := f.Send(t.Context(), c, n, m, im.SendOptions{}); err != nil {
		t.Fatal(err)
	}
	sent(t, c, m)
	if names := left(t, dir); len(names) != 0 {
		t.Errorf("left behind: %v", names)
	}
}

// Drafts belong to their conversation and come oldest first.
func TestDrafts(t *testing.T) {
	f := voicedraft.Open(filepath.Join(t.TempDir(), "voice"), key, false)
	if all := drafts(t, f, conv); len(all) != 0 {
		t.Errorf("drafts: %v", all)
	}
	group := im.GroupConversation("@TGS#设计/..")
	first, second, other := recorded(t, f, conv), recorded(t, f, conv), recorded(t, f, group)
	if all := drafts(t, f, conv); !slices.Equal(all, []string{first.Path, second.Path}) {
		t.Errorf("drafts: %v", all)
	}
	all, err := f.Conversations()
	if slices.Sort(all); err != nil || !slices.Equal(all, []im.ConversationID{conv, group}) {
		t.Errorf("conversations: %v, %v", all, err)
	}
	for range 2 {
		if err := f.Delete(other.Path); err != nil {
			t.Error(err)
		}
	}
	if all, err := f.Conversations(); err != nil || !slices.Equal(all, []im.ConversationID{conv}) {
		t.Errorf("conversations: %v, %v", all, err)
	}
	now := time.Now()
	seen := map[string]bool{}
	for range 2 {
		growing, _, err := f.New(conv, now)
		if err != nil {
			t.Fatal(err)
		}
		path, done, err := f.New(conv, now)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		done()
		if growing == path || seen[growing] || seen[path] {
			t.Errorf("two recordings of one moment are one: %s, %s", growing, path)
		}
		seen[growing], seen[path] = true, true
	}
}

// dying is a client of a process that is killed at its nth call, before or after
// it: what the folder looked like then is all that is left of it.
type dying struct {
	*core.Client
	t      *testing.T
	folder string
	calls  int
	dies   int // 0: before the first, 1: after it, …
	crash  string
}

func (d *dying) here() {
	if d.calls == d.dies {
		d.crash = filepath.Join(d.t.TempDir(), "crash")
		if err := os.CopyFS(d.crash, os.DirFS(d.folder)); err != nil {
			d.t.Error(err)
		}
	}
	d.calls++
}

func (d *dying) AddFile(ctx context.Context, r io.Reader, max int64) (core.File, error) {
	d.here()
	f, err := d.Client.AddFile(ctx, r, max)
	d.here()
	if d.crash != "" {
		return f, errors.Join(err, errors.New("killed"))
	}
	return f, err
}

func (d *dying) SendMessage(ctx context.Context, m im.Message, o im.SendOptions) (im.Message, error) {
	d.here()
	if d.crash != "" {
		return m, errors.New("killed")
	}
	m, err := d.Client.SendMessage(ctx, m, o)
	d.here()
	return m, err
}

// Wherever a process is killed while it sends: after the next start there is one
// message, and no draft.
func TestKilledWhileSending(t *testing.T) {
	for dies := range 4 {
		dir, c := t.TempDir(), offline(t)
		f := voicedraft.Open(dir, key, false)
		n := recorded(t, f, conv)
		m := message(c, n)
		d := &dying{Client: c, t: t, folder: dir, dies: dies}
		_ = f.Send(t.Context(), d, n, m, im.SendOptions{}) // what it returns nobody sees
		if d.crash == "" {
			t.Fatalf("not killed at %d", dies)
		}
		crash := voicedraft.Open(d.crash, key, false)
		if all := drafts(t, crash, conv); len(all) != 0 {
			t.Errorf("killed at %d: what is being sent is a draft", dies)
		}
		for range 2 { // the next start may be killed too
			if err := crash.Resume(t.Context(), c); err != nil {
				t.Errorf("killed at %d: %v", dies, err)
			}
			sent(t, c, m)
		}
		if names := left(t, d.crash); len(names) != 0 {
			t.Errorf("killed at %d: left behind: %v", dies, names)
		}
	}
}

// An intent alone is what a kill leaves at the very end, half an intent what one at
// the very beginning may.
func TestRestsOfKilledProcesses(t *testing.T) {
	dir, c := t.TempDir(), offline(t)
	f := voicedraft.Open(dir, key, false)
	n := recorded(t, f, conv)
	half := strings.TrimSuffix(n.Path, ".aac") + ".json"
	alone := filepath.Join(filepath.Dir(n.Path), "1.json")
	for _, path := range []string{half, alone} {
		if err := os.WriteFile(path, []byte(`{"message":`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Resume(t.Context(), c); err != nil {
		t.Error(err)
	}
	if names := left(t, dir); len(names) != 1 || names[0] != filepath.Base(n.Path) {
		t.Errorf("left: %v", names)
	}
	if all := drafts(t, f, conv); len(all) != 1 {
		t.Errorf("drafts: %v", all)
	}
}

// refusing is a client whose disk is full, of files or of messages.
type refusing struct {
	*core.Client
	files, messages bool
}

var errFull = im.Errorf(im.CodeDiskFull, "full")

func (r refusing) AddFile(ctx context.Context, in io.Reader, max int64) (core.File, error) {
	if r.files {
		return core.File{}, errFull
	}
	return r.Client.AddFile(ctx, in, max)
}

func (r refusing) SendMessage(ctx context.Context, m im.Message, o im.SendOptions) (im.Message, error) {
	if r.messages {
		return m, errFull
	}
	return r.Client.SendMessage(ctx, m, o)
}

// What cannot be sent is a draft again, and goes out once when it is sent anew.
func TestRefusedIsADraftAgain(t *testing.T) {
	dir, c := t.TempDir(), offline(t)
	f := voicedraft.Open(dir, key, false)
	n := recorded(t, f, conv)
	m := message(c, n)
	for _, r := range []refusing{{c, true, false}, {c, false, true}} {
		if err := f.Send(t.Context(), r, n, m, im.SendOptions{}); im.CodeOf(err) != im.CodeDiskFull {
			t.Errorf("%v", err)
		}
		if all := drafts(t, f, conv); !slices.Equal(all, []string{n.Path}) {
			t.Errorf("drafts: %v", all)
		}
	}
	if all, err := c.Pending(conv); err != nil || len(all) != 0 {
		t.Errorf("%d messages wait, %v", len(all), err)
	}
	if err := f.Send(t.Context(), c, n, m, im.SendOptions{}); err != nil {
		t.Fatal(err)
	}
	sent(t, c, m)
	if err := f.Send(t.Context(), c, n, m, im.SendOptions{}); err == nil {
		t.Error("what is gone was sent")
	}
	if names := left(t, dir); len(names) != 0 {
		t.Errorf("left behind: %v", names)
	}
}

// A note as long as one may be ends somewhere in its last frame. After a kill all of
// that frame is there, and it can be sent all the same.
func TestRecoveredNoteIsNotTooLong(t *testing.T) {
	if testing.Short() {
		t.Skip("ten minutes are encoded")
	}
	f := voicedraft.Open(t.TempDir(), key, false)
	path, done, err := f.New(conv, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	r, err := record.New(record.Options{Path: path, Create: f.Create, Limit: im.MaxAudio, Bitrate: aac.MinBitrate}, func(record.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	silence := io.NopCloser(io.LimitReader(zeros{}, 2*aac.SampleRate*int64(im.MaxAudio/time.Second)))
	if _, err := r.Run(t.Context(), silence); err != nil {
		t.Fatal(err)
	}
	done()
	note, err := f.Recover(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	p := voicedraft.Payload(note)
	p.URL, p.Size = "a", 1
	if err := p.Validate(); err != nil || note.Duration() != im.MaxAudio {
		t.Errorf("%v: %v", note.Duration(), err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}
