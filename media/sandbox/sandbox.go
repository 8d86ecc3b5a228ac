package sandbox

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Options say what the guest may use. The zero value of each field stands for the
// value named there.
type Options struct {
	// CacheDir is a folder for the module as machine code, about 25 MB, made if
	// it is missing: with it a start takes a tenth of a second instead of two.
	// Nobody else may be able to write there. What other versions of the module
	// have left there is removed. Without it, or if it cannot be used, the module
	// is compiled in every process.
	CacheDir string
	// MemoryLimit is the most memory of one call in bytes, 512 MiB.
	MemoryLimit int64
	// Deadline is the longest that [Sandbox.Probe] and [Sandbox.Still] may run,
	// 5 s, and by how much [Sandbox.PCM] may fall behind the sound it has given.
	// It does not count the start, nor waiting for other calls.
	Deadline time.Duration
	// Calls is how many of Probe and Still run at once, 2; others wait.
	Calls int
	// Streams is how many of PCM are open at once, 4; others wait.
	Streams int
}

const (
	defaultMemory = 512 << 20
	mostMemory    = 4 << 30
)

// Sandbox runs the module. It is made at no cost, starts with the first call and
// is safe for concurrent use.
type Sandbox struct {
	options Options
	module  func() ([]byte, error)

	begin   sync.Once
	started chan struct{} // closed once engine or failure is set
	engine  *engine
	failure error

	calls   chan struct{}
	streams chan struct{}

	alive  context.Context // until Close
	finish context.CancelFunc
	mu     sync.Mutex // orders joining running after closed
	closed bool
	active sync.WaitGroup
}

// New returns a sandbox. Close it at the end.
func New(options Options) *Sandbox { return newSandbox(options, unpack) }

func newSandbox(options Options, module func() ([]byte, error)) *Sandbox {
	if options.MemoryLimit <= 0 {
		options.MemoryLimit = defaultMemory
	}
	options.MemoryLimit = min(options.MemoryLimit, mostMemory)
	if options.Deadline <= 0 {
		options.Deadline = 5 * time.Second
	}
	if options.Calls <= 0 {
		options.Calls = 2
	}
	if options.Streams <= 0 {
		options.Streams = 4
	}
	alive, finish := context.WithCancel(context.Background())
	return &Sandbox{
		options: options,
		module:  module,
		started: make(chan struct{}),
		calls:   make(chan struct{}, options.Calls),
		streams: make(chan struct{}, options.Streams),
		alive:   alive,
		finish:  finish,
	}
}

// Close stops every call, which then returns [ErrClosed], and frees what the
// sandbox holds. It returns when all of that is done.
func (s *Sandbox) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.finish()
	s.active.Wait()
	// Nothing runs and nothing can begin: the start is over or will never be.
	s.begin.Do(func() {
		s.failure = ErrClosed
		close(s.started)
	})
	<-s.started
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.engine == nil {
		return nil
	}
	engine := s.engine
	s.engine = nil
	return engine.close()
}

// enter counts a call in; leave must follow. After Close it fails.
func (s *Sandbox) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	s.active.Add(1)
	return nil
}

func (s *Sandbox) leave() { s.active.Done() }

// Warm starts the sandbox, so that the first call need not wait for it. It returns
// when that is done or ctx ends, which does not stop the start.
func (s *Sandbox) Warm(ctx context.Context) error {
	if err := s.enter(); err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	defer s.leave()
	if _, err := s.running(ctx); err != nil {
		return fmt.Errorf("sandbox: start: %w", err)
	}
	return nil
}

// running returns the engine, which the first call starts.
func (s *Sandbox) running(ctx context.Context) (*engine, error) {
	s.begin.Do(func() {
		s.active.Add(1) // within a call that is counted, so never after Close's Wait
		go func() {
			defer s.active.Done()
			defer close(s.started)
			s.engine, s.failure = start(s.options, s.module)
		}()
	})
	select {
	case <-s.started:
		return s.engine, s.failure
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.alive.Done():
		return nil, ErrClosed
	}
}
