package play_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/faiface/beep"

	"magpie/media/aac"
	"magpie/media/m4a"
	"magpie/media/play"
	"magpie/media/voice"
)

func row(name string, value float64, unit, goal string) {
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", name, value, unit, goal)
}

// clock is an output that pulls 20 ms every 20 ms, as devices do, and says when it
// got the first sound.
type clock struct {
	rate   int
	closed chan struct{}
	once   sync.Once
	heard  chan time.Time
}

func (c *clock) Rate() int          { return c.rate }
func (c *clock) Lost() <-chan error { return nil }
func (c *clock) Close() error       { c.once.Do(func() { close(c.closed) }); return nil }

func (c *clock) Start(s beep.Streamer) error {
	go func() {
		ticker := time.NewTicker(period)
		defer ticker.Stop()
		buf := make([][2]float64, c.rate*int(period/time.Millisecond)/1000)
		silent := true
		for {
			s.Stream(buf)
			was := silent
			if silent = !slices.ContainsFunc(buf, func(f [2]float64) bool { return f != [2]float64{} }); was && !silent {
				c.heard <- time.Now()
			}
			select {
			case <-ticker.C:
			case <-c.closed:
				return
			}
		}
	}()
	return nil
}

// note is an M4A of ten minutes.
func note(b *testing.B) []byte {
	b.Helper()
	const minutes = 10
	var file bytes.Buffer
	path := b.TempDir() + "/note.aac"
	g, err := aac.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	e, err := aac.NewEncoder(aac.MaxBitrate, g.Append)
	if err != nil {
		b.Fatal(err)
	}
	pcm := make([]int16, 10*aac.SampleRate)
	for i := range pcm {
		pcm[i] = int16(10_000 * math.Sin(2*math.Pi*float64(200+i/1000)*float64(i)/aac.SampleRate))
	}
	if err := e.Write(pcm); err != nil {
		b.Fatal(err)
	}
	if err := e.Close(); err != nil {
		b.Fatal(err)
	}
	track, f, err := aac.Recover(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	track.Units = slices.Repeat(track.Units, minutes*6)
	track.Samples = int64(len(track.Units))*aac.UnitSamples - track.Priming
	if err := m4a.Write(&file, track); err != nil {
		b.Fatal(err)
	}
	return file.Bytes()
}

func open(b *testing.B, file []byte) *voice.Sound {
	b.Helper()
	s, err := voice.Open(context.Background(), bytes.NewReader(file), nil)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func milliseconds(all []time.Duration) float64 {
	slices.Sort(all)
	return float64(all[len(all)/2]) / float64(time.Millisecond)
}

// BenchmarkFirstSound is from the click on a cached note of ten minutes to the first
// sound that the device gets: of one that is opened for it, and of one that is open
// and has just pulled.
func BenchmarkFirstSound(b *testing.B) {
	file := note(b)
	var opening, opened []time.Duration
	for b.Loop() {
		c := &clock{rate: 48000, closed: make(chan struct{}), heard: make(chan time.Time, 2)}
		p := play.New(func(context.Context) (play.Output, error) { return c, nil }, func(play.Event) {})
		began := time.Now()
		p.Play("a", open(b, file), 5*time.Minute)
		opening = append(opening, (<-c.heard).Sub(began))
		p.Stop()
		time.Sleep(2 * period) // it pulls silence
		began = time.Now()
		p.Play("b", open(b, file), 5*time.Minute)
		opened = append(opened, (<-c.heard).Sub(began))
		p.Close()
	}
	row("play/first_sound", milliseconds(opening), "ms", "<= 50")
	row("play/first_sound_open_device", milliseconds(opened), "ms", "<= 50")
}
