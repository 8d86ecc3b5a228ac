package play

import (
	"context"
	"sync"
	"time"
)

// sayEvery is how often the position is said while a sound plays.
const sayEvery = 50 * time.Millisecond

// Player plays one sound at a time. Its methods return at once and may be called
// from any goroutine.
type Player struct {
	say  func(Event)
	feed *feed
	wake chan struct{}
	done chan struct{}

	mu     sync.Mutex
	closed bool
	now    *track
	speed  float64
	said   time.Time // when the position was, the last time
	output output
	told   []Event // and not said yet
	news   chan struct{}
}

// New returns a player that opens its device with open when there is something to
// play, and closes it when there was nothing for some seconds. open has five
// seconds; one that takes longer is left behind, and what it brings is closed.
//
// say is called with every event, in a goroutine for that, one after another; it may
// call the Player. One that is being said while Stop, Play or Close are called is the
// last of its sound, so an ID that is used once leaves no doubt.
func New(open func(ctx context.Context) (Output, error), say func(Event)) *Player {
	wake := make(chan struct{}, 1)
	p := &Player{say: say, feed: newFeed(wake), wake: wake, done: make(chan struct{}), news: make(chan struct{}, 1), speed: 1, output: output{open: open}}
	go p.run()
	go p.speak()
	return p
}

// Play plays s from a moment on and closes it at the end. What played before ends
// without an event.
func (p *Player) Play(id string, s Source, from time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := newTrack(id, s)
	if p.closed {
		t.end()
		return
	}
	p.end()
	p.hush()
	p.now = t
	go t.run(p.feed)
	p.feed.setPaused(false)
	p.goTo(max(t.frame(from), 0))
	p.needOutput()
	p.sayPosition()
}

// Pause holds the sound where it is.
func (p *Player) Pause() { p.setPaused(true) }

// Resume goes on after Pause.
func (p *Player) Resume() { p.setPaused(false) }

func (p *Player) setPaused(paused bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now == nil || p.now.paused == paused {
		return
	}
	p.now.paused = paused
	p.feed.setPaused(paused)
	if paused {
		p.output.rest()
	} else {
		p.needOutput()
	}
	p.sayPosition()
}

// Seek goes to a moment of the sound, exactly; beyond its end, to the end.
func (p *Player) Seek(to time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now != nil {
		p.goTo(max(p.now.frame(to), 0))
		p.sayPosition()
	}
}

// SetSpeed plays this sound and those that follow x times as fast, with the pitch
// kept; x is from 1 to 3.
func (p *Player) SetSpeed(x float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if x = clamp(x, 1, 3); x == p.speed {
		return
	}
	p.speed = x
	if p.now != nil {
		at, _ := p.feed.position()
		p.goTo(at)
		p.sayPosition()
	}
}

// SetVolume sets how loud this sound and those that follow are: from 0, silence, to
// 1, as recorded; half of it sounds half as loud.
func (p *Player) SetVolume(v float64) { p.feed.setVolume(clamp(v, 0, 1)) }

// ChangeOutput closes the device; what is playing goes on at the same place on the
// one that is opened now.
func (p *Player) ChangeOutput() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.output.drop()
	if p.now != nil && !p.now.paused {
		p.needOutput()
	}
}

// Stop ends the sound without an event.
func (p *Player) Stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.end()
	p.hush()
}

// Close stops, and closes the device. It may be called again.
func (p *Player) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.closed = true
	p.end()
	p.hush()
	p.output.drop()
	close(p.done)
}

// clamp bounds v; what is no number is lo.
func clamp(v, lo, hi float64) float64 {
	if !(v >= lo) {
		return lo
	}
	return min(v, hi)
}

// end ends what plays. p is locked.
func (p *Player) end() {
	if p.now == nil {
		return
	}
	p.feed.reset(0)
	p.now.end()
	p.now = nil
	p.output.rest()
	p.stir()
}

// goTo decodes from a frame of the source on, at once if there is a device, else
// when there is. p is locked.
func (p *Player) goTo(frame float64) {
	turn := p.feed.reset(frame)
	if p.output.now != nil {
		p.now.give(order{turn, frame, p.speed, p.output.now.Rate()})
	}
}

// sayPosition says where the sound is. p is locked.
func (p *Player) sayPosition() {
	t := p.now
	frame, _ := p.feed.position()
	at, length := t.moment(frame)
	p.said = time.Now()
	p.tell(Position{ID: t.id, At: at, Length: length, Playing: !t.paused})
	p.stir()
}

// stir makes run look.
func (p *Player) stir() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// run says what happens by itself.
func (p *Player) run() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-p.done:
			return
		case <-p.wake:
		case <-timer.C:
		}
		if next := p.look(); next > 0 {
			timer.Reset(next)
		} else {
			timer.Stop()
		}
	}
}

// look says what is to be said now, and returns after how long it should look
// again; 0 is when woken.
func (p *Player) look() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now != nil {
		p.lookAtEnd()
	}
	if p.now == nil || p.now.paused {
		return p.output.closeIdle()
	}
	if time.Since(p.said) >= sayEvery {
		p.sayPosition()
	}
	return sayEvery - time.Since(p.said)
}

// lookAtEnd ends the sound that has ended, or cannot go on. While it is paused it
// has not.
func (p *Player) lookAtEnd() {
	_, end := p.feed.position()
	switch id := p.now.id; {
	case end == nil:
	case end.err != nil:
		p.fail(end.err)
	case !p.now.paused:
		p.end()
		p.tell(Ended{id, end.damaged})
	}
}

// fail ends the sound because of err. p is locked.
func (p *Player) fail(err error) {
	id := p.now.id
	p.end()
	p.tell(Failed{id, err})
}
