package app

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/profile"
	"magpie/im"
	"magpie/media/device"
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
	u.sees("As long as a note may be")
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

// A recording whose conversation is left is a draft there: in the list, after coming
// back, after the next start; and it goes out once.
func TestRecordingIsKeptAsDraft(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	u.open(echoChat)
	u.hold()
	u.records(widgets.RecorderHeld, time.Second)
	u.do(func() { u.a.main.openChat("C2Cwren") })
	u.sees("kept as a draft")
	if u.recording() != nil {
		t.Error("the other conversation has a recorder")
	}
	u.until("the list says so", func() bool {
		row := u.a.main.At(u.a.main.index(echoChat))
		return row.Draft == "[Draft]" && row.Preview == "[Voice]"
	})
	u.open(echoChat)
	u.records(widgets.RecorderDone, time.Second)
	u.sees("Not sent yet")
	u.end()

	u = begin(t, data)
	u.until("the draft is there", func() bool {
		return u.a.main != nil && u.a.main.conversation() == echoChat && u.a.main.composer.Recording() != nil
	})
	u.button("Listen")
	u.until("it can be heard", func() bool { return len(u.sound.heard()) > 30_000 })
	u.button("Send")
	u.voiceSent(echoChat)
	u.noDraft()
	u.end()

	u = begin(t, data)
	u.until("the list", func() bool { return u.a.main != nil && u.a.main.chat != nil })
	u.a.files.wait()
	if all, err := u.a.session.client.History(t.Context(), echoChat, historyAll); err != nil || voices(all.Messages, "wren") != 1 || u.recording() != nil {
		t.Errorf("%d voice notes, %v, the recorder %+v", voices(all.Messages, "wren"), err, u.recording())
	}
	u.end()
}

// The window closes while a recording runs: the next start has it.
func TestCloseWhileRecording(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	u.open(echoChat)
	u.clickMicrophone()
	u.records(widgets.RecorderLocked, time.Second)
	u.end()
	u = begin(t, data)
	u.until("the draft is there", func() bool { return u.a.main != nil && u.a.main.composer.Recording() != nil })
	u.records(widgets.RecorderDone, time.Second)
	u.button("Delete the recording")
	u.end() // at once: it is deleted all the same
	if names := u.noteFiles(); len(names) != 0 {
		t.Errorf("left: %v", names)
	}
}

// What is sent a moment before the window closes is sent.
func TestCloseAfterSending(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	u.open(echoChat)
	hand := u.hold()
	u.records(widgets.RecorderHeld, time.Second)
	hand.release()
	u.end()
	if names := u.noteFiles(); len(names) != 0 {
		t.Errorf("left: %v", names)
	}
	u = begin(t, data)
	u.until("the conversation", func() bool { return u.a.main != nil && u.a.main.chat != nil && u.a.main.connected() })
	u.voiceSent(echoChat)
	u.end()
}

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

// A process that is killed while it records leaves a file that ends anywhere: the
// next one has what is whole of it as a draft. Nothing but a header is nothing.
func TestKilledWhileRecording(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	u.open(echoChat)
	u.clickMicrophone()
	u.records(widgets.RecorderLocked, 2*time.Second)
	dir, saved := u.notesDir(), t.TempDir()
	u.ok(os.CopyFS(filepath.Join(saved, "voice"), os.DirFS(dir)))
	u.button("Delete the recording")
	u.end()
	u.ok(os.RemoveAll(dir))
	u.ok(os.CopyFS(dir, os.DirFS(filepath.Join(saved, "voice"))))
	files := u.noteFiles()
	if len(files) != 1 {
		t.Fatalf("on the disk: %v", files)
	}
	var path string
	u.ok(filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			path = p
		}
		return err
	}))
	whole, err := os.ReadFile(path)
	u.ok(err)
	u.ok(os.WriteFile(path, whole[:len(whole)-5], 0o600))
	u.ok(os.WriteFile(filepath.Join(filepath.Dir(path), "00000000000000000001.aac"), whole[:4], 0o600))

	u = begin(t, data)
	u.until("the draft is there", func() bool { return u.a.main != nil && u.a.main.composer.Recording() != nil })
	u.records(widgets.RecorderDone, 1800*time.Millisecond)
	u.button("Send")
	if _, length := u.voiceSent(echoChat); length < 1800*time.Millisecond {
		t.Errorf("%v were sent", length)
	}
	u.noDraft()
	u.end()
}

// Another language makes the screen anew: what was being recorded is there.
func TestLanguageKeepsTheRecording(t *testing.T) {
	u := inEcho(t)
	u.hold().slide(0, -80).release()
	u.records(widgets.RecorderLocked, time.Second)
	u.do(func() { u.a.setLanguage("zh-Hans") })
	u.records(widgets.RecorderDone, time.Second)
	u.sees("尚未发送")
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

// Who may not write any more is not recorded on: what there is waits until they may.
func TestMutedWhileRecording(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	conv, _, _ := u.group()
	u.open(conv)
	u.clickMicrophone()
	u.records(widgets.RecorderLocked, time.Second)
	mute := func(until int64) {
		u.do(func() {
			u.a.main.chat.mutedUntil = until
			u.a.main.showClosed()
		})
	}
	mute(time.Now().Add(time.Hour).UnixMilli())
	u.sees("You are muted until")
	u.sees("kept as a draft")
	if u.recording() != nil || !u.sound.microphone().isClosed() {
		t.Error("the recorder is still there")
	}
	mute(0)
	u.records(widgets.RecorderDone, time.Second)
	u.button("Send")
	u.voiceSent(conv)
	u.end()
}
