package aac_test

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"magpie/media/aac"
)

// voice is seconds of something like speech: syllables of a gliding voice with
// its formants, hisses between them, and pauses.
func voice(seconds float64) []int16 {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]int16, int(seconds*aac.SampleRate))
	phase, hiss := 0.0, 0.0
	for i := range out {
		t := float64(i) / aac.SampleRate
		syllable := math.Mod(t, 0.25) / 0.25
		f0 := 110 + 40*math.Sin(2*math.Pi*0.7*t)
		phase += 2 * math.Pi * f0 / aac.SampleRate
		v := 0.0
		if syllable < 0.7 {
			loud := math.Sin(math.Pi * syllable / 0.7)
			for h := 1; h <= 30; h++ {
				f := f0 * float64(h)
				formant := 0.05/float64(h) + bell(f, 600, 250) + 0.4*bell(f, 1500+400*math.Sin(t), 300)
				v += 0.1 * loud * formant * math.Sin(phase*float64(h))
			}
		} else if syllable < 0.85 {
			hiss += 0.3 * (r.Float64() - 0.5 - hiss)
			v = 0.02 * hiss
		}
		out[i] = int16(math.Round(math.Max(-1, math.Min(1, v)) * 32000))
	}
	return out
}

// bell is 1 at middle and falls off with width.
func bell(f, middle, width float64) float64 {
	d := (f - middle) / width
	return math.Exp(-d * d)
}

// snr is the ratio of want to the error of got, in dB, over all samples of want.
func snr(want, got []int16) float64 {
	var signal, noise float64
	for i := range want {
		g := 0.0
		if i < len(got) {
			g = float64(got[i])
		}
		signal += float64(want[i]) * float64(want[i])
		noise += (float64(want[i]) - g) * (float64(want[i]) - g)
	}
	return 10 * math.Log10(signal/noise)
}

// espeak is real synthetic speech of 44,100 Hz, nil where the program is missing.
func espeak(t *testing.T) []int16 {
	t.Helper()
	for _, p := range []string{"espeak-ng", "sox"} {
		if _, err := exec.LookPath(p); err != nil {
			return nil
		}
	}
	wav, raw := filepath.Join(t.TempDir(), "a.wav"), filepath.Join(t.TempDir(), "a.raw")
	const text = "The quick brown fox jumps over the lazy dog while six fresh herrings are sizzling on the stove."
	// Quieter by 6 dB: as it comes it is cut at full scale, and no codec keeps that.
	for _, cmd := range []*exec.Cmd{
		exec.CommandContext(t.Context(), "espeak-ng", "-w", wav, text),
		exec.CommandContext(t.Context(), "sox", wav, "-r", "44100", "-c", "1", "-b", "16", "-e", "signed", raw, "gain", "-6"),
	} {
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
		}
	}
	b, err := os.ReadFile(raw)
	if err != nil {
		t.Fatal(err)
	}
	s := make([]int16, len(b)/2)
	for i := range s {
		s[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return s
}
