package app

import (
	"bytes"
	"os"
	"testing"
	"time"

	"magpie/app/core"
	"magpie/im"
	"magpie/media/device"
	"magpie/widgets"
	"magpie/widgets/canvas"
)

// What is recalled while it plays is silent.
func TestRecalledWhilePlaying(t *testing.T) {
	u, ada := withAda(t)
	u.sound.set(func() { u.sound.slow = true })
	m := u.speaks(ada, "C2Cwren", 30*time.Second)
	id := m.ID
	m.ConversationID = adaChat
	u.plays(m)
	u.untilPlaying("it plays", func(p *playing) bool { return p.at > 0 })
	u.ok(ada.RevokeMessage(t.Context(), id))
	u.untilQuiet()
	u.end()
}

// To record ends what plays, and to play pauses what records.
func TestRecordingAndPlaying(t *testing.T) {
	u, ada := withAda(t)
	u.sound.set(func() { u.sound.slow = true })
	m := u.speaks(ada, "C2Cwren", 30*time.Second)
	m.ConversationID = adaChat
	u.plays(m)
	u.untilPlaying("it plays", func(p *playing) bool { return p.at > 0 })
	u.clickMicrophone()
	u.untilQuiet()
	u.records(widgets.RecorderLocked, time.Second)
	u.do(func() { u.a.main.chat.togglePlay(canvas.Key(m.ID)) })
	u.records(widgets.RecorderPaused, time.Second)
	u.untilPlaying("it plays again", func(p *playing) bool { return p.at > 0 })
	u.button("Delete the recording")
	u.end()
}

// An own note plays while it waits to be sent.
func TestOwnNoteThatWaits(t *testing.T) {
	u := inEcho(t)
	u.ok(u.a.session.host.Leave())
	u.until("there is no server", func() bool { return !u.a.main.connected() })
	u.clickMicrophone()
	u.records(widgets.RecorderLocked, 2*time.Second)
	u.button("Send")
	var waiting []im.Message
	u.until("it waits", func() bool {
		var err error
		waiting, err = u.a.session.client.Pending(echoChat)
		return err == nil && len(waiting) == 1
	})
	u.do(func() { u.a.main.chat.togglePlay(canvas.Key(waiting[0].ID)) })
	u.untilPlaying("it plays", func(p *playing) bool { return p.at > 0 })
	u.untilQuiet()
	u.end()
}

// sendsSound lets a guest send any bytes as a voice note.
func (u *person) sendsSound(g *core.Client, b []byte, seconds int) im.Message {
	u.t.Helper()
	f, err := g.AddFile(u.t.Context(), bytes.NewReader(b), im.MaxAudioBytes)
	u.ok(err)
	m, err := g.SendMessage(u.t.Context(), g.CreateAudioMessage(im.ConvC2C, "wren", im.AudioPayload{
		URL: f.Address, Size: f.Size, Second: seconds, Format: "aac",
	}), im.SendOptions{})
	u.ok(err)
	m, err = g.WaitSent(u.t.Context(), m.ID)
	u.ok(err)
	m.ConversationID = adaChat
	return m
}

// Of a damaged note what there is is played, and that there is no more is said. One
// that cannot be played at all says what to do. The next is played all the same.
func TestDamagedNotes(t *testing.T) {
	u, ada := withAda(t)
	note, err := os.ReadFile(u.voiceNote(4 * time.Second).Path)
	u.ok(err)
	for i := len(note) / 2; i < len(note); i++ {
		note[i] = byte(i * 31)
	}
	damaged := u.sendsSound(ada, note, 4)
	u.says(ada, "C2Cwren", "a text between")
	noise := u.sendsSound(ada, bytes.Repeat([]byte("no sound "), 1000), 4)
	u.ok(u.a.sandbox.Warm(t.Context())) // which has the time that it takes
	u.plays(damaged)
	u.sees("The rest of this voice note is damaged")
	if d := u.heardFor(); d < 1500*time.Millisecond || d > 2500*time.Millisecond {
		t.Errorf("%v of 4 s were heard", d)
	}
	u.plays(noise)
	u.sees("Save it from its menu")
	u.untilQuiet()
	u.end()
}

// A note that is not here and cannot be fetched, and a speaker that does not work,
// are said in words.
func TestPlayTroubles(t *testing.T) {
	u, ada := withAda(t)
	m := u.speaks(ada, "C2Cwren", 2*time.Second)
	m.ConversationID = adaChat
	u.open(adaChat)
	u.here(m)
	for _, c := range []struct {
		err  error
		says string
	}{
		{device.ErrNoDevice, "No speaker was found"},
		{device.ErrTimeout, "The speaker does not answer"},
		{device.ErrNoBackend, "no sound system on this computer that Magpie can play with"},
	} {
		u.sound.set(func() { u.sound.noSpeaker = c.err })
		u.plays(m)
		u.sees(c.says)
		u.untilQuiet()
	}
	if m, _, err := u.a.session.client.Message(m.ID); err != nil || m.IsHeard {
		t.Errorf("what nobody heard is heard: %v, %v", m.IsHeard, err)
	}
	u.sound.set(func() { u.sound.noSpeaker = nil })
	u.plays(m)
	u.untilPlaying("it plays", func(p *playing) bool { return p.at > 0 })
	u.sound.set(func() { u.sound.speaker.lost <- device.ErrUnplugged })
	u.sees("The speaker is gone")
	u.untilQuiet()

	p := m.Payload.(im.AudioPayload)
	u.ok(u.a.session.host.Leave())
	u.until("there is no server", func() bool { return !u.a.main.connected() })
	u.lose(u.a.session, p.URL)
	u.plays(m)
	u.sees("is not on this computer yet")
	u.untilQuiet()
	u.end()
}
