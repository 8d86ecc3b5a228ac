package voicedraft_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"magpie/app/voicedraft"
	"magpie/im"
	"magpie/internal/seal"
	"magpie/media/aac"
	"magpie/media/record"
)

// sound is what can be read of a note.
func sound(t *testing.T, f *voicedraft.Folder, path string) []byte {
	t.Helper()
	c, err := f.OpenNote(path)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(c)
	if err := errors.Join(err, c.Close()); err != nil {
		t.Fatal(err)
	}
	return b
}

// A recording that is killed in the middle has all frames that were appended, and
// nothing of it can be read on the disk.
func TestKilledRecordingIsGoodToItsLastFrame(t *testing.T) {
	for _, k := range []*seal.Key{key, nil} {
		f := voicedraft.Open(t.TempDir(), k, false)
		path, done, err := f.New(conv, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		growing, err := f.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		frames := 0
		enc, err := aac.NewEncoder(aac.MaxBitrate, func(unit []byte) error {
			if frames++; frames > 50 {
				return nil // it is killed
			}
			return growing.Append(unit)
		})
		if err != nil {
			t.Fatal(err)
		}
		pcm := make([]int16, 2*aac.SampleRate)
		for i := range pcm {
			pcm[i] = int16(i * 37)
		}
		if err := enc.Write(pcm); err != nil {
			t.Fatal(err)
		}
		// Nothing was closed. A last frame may be there in part.
		if file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0); err != nil {
			t.Fatal(err)
		} else if _, err := file.Write([]byte{0, 0, 1}); err != nil {
			t.Fatal(err)
		} else if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		done()
		note, err := f.Recover(t.Context(), path)
		if err != nil || note.Samples != 49*aac.UnitSamples {
			t.Errorf("sealed %v: %d samples, %v", k != nil, note.Samples, err)
		}
		disk, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		plain := sound(t, f, path)
		if readable := bytes.Contains(disk, plain[1000:1032]); readable == (k != nil) {
			t.Errorf("sealed %v, and what was said can be read: %v", k != nil, readable)
		}
		if err := growing.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Notes and intents from before there was a key are sealed and, without
// encryption, unsealed: with the same sound, and while another is being recorded.
func TestRewrite(t *testing.T) {
	dir := t.TempDir()
	plain := voicedraft.Open(dir, nil, false)
	n := recorded(t, plain, conv)
	want := sound(t, plain, n.Path)
	// Half an intent: its message has words that somebody wrote.
	c := offline(t)
	m := message(c, n)
	m.CloudCustomData = "marmalade"
	intent, err := json.Marshal(map[string]any{"message": m, "options": im.SendOptions{}, "samples": n.Samples})
	if err != nil {
		t.Fatal(err)
	}
	intentPath := strings.TrimSuffix(n.Path, ".aac") + ".json"
	if err := os.WriteFile(intentPath, intent, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(n.Path), ".intent-1"), intent, 0o600); err != nil {
		t.Fatal(err)
	}

	sealed := voicedraft.Open(dir, key, false)
	if got := sound(t, sealed, n.Path); !bytes.Equal(got, want) {
		t.Error("a note that lies open sounds otherwise with a key")
	}
	growing, done, err := sealed.New(conv, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(growing, want, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := sealed.Rewrite(); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := os.ReadFile(growing); err != nil || !bytes.Equal(b, want) {
		t.Errorf("what is being recorded was rewritten: %v", err)
	}
	if err := os.Remove(growing); err != nil {
		t.Fatal(err)
	}
	done()
	for _, path := range []string{n.Path, intentPath} {
		b, err := os.ReadFile(path)
		if err != nil || !seal.Is(b) || bytes.Contains(b, []byte("marmalade")) || bytes.Contains(b, want[:32]) {
			t.Errorf("%s is not sealed: %v", filepath.Base(path), err)
		}
	}
	if names := left(t, dir); len(names) != 2 {
		t.Errorf("there are %v", names)
	}
	if got := sound(t, sealed, n.Path); !bytes.Equal(got, want) {
		t.Error("sealed it sounds otherwise")
	}
	// With another key, and with none, it stays what it is.
	other := seal.NewKey()
	for _, k := range []*seal.Key{&other, nil} {
		f := voicedraft.Open(dir, k, false)
		if err := f.Resume(t.Context(), c); !errors.Is(err, seal.ErrKey) {
			t.Errorf("%v", err)
		}
		if names := left(t, dir); len(names) != 2 {
			t.Errorf("there are %v", names)
		}
	}
	unsealing := voicedraft.Open(dir, key, true)
	if err := unsealing.Rewrite(); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(n.Path); err != nil || !bytes.Equal(b, want) {
		t.Errorf("it was not unsealed: %v", err)
	}
	if err := plain.Resume(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	sent(t, c, m)
}

// BenchmarkAppend is a frame on its way to the disk, of which there are 43 in a
// second.
func BenchmarkAppend(b *testing.B) {
	unit := make([]byte, 186) // at 64 kbit/s
	for name, k := range map[string]*seal.Key{"open": nil, "sealed": key} {
		b.Run(name, func(b *testing.B) {
			f := voicedraft.Open(b.TempDir(), k, false)
			path, done, err := f.New(conv, time.Now())
			if err != nil {
				b.Fatal(err)
			}
			defer done()
			var growing record.Growing
			if growing, err = f.Create(path); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := growing.Append(unit); err != nil {
					b.Fatal(err)
				}
			}
			if err := growing.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}
