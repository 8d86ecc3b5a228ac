package widgets

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

var recorderWords = RecorderWords{
	Record: "Record", Pause: "Pause", Resume: "Go on", Listen: "Listen", StopListening: "Stop", Delete: "Delete", Send: "Send",
	Held:    []string{"Release to send · ← cancel · ↑ lock", "← cancel · ↑ lock"},
	Cancels: "Release to delete",
}

// recorded is a composer with a microphone in a window. It does what is asked of
// it as the application would, and notes it.
type recorded struct {
	*typed
	acts  []string
	menus []fyne.Position
	time  time.Time
}

func newRecorded(t *testing.T) *recorded {
	t.Helper()
	r := &recorded{typed: newTyped(t), time: time.Unix(0, 0)}
	names := map[RecordAction]string{
		RecordStart: "start", RecordLock: "lock", RecordPause: "pause", RecordResume: "resume",
		RecordListen: "listen", RecordDelete: "delete", RecordSend: "send",
	}
	states := map[RecordAction]RecorderState{RecordLock: RecorderLocked, RecordPause: RecorderPaused, RecordResume: RecorderLocked}
	r.AddRecorder(recorderWords, func(a RecordAction) {
		r.acts = append(r.acts, names[a])
		switch a {
		case RecordDelete, RecordSend:
			r.SetRecording(nil)
		case RecordListen:
			now := *r.Recording()
			now.Listening = !now.Listening
			r.SetRecording(&now)
		default:
			r.SetRecording(&Recording{State: states[a], Total: time.Minute})
		}
	}, func(at fyne.Position) { r.menus = append(r.menus, at) })
	r.recorder.mic.now = func() time.Time { return r.time }
	return r
}

// middle is where the middle of an object is in the window.
func middle(o fyne.CanvasObject) fyne.Position {
	s := o.Size()
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(o).AddXY(s.Width/2, s.Height/2)
}

func mouse(at fyne.Position, button desktop.MouseButton) *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{AbsolutePosition: at}, Button: button}
}

// hold presses the microphone for a time, moves by each of the ways in turn and
// lets go, with the calls that the desktop's driver makes of that.
func (r *recorded) hold(d time.Duration, ways ...fyne.Delta) {
	mic := r.recorder.mic
	at := middle(mic)
	mic.MouseDown(mouse(at, desktop.MouseButtonPrimary))
	for _, way := range ways {
		at = at.Add(way)
		mic.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{AbsolutePosition: at}, Dragged: way})
	}
	r.time = r.time.Add(d)
	if len(ways) > 0 {
		mic.MouseUp(mouse(at, desktop.MouseButtonPrimary))
		mic.DragEnd()
		return
	}
	mic.MouseUp(mouse(at, desktop.MouseButtonPrimary))
	mic.Tapped(&fyne.PointEvent{AbsolutePosition: at})
}

func (r *recorded) did(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(r.acts, want) {
		t.Errorf("did %v, want %v", r.acts, want)
	}
	r.acts = nil
}

func TestMicrophoneGestures(t *testing.T) {
	left, up := fyne.NewDelta(-90, 0), fyne.NewDelta(0, -70)
	for _, c := range []struct {
		name string
		held time.Duration
		ways []fyne.Delta
		want string
	}{
		{"held and let go", time.Second, nil, "start send"},
		{"clicked", 100 * time.Millisecond, nil, "start lock"},
		{"clicked by a hand that trembles", 100 * time.Millisecond, []fyne.Delta{fyne.NewDelta(3, -4)}, "start lock"},
		{"moved a little and let go", 100 * time.Millisecond, []fyne.Delta{fyne.NewDelta(-20, 0)}, "start send"},
		{"slid left", time.Second, []fyne.Delta{left}, "start delete"},
		{"slid left at once", 10 * time.Millisecond, []fyne.Delta{left}, "start delete"},
		{"slid left in small steps", time.Second, slices.Repeat([]fyne.Delta{fyne.NewDelta(-5, 1)}, 20), "start delete"},
		{"slid left and back", time.Second, []fyne.Delta{left, fyne.NewDelta(60, 0)}, "start send"},
		{"slid up", time.Second, []fyne.Delta{up}, "start lock"},
		{"slid up, and then left", time.Second, []fyne.Delta{up, left}, "start lock"},
		{"slid down", time.Second, []fyne.Delta{fyne.NewDelta(0, 90)}, "start send"},
		{"slid right", time.Second, []fyne.Delta{fyne.NewDelta(90, 0)}, "start send"},
	} {
		r := newRecorded(t)
		r.hold(c.held, c.ways...)
		if got := strings.Join(r.acts, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Of a release after a slide the driver may tell the end of the drag only, when
// the pointer is over nothing that takes clicks.
func TestReleaseElsewhere(t *testing.T) {
	r := newRecorded(t)
	mic := r.recorder.mic
	at := middle(mic)
	mic.MouseDown(mouse(at, desktop.MouseButtonPrimary))
	mic.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{AbsolutePosition: at.AddXY(-200, 0)}})
	mic.DragEnd()
	r.did(t, "start", "delete")
	mic.DragEnd()
	mic.MouseUp(mouse(at, desktop.MouseButtonPrimary))
	r.did(t)
}

// What the pointer holds stays below it: the release is told to what is there.
func TestHeldButtonStaysUnderThePointer(t *testing.T) {
	r := newRecorded(t)
	mic := r.recorder.mic
	before, size := fyne.CurrentApp().Driver().AbsolutePositionForObject(mic), mic.Size()
	mic.MouseDown(mouse(middle(mic), desktop.MouseButtonPrimary))
	now := fyne.CurrentApp().Driver().AbsolutePositionForObject(mic)
	if now.X > before.X || now.Y > before.Y || now.X+mic.Size().Width < before.X+size.Width || now.Y+mic.Size().Height < before.Y+size.Height {
		t.Errorf("pressed at %v %v, it takes %v %v", before, size, now, mic.Size())
	}
	if right := now.X + mic.Size().Width; right != r.Size().Width-composerPadX {
		t.Errorf("its right end is at %v", right)
	}
}

func TestOtherButtonsDoNotRecord(t *testing.T) {
	r := newRecorded(t)
	mic := r.recorder.mic
	mic.MouseDown(mouse(middle(mic), desktop.MouseButtonSecondary))
	mic.MouseUp(mouse(middle(mic), desktop.MouseButtonSecondary))
	mic.TappedSecondary(&fyne.PointEvent{})
	r.did(t)
	r.w.Canvas().Focus(mic)
	mic.TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
	if len(r.menus) != 2 || r.menus[0].Y >= middle(mic).Y {
		t.Errorf("menus at %v", r.menus)
	}
	r.Disable()
	r.hold(time.Second)
	r.w.Canvas().Focus(mic)
	mic.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	r.did(t)
}

// A finger taps without a pointer that was pressed before.
func TestTapLocks(t *testing.T) {
	r := newRecorded(t)
	test.Tap(r.recorder.mic)
	r.did(t, "start", "lock")
}

// By keyboard: the recording is locked at once, has the keyboard, and what the key
// repeats while it is down does nothing.
func TestRecordByKeyboard(t *testing.T) {
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace} {
		r := newRecorded(t)
		r.w.Canvas().Focus(r.recorder.mic)
		r.press(key)
		r.did(t, "start", "lock")
		bar := r.recorder.bar
		if r.w.Canvas().Focused() != fyne.Focusable(bar) {
			t.Fatalf("the keyboard is at %T", r.w.Canvas().Focused())
		}
		r.press(key)
		r.press(key)
		r.did(t)
		bar.KeyUp(&fyne.KeyEvent{Name: key})
		r.press(fyne.KeySpace)
		r.press(fyne.KeySpace)
		r.did(t, "pause", "resume")
		r.press(fyne.KeyReturn)
		r.did(t, "send")
		if !r.Focused() {
			t.Error("the field does not have the keyboard back")
		}
	}
}

// A finished note is heard by Space; Esc is the window's, and types nothing.
func TestKeysOfAFinishedNote(t *testing.T) {
	r := newRecorded(t)
	var passed []fyne.KeyName
	r.w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { passed = append(passed, k.Name) })
	r.typeText("draft")
	r.SetRecording(&Recording{State: RecorderDone})
	r.press(fyne.KeySpace)
	r.press(fyne.KeyEscape)
	r.did(t, "listen")
	if len(passed) != 1 || passed[0] != fyne.KeyEscape {
		t.Errorf("the window got %v", passed)
	}
	r.TypeRune('x')
	r.Focus()
	r.SetRecording(nil)
	r.want(t, "draft")
	if !r.Focused() {
		t.Error("the field does not have the keyboard back")
	}
}

func TestButtonsOfALockedRecording(t *testing.T) {
	r := newRecorded(t)
	r.hold(0)
	r.did(t, "start", "lock")
	bar := r.recorder.bar
	test.Tap(bar.pause)
	test.Tap(bar.pause)
	test.Tap(bar.listen)
	test.Tap(bar.remove)
	r.did(t, "pause", "resume", "listen", "delete")
	r.hold(0)
	test.Tap(bar.send)
	r.did(t, "start", "lock", "send")
}

// The keyboard stays where it is when something else has it.
func TestRecordingTakesNoKeyboard(t *testing.T) {
	r := newRecorded(t)
	other := NewTextField("Other", "")
	r.w.SetContent(container.NewVBox(other, r.Composer))
	other.Focus()
	had := r.w.Canvas().Focused()
	r.SetRecording(&Recording{State: RecorderDone})
	r.SetRecording(nil)
	if now := r.w.Canvas().Focused(); had == nil || now != had {
		t.Errorf("%T has the keyboard", now)
	}
}

// A recording that ends by itself, or did not begin, leaves nothing of the hold.
func TestHoldEndsWithTheRecording(t *testing.T) {
	for _, after := range []*Recording{nil, {State: RecorderDone}, {State: RecorderLocked}} {
		r := newRecorded(t)
		mic := r.recorder.mic
		at := middle(mic)
		mic.MouseDown(mouse(at, desktop.MouseButtonPrimary))
		r.SetRecording(after)
		mic.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{AbsolutePosition: at.AddXY(-200, 0)}})
		mic.MouseUp(mouse(at, desktop.MouseButtonPrimary))
		mic.DragEnd()
		r.did(t, "start")
	}
}

// speech is levels that look like somebody speaking.
func speech(n int) []byte {
	levels := make([]byte, n)
	for i := range levels {
		levels[i] = byte(20 + (i*i*31+i*57)%200)
		if i%17 > 13 {
			levels[i] = 6
		}
	}
	return levels
}

func TestLookRecorder(t *testing.T) {
	recordings := []Recording{
		{State: RecorderHeld, At: 7 * time.Second, Total: 10 * time.Minute, Levels: speech(140)},
		{State: RecorderHeld, At: 7 * time.Second, Total: time.Minute, Levels: speech(140)},
		{State: RecorderHeld, At: 300 * time.Millisecond, Total: time.Minute, Levels: speech(6)},
		{State: RecorderLocked, At: 12 * time.Second, Total: time.Minute, Levels: speech(240)},
		{State: RecorderLocked, At: 51 * time.Second, Total: time.Minute, Levels: speech(1020), Notice: "9 s left", Warning: true},
		{State: RecorderPaused, At: 12 * time.Second, Total: time.Minute, Levels: speech(240), Notice: "Paused"},
		{State: RecorderPaused, At: 5 * time.Second, Total: 12 * time.Second, Levels: speech(240), Listening: true, Played: 5. / 12},
		{State: RecorderDone, At: time.Minute, Levels: speech(100), Notice: "The longest a note may be", Warning: true},
		{State: RecorderDone, At: 4 * time.Second, Total: time.Minute, Levels: speech(100), Listening: true, Played: 4. / 60},
	}
	for _, width := range []float32{816, 400} {
		both(t, func(t *testing.T, mode theme.Mode, suffix string) {
			rows := container.New(&column{})
			w := window(t, mode, rows, width, 57*float32(len(recordings)+1))
			for i := range recordings {
				c := NewComposer("Send")
				c.SetPlaceholder("Message 设计小组 Design")
				c.SetText("three\nlines of\ndraft")
				c.SetLeft(NewIconButton("paperclip", "File", nil), NewIconButton("image", "Picture", nil))
				c.SetRight(NewIconButton("smile", "Emoji", nil))
				c.AddRecorder(recorderWords, func(RecordAction) {}, func(fyne.Position) {})
				mic := c.recorder.mic
				if recordings[i].State == RecorderHeld {
					mic.holds, mic.left = true, i == 1
				}
				c.SetRecording(&recordings[i])
				c.Resize(fyne.NewSize(width, c.MinSize().Height))
				rows.Add(c)
			}
			c := NewComposer("Send")
			c.SetPlaceholder("Message 设计小组 Design")
			c.SetRight(NewIconButton("smile", "Emoji", nil))
			c.AddRecorder(recorderWords, nil, nil)
			c.Resize(fyne.NewSize(width, c.MinSize().Height))
			rows.Add(c)
			golden(t, w, fmt.Sprintf("recorder-%.0f%s", width, suffix))
		})
	}
}
