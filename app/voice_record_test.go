package app

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/profile"
	"magpie/im"
	"magpie/widgets"
)

const echoChat = im.ConversationID("C2Cecho")

// inEcho is a person with a conversation open.
func inEcho(t *testing.T) *person {
	t.Helper()
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.open(echoChat)
	return u
}

// Hold, speak, let go: the note is a message, as long as it was and as loud, and
// what is typed is still there.
func TestHoldToRecord(t *testing.T) {
	u := inEcho(t)
	u.types("half a tho")
	hand := u.hold()
	u.sees("Release to send")
	u.records(widgets.RecorderHeld, 1300*time.Millisecond)
	u.sees("0:01")
	u.sees("/ 1:00")
	hand.release()
	m, length := u.voiceSent(echoChat)
	if length < 1300*time.Millisecond {
		t.Errorf("%v were sent", length)
	}
	if it := u.shown(echoChat, m.ID); !it.Own || it.Media == nil || it.Media.Duration != noteLength(m.Payload.(im.AudioPayload)) || !it.Media.Here || it.Media.Unheard {
		t.Errorf("it is shown as %+v", it)
	}
	u.noDraft()
	if text := u.typed(); text != "half a tho" {
		t.Errorf("typed is %q", text)
	}
	if !u.sound.microphone().isClosed() {
		t.Error("the microphone is open")
	}
	u.end()
}

// Slid left, the recording is gone, and nothing was sent.
func TestSlideLeftDeletes(t *testing.T) {
	u := inEcho(t)
	hand := u.hold()
	u.records(widgets.RecorderHeld, time.Second)
	hand = hand.slide(-100, 0)
	u.sees("Release to delete")
	hand.release()
	u.noDraft()
	if u.recording() != nil {
		t.Error("the recorder is still there")
	}
	u.until("the microphone is closed", u.sound.microphone().isClosed)
	u.clickMicrophone() // what follows is not what was before
	u.records(widgets.RecorderLocked, 600*time.Millisecond)
	u.button("Send")
	u.voiceSent(echoChat)
	if all, err := u.a.session.client.History(t.Context(), echoChat, historyAll); err != nil || voices(all.Messages, "wren") != 1 {
		t.Errorf("%d voice notes, %v", voices(all.Messages, "wren"), err)
	}
	u.end()
}

// Locked by sliding up: paused, listened to, gone on with, sent by the keyboard.
func TestLockedRecording(t *testing.T) {
	u := inEcho(t)
	hand := u.hold()
	u.records(widgets.RecorderHeld, time.Second)
	hand.slide(0, -80).release()
	u.records(widgets.RecorderLocked, 1500*time.Millisecond)
	u.button("Listen")
	u.until("it can be heard", func() bool { return len(u.sound.heard()) > 1000 })
	u.until("it is over", func() bool {
		r := u.a.main.composer.Recording()
		return r.State == widgets.RecorderPaused && !r.Listening
	})
	paused := u.recording().At
	heard := time.Duration(len(u.sound.heard())) * time.Second / 44100
	if heard < paused-200*time.Millisecond || heard > paused+200*time.Millisecond {
		t.Errorf("%v were heard of %v", heard, paused)
	}
	u.sees("Paused")
	u.button("Go on recording")
	u.records(widgets.RecorderLocked, paused+time.Second)
	u.press(fyne.KeyReturn)
	if _, length := u.voiceSent(echoChat); length < paused+time.Second {
		t.Errorf("%v were sent", length)
	}
	u.noDraft()
	u.end()
}

// At the limit the recording stops and stays, however it was begun, and says so
// before.
func TestRecordingEndsAtItsLimit(t *testing.T) {
	u := inEcho(t)
	u.do(func() { u.a.change(func(s *profile.Settings) { s.VoiceLimit = 12 }) })
	hand := u.hold()
	u.sees("s left")
	u.records(widgets.RecorderDone, 12*time.Second)
	u.sees("A voice note cannot be longer")
	hand.release()
	if r := u.recording(); r == nil || r.At != 12*time.Second {
		t.Errorf("letting go made it %+v", r)
	}
	u.button("Send")
	if _, length := u.voiceSent(echoChat); length != 12*time.Second {
		t.Errorf("%v were sent", length)
	}
	u.noDraft()
	u.end()
}

// The menu of the microphone chooses the devices and the limit, and remembers them.
func TestSoundMenu(t *testing.T) {
	u := inEcho(t)
	menu := func() {
		m := u.microphone()
		u.do(func() { m.mic.TappedSecondary(&fyne.PointEvent{AbsolutePosition: m.at}) })
	}
	menu()
	u.tap("Microphone")
	u.tap("Headset")
	menu()
	u.tap("Longest voice note")
	u.tap("5 minutes")
	u.sound.set(func() { u.sound.speakers = nil })
	menu()
	u.tap("Speaker")
	u.sees("No speaker was found")
	u.key(fyne.KeyEscape)
	u.do(func() {
		for top := u.a.window.Canvas().Overlays().Top(); top != nil; top = u.a.window.Canvas().Overlays().Top() {
			u.a.window.Canvas().Overlays().Remove(top)
		}
	})
	u.hold().slide(0, -80).release()
	u.records(widgets.RecorderLocked, time.Second)
	u.sees("/ 5:00")
	u.button("Delete the recording")
	u.end()
	s, _, err := u.a.profile.Load(time.Now())
	if err != nil || s.Microphone != "m2" || s.VoiceLimit != 300 {
		t.Errorf("remembered is %+v, %v", s, err)
	}
	if !slices.Contains(u.sound.opened, "microphone m2") {
		t.Errorf("opened were %v", u.sound.opened)
	}
}
