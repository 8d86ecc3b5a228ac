package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/tetratelabs/wazero"
)

// call runs the guest once over file, in an instance of its own, with what it
// writes going to out. The result is why it was stopped, if it was; the error of
// file's reader, if there was one; and otherwise how the guest says it ended.
func (e *engine) call(r *running, file File, out io.Writer, arguments ...string) error {
	only := &onlyFile{file: file}
	reason := &beginning{limit: maxReason}
	config := wazero.NewModuleConfig().
		WithName(""). // any number at once
		WithArgs(append([]string{"ffmpeg"}, arguments...)...).
		WithFSConfig(wazero.NewFSConfig().WithFSMount(only, "/")).
		WithStdout(out).
		WithStderr(reason)
	instance, err := e.runtime.InstantiateModule(r.ctx, e.module, config)
	if instance != nil {
		// Closing frees the memory; what it could say is said by err already.
		defer func() { _ = instance.Close(context.Background()) }()
	}
	if r.ctx.Err() != nil {
		return context.Cause(r.ctx)
	}
	if err := only.failed(); err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	return ending(err, string(reason.kept))
}

// acquire waits for a place in slots; release must follow.
func (s *Sandbox) acquire(ctx context.Context, slots chan struct{}) (release func(), err error) {
	select {
	case slots <- struct{}{}:
		return func() { <-slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.alive.Done():
		return nil, ErrClosed
	}
}

// beginning keeps the first bytes of what is written to it.
type beginning struct {
	limit int
	kept  []byte
}

func (b *beginning) Write(p []byte) (int, error) {
	b.kept = append(b.kept, p[:min(len(p), b.limit-len(b.kept))]...)
	return len(p), nil
}

// collector keeps all that is written to it, up to limit bytes; more stops the
// guest.
type collector struct {
	limit int
	kept  []byte
	stop  context.CancelCauseFunc
}

var errOutput = errors.New("too much output")

func (c *collector) Write(p []byte) (int, error) {
	if len(p) > c.limit-len(c.kept) {
		c.stop(fmt.Errorf("%w: %w", ErrTooLarge, errOutput))
		return 0, errOutput
	}
	c.kept = append(c.kept, p...)
	return len(p), nil
}

// collect runs a command whose output is kept whole, up to limit bytes, and
// returns it together with the error: the output of a failed command may have a
// good beginning.
func (s *Sandbox) collect(ctx context.Context, file File, limit int, arguments ...string) ([]byte, error) {
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
	release, err := s.acquire(ctx, s.calls)
	if err != nil {
		return nil, err
	}
	defer release()
	r, done := s.run(ctx)
	defer done()
	out := &collector{limit: limit, stop: r.stop}
	err = engine.call(r, file, out, arguments...)
	return out.kept, err
}
