package app

import (
	"context"
	"errors"
	"sync"

	"magpie/app/instance"
	"magpie/app/profile"
	"magpie/widgets/loop"
)

// sessions keeps account of the sessions of the process, those being opened
// too, so that the program ends with every one of them closed. It is used from
// any goroutine.
type sessions struct {
	ctx  context.Context // of what is being opened; ends with the program
	stop context.CancelFunc

	mu      sync.Mutex
	open    map[*session]bool
	ended   bool
	opening sync.WaitGroup
	pending int           // how many are being opened
	door    door          // for commands of other processes
	changed chan struct{} // closed and made anew when one of the others did
}

// door says whether commands of other processes may come in.
type door int

const (
	doorWait   door = iota // the window is only beginning
	doorOpen               // what it opens at its start is being opened, or open
	doorLocked             // a person has to say the passphrase first
)

// setDoor opens or shuts it.
func (o *sessions) setDoor(d door) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.door = d
	o.tell()
}

// tell wakes those who wait in use.
func (o *sessions) tell() {
	close(o.changed)
	o.changed = make(chan struct{})
}

func newSessions() *sessions {
	s := &sessions{open: map[*session]bool{}, changed: make(chan struct{})}
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

// begin announces that a session is being opened; false if the program ends.
func (o *sessions) begin() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.ended {
		o.opening.Add(1)
		o.pending++
	}
	return !o.ended
}

// use returns the open session of an account for a command of another process,
// which it stays open for until done is called; or why there is none. What is being
// opened is waited for: it may be the one.
func (o *sessions) use(ctx context.Context, account profile.Account) (s *session, done func(), why instance.Refusal) {
	for {
		o.mu.Lock()
		if o.door == doorOpen && !o.ended {
			for s := range o.open {
				if s.account == account {
					s.commands.Add(1)
					o.mu.Unlock()
					return s, s.commands.Done, ""
				}
			}
		}
		ended, door, pending, changed := o.ended, o.door, o.pending, o.changed
		o.mu.Unlock()
		switch {
		case ended:
			return nil, nil, instance.RefusedEnding
		case door == doorLocked:
			return nil, nil, instance.RefusedLocked
		case door == doorOpen && pending == 0:
			return nil, nil, instance.RefusedElsewhere
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, nil, instance.RefusedEnding
		}
	}
}

// opened ends what begin began. A session that came of it (or nil) belongs to
// the account from now on.
func (o *sessions) opened(s *session) {
	o.mu.Lock()
	if s != nil {
		o.open[s] = true
	}
	o.pending--
	o.tell()
	o.mu.Unlock()
	o.opening.Done()
}

// close closes a session unless that was done before.
func (o *sessions) close(s *session) error {
	o.mu.Lock()
	mine := o.open[s]
	delete(o.open, s)
	o.mu.Unlock()
	if !mine {
		return nil
	}
	return s.close()
}

// end closes everything and waits for it.
func (o *sessions) end() error {
	o.mu.Lock()
	o.ended = true
	o.tell()
	o.mu.Unlock()
	o.stop()
	o.opening.Wait()
	o.mu.Lock()
	var left []*session
	for s := range o.open {
		left = append(left, s)
	}
	o.mu.Unlock()
	var errs []error
	for _, s := range left {
		errs = append(errs, o.close(s))
	}
	return errors.Join(errs...)
}

// open opens a session beside the user interface, after everything that files
// has to do (a session before it may still be closing), and comes back with it
// or with an error. Only the last one asked for comes back: a person who tries
// twice gets one session.
func (a *application) open(work func(context.Context) (*session, error), then func(*session, error)) {
	if !a.sessions.begin() {
		return
	}
	a.turn++
	turn := a.turn
	go func() {
		a.files.wait()
		s, err := work(a.sessions.ctx)
		a.sessions.opened(s)
		if err != nil && s != nil {
			err = errors.Join(err, a.sessions.close(s))
			s = nil
		}
		loop.Do(func() {
			if a.closing || turn != a.turn {
				a.drop(s)
				return
			}
			then(s, err)
		})
	}()
}

// drop closes a session that the window has no use for, after what files has to
// write into it. It may be nil.
func (a *application) drop(s *session) {
	if s == nil {
		return
	}
	if a.playing != nil && a.playing.s == s {
		a.player.stop()
	}
	a.files.add(func() {
		if err := a.sessions.close(s); err != nil {
			a.log("closing the session of %s: %v", s.account.User, err)
		}
	})
}
