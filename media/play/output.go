package play

import (
	"context"
	"fmt"
	"time"
)

const (
	// openLimit is how long opening and starting a device may take.
	openLimit = 5 * time.Second
	// idleLimit is how long a device stays open with nothing to play: the next sound
	// begins faster, and the end of this one, still on its way, is heard.
	idleLimit = 5 * time.Second
	// readyLimit is how long a device that is open waits for the decoder before it
	// starts, so that the first that it pulls is sound.
	readyLimit = 20 * time.Millisecond
)

// output is the device of a Player, whose lock guards it. There are three states:
// none, being opened (cancel is not nil, now is), and open.
type output struct {
	open   func(ctx context.Context) (Output, error)
	now    Output
	cancel context.CancelFunc
	// session counts devices; what is heard of an earlier one does not count.
	session int
	idle    time.Time // since when it has nothing to do, if it is zero it has
}

// drop closes the device, if any, and gives up opening one.
func (o *output) drop() {
	if o.cancel == nil {
		return
	}
	o.cancel()
	if o.now != nil {
		go func(out Output) { _ = out.Close() }(o.now) // it may hang, and is gone for us
	}
	o.now, o.cancel = nil, nil
	o.session++
}

// rest says that there is nothing to play.
func (o *output) rest() { o.idle = time.Now() }

// closeIdle closes a device that had nothing to do for long, and returns when that
// will be otherwise; 0 is never.
func (o *output) closeIdle() time.Duration {
	if o.now == nil {
		return 0
	}
	if left := idleLimit - time.Since(o.idle); left > 0 {
		return left
	}
	o.drop()
	return 0
}

// needOutput opens a device if there is none. p is locked.
func (p *Player) needOutput() {
	o := &p.output
	if o.cancel != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	o.cancel = cancel
	go p.bringOutput(ctx, o.session)
}

// bringOutput opens a device and watches it until ctx, which lives as long as the
// session, ends.
func (p *Player) bringOutput(ctx context.Context, session int) {
	limit, cancel := context.WithTimeout(ctx, openLimit)
	defer cancel()
	started := make(chan error, 1)
	opened := make(chan Output, 1)
	go func() { started <- p.startOutput(limit, session, opened) }()
	select {
	case err := <-started:
		if err != nil {
			p.outputFailed(session, err)
			return
		}
	case <-limit.Done():
		p.outputFailed(session, fmt.Errorf("play: the device does not open: %w", limit.Err()))
		return
	}
	select {
	case out := <-opened:
		select {
		case err := <-out.Lost():
			p.outputFailed(session, err)
		case <-ctx.Done():
		}
	case <-ctx.Done():
	}
}

// startOutput opens a device, makes it the player's and starts it. It sends it to
// opened before it returns nil, unless the session is over.
func (p *Player) startOutput(ctx context.Context, session int, opened chan<- Output) error {
	out, err := p.output.open(ctx)
	if err != nil {
		return err
	}
	if !p.adopt(session, out) {
		_ = out.Close() // nobody waits for it any more
		return nil
	}
	opened <- out
	wait := time.NewTimer(readyLimit)
	defer wait.Stop()
	select {
	case <-p.feed.waits():
	case <-wait.C:
	case <-ctx.Done():
	}
	return out.Start(p.feed)
}

// adopt makes out the device of the player and has the sound decoded for it.
func (p *Player) adopt(session int, out Output) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.output.session != session {
		return false
	}
	p.output.now = out
	if p.now != nil {
		at, _ := p.feed.position()
		p.goTo(at)
	}
	p.stir()
	return true
}

// outputFailed drops the device of a session, and with it the sound that plays. One
// that is paused finds another when it goes on.
func (p *Player) outputFailed(session int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.output.session != session {
		return
	}
	p.output.drop()
	if p.now != nil && !p.now.paused {
		p.fail(err)
	}
}
