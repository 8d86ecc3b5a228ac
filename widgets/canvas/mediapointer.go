package canvas

import (
	"time"

	"fyne.io/fyne/v2"
)

// mediaAction is what a click on a part of a voice note, picture, video or file
// does.
type mediaAction uint8

const (
	mediaNothing mediaAction = iota
	mediaPlay
	mediaWave
	mediaSpeed
	mediaOpen
	mediaStart
	mediaPause
	mediaResume
	mediaCancel
)

// warms reports whether what a click would do shows under the pointer.
func (a mediaAction) warms() bool { return a != mediaOpen && a != mediaWave && a != mediaSpeed }

// seek is a waveform that is being dragged on.
type seek struct {
	entry *entry // nil for none
	part  float32
}

// mediaAt returns what a click at a place in a row does.
func (c *Canvas) mediaAt(e *entry, l *rowLayout, x, y float32) mediaAction {
	switch {
	case l.voice != nil:
		return c.voiceAt(e, l.voice, x, y)
	case l.photo != nil:
		return c.photoAt(e, l.photo, x, y)
	case l.file != nil && l.bubble.holds(x, y):
		actions, n := c.fileActions(e, c.transferOf(e))
		for i, action := range actions[:n] {
			if l.file.button(i, n).holds(x, y) {
				return action
			}
		}
		return mediaOpen
	case l.merged != nil && l.bubble.holds(x, y):
		return mediaOpen
	}
	return mediaNothing
}

func (c *Canvas) voiceAt(e *entry, v *voiceLayout, x, y float32) mediaAction {
	t := c.transferOf(e)
	switch {
	case v.button.holds(x, y):
		if t != nil && t.Download && t.Failed == "" {
			return mediaCancel
		}
		return mediaPlay
	case c.playing[e.Key].Shown && v.speed.holds(x, y):
		return mediaSpeed
	case v.wave.w > 0 && area{v.wave.x, v.button.y, v.wave.w, v.button.h}.holds(x, y):
		if t != nil && t.Download {
			return mediaNothing
		}
		return mediaWave
	}
	return mediaNothing
}

func (c *Canvas) photoAt(e *entry, p *photoLayout, x, y float32) mediaAction {
	if !p.holds(x, y) {
		return mediaNothing
	}
	t := c.transferOf(e)
	switch {
	case t == nil || !p.button.holds(x, y):
		return mediaOpen
	case t.Failed != "":
		return mediaStart
	case t.Paused:
		return mediaResume
	}
	return mediaCancel
}

// tapMedia does what a click on a row does.
func (c *Canvas) tapMedia(r *row, at fyne.Position) {
	e, in := r.entry, &c.intents
	call := func(f func(Key)) {
		if f != nil {
			f(e.Key)
		}
	}
	transfer := func(a TransferAction) {
		if in.OnTransfer != nil {
			in.OnTransfer(e.Key, a)
		}
	}
	switch c.mediaAt(e, r.layout, at.X, at.Y-r.y) {
	case mediaPlay:
		call(in.OnPlay)
	case mediaWave:
		if c.playing[e.Key].Shown {
			c.seekTo(e, r.layout.voice.part(at.X))
		} else {
			call(in.OnPlay)
		}
	case mediaSpeed:
		call(in.OnSpeed)
	case mediaOpen:
		call(in.OnOpen)
	case mediaStart:
		transfer(TransferStart)
	case mediaPause:
		transfer(TransferPause)
	case mediaResume:
		transfer(TransferResume)
	case mediaCancel:
		transfer(TransferCancel)
	}
}

// part is which part of the waveform lies before a place.
func (v *voiceLayout) part(x float32) float32 { return min(max((x-v.wave.x)/v.wave.w, 0), 1) }

// dragWaveTo shows the waveform that is dragged on as played up to a place.
func (c *Canvas) dragWaveTo(x float32) {
	e := c.pointer.grabbed
	if e == nil || e.layout == nil || e.layout.voice == nil || e.layout.voice.wave.w == 0 {
		return
	}
	c.pointer.seek = seek{e, e.layout.voice.part(x)}
	c.redraw(e)
}

// endWave reports where a waveform has been let go, if it has been dragged on and
// its note is still there.
func (c *Canvas) endWave() {
	s := c.pointer.seek
	c.pointer.seek, c.pointer.grabbed = seek{}, nil
	if s.entry == nil {
		return
	}
	c.redraw(s.entry)
	if c.window.byKey[s.entry.Key] == s.entry && s.entry.Kind == KindVoice {
		c.seekTo(s.entry, s.part)
	}
}

// seekTo reports where a person wants to be in a voice note. It shows at once, not
// only when the player gets there.
func (c *Canvas) seekTo(e *entry, part float32) {
	if p := c.playing[e.Key]; p.Shown {
		p.At = time.Duration(float64(p.length(e.media())) * float64(part))
		c.SetPlaying(e.Key, p)
	}
	if c.intents.OnSeek != nil {
		c.intents.OnSeek(e.Key, float64(part))
	}
}
