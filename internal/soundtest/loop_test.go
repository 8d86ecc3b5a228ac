//go:build soundtest

package soundtest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"magpie/internal/soundtest"
	"magpie/internal/testcache"
	"magpie/media/aac"
	"magpie/media/device"
	"magpie/media/isolated"
	"magpie/media/m4a"
	"magpie/media/play"
	"magpie/media/record"
	"magpie/media/sandbox"
	"magpie/media/voice"
)

// What is spoken into the microphone is what another program finds in the note.
func TestSpokenIsRecorded(t *testing.T) {
	soundtest.Need(t)
	spoken := soundtest.Speech(t, "The quick brown fox jumps.")
	soundtest.Retry(t, func() string {
		note := recorded(t, spoken)
		path := filepath.Join(t.TempDir(), "note.m4a")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(note.WriteM4A(f), f.Close()); err != nil {
			t.Fatal(err)
		}
		got := soundtest.Decode(t, path)
		if n := len(got) - int(note.Samples); n < 0 || n >= aac.UnitSamples {
			t.Errorf("another decoder finds %d samples, want %d", len(got), note.Samples)
		}
		m := soundtest.Find(spoken, got)
		t.Logf("%+v", m)
		if m.SNR < 40 || math.Abs(m.Gain-1) > 0.02 {
			return fmt.Sprintf("what was recorded: %+v", m)
		}
		return ""
	})
}

// recorded speaks while a note is recorded.
func recorded(t *testing.T, spoken []float64) record.Note {
	t.Helper()
	src, err := device.OpenMicrophone(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	levels := make(chan record.Level, 100)
	r, err := record.New(record.Options{Path: filepath.Join(t.TempDir(), "note.aac")}, func(e record.Event) {
		if l, ok := e.(record.Level); ok {
			select {
			case levels <- l:
			default: // nobody counts them while it is spoken
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	type result struct {
		note record.Note
		err  error
	}
	done := make(chan result, 1)
	go func() {
		note, err := r.Run(t.Context(), src)
		done <- result{note, err}
	}()
	<-levels // it is recording
	soundtest.Speak(t, spoken)
	for len(levels) > 0 {
		<-levels
	}
	for range 10 { // half a second more, for what is on its way
		<-levels
	}
	r.Stop()
	got := <-done
	if got.err != nil {
		t.Fatal(got.err)
	}
	return got.note
}

// What is played is what the speaker gets: every format against another decoder.
func TestPlayedIsHeard(t *testing.T) {
	soundtest.Need(t)
	box := sandbox.New(sandbox.Options{CacheDir: testcache.Dir("sandbox"), Deadline: time.Minute})
	defer box.Close()
	if err := box.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join("..", "..", "media", "sandbox", "testdata")
	for _, c := range []struct {
		name, path string
		snr        float64
	}{
		{"AAC-LC in ADTS", filepath.Join(data, "sp5.aac"), 40},
		{"AAC-LC in M4A", asM4A(t, filepath.Join(data, "sp5.aac")), 40},
		{"HE-AAC in ADTS", filepath.Join(data, "sp5_he.aac"), 40},
		{"HE-AAC in M4A", filepath.Join(data, "sp5_he.m4a"), 40},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := soundtest.Decode(t, c.path)
			// Of the later half, where the decoders' ideas of the beginning do not matter.
			want = want[3*soundtest.Rate : min(len(want), 9*soundtest.Rate/2)]
			soundtest.Retry(t, func() string {
				s := openNote(t, c.path, isolated.New(box))
				heard := played(t, s, 2500*time.Millisecond, 1)
				m := soundtest.Find(want, heard)
				t.Logf("%+v", m)
				if m.SNR < c.snr || math.Abs(m.Gain-1) > 0.02 {
					return fmt.Sprintf("what was heard: %+v", m)
				}
				return ""
			})
		})
	}
}

// At another speed the pitch is the same and the length is not.
func TestPlayedFaster(t *testing.T) {
	soundtest.Need(t)
	path := filepath.Join(t.TempDir(), "tone.aac")
	encode(t, path, soundtest.Tone(440, 2))
	for _, speed := range []float64{1.5, 2} {
		t.Run(fmt.Sprint(speed), func(t *testing.T) {
			soundtest.Retry(t, func() string {
				heard := soundtest.Trim(played(t, openNote(t, path, nil), 0, speed), 0.05)
				hz := soundtest.Pitch(heard[len(heard)/10 : len(heard)*9/10])
				took := float64(len(heard)) / soundtest.Rate
				t.Logf("%.2f Hz, %.3f s", hz, took)
				if math.Abs(hz-440) > 1.5 || math.Abs(took-2/speed) > 0.03 {
					return fmt.Sprintf("%.2f Hz of %.3f s, want 440 Hz of %.3f s", hz, took, 2/speed)
				}
				return ""
			})
		})
	}
}

// Pausing and seeking are heard where they happen.
func TestPlayedAfterSeek(t *testing.T) {
	soundtest.Need(t)
	path := filepath.Join(t.TempDir(), "tones.aac")
	encode(t, path, append(soundtest.Tone(300, 2), soundtest.Tone(900, 1)...))
	soundtest.Retry(t, func() string {
		p := newPlayer(t)
		c := soundtest.Listen(t, soundtest.SpeakerMonitor)
		p.Play("note", openNote(t, path, nil), 0)
		p.until(t, 300*time.Millisecond)
		p.Pause()
		paused := c.Len()
		c.Wait(paused + soundtest.Rate)
		p.Seek(2 * time.Second)
		p.Resume()
		p.ended(t)
		c.Wait(c.Len() + soundtest.Rate/2)
		heard := c.Stop()
		if silence := heard[paused+soundtest.Rate/4 : paused+soundtest.Rate*3/4]; len(soundtest.Trim(silence, 0.001)) > 0 {
			return "the pause is not silent"
		}
		after := soundtest.Trim(heard[paused+soundtest.Rate/2:], 0.05)
		hz, took := soundtest.Pitch(after[1000:len(after)-1000]), float64(len(after))/soundtest.Rate
		if math.Abs(hz-900) > 1 || math.Abs(took-1) > 0.03 {
			return fmt.Sprintf("after the seek %.2f Hz for %.3f s, want 900 Hz for 1 s", hz, took)
		}
		return ""
	})
}

// player is one on the default speaker.
type player struct {
	*play.Player
	events chan play.Event
}

func newPlayer(t *testing.T) player {
	t.Helper()
	events := make(chan play.Event, 10_000)
	p := player{play.New(func(ctx context.Context) (play.Output, error) { return device.OpenSpeaker(ctx, "") }, func(e play.Event) { events <- e }), events}
	t.Cleanup(p.Close)
	return p
}

// until waits until the sound has come to a moment.
func (p player) until(t *testing.T, at time.Duration) {
	t.Helper()
	for e := range p.events {
		switch e := e.(type) {
		case play.Position:
			if e.At >= at {
				return
			}
		default:
			t.Fatalf("%+v", e)
		}
	}
}

func (p player) ended(t *testing.T) {
	t.Helper()
	for e := range p.events {
		switch e := e.(type) {
		case play.Ended:
			if e.Damaged {
				t.Error("it says that the sound is damaged")
			}
			return
		case play.Failed:
			t.Fatal(e.Err)
		}
	}
}

// played is what the speaker gets of s.
func played(t *testing.T, s play.Source, from time.Duration, speed float64) []float64 {
	t.Helper()
	c := soundtest.Listen(t, soundtest.SpeakerMonitor)
	p := newPlayer(t)
	p.SetSpeed(speed)
	p.Play("note", s, from)
	p.ended(t)
	c.Wait(c.Len() + soundtest.Rate/2) // what is on its way
	p.Close()
	return c.Stop()
}

func openNote(t *testing.T, path string, box voice.Isolated) *voice.Sound {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := voice.Open(t.Context(), bytes.NewReader(b), box)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// encode writes samples as ADTS.
func encode(t *testing.T, path string, samples []float64) {
	t.Helper()
	g, err := aac.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	e, err := aac.NewEncoder(aac.MaxBitrate, g.Append)
	if err != nil {
		t.Fatal(err)
	}
	pcm := make([]int16, len(samples))
	for i, v := range samples {
		pcm[i] = int16(v * math.MaxInt16)
	}
	if err := errors.Join(e.Write(pcm), e.Close(), g.Close()); err != nil {
		t.Fatal(err)
	}
}

// asM4A puts the sound of an ADTS file into an M4A.
func asM4A(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	track, err := aac.OpenADTS(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "note.m4a")
	w, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(m4a.Write(w, track), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out
}
