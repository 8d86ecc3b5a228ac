package app

import (
	"context"
	"errors"
	"time"

	"magpie/app/core"
	"magpie/app/profile"
	"magpie/im"
	"magpie/media/play"
	"magpie/media/voice"
	"magpie/widgets/canvas"
	"magpie/widgets/loop"
)

// playing is the voice note of a message that is played, from the click on. It goes
// on while other conversations and accounts are shown.
type playing struct {
	a   *application
	s   *session
	msg im.Message
	h   *hearing
	// from is where it begins, 0 to 1.
	from float64
	// at and length are where it is; loading until the player has it.
	at, length time.Duration
	loading    bool
	paused     bool
	marked     bool // as heard
}

// note is what the message says of its voice note.
func (p *playing) note() im.AudioPayload {
	note, _ := p.msg.Payload.(im.AudioPayload)
	return note
}

// key is that of the message on the canvas.
func (p *playing) key() canvas.Key { return canvas.Key(p.msg.ID) }

// is reports whether it is the message with a key.
func (p *playing) is(s *session, key canvas.Key) bool {
	return p != nil && p.s == s && p.key() == key
}

// noteLength is the length of a note as far as its message says.
func noteLength(p im.AudioPayload) time.Duration { return time.Duration(p.Second) * time.Second }

// togglePlay plays a voice note, pauses it or goes on.
func (c *chat) togglePlay(key canvas.Key) {
	if p := c.m.app.playing; p.is(c.m.s, key) {
		p.toggle()
		return
	}
	c.play(key, 0)
}

// toggle pauses or goes on; what is still on its way is given up.
func (p *playing) toggle() {
	player := p.a.player
	switch {
	case p.loading:
		player.stop()
	case p.paused:
		player.play.Resume()
	default:
		player.play.Pause()
	}
}

// seek goes to a place of a voice note, 0 to 1.
func (c *chat) seek(key canvas.Key, at float64) {
	a := c.m.app
	p := a.playing
	switch {
	case !p.is(c.m.s, key):
		c.play(key, at)
	case p.loading:
		p.from = at
	default:
		a.player.play.Seek(time.Duration(at * float64(p.length)))
	}
}

// voiceSpeeds are how fast voice notes may be played.
var voiceSpeeds = []float64{1, 1.5, 2}

// voiceSpeed is how fast they are played.
func (a *application) voiceSpeed() float64 {
	if a.settings.VoiceSpeed > 0 {
		return a.settings.VoiceSpeed
	}
	return 1
}

// nextSpeed changes how fast voice notes are played.
func (a *application) nextSpeed() {
	now, next := a.voiceSpeed(), voiceSpeeds[0]
	for _, s := range voiceSpeeds {
		if s > now {
			next = s
			break
		}
	}
	a.change(func(s *profile.Settings) { s.VoiceSpeed = next })
	if a.player.play != nil {
		a.player.play.SetSpeed(next)
	}
	if a.playing != nil {
		a.playing.show()
	}
}

// play plays the voice note of a message of the conversation from a place, 0 to 1,
// on. A recording pauses.
func (c *chat) play(key canvas.Key, from float64) {
	if n := c.voice; n != nil {
		n.hush()
		if !n.over && !n.take.paused.Load() {
			n.pause(true, nil)
		}
	}
	client := c.m.s.client
	beside(c.ctx, func(context.Context) (im.Message, error) {
		msg, ok, err := client.Message(im.MessageID(key))
		if err == nil && !ok {
			err = im.Errorf(im.CodeInvalidMessage, "message %.96q is not known", key)
		}
		return msg, err
	}, func(msg im.Message, err error) {
		if err != nil {
			c.m.report(err)
			return
		}
		c.m.app.playMessage(c.m.s, msg, from)
	})
}

// nearVoice gets ready to play a voice note that may be played next: the isolated decoder
// rests when nobody needs it, and a third of a second is long after a click. Trouble is
// told when the note is played.
func (c *chat) nearVoice(key canvas.Key) {
	o, ok := c.media.byKey[key]
	client, box := c.m.s.client, c.m.app.sandbox
	if !ok || !client.HasFile(o.address) {
		return
	}
	beside(c.ctx, func(ctx context.Context) (struct{}, error) {
		f, err := client.OpenFile(o.address)
		if err != nil {
			return struct{}{}, err
		}
		s, err := voice.Open(ctx, f, nil)
		if errors.Is(err, voice.ErrNeedsIsolation) {
			err = box.Warm(ctx)
		}
		if s != nil {
			err = errors.Join(err, s.Close())
		}
		return struct{}{}, errors.Join(err, f.Close())
	}, func(struct{}, error) {})
}

// playMessage plays the voice note of a message of a session instead of whatever
// plays.
func (a *application) playMessage(s *session, msg im.Message, from float64) {
	p := &playing{a: a, s: s, msg: msg, from: from, loading: true}
	note, ok := msg.Payload.(im.AudioPayload)
	if !ok || msg.IsRevoked {
		return // recalled meanwhile
	}
	p.length, p.marked = noteLength(note), msg.From == s.account.User || msg.IsHeard
	p.h = &hearing{moved: p.moved, ended: p.ended, failed: p.failed, stopped: p.over}
	a.player.begin(s.ctx, p.h)
	a.playing = p
	p.show()
	address := blobAddress(note.URL, note.RemoteAudioURL)
	open := func() { p.open(address) }
	switch {
	case address == "":
		a.player.fail(p.h, errNoAddress)
	case s.client.HasFile(address):
		open()
	case s.client.State() == core.Offline:
		a.player.fail(p.h, errNotHere)
	default:
		s.fetches.start(address, note.Size, open, func(err error) string {
			if a.playing == p { // the message says it
				a.player.stop()
			}
			return a.tr.Error(err)
		})
	}
}

// open plays the file of an address, which is here, if that is still wanted.
func (p *playing) open(address string) {
	a, h, decoder, client := p.a, p.h, p.a.decoder(), p.s.client
	if a.playing != p {
		return
	}
	go func() {
		var src play.Source
		f, err := client.OpenFile(address)
		if err == nil {
			src, err = openNote(h.ctx, f, decoder)
		}
		loop.Do(func() {
			if err != nil {
				a.player.fail(h, err)
				return
			}
			p.loading = false
			a.player.start(h, src, time.Duration(p.from*float64(p.length)), a.voiceSpeed())
		})
	}()
}

// moved takes in where it is.
func (p *playing) moved(at play.Position) {
	p.at, p.paused = at.At, !at.Playing
	// What is decoded in isolation knows its length at the end only; the message
	// rounds up to seconds.
	p.length = noteLength(p.note())
	if at.Length > p.length-time.Second {
		p.length = at.Length
	}
	p.show()
	if at.At > 0 { // it can be heard
		p.mark()
	}
}

// mark notes that the note of somebody else was listened to.
func (p *playing) mark() {
	if p.marked {
		return
	}
	p.marked = true
	a, s, id := p.a, p.s, p.msg.ID
	a.files.add(func() {
		err := s.client.SetMessageHeard(context.Background(), id)
		if err != nil && im.CodeOf(err) != im.CodeInvalidMessage { // what is said in a live room is not kept
			loop.Do(func() { a.say(a.tr.Error(err)) })
		}
	})
}

// over takes it from the screen.
func (p *playing) over() {
	if p.a.playing == p {
		p.a.playing = nil
	}
	p.show()
}

func (p *playing) ended(damaged bool) {
	p.over()
	p.mark()
	if damaged {
		p.a.say(p.a.tr.T("voice.damaged"))
	}
	p.next()
}

func (p *playing) failed(err error) {
	p.over()
	p.a.say(voiceWords(p.a.tr, err))
}

// next plays the voice note of others that follows in a row and was not heard yet.
func (p *playing) next() {
	if p.msg.Sequence == 0 {
		return
	}
	s, a := p.s, p.a
	beside(s.ctx, func(ctx context.Context) (im.Message, error) { return nextUnheard(ctx, s, &p.msg) }, func(msg im.Message, err error) {
		if err == nil && msg.ID != "" && a.player.now == nil && a.session == s {
			a.playMessage(s, msg, 0)
		}
	})
}

// show brings the message on the canvas, and what other conversations show of it, up
// to date.
func (p *playing) show() {
	if p == nil || p.a.closing || p.a.main == nil {
		return
	}
	m := p.a.main
	m.showNowPlaying()
	if m.s != p.s {
		return
	}
	var state canvas.Playing
	if p.a.playing == p {
		state = canvas.Playing{Shown: true, Playing: !p.paused, At: p.at, Length: p.length, Speed: p.a.voiceSpeed()}
	}
	m.canvas.SetPlaying(p.key(), state)
}
