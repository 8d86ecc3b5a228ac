package core

import (
	"slices"
	"strings"
	"testing"

	"magpie/im"
)

// voiceNote says a voice note and returns it once it has its number.
func (d *device) voiceNote(to string) im.Message {
	d.t.Helper()
	f, err := d.AddFile(d.t.Context(), strings.NewReader("not really sound"), 100)
	ok(d.t, err)
	m, err := d.SendMessage(d.t.Context(), d.CreateAudioMessage(im.ConvC2C, to, im.AudioPayload{URL: f.Address, Size: f.Size, Second: 1}), im.SendOptions{})
	ok(d.t, err)
	m, err = d.waitSent(m.ID)
	ok(d.t, err)
	return m
}

// isHeard is what a device says of a message.
func (d *device) isHeard(id im.MessageID) bool {
	d.t.Helper()
	m, found, err := d.Message(id)
	ok(d.t, err)
	if !found {
		d.t.Fatalf("%s has no message %s", d.User(), id)
	}
	return m.IsHeard
}

func (d *device) untilHeard(ids ...im.MessageID) {
	d.t.Helper()
	d.until("heard", func(e Event) bool {
		h, is := e.(MessageHeard)
		return is && h.ConversationID == "C2Cbob" && slices.Equal(h.Messages, ids)
	})
}

// A note that was listened to is heard on all devices of the account, also on
// those that were away, and on nobody else's.
func TestHeardOnAllDevices(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	one, two, bob := s.device(t, "ann").ready(), s.device(t, "ann").ready(), s.device(t, "bob").ready()
	first, second := bob.voiceNote("ann"), bob.voiceNote("ann")
	text := bob.say(im.ConvC2C, "ann", "and a text")
	for _, d := range []*device{one, two} {
		d.hear("and a text")
		if d.isHeard(first.ID) || d.isHeard(second.ID) {
			t.Error("heard before anybody listened")
		}
	}
	if !bob.isHeard(first.ID) {
		t.Error("one's own note is marked as new")
	}
	ok(t, one.SetMessageHeard(t.Context(), second.ID))
	one.untilHeard(second.ID)
	two.untilHeard(second.ID)
	if !one.isHeard(second.ID) || !two.isHeard(second.ID) || one.isHeard(first.ID) || two.isHeard(first.ID) {
		t.Error("the wrong ones are heard")
	}
	p, err := two.History(t.Context(), "C2Cbob", HistoryQuery{})
	ok(t, err)
	equal(t, "in the history", []bool{p.Messages[0].IsHeard, p.Messages[1].IsHeard, p.Messages[2].IsHeard}, []bool{false, true, false})

	three := s.device(t, "ann").ready()
	eventually(t, "a device that came later knows", func() bool {
		p, err := three.History(t.Context(), "C2Cbob", HistoryQuery{})
		ok(t, err)
		return len(p.Messages) == 3 && p.Messages[1].IsHeard && !p.Messages[0].IsHeard
	})

	equal(t, "a text", im.CodeOf(one.SetMessageHeard(t.Context(), text.ID)), im.CodeInvalidParameter)
	equal(t, "no message", im.CodeOf(one.SetMessageHeard(t.Context(), "nobody-x-y")), im.CodeInvalidMessage)
}

// What was heard without a connection is reported when there is one, by another
// process too.
func TestHeardOffline(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	one, two, bob := s.device(t, "ann").ready(), s.device(t, "ann").ready(), s.device(t, "bob").ready()
	note := bob.voiceNote("ann")
	for _, d := range []*device{one, two} {
		d.until("the note", func(e Event) bool { r, is := e.(MessageReceived); return is && r.Messages[0].ID == note.ID })
	}
	s.kill()
	one.until("not ready", func(e Event) bool { _, is := e.(SDKNotReady); return is })
	ok(t, one.SetMessageHeard(t.Context(), note.ID))
	if !one.isHeard(note.ID) {
		t.Error("not heard at once")
	}
	one.stop()
	one = s.deviceAt(t, "ann", one.path)
	if !one.isHeard(note.ID) {
		t.Error("not heard after a restart")
	}
	s.start()
	two.untilHeard(note.ID)
}
