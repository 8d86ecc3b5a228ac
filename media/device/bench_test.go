//go:build linux && cgo

package device_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/faiface/beep"

	"magpie/media/device"
	"magpie/media/play"
	"magpie/media/voice"
)

// BenchmarkFirstSound is from the click on a cached note to the first sound that a
// real sound system gets, whose device is opened for it. It runs itself under
// scripts/with-sound.
func BenchmarkFirstSound(b *testing.B) {
	const inside = "MAGPIE_WITH_SOUND"
	if os.Getenv(inside) == "" {
		cmd := exec.Command(filepath.Join("..", "..", "scripts", "with-sound"), os.Args[0],
			"-test.run=^$", "-test.bench=^BenchmarkFirstSound$", "-test.benchtime="+flag.Lookup("test.benchtime").Value.String())
		cmd.Env = append(os.Environ(), inside+"=1")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		return
	}
	file, err := os.ReadFile(filepath.Join("..", "sandbox", "testdata", "sp5.aac"))
	if err != nil {
		b.Fatal(err)
	}
	var all []time.Duration
	for b.Loop() {
		heard := make(chan time.Time, 1)
		failed := make(chan error, 1)
		p := play.New(func(ctx context.Context) (play.Output, error) {
			out, err := device.OpenSpeaker(ctx, "")
			return listening{out, heard}, err
		}, func(e play.Event) {
			if f, ok := e.(play.Failed); ok {
				failed <- f.Err
			}
		})
		began := time.Now()
		s, err := voice.Open(context.Background(), bytes.NewReader(file), nil)
		if err != nil {
			b.Fatal(err)
		}
		p.Play("note", s, time.Second)
		select {
		case at := <-heard:
			all = append(all, at.Sub(began))
		case err := <-failed:
			b.Fatal(err)
		}
		p.Close()
	}
	slices.Sort(all)
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "device/first_sound", float64(all[len(all)/2])/float64(time.Millisecond), "ms", "<= 50")
}

// listening is an output that says when it got the first sound.
type listening struct {
	play.Output
	heard chan<- time.Time
}

func (l listening) Start(s beep.Streamer) error {
	silent := true
	return l.Output.Start(beep.StreamerFunc(func(samples [][2]float64) (int, bool) {
		n, ok := s.Stream(samples)
		if silent && slices.ContainsFunc(samples[:n], func(f [2]float64) bool { return f != [2]float64{} }) {
			silent = false
			l.heard <- time.Now()
		}
		return n, ok
	}))
}
