package play

import (
	"math"
	"sync"

	"github.com/faiface/beep"
	"github.com/faiface/beep/effects"
)

const (
	// blockFrames are decoded at once: about 10 ms.
	blockFrames = 480
	// maxBlocks are kept ready: about a quarter of a second, enough for a busy
	// machine and little to decode again after a seek.
	maxBlocks = 24
	// readyBlocks are waited for before the first is heard, also after the decoder was
	// late: a device that starts pulls about 100 ms at once, and sound with a hole is
	// worse than sound a moment later.
	readyBlocks = 10
)

// block is a piece of decoded sound. Its first frame is frame at of the source,
// and each next one is step further.
type block struct {
	frames   [blockFrames][2]float64
	n        int
	at, step float64
}

// ending is how a sound ended.
type ending struct {
	err     error
	damaged bool
}

// feed stands between the decoder, which may be late, and the device, which may
// not wait: a ring of blocks behind a beep.Ctrl for pausing and an effects.Volume.
// It is what an Output pulls; it never ends, and where there is no block there is
// silence. Its lock is held for copying only.
type feed struct {
	mu     sync.Mutex
	room   sync.Cond
	ctrl   beep.Ctrl
	volume effects.Volume

	// turn counts resets; blocks of an earlier one are not taken.
	turn  int
	ring  [maxBlocks]block
	first int // of the ring
	count int
	used  int           // frames of the first block
	at    float64       // frame of the source that is heard next
	end   *ending       // not nil: no block follows
	ready chan struct{} // closed when it may be heard
	spent chan<- struct{}
}

// newFeed returns a feed that sends to spent, if that has room, when all was pulled
// and nothing follows.
func newFeed(spent chan<- struct{}) *feed {
	f := &feed{spent: spent, ready: make(chan struct{})}
	f.room.L = &f.mu
	f.ctrl.Streamer = beep.StreamerFunc(f.pull)
	f.volume = effects.Volume{Streamer: &f.ctrl, Base: 2}
	return f
}

// Stream implements beep.Streamer for the device.
func (f *feed) Stream(samples [][2]float64) (n int, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.volume.Stream(samples)
}

// Err implements beep.Streamer.
func (f *feed) Err() error { return nil }

// pull copies what there is. f is locked.
func (f *feed) pull(samples [][2]float64) (int, bool) {
	n := 0
	for n < len(samples) && f.count > 0 && f.isReady() {
		b := &f.ring[f.first]
		m := copy(samples[n:], b.frames[f.used:b.n])
		n += m
		f.used += m
		f.at = b.at + float64(f.used)*b.step
		if f.used == b.n {
			f.first, f.count, f.used = (f.first+1)%maxBlocks, f.count-1, 0
			f.room.Signal()
		}
	}
	if f.count == 0 && f.end == nil && f.isReady() {
		f.ready = make(chan struct{}) // the decoder is late
	}
	f.tell()
	clear(samples[n:])
	return len(samples), true
}

// isReady reports whether ready is closed, and check closes it if it is time. f is
// locked.
func (f *feed) isReady() bool {
	select {
	case <-f.ready:
		return true
	default:
		return false
	}
}

func (f *feed) check() {
	if (f.count >= readyBlocks || f.end != nil) && !f.isReady() {
		close(f.ready)
	}
}

// waits returns what is closed when the sound may be heard.
func (f *feed) waits() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.ready
}

// tell sends to spent if it is time. f is locked.
func (f *feed) tell() {
	if f.count == 0 && f.end != nil {
		select {
		case f.spent <- struct{}{}:
		default:
		}
	}
}

// reset drops all blocks and begins a new turn at a frame of the source.
func (f *feed) reset(at float64) (turn int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.turn++
	f.count, f.used, f.at, f.end, f.ready = 0, 0, at, nil, make(chan struct{})
	f.room.Broadcast()
	return f.turn
}

// put adds a block when there is room. It reports false, without waiting, if the
// turn is over.
func (f *feed) put(turn int, b *block) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for f.turn == turn && f.count == maxBlocks {
		f.room.Wait()
	}
	if f.turn != turn {
		return false
	}
	f.ring[(f.first+f.count)%maxBlocks] = *b
	f.count++
	f.check()
	return true
}

// finish says that no block follows in this turn.
func (f *feed) finish(turn int, e ending) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.turn == turn {
		f.end = &e
		f.check()
		f.tell()
	}
}

// position is the frame of the source that is heard next, and how the sound ended
// if all of it was heard.
func (f *feed) position() (at float64, end *ending) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.count > 0 {
		return f.at, nil
	}
	return f.at, f.end
}

func (f *feed) setPaused(paused bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ctrl.Paused = paused
}

// setVolume takes 10 dB for half as loud.
func (f *feed) setVolume(v float64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.volume.Silent = v <= 0
	if v > 0 {
		f.volume.Volume = math.Log2(v) * 0.5 / math.Log10(2)
	}
}
