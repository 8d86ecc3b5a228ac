package soundtest

import (
	"math"
	"math/bits"
	"math/cmplx"
)

// Match says how well one sound is found in another.
type Match struct {
	// Lag is how many samples later it begins there.
	Lag int
	// Correlation is 1 if it is the same but for its loudness, 0 if it is another.
	Correlation float64
	// SNR is how far above what differs it is, in dB, when its loudness is made the
	// same: the loudness is Gain.
	SNR, Gain float64
}

// Find finds want, all of it, in heard: where it is most like it.
func Find(want, heard []float64) Match {
	size := 1 << bits.Len(uint(len(want)+len(heard)))
	a, b := make([]complex128, size), make([]complex128, size)
	for i, v := range want {
		a[i] = complex(v, 0)
	}
	for i, v := range heard {
		b[i] = complex(v, 0)
	}
	transform(a)
	transform(b)
	// The inverse transform of conj(A)B is that of the conjugate, conjugated.
	for i := range a {
		a[i] *= cmplx.Conj(b[i])
	}
	transform(a)
	best, most := 0, math.Inf(-1)
	for lag := range len(heard) {
		if v := real(a[lag]); v > most {
			best, most = lag, v
		}
	}
	return at(want, heard, best)
}

// at compares want with heard from lag on. What heard does not have is silence.
func at(want, heard []float64, lag int) Match {
	here := make([]float64, len(want))
	copy(here, heard[min(lag, len(heard)):])
	var ww, hh, wh float64
	for i, w := range want {
		h := here[i]
		ww += w * w
		hh += h * h
		wh += w * h
	}
	m := Match{Lag: lag}
	if ww == 0 || hh == 0 {
		return m
	}
	m.Correlation = wh / math.Sqrt(ww*hh)
	m.Gain = wh / ww
	difference := 0.0
	for i, w := range want {
		d := here[i] - m.Gain*w
		difference += d * d
	}
	m.SNR = 10 * math.Log10(m.Gain*m.Gain*ww/max(difference, 1e-12))
	return m
}

// Trim cuts what is quieter than level off both ends.
func Trim(samples []float64, level float64) []float64 {
	for len(samples) > 0 && math.Abs(samples[0]) < level {
		samples = samples[1:]
	}
	for len(samples) > 0 && math.Abs(samples[len(samples)-1]) < level {
		samples = samples[:len(samples)-1]
	}
	return samples
}

// Pitch is the frequency of a pure tone, in Hz, by its zero crossings; 0 if there
// are fewer than two.
func Pitch(samples []float64) float64 {
	first, last, n := 0.0, 0.0, 0
	for i := 1; i < len(samples); i++ {
		a, b := samples[i-1], samples[i]
		if a < 0 && b >= 0 {
			last = float64(i-1) + a/(a-b)
			if n == 0 {
				first = last
			}
			n++
		}
	}
	if n < 2 {
		return 0
	}
	return float64(n-1) * Rate / (last - first)
}

// Tone is a sine with an amplitude of a half.
func Tone(hz, seconds float64) []float64 {
	samples := make([]float64, int(seconds*Rate))
	for i := range samples {
		samples[i] = math.Sin(2*math.Pi*hz*float64(i)/Rate) / 2
	}
	return samples
}

// transform is the Fourier transform of x, whose length is a power of two, in
// place.
func transform(x []complex128) {
	n := len(x)
	shift := 64 - bits.Len(uint(n-1))
	for i := range x {
		if j := int(bits.Reverse64(uint64(i)) >> shift); n > 1 && i < j {
			x[i], x[j] = x[j], x[i]
		}
	}
	for half := 1; half < n; half *= 2 {
		step := cmplx.Rect(1, -math.Pi/float64(half))
		for begin := 0; begin < n; begin += 2 * half {
			w := complex(1, 0)
			for i := begin; i < begin+half; i++ {
				a, b := x[i], x[i+half]*w
				x[i], x[i+half] = a+b, a-b
				w *= step
			}
		}
	}
}
