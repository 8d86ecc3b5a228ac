package voice_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/faiface/beep"

	"magpie/media/voice"
	"magpie/media/wav"
)

var _ beep.StreamSeekCloser = (*voice.Sound)(nil)

func read(t *testing.T, name string) *bytes.Reader {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "sandbox", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b)
}

// isolated gives samples as the isolated decoder would.
type isolated struct {
	samples  []int16
	channels int
	err      error
	end      error // after the samples, if not nil
	closed   bool
}

func (i *isolated) PCM(context.Context, voice.File) (io.ReadCloser, int, int, error) {
	if i.err != nil {
		return nil, 0, 0, i.err
	}
	var b []byte
	for _, s := range i.samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	r := io.Reader(bytes.NewReader(b))
	if i.end != nil {
		r = io.MultiReader(r, broken{i.end})
	}
	return struct {
		io.Reader
		io.Closer
	}{r, i}, 16000, i.channels, nil
}

func (i *isolated) Close() error { i.closed = true; return nil }

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

func drain(s *voice.Sound) (frames [][2]float64, err error) {
	buf := make([][2]float64, 700)
	for {
		n, ok := s.Stream(buf)
		frames = append(frames, buf[:n]...)
		if !ok {
			return frames, s.Err()
		}
	}
}

func TestOwnFormats(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.wav")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := wav.NewWriter(f, 48000, 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write([]int16{-32768, 16384, 1, 2, 3, 4}), w.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := voice.Open(t.Context(), bytes.NewReader(b), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := drain(s); err != nil || len(got) != 3 || got[0] != [2]float64{-1, 0.5} {
		t.Errorf("WAV: %v, %v", got, err)
	}
	if s.Format().SampleRate != 48000 || s.Format().NumChannels != 2 || s.Len() != 3 || s.Position() != 3 {
		t.Errorf("%+v, %d of %d", s.Format(), s.Position(), s.Len())
	}

	note, err := voice.Open(t.Context(), read(t, "sp5.aac"), nil)
	if err != nil {
		t.Fatal(err)
	}
	all, err := drain(note)
	if err != nil || len(all) != note.Len() || note.Damaged() {
		t.Fatalf("%d of %d frames, %v", len(all), note.Len(), err)
	}
	if all[100_000][0] != all[100_000][1] {
		t.Error("mono does not sound on both sides")
	}
	if err := note.Seek(100_000); err != nil {
		t.Fatal(err)
	}
	tail, err := drain(note)
	if err != nil || len(tail) != len(all)-100_000 {
		t.Fatalf("after a seek: %d frames, %v", len(tail), err)
	}
	// The noise that the codec puts for noise is another each time.
	var signal, difference float64
	for i, v := range tail {
		w := all[100_000+i][0]
		signal += w * w
		difference += (v[0] - w) * (v[0] - w)
	}
	if signal < 100*difference {
		t.Errorf("after a seek the sound is another: %g of %g", difference, signal)
	}
	if err := note.Seek(note.Len() + 1); err == nil {
		t.Error("a seek beyond the end was accepted")
	}
}

func TestOthersGoToIsolation(t *testing.T) {
	for _, name := range []string{"sp5_he.m4a", "sp5_he.aac", "f_vp9.webm"} {
		if _, err := voice.Open(t.Context(), read(t, name), nil); !errors.Is(err, voice.ErrNeedsIsolation) {
			t.Errorf("%s without isolation: %v", name, err)
		}
		iso := &isolated{samples: []int16{1, 2, 3, 4}, channels: 2}
		s, err := voice.Open(t.Context(), read(t, name), iso)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := drain(s); err != nil || len(got) != 2 || s.Len() != 2 || s.Damaged() {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		if err := s.Seek(1); err != nil {
			t.Error(err)
		}
		if got, err := drain(s); err != nil || len(got) != 1 || got[0][0] != 3.0/32768 {
			t.Errorf("%s after a seek: %v, %v", name, got, err)
		}
		if s.Seek(3) == nil || s.Seek(-1) == nil {
			t.Error("a seek beyond the end was accepted")
		}
		if err := s.Close(); err != nil || !iso.closed {
			t.Errorf("closed: %v, %v", iso.closed, err)
		}
	}
	failed := errors.New("no decoder")
	if _, err := voice.Open(t.Context(), read(t, "f_vp9.webm"), &isolated{err: failed}); !errors.Is(err, voice.ErrNotSound) || !errors.Is(err, failed) {
		t.Errorf("%v", err)
	}
	if _, err := voice.Open(t.Context(), read(t, "f_vp9.webm"), &isolated{channels: 6}); !errors.Is(err, voice.ErrNotSound) {
		t.Errorf("six channels: %v", err)
	}
}

// Of damaged sound what there is can be heard.
func TestDamagedTail(t *testing.T) {
	s, err := voice.Open(t.Context(), read(t, "sp5_he.aac"), &isolated{samples: []int16{1, 2, 3}, channels: 1, end: errors.New("damaged")})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := drain(s); err != nil || len(got) != 3 || !s.Damaged() {
		t.Errorf("%v, %v, damaged: %v", got, err, s.Damaged())
	}
	nothing, err := voice.Open(t.Context(), read(t, "sp5_he.aac"), &isolated{channels: 1, end: errors.New("damaged")})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := drain(nothing); err == nil || len(got) != 0 {
		t.Errorf("nothing but damage: %v, %v", got, err)
	}
}

// Sound without end ends at the limit of a voice note.
func TestIsolatedIsBounded(t *testing.T) {
	s, err := voice.Open(t.Context(), read(t, "sp5_he.aac"), endless{})
	if err != nil {
		t.Fatal(err)
	}
	n, buf := 0, make([]int16, 4096)
	for {
		m, err := s.Read(buf)
		n += m
		if err != nil {
			break
		}
	}
	if n != 600*8000 || !s.Damaged() {
		t.Errorf("%d samples, damaged: %v", n, s.Damaged())
	}
}

type endless struct{}

func (endless) PCM(context.Context, voice.File) (io.ReadCloser, int, int, error) {
	return endless{}, 8000, 1, nil
}
func (endless) Read(p []byte) (int, error) { clear(p); return len(p), nil }
func (endless) Close() error               { return nil }
