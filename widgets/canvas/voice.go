package canvas

import (
	"time"

	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// Sizes of a voice note, from the pictures.
const (
	voiceWidth  = 290 // within the bubble
	voiceButton = 9 * theme.Grid
	voiceGap    = 10
	voiceWave   = 30
	voiceDot    = 2 * theme.Grid
	voiceRing   = 7 * theme.Grid // within the button, while the note is downloaded
	ringWidth   = 3
)

// voiceLayout is where the parts of a voice note are. On the right are two lines:
// the length with the speed or the dot before it, and the time.
type voiceLayout struct {
	button area
	wave   area // w is 0 if there is no room
	right  float32
	lengthY,
	middle float32 // of the line of the length
	speed area // what may be clicked where the speed shows
}

// voiceOf lays out a voice note at y and returns its lower edge.
func (c *Canvas) voiceOf(l *rowLayout, e *entry, y, width float32) float32 {
	f := c.face()
	v := &voiceLayout{}
	l.voice = v
	inner := c.fixedBubble(l, e, y, width, voiceWidth)
	x := l.bubble.x + bubblePadX
	top := l.bubble.y + bubblePadY
	if e.look.name {
		c.nameOf(l, e, top, inner)
		l.name.x = x
		top += nameHeight
	}
	top += c.quoteOf(l, e, x, top, inner)
	top = c.snap(top)
	v.button = area{x, top, voiceButton, voiceButton}
	v.right = x + inner

	metaW := c.measureMeta(l, e)
	lengthW := f.small.Width(c.words.Length(e.media().Duration))
	speedW := max(f.name.Width(c.words.Speed(1)), f.name.Width(c.words.Speed(1.5)), f.name.Width(c.words.Speed(2)))
	column := c.snapUp(max(metaW, speedW+theme.Grid+lengthW))
	first := top + (voiceButton-2*smallLine)/2
	v.lengthY = c.centred(&f.small, first, smallLine)
	v.middle = first + smallLine/2
	v.speed = area{v.right - column - theme.Grid, top, column - lengthW + theme.Grid, voiceButton / 2}
	c.placeMeta(l, v.right-metaW, c.centred(&f.meta, first+smallLine, smallLine))

	v.wave = area{x: c.snap(x + voiceButton + voiceGap), y: c.snap(top + (voiceButton-voiceWave)/2), h: voiceWave}
	if w := v.right - column - voiceGap - v.wave.x; w >= 3*barPitch {
		v.wave.w = c.snap(w)
	}
	l.bubble.h = c.snap(top+voiceButton+bubblePadY) - l.bubble.y
	c.placeAvatar(l, e, c.leading(width), l.bubble.y+l.bubble.h)
	return l.bubble.y + l.bubble.h
}

// voice draws a voice note.
func (r *row) voice(c *Canvas, e *entry, l *rowLayout) {
	f, v, m := c.face(), l.voice, e.media()
	r.ground(e, l, f)
	p, t := c.playing[e.Key], c.transferOf(e)
	loading := t != nil && t.Download && t.Failed == ""
	r.voiceButton(c, e, v, p, t)

	at, length := p.At, p.length(m)
	part := float32(0)
	if p.Shown && length > 0 {
		part = float32(min(max(float64(at)/float64(length), 0), 1))
	}
	if s := &c.pointer.seek; s.entry == e {
		part = s.part
		at = time.Duration(float64(length) * float64(part))
	}
	switch {
	case v.wave.w == 0:
	case t != nil && t.Download && t.Failed != "":
		r.voiceFailure(c, v, t.Failed)
	default:
		r.drawWave(c, v.wave, m.Peaks, part)
	}

	say := c.words.Length(m.Duration)
	if p.Shown || c.pointer.seek.entry == e {
		say = c.words.Length(at)
	}
	w := f.small.Width(say)
	r.text(label{text: say, x: c.snap(v.right - w), y: v.lengthY}, &f.small, theme.Color(theme.Meta))
	switch {
	case p.Shown:
		speed := c.words.Speed(p.speed())
		r.text(label{text: speed, x: c.snap(v.right - f.small.Width(c.words.Length(length)) - theme.Grid - f.name.Width(speed)), y: c.centred(&f.name, v.middle-smallLine/2, smallLine)}, &f.name, theme.Color(theme.Link))
	case m.Unheard && !e.Own && !loading:
		r.rect(area{c.snap(v.right - w - theme.Grid - voiceDot), c.snap(v.middle - voiceDot/2), voiceDot, voiceDot}, theme.Color(theme.Badge), voiceDot/2)
	}
	r.meta(e, l, f)
	r.avatar(c, e, l)
	r.failure(l, f)
}

// voiceButton draws the round button: play or pause, or how much of the note has
// been downloaded.
func (r *row) voiceButton(c *Canvas, e *entry, v *voiceLayout, p Playing, t *Transfer) {
	fill := theme.Accent
	if h := c.pointer.hot; h.entry == e && h.n == int(mediaPlay) || h.entry == e && h.n == int(mediaCancel) {
		fill = theme.AccentHover
	}
	r.rect(v.button, theme.Color(fill), voiceButton/2)
	switch {
	case t != nil && t.Download && t.Failed != "":
		r.icon(c, v.button, "retry", theme.OnAccent, theme.IconSmall)
	case t != nil && t.Download:
		r.ring(inside(v.button, voiceRing), *t, theme.Color(theme.OnAccent))
		r.icon(c, v.button, "close", theme.OnAccent, theme.IconSmall-theme.Grid)
	case p.Playing:
		r.icon(c, v.button, "pause", theme.OnAccent, theme.IconSmall)
	default:
		r.icon(c, v.button, "play", theme.OnAccent, theme.IconSmall)
	}
}

// voiceFailure says in place of the waveform why there is no sound, in two lines.
func (r *row) voiceFailure(c *Canvas, v *voiceLayout, why string) {
	f := &c.face().small
	lines := f.Layout(textlayout.Clean(why), v.wave.w).Lines
	text := textlayout.Clean(why)
	y := v.wave.y + (v.wave.h-2*smallLine)/2
	if len(lines) == 1 {
		y += smallLine / 2
	}
	for i, ln := range lines {
		say := text[ln.Start:ln.Visible]
		if i == 1 && len(lines) > 2 {
			say, _ = f.Fit(text[ln.Start:], v.wave.w)
		}
		r.text(label{text: say, x: v.wave.x, y: c.centred(f, y, smallLine)}, f, theme.Color(theme.Danger))
		if y += smallLine; i == 1 {
			return
		}
	}
}

// speed is how fast the player goes.
func (p Playing) speed() float64 {
	if p.Speed == 0 {
		return 1
	}
	return p.Speed
}

// length is that of the note, by the player if it knows.
func (p Playing) length(m Media) time.Duration {
	if p.Length > 0 {
		return p.Length
	}
	return m.Duration
}
