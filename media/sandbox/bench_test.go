package sandbox_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"magpie/media/sandbox"
)

// row prints one line of the table of figures.
func row(name string, value float64, unit, goal string) {
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", name, value, unit, goal)
}

func milliseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

// A still of a video of 1920 by 1080, from a sandbox that has started. Without
// ffmpeg to make that video the figure is of the small one, and its name says so.
func BenchmarkStill(b *testing.B) {
	content, name, goal := load(b, "f_h264.mp4"), "sandbox/still_640x360_h264", "-"
	if clip := fullHD(b); clip != nil {
		content, name, goal = clip, "sandbox/still_1080p_h264", "<= 200"
	}
	if err := ffmpeg.Warm(b.Context()); err != nil {
		b.Fatal(err)
	}
	var all []time.Duration
	for b.Loop() {
		begin := time.Now()
		if _, _, err := ffmpeg.Still(context.Background(), bytes.NewReader(content), 320); err != nil {
			b.Fatal(err)
		}
		all = append(all, time.Since(begin))
	}
	row(name, milliseconds(median(all)), "ms", goal)
}

// fullHD returns a video that ffmpeg makes, or nil if there is none or it has no
// encoder for H.264.
func fullHD(b *testing.B) []byte {
	b.Helper()
	program, err := exec.LookPath("ffmpeg")
	if err != nil {
		return nil
	}
	clip := filepath.Join(b.TempDir(), "clip.mp4")
	out, err := exec.Command(program, "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=30:duration=1",
		"-c:v", "libx264", "-pix_fmt", "yuv420p", "-y", clip).CombinedOutput()
	if err != nil {
		b.Logf("ffmpeg cannot make a clip: %v\n%s", err, out)
		return nil
	}
	content, err := os.ReadFile(clip)
	if err != nil {
		b.Fatal(err)
	}
	return content
}

// Five seconds of HE-AAC, how soon the first of it is there and how much faster
// than it sounds all of it is.
func BenchmarkHEAAC(b *testing.B) {
	content := load(b, "sp5_he.m4a")
	var first, all []time.Duration
	var length time.Duration
	for b.Loop() {
		begin := time.Now()
		sound, err := ffmpeg.PCM(context.Background(), bytes.NewReader(content))
		if err != nil {
			b.Fatal(err)
		}
		first = append(first, time.Since(begin))
		n, err := io.Copy(io.Discard, sound)
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, time.Since(begin))
		length = time.Duration(n) * time.Second / time.Duration(2*sound.Channels*sound.Rate)
		sound.Close()
	}
	row("sandbox/he_aac_first_sound", milliseconds(median(first)), "ms", "<= 50")
	row("sandbox/he_aac_decode", length.Seconds()/median(all).Seconds(), "x", ">= 10")
}

// Compiling the module once on a machine, and starting with what was kept of it.
func BenchmarkStart(b *testing.B) {
	dir := b.TempDir()
	start := func() float64 {
		s := sandbox.New(sandbox.Options{CacheDir: dir})
		begin := time.Now()
		if err := s.Warm(context.Background()); err != nil {
			b.Fatal(err)
		}
		took := time.Since(begin)
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		return milliseconds(took)
	}
	row("sandbox/start_first_ever", start(), "ms", "-")
	var sum float64
	for b.Loop() {
		sum += start()
	}
	row("sandbox/start_from_cache", sum/float64(b.N), "ms", "<= 300")
}
