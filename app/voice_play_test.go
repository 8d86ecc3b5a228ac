package app

import (
	"bytes"
	"context"
	"math"
	"testing"
	"time"

	"magpie/app/core"
	"magpie/app/outgoing"
	"magpie/im"
	"magpie/internal/testcache"
	"magpie/media/isolated"
	"magpie/widgets/canvas"
)

const adaChat = im.ConversationID("C2Cada")

// withAda is a person, and another one who writes to them.
func withAda(t *testing.T) (*person, *core.Client) {
	t.Helper()
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	return u, u.guest("ada", "Ada Okafor")
}

// plays clicks on the button of a voice note.
func (u *person) plays(m im.Message) {
	u.t.Helper()
	u.open(m.ConversationID)
	u.here(m)
	u.do(func() { u.a.main.chat.togglePlay(canvas.Key(m.ID)) })
}

// here waits until a message is on this disk.
func (u *person) here(m im.Message) {
	u.t.Helper()
	u.until("the message is here", func() bool {
		_, ok, err := u.a.session.client.Message(m.ID)
		return err == nil && ok
	})
}

// player is what is being played, the zero value for nothing.
func (u *person) player() (p playing) {
	u.do(func() {
		if u.a.playing != nil {
			p = *u.a.playing
		}
	})
	return p
}

func (u *person) untilPlaying(what string, ok func(p *playing) bool) {
	u.t.Helper()
	u.untilScreen(what, func() bool { return u.a.playing != nil && ok(u.a.playing) })
}

func (u *person) untilQuiet() {
	u.t.Helper()
	u.untilScreen("nothing plays", func() bool { return u.a.playing == nil && u.a.player.now == nil })
}

// same checks that a length is what is wanted, give or take what a device has not
// been given yet.
func same(t *testing.T, what string, got, want time.Duration) {
	t.Helper()
	if (got - want).Abs() > 120*time.Millisecond {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// heardFor is how long a sound came out of the speaker.
func (u *person) heardFor() time.Duration {
	return time.Duration(len(u.sound.heard())) * time.Second / 44100
}

// A note that is not here is fetched and played to its end; the dot goes here and on
// the account's other device.
func TestPlay(t *testing.T) {
	u, ada := withAda(t)
	m := u.speaks(ada, "C2Cwren", 2500*time.Millisecond)
	m.ConversationID = adaChat
	other := u.device("wren")
	sub := other.Subscribe()
	defer sub.Close()
	u.open(adaChat)
	u.here(m)
	if it := u.shown(adaChat, m.ID); it.Kind != canvas.KindVoice || !it.Media.Unheard || it.Media.Duration != 3*time.Second || len(it.Media.Peaks) != im.MaxPeaks {
		t.Errorf("it is shown as %+v", it.Media)
	}
	u.plays(m)
	u.untilPlaying("it plays", func(p *playing) bool { return p.at > 0 && !p.paused })
	u.untilQuiet()
	same(t, "heard", u.heardFor(), 2500*time.Millisecond)
	loudest := 0.0
	for _, v := range u.sound.heard() {
		loudest = max(loudest, math.Abs(v))
	}
	if loudest < 0.45 || loudest > 0.55 {
		t.Errorf("a tone at half of full scale is heard at %.2f", loudest)
	}
	if it := u.shown(adaChat, m.ID); it.Media.Unheard || !it.Media.Here {
		t.Errorf("afterwards it is shown as %+v", it.Media)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for heard := false; !heard; {
		select {
		case e := <-sub.Events():
			told, ok := e.(core.MessageHeard)
			heard = ok && len(told.Messages) == 1 && told.Messages[0] == m.ID
		case <-ctx.Done():
			t.Fatal("the other device was not told")
		}
	}
	u.end()
}

// What another device has listened to loses its dot here.
func TestHeardElsewhere(t *testing.T) {
	u, ada := withAda(t)
	m := u.speaks(ada, "C2Cwren", time.Second)
	u.open(adaChat)
	u.here(m)
	other := u.device("wren")
	u.until("the other device has it", func() bool { _, ok, err := other.Message(m.ID); return ok && err == nil })
	u.ok(other.SetMessageHeard(t.Context(), m.ID))
	u.until("the dot is gone", func() bool {
		m, _, err := u.a.session.client.Message(m.ID)
		return err == nil && m.IsHeard && !u.a.main.chat.present.item(&m).Media.Unheard
	})
	u.end()
}

// Pause, seek, speed: the position is that of the note.
func TestPauseSeekSpeed(t *testing.T) {
	u, ada := withAda(t)
	m := u.speaks(ada, "C2Cwren", 30*time.Second)
	m.ConversationID = adaChat
	u.plays(m)
	u.untilPlaying("it plays", func(p *playing) bool { return p.at > time.Second })
	toggle := func() { u.do(func() { u.a.main.chat.togglePlay(canvas.Key(m.ID)) }) }
	toggle()
	u.untilPlaying("it is paused", func(p *playing) bool { return p.paused })
	at := u.player().at
	u.do(func() { u.a.main.chat.seek(canvas.Key(m.ID), 0.5) })
	u.untilPlaying("it is in the middle", func(p *playing) bool { return p.at == 15*time.Second && p.paused })
	if p := u.player(); p.length != 30*time.Second || at >= 15*time.Second {
		t.Errorf("of %v, paused at %v", p.length, at)
	}
	u.do(u.a.nextSpeed)
	u.do(u.a.nextSpeed)
	before := u.heardFor()
	toggle()
	u.untilQuiet()
	// From the middle at twice the speed: a quarter of its length.
	if heard := u.heardFor() - before; heard < 7*time.Second || heard > 8*time.Second {
		t.Errorf("the second half at twice the speed took %v", heard)
	}
	u.do(func() { u.a.main.chat.seek(canvas.Key(m.ID), 0.9) })
	u.untilPlaying("it plays from there", func(p *playing) bool { return p.at >= 27*time.Second })
	u.untilQuiet()
	u.end()
	s, _, err := u.a.profile.Load(time.Now())
	if err != nil || s.VoiceSpeed != 2 {
		t.Errorf("remembered is %+v, %v", s, err)
	}
}

// Notes in a row follow one another, what was heard before is passed over, and the
// row ends where somebody writes.
func TestNextFollows(t *testing.T) {
	u, ada := withAda(t)
	var notes []im.Message
	for range 3 {
		m := u.speaks(ada, "C2Cwren", time.Second)
		m.ConversationID = adaChat
		notes = append(notes, m)
	}
	u.says(ada, "C2Cwren", "a text between")
	beyond := u.speaks(ada, "C2Cwren", time.Second)
	u.open(adaChat)
	u.here(beyond)
	u.ok(u.a.session.client.SetMessageHeard(t.Context(), notes[1].ID))
	u.plays(notes[0])
	u.untilPlaying("the third follows the first", func(p *playing) bool { return p.msg.ID == notes[2].ID })
	u.untilQuiet()
	u.a.files.wait()
	same(t, "heard", u.heardFor(), 2*time.Second)
	for i, m := range append(notes, beyond) {
		now, _, err := u.a.session.client.Message(m.ID)
		if want := i < 3; err != nil || now.IsHeard != want {
			t.Errorf("note %d: heard is %v, %v", i, now.IsHeard, err)
		}
	}
	u.end()
}

// Playing goes on in another conversation, which says what plays and ends it; the
// bubble is right after coming back.
func TestPlayingGoesOn(t *testing.T) {
	u, ada := withAda(t)
	u.sound.set(func() { u.sound.slow = true })
	m := u.speaks(ada, "C2Cwren", 30*time.Second)
	m.ConversationID = adaChat
	u.plays(m)
	u.untilPlaying("it plays", func(p *playing) bool { return p.at > 0 })
	u.misses("/ 0:30")
	u.do(func() { u.a.main.openChat(echoChat) })
	u.sees("/ 0:30")
	u.button("Pause")
	u.untilPlaying("it is paused", func(p *playing) bool { return p.paused })
	at := u.player().at
	u.button("Go on playing")
	u.untilPlaying("it goes on", func(p *playing) bool { return !p.paused && p.at > at })
	u.tap("/ 0:30")
	u.until("its conversation is open", func() bool { return u.a.main.conversation() == adaChat })
	u.misses("/ 0:30")
	if p := u.player(); p.msg.ID != m.ID {
		t.Error("it ended")
	}
	u.do(func() { u.a.setLanguage("zh-Hans") })
	u.until("the conversation", func() bool { return u.a.main.conversation() == adaChat })
	u.do(func() { u.a.main.openChat(echoChat) })
	u.button("停止播放")
	u.untilQuiet()
	u.misses("/ 0:30")
	u.end()
}

// What is decoded in isolation is got ready when the pointer comes to it; what is not
// wakes nothing.
func TestNearVoice(t *testing.T) {
	u, ada := withAda(t)
	box := newSandbox(testcache.Dir("sandbox"))
	defer box.Close()
	ours := u.speaks(ada, "C2Cwren", time.Second)
	p, err := outgoing.PrepareContent(t.Context(), ada, isolated.New(box), bytes.NewReader(readFile(t, fixture("sp5_he.m4a"))), "note.m4a", outgoing.KindAudio)
	u.ok(err)
	theirs := u.sendPayload(ada, "wren", p.Payload)
	for _, m := range []im.Message{ours, theirs} { // both are on this disk
		m.ConversationID = adaChat
		u.plays(m)
		u.untilPlaying("it plays", func(p *playing) bool { return !p.loading && p.at > 0 })
		u.do(func() { u.a.player.stop() })
	}
	u.untilQuiet()
	u.ok(u.a.sandbox.Close())
	u.do(func() { u.a.sandbox = newSandbox(testcache.Dir("sandbox")) })
	near := func(m im.Message) {
		u.do(func() {
			if _, ok := u.a.main.chat.media.byKey[canvas.Key(m.ID)]; !ok {
				t.Errorf("%s is not shown", m.ID)
			}
			u.a.main.chat.nearVoice(canvas.Key(m.ID))
		})
	}
	awake := func() bool { return u.a.sandbox.Awake() }
	near(ours)
	time.Sleep(300 * time.Millisecond) // it is opened beside the user interface
	if awake() {
		t.Error("a note that needs no isolation wakes it")
	}
	near(theirs)
	u.until("the decoder is awake", awake)
	u.end()
}
