package soundtest

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestFind(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	want := make([]float64, 5000)
	for i := range want {
		want[i] = r.NormFloat64() / 4
	}
	for _, c := range []struct {
		lag   int
		gain  float64
		noise float64
		snr   float64
	}{{0, 1, 0, 100}, {1234, 0.5, 0, 100}, {70, 1, 0.025, 20}} {
		heard := make([]float64, 8000)
		for i := range heard {
			heard[i] = r.NormFloat64() * c.noise
		}
		for i, v := range want {
			heard[c.lag+i] += c.gain * v
		}
		m := Find(want, heard)
		if m.Lag != c.lag || math.Abs(m.Gain-c.gain) > 0.01 || m.SNR < c.snr-0.5 || c.noise > 0 && m.SNR > c.snr+0.5 || m.Correlation < 0.99 {
			t.Errorf("%+v: %+v", c, m)
		}
	}
	other := make([]float64, 8000)
	for i := range other {
		other[i] = r.NormFloat64() / 4
	}
	if m := Find(want, other); m.Correlation > 0.2 || m.SNR > 0 {
		t.Errorf("another sound: %+v", m)
	}
	if m := Find(want, want[:4000]); m.Lag != 0 || m.SNR > 10 {
		t.Errorf("without its end: %+v", m)
	}
	if m := Find(want, make([]float64, 8000)); m.Correlation != 0 {
		t.Errorf("silence: %+v", m)
	}
	if m := Find(want, nil); m.Correlation != 0 {
		t.Errorf("nothing: %+v", m)
	}
}

func TestPitchAndTrim(t *testing.T) {
	tone := append(append(make([]float64, 300), Tone(440, 1)...), make([]float64, 200)...)
	trimmed := Trim(tone, 0.01)
	if len(trimmed) < Rate-10 || len(trimmed) > Rate {
		t.Errorf("%d samples of %d", len(trimmed), Rate)
	}
	if hz := Pitch(trimmed); math.Abs(hz-440) > 0.01 {
		t.Errorf("%v Hz", hz)
	}
	if hz := Pitch(make([]float64, 100)); hz != 0 {
		t.Errorf("the pitch of silence is %v", hz)
	}
}
