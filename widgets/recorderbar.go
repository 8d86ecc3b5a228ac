package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/widgets/theme"
)

// recorderBar stands where the field of the composer is while there is a voice
// note: what has been recorded, and what can be done with it. It has the keyboard
// as the field would: Enter sends, Space pauses and goes on, or listens.
type recorderBar struct {
	press

	act     func(RecordAction)
	words   RecorderWords
	shown   Recording
	cancels bool // to let go now deletes

	box           *canvas.Rectangle
	dot           *canvas.Circle
	at, total     *label
	hint          *label
	wave          *waveBars
	remove        *IconButton
	pause, listen *IconButton
	send          *IconButton
	// heldKey is the key that began the recording and is still down: what it repeats
	// must not send.
	heldKey fyne.KeyName
}

var _ desktop.Keyable = (*recorderBar)(nil)

// Measures of the bar, from the pictures.
const (
	recorderPad  = float32(12)
	recorderDot  = float32(10)
	recorderWave = float32(40) // the least that a hint leaves to the waveform
)

func newRecorderBar(words RecorderWords, act func(RecordAction)) *recorderBar {
	b := &recorderBar{
		act: act, words: words,
		box: box(theme.RadiusRow), dot: canvas.NewCircle(theme.Color(theme.Danger)),
		at: newLabel(theme.TextSize, true), total: newLabel(theme.TextSize, false), hint: newLabel(theme.SecondarySize, false),
		wave: newWaveBars(),
	}
	b.remove = NewIconButton("trash", words.Delete, func() { b.do(RecordDelete) })
	b.remove.danger = true
	b.pause = NewIconButton("pause", words.Pause, func() { b.do(b.pauses()) })
	b.listen = NewIconButton("play", words.Listen, func() { b.do(RecordListen) })
	b.send = newFilledIconButton("send", words.Send, func() { b.do(RecordSend) })
	b.extend(b)
	return b
}

// do is what the buttons do. The keyboard comes back from a click on one.
func (b *recorderBar) do(a RecordAction) {
	b.act(a)
	if b.Visible() && canvasFocus(b) == nil {
		focus(b)
	}
}

// pauses is what the pause button does now.
func (b *recorderBar) pauses() RecordAction {
	if b.shown.State == RecorderPaused {
		return RecordResume
	}
	return RecordPause
}

func (b *recorderBar) buttons() []*IconButton {
	return []*IconButton{b.remove, b.pause, b.listen, b.send}
}

// TypedKey implements fyne.Focusable.
func (b *recorderBar) TypedKey(key *fyne.KeyEvent) {
	held := b.shown.State == RecorderHeld
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		switch {
		case held || key.Name == b.heldKey:
		case key.Name != fyne.KeySpace:
			b.act(RecordSend)
		case b.shown.State == RecorderDone:
			b.act(RecordListen)
		default:
			b.act(b.pauses())
		}
	default:
		passKey(b, key)
	}
}

// KeyDown implements desktop.Keyable.
func (b *recorderBar) KeyDown(*fyne.KeyEvent) {}

// KeyUp implements desktop.Keyable.
func (b *recorderBar) KeyUp(key *fyne.KeyEvent) {
	if key.Name == b.heldKey {
		b.heldKey = ""
	}
}

// FocusLost implements fyne.Focusable; the end of a held key is not told any more.
func (b *recorderBar) FocusLost() {
	b.heldKey = ""
	b.press.FocusLost()
}

// Cursor implements desktop.Cursorable.
func (b *recorderBar) Cursor() desktop.Cursor { return desktop.DefaultCursor }

// CreateRenderer implements fyne.Widget.
func (b *recorderBar) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	all := []fyne.CanvasObject{b.box, b.dot, b.at.line, b.total.line, b.hint.line, b.remove, b.pause, b.listen, b.send}
	return &flat{
		objects: these(append(all, b.wave.objects()...)...),
		layout:  b.layout,
		min:     fixed(200, theme.FieldHeight),
		refresh: func() { b.paint(); b.layout(b.Size()); canvas.Refresh(b) },
	}
}

func (b *recorderBar) paint() {
	r := &b.shown
	b.box.FillColor = theme.Color(theme.Field)
	b.dot.Hidden = r.State == RecorderDone
	b.dot.FillColor = theme.Color(theme.Danger)
	if r.State == RecorderPaused {
		b.dot.FillColor = color.Transparent
	}
	b.dot.StrokeColor, b.dot.StrokeWidth = theme.Color(theme.Danger), theme.RingWidth
	b.at.set(recordingClock(r.At))
	b.at.ink(theme.Ink)
	b.total.set("")
	if r.Total > 0 {
		b.total.set("/ " + recordingClock(r.Total))
	}
	b.total.ink(theme.Ink3)

	held := r.State == RecorderHeld
	b.send.Hidden, b.listen.Hidden = held, held
	b.pause.Hidden = held || r.State == RecorderDone
	b.setButton(b.remove, choose(held, "close", "trash"), b.words.Delete)
	b.setButton(b.pause, choose(r.State == RecorderPaused, "mic", "pause"), choose(r.State == RecorderPaused, b.words.Resume, b.words.Pause))
	b.setButton(b.listen, choose(r.Listening, "pause", "play"), choose(r.Listening, b.words.StopListening, b.words.Listen))
}

func (*recorderBar) setButton(b *IconButton, icon, label string) {
	b.SetLabel(label)
	if b.icon != icon {
		b.SetIcon(icon)
	}
}

// hints are the words that may stand at the right end, the longest first.
func (b *recorderBar) hints() (words []string, colour fyne.ThemeColorName) {
	switch {
	case b.cancels:
		return []string{b.words.Cancels}, theme.Danger
	case b.shown.Notice != "" && b.shown.Warning:
		return []string{b.shown.Notice}, theme.Warn
	case b.shown.Notice != "":
		return []string{b.shown.Notice}, theme.Ink2
	case b.shown.State == RecorderHeld:
		return b.words.Held, theme.Ink3
	}
	return nil, theme.Ink3
}

func (b *recorderBar) layout(size fyne.Size) {
	h, side := theme.FieldHeight, theme.IconButtonSize
	inset := (h - side) / 2
	place(b.remove, 0, inset, side, side)
	x := side + composerGap
	right := size.Width
	if b.shown.State == RecorderHeld {
		right -= micCircle // the button that is held
	} else {
		place(b.send, right-side, inset, side, side)
		right -= side
	}
	right -= composerGap
	place(b.box, x, 0, right-x, h)

	for _, button := range []*IconButton{b.pause, b.listen} {
		if !button.Hidden {
			right -= side
			place(button, right, inset, side, side)
		}
	}
	right -= recorderPad
	x += recorderPad
	if !b.dot.Hidden {
		place(b.dot, x, (h-recorderDot)/2, recorderDot, recorderDot)
		x += recorderDot + recorderPad
	}
	x += b.at.place(x, 0, h, right-x) + recorderPad
	if w := b.total.place(x, 0, h, right-x); w > 0 {
		x += w + recorderPad
	}
	right = b.layoutHint(x, right)
	b.wave.place(x, h/2, right-x, b.shown.Levels, b.shown.State <= RecorderLocked, b.played())
}

// layoutHint puts the first of the hints that has room at the right end, or what
// fits of the last one, and returns where it begins.
func (b *recorderBar) layoutHint(x, right float32) float32 {
	words, colour := b.hints()
	b.hint.ink(colour)
	room := right - x - recorderWave - recorderPad
	b.hint.set("")
	for i, w := range words {
		b.hint.set(w)
		if b.hint.width() <= room {
			break
		}
		if i == len(words)-1 {
			room = right - x // it goes before the waveform
		}
	}
	if w := b.hint.placeRight(right, 0, theme.FieldHeight, room); w > 0 {
		return right - w - recorderPad
	}
	return right
}

// played is how much of the waveform has its full colour.
func (b *recorderBar) played() float64 {
	if b.shown.Listening {
		return b.shown.Played
	}
	return 1
}

// choose is a if yes, otherwise b.
func choose(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}
