package server

import (
	"context"
	"sync"
	"time"

	"magpie/im"
)

// actors gives every conversation that is being written to one goroutine, so
// that its messages are appended one after the other without conflicts in this
// process. The goroutine ends when the conversation has been quiet.
type actors struct {
	server   *Server
	progress []*progress // per partition

	mu     sync.Mutex
	active map[convKey]*actor
	closed bool
	done   chan struct{}
}

// actorQueue is how many messages of one conversation wait before senders do.
const actorQueue = 64

// appendPatience is how long an append is tried before its sender is told to
// try later. Whether it was stored is then unknown; sending again tells.
const appendPatience = 20 * time.Second

func newActors(s *Server) *actors {
	a := &actors{server: s, active: map[convKey]*actor{}, done: make(chan struct{})}
	for p := range s.opt.Partitions {
		_, last, err := s.bus.bounds(s.ctx, logStream(p))
		if err != nil {
			last = 0 // the checkpoint stays at 0, the next start reads all
		}
		a.progress = append(a.progress, newProgress(last))
	}
	return a
}

// job is one message on its way into the log.
type job struct {
	record *record
	// base is the number above which the message lies if it was stored before.
	base uint64
	// origin is the session that sent it, which gets no push of it.
	origin string
	result chan appended
	// doubt: an attempt failed that may have stored it.
	doubt bool
}

type appended struct {
	record *record
	dup    bool
	err    error
}

// append stores r durably, once, and returns it as it is stored; dup says that
// it had been stored before. r's key, from, id, kind and body are given, the
// rest follows.
func (a *actors) append(ctx context.Context, r *record, base uint64, origin string) (*record, bool, error) {
	j := &job{record: r, base: base, origin: origin, result: make(chan appended, 1)}
	act, err := a.enter(r.key)
	if err != nil {
		return nil, false, err
	}
	defer a.leave(act)
	select {
	case act.jobs <- j:
	case <-ctx.Done():
		return nil, false, ctx.Err()
	}
	// Once it is queued it is waited for: it will be tried whoever listens.
	res := <-j.result
	return res.record, res.dup, res.err
}

// enter returns the actor of k, started if need be; it stays until leave.
func (a *actors) enter(k convKey) (*actor, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return nil, im.Errorf(im.CodeBusy, "the server is stopping")
	}
	act := a.active[k]
	if act == nil {
		act = &actor{
			server: a.server, key: k, jobs: make(chan *job, actorQueue),
			own: map[im.UserID]uint64{}, progress: a.progress[k.partition(a.server.opt.Partitions)],
		}
		a.active[k] = act
		a.server.work.Go(func() { a.run(act) })
	}
	act.users++
	return act, nil
}

func (a *actors) leave(act *actor) {
	a.mu.Lock()
	defer a.mu.Unlock()
	act.users--
}

// run works off the jobs of one conversation until it is idle or all stop.
func (a *actors) run(act *actor) {
	idle := time.NewTimer(a.server.opt.ActorIdle)
	defer idle.Stop()
	for {
		select {
		case j := <-act.jobs:
			act.work(j)
			idle.Reset(a.server.opt.ActorIdle)
		case <-idle.C:
			if a.retire(act) {
				return
			}
			idle.Reset(a.server.opt.ActorIdle)
		case <-a.done:
			// What is queued is still stored; nobody can enter any more.
			for {
				select {
				case j := <-act.jobs:
					act.work(j)
					continue
				default:
				}
				if a.retire(act) {
					return
				}
				j, ok := act.await()
				if ok {
					act.work(j)
				}
			}
		}
	}
}

// retire forgets an actor that nobody uses.
func (a *actors) retire(act *actor) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if act.users > 0 || len(act.jobs) > 0 {
		return false
	}
	if a.active[act.key] == act {
		delete(a.active, act.key)
	}
	return true
}

// close lets every actor finish what it has and waits for nothing; the
// server's work group does.
func (a *actors) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.closed {
		a.closed = true
		close(a.done)
	}
}

// actor appends the messages of one conversation. All but jobs and users
// belongs to its goroutine.
type actor struct {
	server   *Server
	key      convKey
	jobs     chan *job
	users    int // guarded by actors.mu
	progress *progress

	known bool
	head  position
	entry headEntry // as it is or is to be written, its last message opened
	own   map[im.UserID]uint64
	// recent holds the numbers of message ids above recentFrom-1, as far as this
	// actor has seen them.
	recent     map[string]uint64
	recentFrom uint64
	opened     bool
	// inboxed: both sides of a one-to-one conversation have it in their list.
	inboxed bool
}

// recentMax bounds how many ids an actor keeps to recognise a message sent again.
const recentMax = 4096

// await waits a moment for a job of a caller that is still entering it.
func (act *actor) await() (*job, bool) {
	t := time.NewTimer(10 * time.Millisecond)
	defer t.Stop()
	select {
	case j := <-act.jobs:
		return j, true
	case <-t.C:
		return nil, false
	}
}

// work stores one message, answers, and only then tells others.
func (act *actor) work(j *job) {
	ctx, cancel := context.WithTimeout(context.Background(), appendPatience)
	defer cancel()
	done := act.progress.begin()
	r, dup, err := act.store(ctx, j)
	if err != nil {
		// Given up in doubt, it may be stored: checkpoints then wait for the next
		// start, which compares heads with the log.
		if im.CodeOf(err) != im.CodeBusy {
			done(0)
		}
		j.result <- appended{err: err}
		return
	}
	if dup {
		done(0)
	} else if err := act.takeIn(ctx, r); err != nil {
		act.server.opt.Logf("log: head of %s not written: %v", act.key, err)
		act.known, act.opened = false, false // the next message makes up for it
		if r.kind == kindRecall {
			// It is stored, but the message is still there; asked again, it goes.
			j.result <- appended{err: im.Errorf(im.CodeBusy, "the message could not be erased yet")}
			return
		}
	} else {
		done(r.seq)
	}
	// A recall is refused as done before, but not for an attempt of its own.
	j.result <- appended{record: r, dup: dup && (!j.doubt || r.kind != kindRecall)}
	// The last message is pushed again all the same: the process may have died
	// between storing and pushing it. Receivers know it by its number, and if
	// others followed they show the hole.
	if !dup || r.n == act.head.n {
		act.server.hub.deliver(ctx, r, j.origin)
	}
	if act.server.notes != nil && !dup {
		act.server.notes.stored(r)
	}
	if act.server.echo != nil && !dup {
		act.server.echo.notice(r)
	}
	if act.progress.due() {
		if err := act.server.checkpoint(ctx); err != nil {
			act.server.opt.Logf("log: %v", err)
		}
	}
}
