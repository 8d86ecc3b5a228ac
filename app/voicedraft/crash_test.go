package voicedraft_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"magpie/app/core"
	"magpie/app/voicedraft"
	"magpie/im"
	"magpie/internal/crash"
	"magpie/media/aac"
	"magpie/media/record"
)

// childEnv makes the test binary a process that records and sends a note in the
// folder that it names.
const childEnv = "MAGPIE_TEST_CHILD_VOICE"

// noteUnits is how many frames the child's note has; wordsOf what its message says
// beside.
const (
	noteUnits = 20
	wordsOf   = "marmalade and toast"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		if err := child(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// units are the frames of a note, the same in every process.
func units() (all [][]byte, err error) {
	enc, err := aac.NewEncoder(aac.MaxBitrate, func(unit []byte) error {
		if len(all) < noteUnits {
			all = append(all, bytes.Clone(unit))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	pcm := make([]int16, (noteUnits+4)*aac.UnitSamples)
	for i := range pcm {
		pcm[i] = int16(i * 37)
	}
	return all, enc.Write(pcm)
}

// child records a note frame by frame, sends it, and records another.
func child(dir string) error {
	f := voicedraft.Open(dir, key, false)
	all, err := units()
	if err != nil {
		return err
	}
	path, err := childNote(f, all, time.Unix(1, 0), "first")
	if err != nil {
		return err
	}
	note, err := f.Recover(context.Background(), path)
	if err != nil {
		return err
	}
	if err := f.Send(context.Background(), saying{}, note, noteMessage(note), im.SendOptions{}); err != nil {
		return err
	}
	fmt.Println("done")
	_, err = childNote(f, all, time.Unix(2, 0), "second")
	return err
}

func childNote(f *voicedraft.Folder, all [][]byte, at time.Time, name string) (string, error) {
	path, done, err := f.New(conv, at)
	if err != nil {
		return "", err
	}
	defer done()
	growing, err := f.Create(path)
	if err != nil {
		return "", err
	}
	for i, unit := range all {
		if err := growing.Append(unit); err != nil {
			return "", err
		}
		fmt.Println(name, i+1)
	}
	if err := growing.Close(); err != nil {
		return "", err
	}
	fmt.Println("kept", name)
	return path, nil
}

func noteMessage(n record.Note) im.Message {
	return im.Message{
		ID: "wren-pc-1", ConversationID: conv, ConversationType: im.ConvC2C, To: "ada", From: "wren",
		Type: im.MsgAudio, Payload: voicedraft.Payload(n), CloudCustomData: wordsOf,
	}
}

// saying is a client core whose outbox is elsewhere and durable: what it takes it
// says.
type saying struct{}

func (saying) AddFile(_ context.Context, r io.Reader, _ int64) (core.File, error) {
	b, err := io.ReadAll(r)
	return core.File{Address: im.BlobAddress(strings.Repeat("0", 64)), Size: int64(len(b))}, err
}

func (saying) SendMessage(_ context.Context, m im.Message, _ im.SendOptions) (im.Message, error) {
	fmt.Println("sent", m.ID)
	return m, nil
}

// A process that is killed at any moment while a note is recorded and sent, and a
// machine that loses power there: no frame that was appended is lost by a kill and no
// note that was ended by either; it is a draft or its message is sent, never both; and
// nobody can read any of it.
func TestNotesSurvive(t *testing.T) {
	dir := t.TempDir()
	log, err := crash.Record(t.Context(), crash.Command{Args: os.Args[:1], Env: []string{childEnv + "=" + dir}}, dir)
	if errors.Is(err, crash.ErrNoTrace) {
		t.Skip(err)
	}
	if err != nil || log.Exit != 0 {
		t.Fatalf("%v; the child ended with %d: %s", err, log.Exit, log.Said(len(log.Ops)))
	}
	all, err := units()
	if err != nil {
		t.Fatal(err)
	}
	var sound []byte
	for _, unit := range all {
		if sound, err = aac.AppendFrame(sound, unit); err != nil {
			t.Fatal(err)
		}
	}
	moments := log.Moments()
	t.Logf("%d operations, %d moments", len(log.Ops), len(moments))
	random, rounds := rand.New(rand.NewPCG(17, 5)), 1
	if os.Getenv("MAGPIE_SOAK") != "" {
		rounds = 50
	}
	log.Each(moments, random, rounds, func(n int, f *crash.Folder, cut bool) {
		if err := notesSurvived(t, f, log.Said(n), sound, cut); err != nil {
			t.Errorf("after operation %d (%v), the power cut: %v: %v", n, log.Ops[max(n-1, 0)], cut, err)
		}
	})
}

func notesSurvived(t *testing.T, left *crash.Folder, said string, sound []byte, cut bool) error {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := left.Write(dir); err != nil {
		return err
	}
	if err := unreadable(dir, sound); err != nil {
		return err
	}
	f := voicedraft.Open(dir, key, false)
	if err := f.Rewrite(); err != nil { // as every start does
		return err
	}
	heard := func(words string) bool { return strings.Contains(said, words+"\n") }
	frames := len(sound) / noteUnits // of the whole, about
	appended := map[string]int{"first": strings.Count(said, "first "), "second": strings.Count(said, "second ")}
	for name := range appended {
		appended[name] -= strings.Count(said, "kept "+name)
	}

	sent := taking{}
	if err := f.Resume(t.Context(), &sent); err != nil {
		return err
	}
	paths, err := f.Drafts(conv)
	if err != nil {
		return err
	}
	drafts := map[string][]byte{}
	for _, path := range paths {
		b, err := readNote(f, path)
		if err != nil {
			return err
		}
		if !bytes.HasPrefix(sound, b) {
			return fmt.Errorf("%d bytes that were never recorded", len(b))
		}
		name := "first"
		if strings.Contains(filepath.Base(path), fmt.Sprint(time.Unix(2, 0).UnixNano())) {
			name = "second"
		}
		drafts[name] = b
	}
	first, isDraft := drafts["first"]
	switch {
	case isDraft && heard("sent wren-pc-1"):
		return errors.New("it was sent and is a draft again")
	case len(sent.ids) > 1 || len(sent.ids) == 1 && sent.ids[0] != "wren-pc-1":
		return fmt.Errorf("sent are %q", sent.ids)
	case len(sent.ids) == 1 && isDraft:
		return errors.New("it is sent and a draft")
	case len(sent.ids) == 1 && sent.bytes < len(sound)/2:
		return fmt.Errorf("%d bytes of sound were sent, of %d", sent.bytes, len(sound))
	case heard("kept first") && !heard("sent wren-pc-1") && len(sent.ids) == 0 && len(first) != len(sound):
		return fmt.Errorf("%d bytes of %d are left", len(first), len(sound))
	case heard("done") && !cut && len(sent.ids) > 0:
		return errors.New("it was sent once more")
	case heard("kept second") && len(drafts["second"]) != len(sound):
		return fmt.Errorf("%d bytes of the second are left", len(drafts["second"]))
	}
	for name, n := range appended {
		if !cut && !heard("kept first") && name == "first" || !cut && name == "second" {
			if got := len(drafts[name]); got < (n-1)*frames*9/10 {
				return fmt.Errorf("%d bytes of the %s are left after %d frames", got, name, n)
			}
		}
	}
	return unreadable(dir, sound)
}

// taking is a client core that takes everything.
type taking struct {
	ids   []im.MessageID
	bytes int
}

func (s *taking) AddFile(_ context.Context, r io.Reader, _ int64) (core.File, error) {
	b, err := io.ReadAll(r)
	s.bytes = len(b)
	return core.File{Address: im.BlobAddress(strings.Repeat("0", 64)), Size: int64(len(b))}, err
}

func (s *taking) SendMessage(_ context.Context, m im.Message, _ im.SendOptions) (im.Message, error) {
	s.ids = append(s.ids, m.ID)
	return m, nil
}

func readNote(f *voicedraft.Folder, path string) ([]byte, error) {
	c, err := f.OpenNote(path)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(c)
	return b, errors.Join(err, c.Close())
}

// unreadable looks for sound and for words in the files.
func unreadable(dir string, sound []byte) error {
	words, err := json.Marshal(wordsOf)
	if err != nil {
		return err
	}
	return filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, words) || bytes.Contains(b, sound[500:532]) {
			err = fmt.Errorf("%s can be read", filepath.Base(path))
		}
		return err
	})
}
