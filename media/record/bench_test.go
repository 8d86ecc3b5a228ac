//go:build unix

package record_test

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"syscall"
	"testing"
	"time"

	"magpie/media/aac"
	"magpie/media/record"
)

// BenchmarkRecord records ten seconds as they come from a microphone, in pieces of
// 20 ms, but without waiting for them: what it takes of a core is the processor's
// time, of all threads, for a second of sound.
func BenchmarkRecord(b *testing.B) {
	const seconds = 10
	pcm := speech(seconds)
	var used time.Duration
	for b.Loop() {
		r, err := record.New(record.Options{Path: b.TempDir() + "/note.aac"}, func(record.Event) {})
		if err != nil {
			b.Fatal(err)
		}
		began := processorTime(b)
		note, err := r.Run(b.Context(), io.NopCloser(bytes.NewReader(pcm)))
		if err != nil || note.Duration() != seconds*time.Second {
			b.Fatal(note.Duration(), err)
		}
		used += processorTime(b) - began
	}
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "media/record_share_of_core", 100*used.Seconds()/float64(b.N*seconds), "%", "<= 5")
}

// speech is something like it: syllables of a voice with many harmonics, and noise
// between them.
func speech(seconds int) []byte {
	b := make([]byte, 0, 2*seconds*aac.SampleRate)
	noise := uint32(1)
	for i := range seconds * aac.SampleRate {
		t := float64(i) / aac.SampleRate
		v := 0.0
		for h := 1.0; h <= 20; h++ {
			v += math.Sin(2*math.Pi*h*(120*t+3*math.Sin(2*math.Pi*t))) / h
		}
		noise = noise*1664525 + 1013904223
		syllable := math.Abs(math.Sin(math.Pi * 3 * t))
		s := int16(6000*syllable*v + (1-syllable)*float64(int32(noise)>>20))
		b = append(b, byte(s), byte(s>>8))
	}
	return b
}

// processorTime is what this process has used.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
