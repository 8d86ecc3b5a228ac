package device

import (
	"context"
	"io"
	"sync"
	"time"
)

// handle is an open device of the sound system. Its calls may hang; line makes
// them.
type handle interface {
	Start() error
	Close() // stops it and gives it back
}

// atRate is one of so many frames a second.
type atRate struct {
	handle
	rate int
}

// line keeps a device on its lead: its calls come one after another, each in a
// goroutine of its own and under a limit, and its silence is noticed.
type line struct {
	handle handle
	turn   chan struct{} // holds one while a call is under way

	beats  chan struct{} // a sign of life, if there is room
	stops  chan struct{} // the device says that it has stopped
	closed chan struct{}
	once   sync.Once
}

func newLine() *line {
	return &line{turn: make(chan struct{}, 1), beats: make(chan struct{}, 1), stops: make(chan struct{}, 1), closed: make(chan struct{})}
}

// beat is called by the device whenever it gives or takes samples, and stopped when
// it stops. Neither waits.
func (l *line) beat()    { signal(l.beats) }
func (l *line) stopped() { signal(l.stops) }

func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// start starts the device and, once it has, watches it: lost is called if it falls
// silent before it is closed.
func (l *line) start(ctx context.Context, lost func(error)) error {
	_, err := within(ctx, openLimit, func() (struct{}, error) {
		l.turn <- struct{}{}
		defer func() { <-l.turn }()
		if l.isClosed() {
			return struct{}{}, io.ErrClosedPipe
		}
		return struct{}{}, l.handle.Start()
	}, func(struct{}) {})
	if err == nil {
		go l.watch(lost)
	}
	return err
}

// close gives the device back. It may be called again.
func (l *line) close() (err error) {
	l.once.Do(func() {
		close(l.closed)
		_, err = within(context.Background(), closeLimit, func() (struct{}, error) {
			l.turn <- struct{}{} // it is never one's turn after a start that hangs
			defer func() { <-l.turn }()
			l.handle.Close()
			return struct{}{}, nil
		}, func(struct{}) {})
	})
	return err
}

func (l *line) isClosed() bool {
	select {
	case <-l.closed:
		return true
	default:
		return false
	}
}

// watch calls lost when the device has been silent for too long. It looks now and
// then only: a timer for each sign of life would cost more.
func (l *line) watch(lost func(error)) {
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	heard, limit, err := time.Now(), silenceLimit, ErrTimeout // nothing came at all
	for {
		select {
		case <-l.closed:
			return
		case <-l.stops:
			heard, limit = time.Now(), stoppedLimit
			select { // what was given before it stopped
			case <-l.beats:
			default:
			}
		case <-ticker.C:
			select {
			case <-l.beats:
				heard, limit, err = time.Now(), silenceLimit, ErrUnplugged
			default:
			}
			if time.Since(heard) >= limit {
				lost(err)
				return
			}
		}
	}
}
