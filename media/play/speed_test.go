package play_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"magpie/media/play"
)

// Whatever the speed and the rate of the device, a tone stays the tone it was, as
// pure and as loud, and only its length changes.
func TestSpeedKeepsThePitch(t *testing.T) {
	const seconds = 1
	for _, c := range []struct {
		speed    float64
		from, to int
	}{
		{1, 44100, 48000}, {1, 8000, 44100}, {1.5, 44100, 44100}, {2, 44100, 44100}, {1.5, 44100, 48000}, {2, 16000, 48000},
	} {
		for _, hz := range []float64{90, 1730} {
			t.Run(fmt.Sprintf("%v×, %d to %d Hz, %v Hz", c.speed, c.from, c.to, hz), func(t *testing.T) {
				with(t, c.to, func(r *rig) {
					r.SetSpeed(c.speed)
					r.Play("a", newSound(c.from, tone(c.from, seconds*c.from, hz)), 0)
					r.after(3 * time.Second)
					if r.last() != (play.Ended{ID: "a"}) {
						t.Fatalf("%+v", r.last())
					}
					got := heard(r.speaker(0).pulled())
					if took := float64(len(got)) / float64(c.to); math.Abs(took-seconds/c.speed) > 0.002 {
						t.Errorf("%.4f s, want %.4f", took, seconds/c.speed)
					}
					f, amplitude, noise := sine(got[len(got)/10:len(got)*9/10], c.to, hz)
					if math.Abs(f/hz-1) > 0.003 || math.Abs(amplitude-0.5) > 0.02 || noise < 25 {
						t.Errorf("%.2f Hz of amplitude %.3f, purer than its noise by %.1f dB", f, amplitude, noise)
					}
				})
			})
		}
	}
}

// sine finds the tone near hz: its frequency by its zero crossings, its amplitude,
// and how far below it is what is in 50 ms besides it.
func sine(frames [][2]float64, rate int, hz float64) (f, amplitude, noise float64) {
	var first, last float64
	crossings := 0
	for i := 1; i < len(frames); i++ {
		a, b := frames[i-1][0], frames[i][0]
		if a < 0 && b >= 0 {
			at := float64(i-1) + a/(a-b)
			if crossings == 0 {
				first = at
			}
			last = at
			crossings++
		}
	}
	f = float64(crossings-1) * float64(rate) / (last - first)
	// Of 50 ms at a time, for the phase wanders.
	window := rate / 20
	var power, rest float64
	for ; len(frames) >= window; frames = frames[window:] {
		var ss, cc, sc, xs, xc, xx float64
		for i, v := range frames[:window] {
			s, c := math.Sincos(2 * math.Pi * hz * float64(i) / float64(rate))
			x := v[0]
			ss, cc, sc, xs, xc, xx = ss+s*s, cc+c*c, sc+s*c, xs+x*s, xc+x*c, xx+x*x
		}
		d := ss*cc - sc*sc
		a, b := (xs*cc-xc*sc)/d, (xc*ss-xs*sc)/d
		fit := a*xs + b*xc
		power += fit
		rest += xx - fit
		amplitude = max(amplitude, math.Hypot(a, b))
	}
	return f, amplitude, 10 * math.Log10(power/max(rest, 1e-12))
}

// Changing the speed goes on at the same place, and the position follows it.
func TestChangeOfSpeed(t *testing.T) {
	with(t, rate, func(r *rig) {
		r.Play("a", newSound(rate, tone(rate, 10*rate, 440)), 0)
		r.after(1010 * time.Millisecond)
		r.take()
		r.SetSpeed(2)
		if e := r.take(); len(e) != 1 || e[0] != (play.Position{ID: "a", At: time.Second, Length: 10 * time.Second, Playing: true}) {
			t.Errorf("at once: %+v", e)
		}
		r.SetSpeed(2)
		if e := r.take(); len(e) != 0 {
			t.Errorf("the same speed: %+v", e)
		}
		r.after(2 * time.Second)
		if at := r.at(); (at - 5*time.Second).Abs() > 120*time.Millisecond {
			t.Errorf("at %v, want about 5 s", at)
		}
		r.SetSpeed(1.5)
		r.after(2 * time.Second)
		if at := r.at(); (at - 8*time.Second).Abs() > 120*time.Millisecond {
			t.Errorf("at %v, want about 8 s", at)
		}
		r.SetSpeed(math.Inf(1)) // is 3
		r.after(time.Second)
		if r.last() != (play.Ended{ID: "a"}) {
			t.Errorf("%+v", r.last())
		}
	})
}

// Sound shorter than a piece has its length all the same.
func TestShortSounds(t *testing.T) {
	for _, n := range []int{1, 2, 100, 480, 551, 552, 960, 1500} {
		for _, speed := range []float64{1, 1.5, 2} {
			with(t, rate, func(r *rig) {
				r.SetSpeed(speed)
				frames := make([][2]float64, n)
				for i := range frames {
					frames[i] = [2]float64{1, 1}
				}
				r.Play("a", newSound(rate, frames), 0)
				r.after(time.Second)
				if r.last() != (play.Ended{ID: "a"}) {
					t.Errorf("%d frames at %v: %+v", n, speed, r.last())
				}
				if got, want := len(heard(r.speaker(0).pulled())), math.Round(float64(n)/speed); math.Abs(float64(got)-want) > 0 {
					t.Errorf("%d frames at %v became %d, want %v", n, speed, got, want)
				}
			})
		}
	}
}
