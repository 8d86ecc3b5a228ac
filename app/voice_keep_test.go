package app

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"magpie/widgets"
)

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
		row := u.a.main.shown.At(u.a.main.index(echoChat))
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

// Nothing is recorded without a sign of it: what covers the conversation pauses it.
func TestCoveredWhileRecording(t *testing.T) {
	for name, c := range map[string]struct {
		width      float32
		cover, end func(u *person)
	}{
		"list":     {400, func(u *person) { u.a.main.showColumn(columnList) }, func(u *person) { u.a.main.showColumn(columnChat) }},
		"panel":    {400, func(u *person) { u.a.main.showInfo() }, func(u *person) { u.a.main.panel.close() }},
		"settings": {1120, func(u *person) { u.a.main.openSettings("") }, func(u *person) { u.a.main.settings.view.Close() }},
	} {
		t.Run(name, func(t *testing.T) {
			u := inEcho(t)
			u.do(func() { u.a.window.Resize(fyne.NewSize(c.width, 700)) })
			u.clickMicrophone()
			u.records(widgets.RecorderLocked, time.Second)
			u.do(func() { c.cover(u) })
			u.until("it pauses", func() bool { return u.a.main.composer.Recording().State == widgets.RecorderPaused })
			at := u.a.main.composer.Recording().At
			u.do(func() { c.end(u) })
			u.records(widgets.RecorderPaused, at)
			u.button("Go on recording")
			u.records(widgets.RecorderLocked, at+time.Second)
			u.button("Send")
			u.voiceSent(echoChat)
			u.end()
		})
	}
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

// A long note is not thrown away by one click: it is asked, and Enter keeps it.
func TestLongNoteIsAskedFor(t *testing.T) {
	u := inEcho(t)
	note := u.voiceNote(12 * time.Second)
	path, done, err := u.a.session.notes.folder.New(echoChat, time.Now())
	u.ok(err)
	sound, err := os.ReadFile(note.Path)
	u.ok(err)
	u.ok(os.WriteFile(path, sound, 0o600))
	done()
	u.do(func() { u.a.main.chat.findVoice() })
	u.records(widgets.RecorderDone, 12*time.Second)
	u.button("Delete the recording")
	u.sees("Throw this recording away?")
	u.sees("0:12 were recorded")
	u.press(fyne.KeyReturn)
	u.until("the question is gone", func() bool { return u.a.window.Canvas().Overlays().Top() == nil })
	u.records(widgets.RecorderDone, 12*time.Second)
	u.button("Delete the recording")
	u.tap("Throw away")
	u.noDraft()
	if u.recording() != nil {
		t.Error("the recorder is still there")
	}
	u.end()
}
