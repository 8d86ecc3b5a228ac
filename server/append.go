package server

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"magpie/im"
)

// store is the loop of an append: try on what is known of the head; on any
// doubt read it again and try with the same id, until it is certain.
func (act *actor) store(ctx context.Context, j *job) (*record, bool, error) {
	r := j.record
	wait := 5 * time.Millisecond
	for {
		err := act.enlist(ctx)
		if err == nil {
			err = act.load(ctx)
		}
		if err == nil {
			var old *record
			if old, err = act.findOld(ctx, j); err == nil && old != nil {
				return old, true, nil
			}
		}
		if err == nil {
			if err = act.complete(ctx, r); err == nil {
				var dup bool
				if dup, err = act.server.log.tryAppend(ctx, r, act.head); err == nil {
					return act.accept(ctx, r, dup)
				}
				j.doubt = j.doubt || jsCode(err) != jsWrongLast
			}
		}
		act.known = false
		if !doubtful(err) {
			return nil, false, publicError(storeError(err))
		}
		if err := pause(ctx, wait); err != nil {
			return nil, false, im.Errorf(im.CodeBusy, "the log did not answer in time")
		}
		wait = min(2*wait, time.Second)
	}
}

// accept takes in what an attempt that went through has told.
func (act *actor) accept(ctx context.Context, r *record, dup bool) (*record, bool, error) {
	if dup {
		old, err := act.server.log.at(ctx, r.key, r.seq)
		if errors.Is(err, errNoMessage) { // it was recalled since
			if old, err = act.server.log.recalledAt(ctx, r.key, act.head, r.seq); err == nil && old == nil {
				err = im.Errorf(im.CodeInvalidMessage, "message id %.96q was used in another conversation", r.id)
			}
		}
		if err != nil {
			return nil, false, publicError(err)
		}
		return old, true, nil
	}
	act.head = r.position
	act.own[r.from] = r.own
	act.remember(r)
	return r, false, nil
}

// complete fills in what follows from the message before.
func (act *actor) complete(ctx context.Context, r *record) error {
	own, ok := act.own[r.from]
	if !ok {
		e, err := act.server.heads.own(ctx, act.key, r.from)
		if err != nil {
			return err
		}
		own = e.Count
		act.own[r.from] = own
	}
	r.u, r.own = act.head.u, own
	if r.countable() {
		r.u, r.own = r.u+1, r.own+1
	}
	r.time = max(act.server.now(), act.head.time)
	return nil
}

// enlist puts a conversation that nobody joins into the lists of those it is
// between before its first message, so that no crash leaves a message without a
// list entry.
func (act *actor) enlist(ctx context.Context) error {
	if act.inboxed {
		return nil
	}
	for _, u := range act.key.sides() {
		if err := act.server.inboxes.ensure(ctx, u, act.key, inboxEntry{Since: act.server.now()}); err != nil {
			return err
		}
	}
	act.inboxed = true
	return nil
}

// load reads the end of the conversation, and what others appended since this
// actor last knew it, or since its head record was written.
func (act *actor) load(ctx context.Context) error {
	if act.known {
		return nil
	}
	last, err := act.server.log.head(ctx, act.key)
	if err != nil {
		return err
	}
	if last == nil {
		act.reset(position{})
		return nil
	}
	entry := act.entry
	if !act.opened {
		if entry, err = act.server.heads.get(ctx, act.key); err != nil {
			return err
		}
	}
	if entry.N > last.n {
		entry = headEntry{}
	}
	if err := act.server.heads.open(ctx, act.key, &entry); err != nil {
		return err
	}
	if !act.opened || act.head.n > last.n {
		act.reset(last.position)
	}
	act.entry = entry
	var missed []*record
	_, err = act.server.log.find(ctx, act.key, last.position, entry.N, last.n, func(r *record) bool {
		missed = append(missed, r)
		return false
	})
	if err != nil {
		return err
	}
	for _, r := range missed {
		if r.countable() {
			act.own[r.from] = r.own
		}
		if r.n >= act.recentFrom {
			act.remember(r)
		}
		if err := act.takeIn(ctx, r); err != nil {
			return err
		}
	}
	act.head, act.known, act.opened = last.position, true, true
	return nil
}

// takeIn writes what follows from r, the message after the head that is known:
// what a recall entails, who may read its files, then the head.
func (act *actor) takeIn(ctx context.Context, r *record) error {
	var t *tombstone
	if r.kind == kindRecall {
		var err error
		if t, err = act.server.finishRecall(ctx, r); err != nil {
			return err
		}
	}
	if err := act.server.blobs.refer(ctx, r); err != nil {
		return err
	}
	next := act.entry.after(r, t)
	if err := act.server.heads.put(ctx, r, next); err != nil {
		return err
	}
	act.entry = next
	return nil
}

// reset begins with what is known of a conversation from scratch.
func (act *actor) reset(head position) {
	act.head, act.entry, act.known, act.opened = head, headEntry{}, true, true
	act.own = map[im.UserID]uint64{}
	act.recent = map[string]uint64{}
	act.recentFrom = head.n + 1
}

// remember notes the id of r, and begins anew when there are too many.
func (act *actor) remember(r *record) {
	if len(act.recent) >= recentMax {
		act.recent = map[string]uint64{}
		act.recentFrom = r.n
	}
	act.recent[dedupeID(r.from, r.id)] = r.n
}

// findOld looks for a message sent before among the numbers (base, head].
func (act *actor) findOld(ctx context.Context, j *job) (*record, error) {
	if j.base >= act.head.n {
		return nil, nil
	}
	id := dedupeID(j.record.from, j.record.id)
	log := act.server.log
	if n, ok := act.recent[id]; ok {
		return log.rowAt(ctx, act.key, act.head, n, n)
	}
	if j.base+1 >= act.recentFrom {
		return nil, nil
	}
	release, err := log.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	// All ids on the way are kept if they fit: a client that comes back has more
	// than one message to send again.
	keep := act.head.n-j.base <= recentMax
	seen := map[string]uint64{}
	old, err := log.find(ctx, act.key, act.head, j.base, min(act.head.n, act.recentFrom-1), func(r *record) bool {
		if keep {
			seen[dedupeID(r.from, r.id)] = r.n
		}
		return r.from == j.record.from && r.id == j.record.id
	})
	if err != nil || old != nil || !keep {
		return old, err
	}
	for id, n := range act.recent {
		seen[id] = n
	}
	act.recent, act.recentFrom = seen, j.base+1
	return nil, nil
}

// doubtful reports whether an attempt that failed with err may have been
// stored, or would go through on a newer head.
func doubtful(err error) bool {
	switch jsCode(err) {
	case jsWrongLast, jsInProcess:
		return true
	}
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, nats.ErrTimeout) ||
		errors.Is(err, nats.ErrNoResponders) || errors.Is(err, jetstream.ErrNoStreamResponse) ||
		errors.Is(err, nats.ErrConnectionClosed) || errors.Is(err, nats.ErrDisconnected)
}

// pause waits without outliving ctx.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// publicError is err as a client hears it: coded errors as they are, anything
// else without its text.
func publicError(err error) error {
	if err == nil {
		return nil
	}
	var coded *im.Error
	if errors.As(err, &coded) {
		return coded
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || errors.Is(err, nats.ErrTimeout) {
		return im.Errorf(im.CodeBusy, "the server did not get to it in time")
	}
	return &hiddenError{cause: err}
}

// hiddenError is shown as im.CodeServerInternal and keeps its cause for the log.
type hiddenError struct{ cause error }

func (e *hiddenError) Error() string { return "server: " + e.cause.Error() }

func (e *hiddenError) Unwrap() []error {
	return []error{im.Errorf(im.CodeServerInternal, "the server failed"), e.cause}
}
