package app

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"magpie/media/device"
	"magpie/widgets"
)

// A microphone that is pulled out ends the recording; what there is can be sent.
func TestUnpluggedWhileRecording(t *testing.T) {
	u := inEcho(t)
	u.hold()
	u.records(widgets.RecorderHeld, time.Second)
	u.sound.microphone().broken <- device.ErrUnplugged
	u.records(widgets.RecorderDone, time.Second)
	u.sees("gives no sound any more")
	u.sees("What was recorded until then is kept")
	u.press(fyne.KeyReturn)
	u.voiceSent(echoChat)
	u.noDraft()
	u.end()
}

// Why there is no recording is said, and what is typed goes on.
func TestMicrophoneTroubles(t *testing.T) {
	u := inEcho(t)
	for _, c := range []struct {
		err  error
		says string
	}{
		{device.ErrNoDevice, "No microphone was found"},
		{device.ErrNotAllowed, "privacy settings"},
		{device.ErrNoBackend, "no sound system"},
		{device.ErrTimeout, "does not answer"},
		{device.ErrUnplugged, "Is it plugged in?"},
	} {
		u.sound.set(func() { u.sound.noMicrophone = c.err })
		u.hold()
		u.sees(c.says)
		if u.recording() != nil {
			t.Errorf("%v: the recorder is still there", c.err)
		}
	}
	u.types("typed instead")
	u.misses("Is it plugged in?")
	u.sound.set(func() { u.sound.noMicrophone = nil })
	hand := u.hold()
	hand.release() // before anything was recorded
	u.until("that was nothing", func() bool { return u.a.main.composer.Recording() == nil || u.a.main.chat.voice == nil })
	u.noDraft()
	u.end()
}

// A microphone that hangs while it is opened keeps nobody: not who deletes, not
// who records again, not who closes the window.
func TestMicrophoneThatHangs(t *testing.T) {
	u := inEcho(t)
	u.sound.set(func() { u.sound.hangs = true })
	u.clickMicrophone()
	u.sees("Waiting for the microphone")
	u.button("Delete the recording")
	if u.recording() != nil {
		t.Error("the recorder is still there")
	}
	u.sound.set(func() { u.sound.hangs = false })
	u.clickMicrophone()
	u.records(widgets.RecorderLocked, 600*time.Millisecond)
	u.button("Delete the recording")
	u.sound.set(func() { u.sound.hangs = true })
	u.clickMicrophone()
	u.sees("Waiting for the microphone")
	u.end()
	if names := u.noteFiles(); len(names) != 0 {
		t.Errorf("left: %v", names)
	}
}

// A computer without sound says so.
func TestNoSoundAtAll(t *testing.T) {
	u := inEcho(t)
	u.do(func() { u.a.takes.sound = noSound{} })
	u.hold()
	u.sees("There is no sound system on this computer")
	u.end()
}

// A window that loses the keyboard never hears of the release.
func TestHeldAndTheWindowGoesBack(t *testing.T) {
	u := inEcho(t)
	u.front(true)
	hand := u.hold()
	u.records(widgets.RecorderHeld, 500*time.Millisecond)
	u.front(false)
	u.records(widgets.RecorderLocked, time.Second)
	hand.release()
	u.records(widgets.RecorderLocked, 2*time.Second)
	u.button("Send")
	u.voiceSent(echoChat)
	u.end()
}

// A slip of the hand is not sent, and says what to do.
func TestTooShort(t *testing.T) {
	u := inEcho(t)
	u.sound.set(func() { u.sound.slow = true })
	hand := u.hold()
	u.until("samples come", func() bool { v := u.a.main.chat.voice; return v != nil && v.take.live })
	hand.release()
	u.sees("Too short to be sent")
	u.noDraft()
	if all, err := u.a.session.client.Pending(echoChat); err != nil || len(all) != 0 {
		t.Errorf("%d messages wait, %v", len(all), err)
	}
	u.end()
}
