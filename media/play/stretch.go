package play

import (
	"math"

	"github.com/faiface/beep"
)

// stretcher plays a stream faster with its pitch kept, by WSOLA
// (Verhelst and Roelands, ICASSP 1993): pieces of the stream are taken at places
// that are speed times as far apart as they are played, and faded into each other.
// Each is moved a little, to where it continues what was played before it best.
//
// What comes out at frame k was at about k*speed, within reach; n frames become
// n/speed, exactly.
type stretcher struct {
	src   beep.Streamer
	speed float64
	hop   int // frames of a piece until the next one begins
	reach int // frames by which a piece may be moved either way

	in    [][2]float64 // of the source, from frame base on
	base  int
	total int // frames of the source, -1 before its end
	next  int // number of the piece that is next
	last  int // where the continuation of the piece before begins
	fade  []float64
	out   [][2]float64 // made and not yet given
	made  int          // frames given and in out
}

// newStretcher returns s, which has rate frames a second, at speed, which is
// at least 1.
func newStretcher(s beep.Streamer, rate int, speed float64) *stretcher {
	// 12.5 ms by which pieces overlap hold a period of the lowest voice, and 10 ms
	// are enough to find where it continues.
	st := &stretcher{src: s, speed: speed, hop: max(rate/80, 8), reach: max(rate/100, 4), total: -1}
	st.fade = make([]float64, st.hop)
	for i := range st.fade {
		st.fade[i] = (1 - math.Cos(math.Pi*(float64(i)+0.5)/float64(st.hop))) / 2
	}
	return st
}

// Err implements beep.Streamer.
func (s *stretcher) Err() error { return s.src.Err() }

// Stream implements beep.Streamer.
func (s *stretcher) Stream(samples [][2]float64) (n int, ok bool) {
	for n < len(samples) {
		if len(s.out) == 0 && !s.piece() {
			break
		}
		m := copy(samples[n:], s.out)
		s.out = s.out[m:]
		n += m
	}
	return n, n > 0
}

// piece makes the next hop of frames, fewer at the end, and reports whether there
// are any.
func (s *stretcher) piece() bool {
	at := int(math.Round(float64(s.next) * float64(s.hop) * s.speed))
	// So far that the end, if it is in this piece, is found.
	s.load(max(at+s.reach, s.last) + int(math.Ceil(float64(s.hop)*s.speed)))
	if s.total >= 0 && s.made >= s.length() {
		return false
	}
	if s.next > 0 {
		at = s.best(at)
	}
	before, after := s.in[s.last-s.base:], s.in[at-s.base:]
	s.out = s.out[:0]
	if cap(s.out) < s.hop {
		s.out = make([][2]float64, 0, s.hop)
	}
	for i, w := range s.fade {
		s.out = append(s.out, [2]float64{
			before[i][0] + w*(after[i][0]-before[i][0]),
			before[i][1] + w*(after[i][1]-before[i][1]),
		})
	}
	if s.total >= 0 {
		s.out = s.out[:min(s.hop, s.length()-s.made)]
	}
	s.made += len(s.out)
	s.next++
	s.last = at + s.hop
	return true
}

// length is how many frames the whole becomes.
func (s *stretcher) length() int { return int(math.Round(float64(s.total) / s.speed)) }

// load reads frames up to end, beyond the end of the source silence, and drops
// those that are not needed any more.
func (s *stretcher) load(end int) {
	keep := min(s.last, int(float64(s.next)*float64(s.hop)*s.speed)-s.reach)
	if drop := min(keep-s.base, len(s.in)); drop > 4*s.hop {
		s.in = s.in[:copy(s.in, s.in[drop:])]
		s.base += drop
	}
	for s.base+len(s.in) < end {
		have := len(s.in)
		want := end - s.base - have
		s.in = append(s.in, make([][2]float64, want)...)
		if s.total >= 0 {
			return // silence
		}
		n, _ := s.src.Stream(s.in[have:])
		if n < want {
			s.total = s.base + have + n
		}
	}
}

// best returns where, near at, the frames are most like those that continue the
// last piece.
func (s *stretcher) best(at int) int {
	from, to := max(at-s.reach, s.base), at+s.reach
	like := s.in[s.last-s.base:][:s.hop]
	best, most := at, 0.0
	// Coarse first; what is alike is so for some samples around.
	const step = 4
	for p := from; p <= to; p += step {
		if v := alike(like, s.in[p-s.base:]); v > most {
			best, most = p, v
		}
	}
	for p := max(best-step+1, from); p < min(best+step, to+1); p++ {
		if v := alike(like, s.in[p-s.base:]); v > most {
			best, most = p, v
		}
	}
	return best
}

// alike is the correlation of a with the frames of b under it, over what of it b's
// loudness makes.
func alike(a, b [][2]float64) float64 {
	b = b[:len(a)]
	product, power := 0.0, 1e-9
	for i, v := range a {
		x, y := v[0]+v[1], b[i][0]+b[i][1]
		product += x * y
		power += y * y
	}
	return product / math.Sqrt(power)
}
