package device

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"

	"magpie/media/aac"
)

const (
	second = 2 * aac.SampleRate // bytes, or a little less at another rate
	// backlog is how much is kept for a reader that is late, on a disk that is busy
	// for one.
	backlog = 10 * second
	// refusedAfter is how long a microphone may give nothing but zeros on macOS, which
	// does that for a program that may not listen instead of saying so.
	refusedAfter = 2 * second
)

// errLate ends a recording that would otherwise have holes.
var errLate = errors.New("device: the samples are not read as fast as they come")

// OpenMicrophone opens the microphone with this ID, "" for the default one, under a
// limit of time. It gives 16-bit samples of 44,100 Hz mono, the lower byte first.
// Close ends a Read that waits.
//
// A Read fails with [ErrUnplugged] when the microphone is gone, with [ErrTimeout]
// when it has never given a sample and with [ErrNotAllowed] when it turns out to be
// muted for this program; what it gave before is read first.
func OpenMicrophone(ctx context.Context, id string) (io.ReadCloser, error) {
	return openMicrophone(ctx, func(m *microphone) (handle, int, error) { return captureFrom(id, m) })
}

func openMicrophone(ctx context.Context, open func(m *microphone) (h handle, rate int, err error)) (io.ReadCloser, error) {
	m := &microphone{line: newLine(), zerosAreRefusal: runtime.GOOS == "darwin"}
	m.some.L = &m.mu
	o, err := within(ctx, openLimit, func() (atRate, error) {
		h, rate, err := open(m)
		return atRate{h, rate}, err
	}, func(o atRate) { o.Close() })
	if err != nil {
		return nil, err
	}
	m.line.handle = o.handle
	if err := m.line.start(ctx, m.fail); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	if o.rate != aac.SampleRate {
		return newConverter(m, o.rate), nil
	}
	return m, nil
}

// microphone is a pipe from a device, which does not wait, to a reader, who does.
type microphone struct {
	line            *line
	zerosAreRefusal bool

	mu    sync.Mutex
	some  sync.Cond
	ring  []byte
	first int
	count int
	zeros int // bytes that came, if all were zero; -1 if not
	err   error
}

// write takes samples from the device.
func (m *microphone) write(b []byte) {
	m.line.beat()
	m.mu.Lock()
	defer m.mu.Unlock()
	defer m.some.Signal()
	if m.err != nil {
		return
	}
	if m.zerosAreRefusal && m.refused(b) {
		m.err = ErrNotAllowed
		return
	}
	if m.ring == nil {
		m.ring = make([]byte, backlog)
	}
	if len(b) > len(m.ring)-m.count {
		m.err = errLate
		return
	}
	end := (m.first + m.count) % len(m.ring)
	n := copy(m.ring[end:], b)
	copy(m.ring, b[n:])
	m.count += len(b)
}

// refused reports whether nothing but zeros came for too long. m is locked.
func (m *microphone) refused(b []byte) bool {
	if m.zeros < 0 {
		return false
	}
	for _, v := range b {
		if v != 0 {
			m.zeros = -1
			return false
		}
	}
	m.zeros += len(b)
	return m.zeros >= refusedAfter
}

// Read implements io.Reader.
func (m *microphone) Read(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for m.count == 0 && m.err == nil {
		m.some.Wait()
	}
	if m.count == 0 {
		return 0, m.err
	}
	n := copy(p, m.ring[m.first:min(m.first+m.count, len(m.ring))])
	m.first = (m.first + n) % len(m.ring)
	m.count -= n
	return n, nil
}

// fail ends the samples.
func (m *microphone) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err == nil {
		m.err = err
	}
	m.some.Broadcast()
}

// Close gives the microphone back. The error is ErrTimeout if it hangs.
func (m *microphone) Close() error {
	m.fail(io.ErrClosedPipe)
	m.mu.Lock()
	m.count = 0
	m.mu.Unlock()
	return m.line.close()
}
