package app

import (
	"context"
	"errors"
	"strconv"
	"sync/atomic"
	"time"

	"magpie/app/core"
	"magpie/media/play"
	"magpie/media/voice"
	"magpie/widgets/loop"
)

// player plays one sound at a time for the whole application, whatever is shown
// meanwhile. All but the choice of the speaker belongs to the goroutine of the user
// interface.
type player struct {
	sound Sound
	// play is made when there is something to play.
	play    *play.Player
	speaker atomic.Pointer[string] // its id
	now     *hearing
	turn    int // counts hearings, so that what is heard of an earlier one is told from this one
}

// hearing is one sound from the moment that somebody wants it. Of the three ends one
// is told; none if it was stopped.
type hearing struct {
	id string // for the player
	// ctx ends with it.
	ctx    context.Context
	cancel context.CancelFunc

	moved   func(play.Position)
	ended   func(damaged bool)
	failed  func(error)
	stopped func()
}

func newPlayer(sound Sound, speaker string) *player {
	p := &player{sound: sound}
	p.speaker.Store(&speaker)
	return p
}

// begin makes h the sound that is wanted now, until ctx ends at the latest. What is
// to be played comes by start.
func (p *player) begin(ctx context.Context, h *hearing) {
	p.stop()
	p.turn++
	h.id = strconv.Itoa(p.turn)
	h.ctx, h.cancel = context.WithCancel(ctx)
	p.now = h
}

// start plays s for h from a moment on, if that is still wanted.
func (p *player) start(h *hearing, s play.Source, from time.Duration, speed float64) {
	if p.now != h || h.ctx.Err() != nil {
		_ = s.Close() // nobody hears it
		return
	}
	if p.play == nil {
		p.play = play.New(func(ctx context.Context) (play.Output, error) {
			return p.sound.OpenSpeaker(ctx, *p.speaker.Load())
		}, func(e play.Event) { loop.Do(func() { p.heard(e) }) })
	}
	p.play.SetSpeed(speed)
	p.play.Play(h.id, s, from)
}

// heard takes in what the player says.
func (p *player) heard(e play.Event) {
	h := p.now
	switch e := e.(type) {
	case play.Position:
		if h != nil && e.ID == h.id {
			h.moved(e)
		}
	case play.Ended:
		if h != nil && e.ID == h.id {
			p.leave()
			h.ended(e.Damaged)
		}
	case play.Failed:
		if h != nil && e.ID == h.id {
			p.leave()
			h.failed(e.Err)
		}
	}
}

// fail ends h because it cannot be brought to the player.
func (p *player) fail(h *hearing, err error) {
	if p.now == h && h.ctx.Err() == nil {
		p.leave()
		h.failed(err)
	}
}

// leave forgets the sound, which is over.
func (p *player) leave() {
	p.now.cancel()
	p.now = nil
}

// stop ends the sound, if there is one.
func (p *player) stop() {
	h := p.now
	if h == nil {
		return
	}
	if p.play != nil {
		p.play.Stop()
	}
	p.leave()
	h.stopped()
}

// useSpeaker changes the device; what is playing goes on there.
func (p *player) useSpeaker(id string) {
	p.speaker.Store(&id)
	if p.play != nil {
		p.play.ChangeOutput()
	}
}

// close ends everything, for good.
func (p *player) close() {
	p.stop()
	if p.play != nil {
		p.play.Close()
	}
}

// noteSource is a voice note on this disk as the player takes it.
type noteSource struct {
	*voice.Sound
	file   core.Content
	cancel context.CancelFunc
}

// openNote opens the note in f, which it closes in the end; it blocks on the disk.
// What is decoded in isolation ends with ctx, and with Close.
func openNote(ctx context.Context, f core.Content, isolated voice.Isolated) (play.Source, error) {
	ctx, cancel := context.WithCancel(ctx)
	s, err := voice.Open(ctx, f, isolated)
	if err != nil {
		cancel()
		return nil, errors.Join(err, f.Close())
	}
	return &noteSource{s, f, cancel}, nil
}

// Close may come while the sound is being read, and ends that.
func (s *noteSource) Close() error {
	s.cancel()
	return errors.Join(s.Sound.Close(), s.file.Close())
}
