package sandbox

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"
)

// maxSound is the longest sound that PCM gives.
const maxSound = 4 * time.Hour

// Sound is the decoded sound of a file, as it is being decoded: 16-bit samples,
// the lower byte first, channel by channel. Close it at the end. One goroutine may
// use it at a time.
type Sound struct {
	Info     Info
	Rate     int // Hz
	Channels int // 1 or 2

	r     *bufio.Reader
	pipe  *io.PipeReader
	stop  context.CancelCauseFunc
	ended chan struct{}
}

// PCM decodes the best sound of the file. Every rate is kept; more than two
// channels become two. It returns when the first samples are there; the rest is
// decoded as it is read, and nothing runs while nobody reads. ctx is for all of
// that.
//
// The errors, also those of reading, are those of [Sandbox.Probe]. Of damaged
// sound all that can be decoded is given before the error.
func (s *Sandbox) PCM(ctx context.Context, file File) (*Sound, error) {
	sound, err := s.pcm(ctx, file)
	if err != nil {
		return nil, fmt.Errorf("sandbox: decode: %w", err)
	}
	return sound, nil
}

func (s *Sandbox) pcm(ctx context.Context, file File) (*Sound, error) {
	if err := s.enter(); err != nil {
		return nil, err
	}
	defer s.leave()
	if file.Size() <= 0 {
		return nil, fmt.Errorf("%w: the file is empty", ErrDamaged)
	}
	engine, err := s.running(ctx)
	if err != nil {
		return nil, err
	}
	release, err := s.acquire(ctx, s.streams)
	if err != nil {
		return nil, err
	}
	r, done := s.run(ctx)
	pr, pw := io.Pipe()
	out := &streamer{pipe: pw, running: r, deadline: s.options.Deadline}
	sound := &Sound{r: bufio.NewReaderSize(pr, 32<<10), pipe: pr, stop: r.stop, ended: make(chan struct{})}
	s.mu.Lock()
	s.join()
	s.mu.Unlock()
	go func() {
		defer s.leave()
		defer close(sound.ended)
		defer release()
		defer done()
		// A reader that waits, or a guest whose reader has gone, learns of the end
		// by the pipe.
		unblock := context.AfterFunc(r.ctx, func() { pw.CloseWithError(context.Cause(r.ctx)) })
		defer unblock()
		err := engine.call(r, file, out, "sound", "/"+guestName)
		pw.CloseWithError(err) // nil is io.EOF
	}()
	if err := sound.readHead(); err != nil {
		_ = sound.Close() // it only stops
		return nil, err
	}
	out.perSecond.Store(int64(2 * sound.Rate * sound.Channels))
	return sound, nil
}

// readHead reads the lines that scripts/ffwasm/sound.c writes before the samples.
func (s *Sound) readHead() error {
	info, err := readInfo(s.r)
	if err != nil {
		return err
	}
	line, err := readLine(s.r)
	if err != nil {
		return err
	}
	words := strings.Split(line, " ")
	if len(words) != 3 || words[0] != "sound" {
		return wrongAnswer()
	}
	n, ok := numbers(words[1:], mostRate)
	if !ok || n[0] == 0 || n[1] < 1 || n[1] > 2 {
		return wrongAnswer()
	}
	s.Info, s.Rate, s.Channels = info, int(n[0]), int(n[1])
	return nil
}

// Read gives bytes of samples, not always whole ones. At the end it returns
// io.EOF, or why there is no more.
func (s *Sound) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("sandbox: decode: %w", err)
	}
	return n, err
}

// Close stops the decoding. It returns when nothing of it is left.
func (s *Sound) Close() error {
	s.stop(ErrClosed)
	_ = s.pipe.Close() // always nil
	<-s.ended
	return nil
}

// streamer hands on what the guest writes. Its time stands still meanwhile, and
// grows by the length of the sound: so it may be no slower than the sound itself
// by more than the deadline.
type streamer struct {
	pipe      *io.PipeWriter
	running   *running
	deadline  time.Duration
	perSecond atomic.Int64 // bytes of a second of sound, 0 before that is known
	written   int64
}

func (w *streamer) Write(p []byte) (int, error) {
	if err := w.running.ctx.Err(); err != nil {
		return 0, err // being stopped takes the guest a moment
	}
	w.running.allowance.pause()
	defer w.running.allowance.resume()
	n, err := w.pipe.Write(p)
	if err != nil {
		return n, err
	}
	w.written += int64(n)
	if perSecond := w.perSecond.Load(); perSecond > 0 {
		if w.written > int64(maxSound/time.Second)*perSecond {
			w.running.stop(fmt.Errorf("%w: more than %v of sound", ErrTooLarge, maxSound))
			return n, errOutput
		}
		length := time.Duration(float64(n) / float64(perSecond) * float64(time.Second))
		w.running.allowance.grow(length, w.deadline)
	}
	return n, nil
}
