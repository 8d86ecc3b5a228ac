package app

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"magpie/app/core"
	"magpie/im"
	"magpie/internal/seal"
	"magpie/media/picture"
	"magpie/media/voice"
	"magpie/store"
)

// keptFiles are a picture and a voice note in the files of an account.
type keptFiles struct {
	client          *core.Client
	picture, note   string // their addresses
	thumbs, playing []time.Duration
}

func keepFiles(b *testing.B, key *seal.Key) *keptFiles {
	b.Helper()
	st, _, err := store.Open(filepath.Join(b.TempDir(), "history.db"), store.Options{Account: "wren"})
	if err != nil {
		b.Fatal(err)
	}
	c, err := core.New(core.Options{Store: st, Key: key, Server: "ws://127.0.0.1:1", User: "wren", UserSig: "x"})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := errors.Join(c.Close(), st.Close()); err != nil {
			b.Error(err)
		}
	})
	k := &keptFiles{client: c}
	note, err := os.ReadFile(filepath.Join("..", "media", "sandbox", "testdata", "sp5.aac"))
	if err != nil {
		b.Fatal(err)
	}
	for to, content := range map[*string][]byte{&k.picture: detailed(b, 1), &k.note: note} {
		f, err := c.AddFile(b.Context(), bytes.NewReader(content), im.MaxFileBytes)
		if err != nil {
			b.Fatal(err)
		}
		*to = f.Address
	}
	return k
}

// see makes a thumbnail for a bubble, hear decodes the first 100 ms of the note; both
// from the disk on.
func (k *keptFiles) see(b *testing.B) {
	start := time.Now()
	f, err := k.client.OpenFile(k.picture)
	if err != nil {
		b.Fatal(err)
	}
	if _, _, err := picture.Show(b.Context(), f, f.Size(), 320, 240); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	k.thumbs = append(k.thumbs, time.Since(start))
}

func (k *keptFiles) hear(b *testing.B) {
	start := time.Now()
	f, err := k.client.OpenFile(k.note)
	if err != nil {
		b.Fatal(err)
	}
	s, err := voice.Open(b.Context(), f, nil)
	if err != nil {
		b.Fatal(err)
	}
	for left := 4410; left > 0; {
		n, err := s.Read(make([]int16, left))
		if err != nil {
			b.Fatal(err)
		}
		left -= n
	}
	if err := errors.Join(s.Close(), f.Close()); err != nil {
		b.Fatal(err)
	}
	k.playing = append(k.playing, time.Since(start))
}

// BenchmarkSealedMedia is what people wait for when a picture comes to the screen or
// a voice note is clicked, of files that lie open and of sealed ones by turns.
func BenchmarkSealedMedia(b *testing.B) {
	open, sealed := keepFiles(b, nil), keepFiles(b, &seal.Key{1})
	for b.Loop() {
		for _, k := range []*keptFiles{open, sealed} {
			k.see(b)
			for range 10 { // it is short, beside everything else that a machine does
				k.hear(b)
			}
		}
	}
	median := func(d []time.Duration) float64 { return float64(middle(d).Microseconds()) / 1000 }
	for _, r := range []struct {
		name         string
		open, sealed float64
	}{{"thumbnail", median(open.thumbs), median(sealed.thumbs)}, {"first sound", median(open.playing), median(sealed.playing)}} {
		fmt.Printf("\nBENCH\tmedia/%s of a sealed file\t%.4g\tms\t-\n", r.name, r.sealed)
		fmt.Printf("\nBENCH\tmedia/%s, sealed to open\t%.3g\ttimes\t<= 1.3\n", r.name, r.sealed/r.open)
	}
}
