package app

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"magpie/app/core"
	"magpie/app/profile"
	"magpie/app/voicedraft"
	"magpie/im"
	"magpie/media/aac"
	"magpie/media/m4a"
	"magpie/media/record"
	"magpie/widgets"
)

// onScreen finds the first object on the screen that is, below o.
func onScreen(o fyne.CanvasObject, is func(fyne.CanvasObject) bool) fyne.CanvasObject {
	if o == nil || !o.Visible() {
		return nil
	}
	if is(o) {
		return o
	}
	var children []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		children = o.Objects
	case fyne.Widget:
		children = test.WidgetRenderer(o).Objects()
	}
	for _, child := range children {
		if found := onScreen(child, is); found != nil {
			return found
		}
	}
	return nil
}

// mic is the microphone of the composer as the mouse finds it.
type mic interface {
	fyne.CanvasObject
	fyne.Focusable
	fyne.Draggable
	fyne.SecondaryTappable
	desktop.Mouseable
}

// mouse is a hand on the mouse, with the pointer where the microphone was pressed.
type mouse struct {
	u   *person
	mic mic
	at  fyne.Position
}

// microphone waits for the microphone to be on the screen.
func (u *person) microphone() mouse {
	u.t.Helper()
	m := mouse{u: u}
	u.until("there is a microphone", func() bool {
		o := onScreen(u.a.window.Canvas().Content(), func(o fyne.CanvasObject) bool {
			return fmt.Sprintf("%T", o) == "*widgets.micButton"
		})
		if o == nil {
			return false
		}
		m.mic = o.(mic)
		size := o.Size()
		m.at = fyne.CurrentApp().Driver().AbsolutePositionForObject(o).AddXY(size.Width-size.Height/2, size.Height/2)
		return true
	})
	return m
}

func (m mouse) event() *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{AbsolutePosition: m.at}, Button: desktop.MouseButtonPrimary}
}

// hold presses the microphone and moves a little: in the haste of these tests it would
// be a click otherwise.
func (u *person) hold() mouse {
	u.t.Helper()
	m := u.microphone()
	u.do(func() { m.mic.MouseDown(m.event()) })
	return m.slide(12, 0)
}

// click presses it and lets go at once.
func (u *person) clickMicrophone() {
	u.t.Helper()
	m := u.microphone()
	u.do(func() { m.mic.MouseDown(m.event()); m.mic.MouseUp(m.event()) })
}

func (m mouse) slide(x, y float32) mouse {
	m.at = m.at.AddXY(x, y)
	m.u.do(func() { m.mic.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{AbsolutePosition: m.at}}) })
	return m
}

func (m mouse) release() { m.u.do(func() { m.mic.MouseUp(m.event()); m.mic.DragEnd() }) }

// button presses the button on the screen with a name.
func (u *person) button(label string) {
	u.t.Helper()
	var found *widgets.IconButton
	u.untilScreen(fmt.Sprintf("there is a button %q", label), func() bool {
		found, _ = onScreen(u.a.window.Canvas().Content(), func(o fyne.CanvasObject) bool {
			b, ok := o.(*widgets.IconButton)
			return ok && b.Label() == label
		}).(*widgets.IconButton)
		return found != nil
	})
	u.do(func() { test.Tap(found) })
}

// recording is what the recorder shows, nil for nothing.
func (u *person) recording() (r *widgets.Recording) {
	u.do(func() {
		if u.a.main != nil {
			r = u.a.main.composer.Recording()
		}
	})
	return r
}

// records waits until d was recorded, or that long a note is shown.
func (u *person) records(state widgets.RecorderState, d time.Duration) {
	u.t.Helper()
	u.untilScreen(fmt.Sprintf("%v is shown in state %d", d, state), func() bool {
		r := u.a.main.composer.Recording()
		return r != nil && r.State == state && r.At >= d
	})
}

// noDraft waits until nothing of a recording is on the disk.
func (u *person) noDraft() {
	u.t.Helper()
	u.until("there is no draft", func() bool { return len(u.noteFiles()) == 0 })
}

// noteFiles are the files of voice notes that are not messages.
func (u *person) noteFiles() (names []string) {
	dir := u.notesDir()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, d.Name())
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		u.t.Error(err)
	}
	return names
}

func (u *person) notesDir() string {
	path, err := u.a.profile.HistoryPath(profile.Account{User: "wren", Local: true})
	u.ok(err)
	return filepath.Join(filepath.Dir(path), "voice")
}

// voiceSent waits until wren has sent a voice note and checks that it sounds for
// the length that it says.
func (u *person) voiceSent(conv im.ConversationID) (im.Message, time.Duration) {
	u.t.Helper()
	m := u.sent(conv, "the voice note", func(m *im.Message) bool { return m.Type == im.MsgAudio })
	p := m.Payload.(im.AudioPayload)
	u.ok(u.a.session.client.Download(u.t.Context(), p.URL, nil))
	f, err := u.a.session.client.OpenFile(p.URL)
	u.ok(err)
	defer f.Close()
	file, err := m4a.Open(f, p.Size)
	u.ok(err)
	track, err := file.AAC()
	u.ok(err)
	length := time.Duration(track.Samples) * time.Second / aac.SampleRate
	if p.Second != int((length+time.Second-1)/time.Second) || p.Format != "m4a" || len(p.Peaks) != im.MaxPeaks {
		u.t.Errorf("the message says %d s, %q, %d peaks; the note has %v", p.Second, p.Format, len(p.Peaks), length)
	}
	// What was recovered ends with what the encoder filled its last frames with.
	for i, peak := range p.Peaks[:im.MaxPeaks-5] {
		if peak < 120 || peak > 135 {
			u.t.Errorf("peak %d of a tone at half of full scale is %d", i, peak)
			break
		}
	}
	return m, length
}

// voiceNote is a file with a tone of a length, as M4A.
func (u *person) voiceNote(d time.Duration) record.Note {
	u.t.Helper()
	r, err := record.New(record.Options{Path: filepath.Join(u.t.TempDir(), "note.aac"), Limit: im.MaxAudio}, func(record.Event) {})
	u.ok(err)
	note, err := r.Run(u.t.Context(), &limitedMic{left: int(d * aac.SampleRate / time.Second)})
	u.ok(err)
	return note
}

// speaks lets a guest send a voice note.
func (u *person) speaks(g *core.Client, conv im.ConversationID, d time.Duration) im.Message {
	u.t.Helper()
	note := u.voiceNote(d)
	folder := voicedraft.Open(filepath.Dir(note.Path), nil, false)
	m := g.CreateAudioMessage(conv.Type(), conv.To(), voicedraft.Payload(note))
	u.ok(folder.Send(u.t.Context(), g, note, m, im.SendOptions{}))
	m, err := g.WaitSent(u.t.Context(), m.ID)
	u.ok(err)
	return m
}

// historyAll asks for more than any of these tests has.
var historyAll = core.HistoryQuery{Limit: 1000}

// voices counts the voice notes of a user.
func voices(messages []im.Message, from im.UserID) (n int) {
	for i := range messages {
		if messages[i].Type == im.MsgAudio && messages[i].From == from {
			n++
		}
	}
	return n
}
