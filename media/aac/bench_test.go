package aac_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"magpie/media/aac"
)

func printFigure(name string, value float64, unit, goal string) {
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", name, value, unit, goal)
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2]
}

// BenchmarkEncode encodes speech as it is encoded while recording; what that takes
// of a core is the reverse of how much faster than sound it is.
func BenchmarkEncode(b *testing.B) {
	const seconds = 10
	source := voice(seconds)
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		e, err := aac.NewEncoder(aac.MaxBitrate, func([]byte) error { return nil })
		if err != nil {
			b.Fatal(err)
		}
		for chunk := range slices.Chunk(source, aac.SampleRate/20) {
			if err := e.Write(chunk); err != nil {
				b.Fatal(err)
			}
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	t := median(took).Seconds()
	printFigure("media/encode_192k", seconds/t, "x real time", ">= 40")
	printFigure("media/encode_share_of_core", 100*t/seconds, "%", "<= 5")
}

// BenchmarkFirstSound opens a cached note of ten minutes and decodes the first
// 20 ms of it.
func BenchmarkFirstSound(b *testing.B) {
	note := longNote(b)
	var took []time.Duration
	buf := make([]int16, aac.SampleRate/50)
	for b.Loop() {
		began := time.Now()
		d := decoder(b, open(b, note))
		if n, err := d.Read(buf); err != nil || n == 0 {
			b.Fatal(n, err)
		}
		took = append(took, time.Since(began))
	}
	printFigure("media/first_sound", float64(median(took))/float64(time.Millisecond), "ms", "<= 50")
}

// longNote is ten minutes, one of them again and again.
func longNote(b *testing.B) []byte {
	b.Helper()
	return bytes.Repeat(read(b, record(b, voice(60), aac.MaxBitrate)), 10)
}

// BenchmarkDecode decodes speech.
func BenchmarkDecode(b *testing.B) {
	const seconds = 10
	source := voice(seconds)
	track := open(b, read(b, record(b, source, aac.MaxBitrate)))
	var took []time.Duration
	db := 0.0
	for b.Loop() {
		began := time.Now()
		got, err := readAll(decoder(b, track))
		if err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
		db = snr(source, got)
	}
	printFigure("media/decode_aac", seconds/median(took).Seconds(), "x real time", ">= 100")
	printFigure("media/loop_192k", db, "dB", ">= 45")
}
