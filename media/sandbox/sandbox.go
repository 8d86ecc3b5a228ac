package sandbox

import (
	"context"
	"errors"
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
	// Idle is how long the module stays in memory after the last call, 1 min. The
	// call after that starts it again.
	Idle time.Duration
}

const (
	defaultMemory = 512 << 20
	mostMemory    = 4 << 30
)

// Sandbox runs the module. It is made at no cost, starts with the first call, lets
// the module go when nobody has called for a while, and is safe for concurrent use.
type Sandbox struct {
	options Options
	module  source

	calls   chan struct{}
	streams chan struct{}

	alive  context.Context // until Close
	finish context.CancelFunc

	mu      sync.Mutex
	closed  bool
	users   int         // calls, streams and starts that have not ended
	started *started    // nil while the module is not in memory
	idle    *time.Timer // calls rest
	resting error       // what went wrong as modules were let go
	active  sync.WaitGroup
}

// started is a start of the module and what came of it.
type started struct {
	over    chan struct{} // closed once engine or failure is set
	engine  *engine
	failure error
}

// New returns a sandbox. Close it at the end.
func New(options Options) *Sandbox { return newSandbox(options, bundledModule{}) }

func newSandbox(options Options, module source) *Sandbox {
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
	if options.Idle <= 0 {
		options.Idle = time.Minute
	}
	alive, finish := context.WithCancel(context.Background())
	return &Sandbox{
		options: options,
		module:  module,
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
	if s.idle != nil {
		s.idle.Stop()
	}
	s.mu.Unlock()
	s.finish()
	s.active.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.resting, s.take().close())
}

// enter counts a call in; leave must follow. After Close it fails.
func (s *Sandbox) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	s.join()
	return nil
}

// join counts in who follows from a call that is counted. The caller has s.mu.
func (s *Sandbox) join() {
	s.users++
	s.active.Add(1)
	if s.idle != nil {
		s.idle.Stop()
	}
}

// leave counts a user out. After the last one the module may rest.
func (s *Sandbox) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.active.Done()
	s.users--
	if s.users == 0 && s.started != nil && !s.closed {
		s.idle = time.AfterFunc(s.options.Idle, s.rest)
	}
}

// rest lets the module go if nobody has come meanwhile.
func (s *Sandbox) rest() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users == 0 && !s.closed {
		s.resting = errors.Join(s.resting, s.take().close())
	}
}

// take removes the engine, nil if there is none, so that the next call starts one
// of its own. The caller has s.mu, and nobody uses the engine.
func (s *Sandbox) take() *engine {
	if s.started == nil {
		return nil
	}
	engine := s.started.engine
	s.started = nil
	return engine
}

// Prepare makes the machine code in the cache folder unless it is there already, so
// that no call need wait the seconds which that takes. It returns when that is done or
// ctx ends, which does not stop it.
func (s *Sandbox) Prepare(ctx context.Context) error {
	if kept(s.options.CacheDir, s.module) {
		return nil
	}
	return s.Warm(ctx)
}

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

// Awake reports whether the module is in memory, or on its way there.
func (s *Sandbox) Awake() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.started != nil
}

// running returns the engine, which the first call starts. It is the caller's until
// leave.
func (s *Sandbox) running(ctx context.Context) (*engine, error) {
	s.mu.Lock()
	if s.started == nil {
		s.started = &started{over: make(chan struct{})}
		s.join() // the start goes on without its caller
		go func(b *started) {
			defer s.leave()
			defer close(b.over)
			b.engine, b.failure = start(s.options, s.module)
		}(s.started)
	}
	b := s.started
	s.mu.Unlock()
	select {
	case <-b.over:
		return b.engine, b.failure
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.alive.Done():
		return nil, ErrClosed
	}
}
