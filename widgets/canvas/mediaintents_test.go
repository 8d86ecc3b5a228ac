package canvas

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/widgets/theme"
)

// mediaIntents adds what a person does with media to what is heard.
func (h *heard) mediaIntents() Intents {
	in := h.intents()
	say := func(format string, args ...any) { h.log = append(h.log, fmt.Sprintf(format, args...)) }
	in.OnPlay = func(k Key) { say("play %s", k) }
	in.OnSeek = func(k Key, at float64) { say("seek %s %.2f", k, at) }
	in.OnSpeed = func(k Key) { say("speed %s", k) }
	in.OnOpen = func(k Key) { say("open %s", k) }
	in.OnTransfer = func(k Key, a TransferAction) { say("transfer %s %d", k, a) }
	return in
}

// one shows a conversation of one item.
func one(t *testing.T, kind Kind, m Media, h *heard) (*Canvas, *row) {
	t.Helper()
	c, _ := show(t, theme.Light, 640, 480, Options{Intents: h.mediaIntents()})
	openItems(c, []Item{media(1, "Lin", kind, 0, m)}, 0, 0)
	return c, rowOf(t, c, "m1")
}

func middle(a area) fyne.Position { return fyne.NewPos(a.x+a.w/2, a.y+a.h/2) }

func TestMediaClicks(t *testing.T) {
	note := Media{Duration: 10 * time.Second, Peaks: peaks(50)}
	clip := Media{Width: 300, Height: 200, Duration: time.Minute, Size: 9_000_000}
	doc := Media{Name: "a.pdf", Tag: "PDF", Size: 9_000_000}
	local := doc
	local.Here = true
	button := func(i, n int) func(l *rowLayout) fyne.Position {
		return func(l *rowLayout) fyne.Position { return middle(l.file.button(i, n)) }
	}
	play := func(l *rowLayout) fyne.Position { return middle(l.voice.button) }
	wave := func(l *rowLayout) fyne.Position { return middle(l.voice.wave) }
	speed := func(l *rowLayout) fyne.Position { return middle(l.voice.speed) }
	corner := func(l *rowLayout) fyne.Position { return fyne.NewPos(l.photo.x+3, l.photo.y+3) }
	centre := func(l *rowLayout) fyne.Position { return middle(l.photo.button) }
	tile := func(l *rowLayout) fyne.Position { return middle(l.file.tile) }
	for _, x := range []struct {
		name     string
		kind     Kind
		m        Media
		transfer *Transfer
		playing  Playing
		at       func(*rowLayout) fyne.Position
		want     string
	}{
		{"play", KindVoice, note, nil, Playing{}, play, "play m1"},
		{"pause", KindVoice, note, nil, Playing{Shown: true, Playing: true}, play, "play m1"},
		{"wave of a note that rests", KindVoice, note, nil, Playing{}, wave, "play m1"},
		{"wave", KindVoice, note, nil, Playing{Shown: true}, wave, "seek m1 0.50"},
		{"speed", KindVoice, note, nil, Playing{Shown: true}, speed, "speed m1"},
		{"no speed", KindVoice, note, nil, Playing{}, speed, ""},
		{"note on its way", KindVoice, note, &Transfer{Download: true, Done: 1, Total: 2}, Playing{}, play, "transfer m1 3"},
		{"wave on its way", KindVoice, note, &Transfer{Download: true, Done: 1, Total: 2}, Playing{}, wave, ""},
		{"note that failed", KindVoice, note, &Transfer{Download: true, Failed: "no"}, Playing{}, play, "play m1"},
		{"own note going out", KindVoice, note, &Transfer{Done: 1, Total: 2}, Playing{}, play, "play m1"},
		{"picture", KindImage, clip, nil, Playing{}, centre, "open m1"},
		{"picture on its way", KindImage, clip, &Transfer{Download: true}, Playing{}, centre, "transfer m1 3"},
		{"picture on its way, beside the button", KindImage, clip, &Transfer{Download: true}, Playing{}, corner, "open m1"},
		{"video", KindVideo, clip, nil, Playing{}, centre, "open m1"},
		{"video, paused", KindVideo, clip, &Transfer{Download: true, Paused: true}, Playing{}, centre, "transfer m1 2"},
		{"video that failed", KindVideo, clip, &Transfer{Download: true, Failed: "no"}, Playing{}, centre, "transfer m1 0"},
		{"file", KindFile, local, nil, Playing{}, tile, "open m1"},
		{"file without buttons", KindFile, local, nil, Playing{}, button(0, 1), "open m1"},
		{"file elsewhere", KindFile, doc, nil, Playing{}, tile, "open m1"},
		{"arrow", KindFile, doc, nil, Playing{}, button(0, 1), "transfer m1 0"},
		{"pause", KindFile, doc, &Transfer{Download: true, Done: 1, Total: 2}, Playing{}, button(0, 2), "transfer m1 1"},
		{"cross", KindFile, doc, &Transfer{Download: true, Done: 1, Total: 2}, Playing{}, button(1, 2), "transfer m1 3"},
		{"go on", KindFile, doc, &Transfer{Paused: true, Done: 1, Total: 2}, Playing{}, button(0, 2), "transfer m1 2"},
		{"cross, paused", KindFile, doc, &Transfer{Paused: true, Done: 1, Total: 2}, Playing{}, button(1, 2), "transfer m1 3"},
		{"again", KindFile, doc, &Transfer{Failed: "no"}, Playing{}, button(0, 1), "transfer m1 0"},
	} {
		t.Run(x.name, func(t *testing.T) {
			var h heard
			c, r := one(t, x.kind, x.m, &h)
			c.SetTransfer("m1", x.transfer)
			c.SetPlaying("m1", x.playing)
			p := x.at(r.layout)
			tap(c, r, p.X, p.Y)
			if x.want == "" {
				h.expect(t)
			} else {
				h.expect(t, x.want)
			}
			c.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p.AddXY(0, r.y)}})
			want := desktop.DefaultCursor
			if x.want != "" {
				want = desktop.PointerCursor
			}
			if got := c.Cursor(); got != want {
				t.Errorf("the pointer is %v, want %v", got, want)
			}
			c.TappedSecondary(&fyne.PointEvent{Position: p.AddXY(0, r.y)})
			h.expect(t, `menu m1 ""`)
		})
	}
}

// What has not been sent yet cannot be downloaded.
func TestArrowOfAFile(t *testing.T) {
	for state, want := range map[State]bool{StateSent: true, StateRead: true, StateSending: false, StateWaiting: false, StateFailed: false} {
		c, _ := show(t, theme.Light, 640, 480, Options{})
		it := media(1, "", KindFile, 0, Media{Name: "a.pdf"})
		it.State = state
		openItems(c, []Item{it}, 0, 0)
		if actions, n := c.fileActions(rowOf(t, c, "m1").entry, nil); (n == 1 && actions[0] == mediaStart) != want {
			t.Errorf("state %d has %d buttons", state, n)
		}
	}
}

func TestMediaWithoutListeners(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	openItems(c, []Item{media(1, "Lin", KindVoice, 0, Media{}), media(2, "Lin", KindImage, 0, Media{}), media(3, "Lin", KindFile, 0, Media{})}, 0, 0)
	c.SetPlaying("m1", Playing{Shown: true})
	r := rowOf(t, c, "m1")
	for _, a := range []area{r.layout.voice.button, r.layout.voice.wave, r.layout.voice.speed} {
		tap(c, r, middle(a).X, middle(a).Y)
	}
	r = rowOf(t, c, "m2")
	tap(c, r, middle(r.layout.photo.button).X, middle(r.layout.photo.button).Y)
	r = rowOf(t, c, "m3")
	tap(c, r, middle(r.layout.file.tile).X, middle(r.layout.file.tile).Y)
	tap(c, r, middle(r.layout.file.button(0, 1)).X, middle(r.layout.file.button(0, 1)).Y)
	if c.Selected() != "" {
		t.Error("something is selected")
	}
}

// pullWave drags from one part of a waveform to others and returns with the button
// still down.
func pullWave(c *Canvas, r *row, parts ...float32) {
	v := r.layout.voice
	at := func(part float32) fyne.PointEvent {
		return fyne.PointEvent{Position: fyne.NewPos(v.wave.x+part*v.wave.w, r.y+v.wave.y+4)}
	}
	c.MouseDown(&desktop.MouseEvent{PointEvent: at(parts[0]), Button: desktop.MouseButtonPrimary})
	for _, p := range parts[1:] {
		c.Dragged(&fyne.DragEvent{PointEvent: at(p)})
	}
}

func TestDraggingAWaveform(t *testing.T) {
	var h heard
	c, r := one(t, KindVoice, Media{Duration: 10 * time.Second, Peaks: peaks(50)}, &h)
	c.SetPlaying("m1", Playing{Shown: true, Playing: true, At: time.Second, Length: 10 * time.Second})
	w := c.pixels(r.layout.voice.wave.w)
	pullWave(c, r, 0.1, 0.3, 0.75)
	h.expect(t) // nothing is said while it goes on
	if got := r.wave.played; got != (3*w+2)/4 {
		t.Errorf("%d of %d columns are played", got, w)
	}
	if !slices.Contains(texts(r), "0:07") {
		t.Errorf("says %q", texts(r))
	}
	// The player goes on meanwhile, which does not move what is dragged.
	c.SetPlaying("m1", Playing{Shown: true, Playing: true, At: 2 * time.Second, Length: 10 * time.Second})
	if got := r.wave.played; got != (3*w+2)/4 {
		t.Errorf("the player moved it to %d", got)
	}
	c.DragEnd()
	c.MouseUp(&desktop.MouseEvent{})
	h.expect(t, "seek m1 0.75")
	if got := r.wave.played; got != (3*w+2)/4 {
		t.Errorf("let go it went to %d", got)
	}
	pullWave(c, r, 0.5, 7)
	c.DragEnd()
	pullWave(c, r, 0.5, -7)
	c.DragEnd()
	h.expect(t, "seek m1 1.00", "seek m1 0.00")
	// A note that is not in the player can be dragged too.
	c.SetPlaying("m1", Playing{})
	pullWave(c, r, 0.5, 0.25)
	c.DragEnd()
	h.expect(t, "seek m1 0.25")
	if r.wave.played != 0 {
		t.Error("shows a position of a note that does not play")
	}
	// Gone while it is dragged.
	pullWave(c, r, 0.5, 0.25)
	it := r.entry.Item
	it.Kind, it.Text = KindNotice, "recalled"
	c.Apply(Changes{Put: []Item{it}})
	c.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(200, 200)}})
	c.DragEnd()
	h.expect(t)
	c.Apply(Changes{Put: []Item{media(1, "Lin", KindVoice, 0, Media{Duration: time.Second})}})
	pullWave(c, rowOf(t, c, "m1"), 0.5, 0.25)
	c.Close()
	c.DragEnd()
	h.expect(t)
}

// texts are what a row says.
func texts(r *row) []string {
	var all []string
	for _, o := range r.texts[:r.usedTexts] {
		all = append(all, o.Text)
	}
	return all
}

func TestHoverShowsOnButtons(t *testing.T) {
	c, r := one(t, KindVoice, Media{Duration: time.Second}, &heard{})
	fill := func() any {
		for _, o := range r.rects[:r.usedRects] {
			if o.Size() == fyne.NewSquareSize(voiceButton) {
				return o.FillColor
			}
		}
		return nil
	}
	cold := fill()
	c.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: middle(r.layout.voice.button).AddXY(0, r.y)}})
	if fill() != theme.Color(theme.AccentHover) || fill() == cold {
		t.Errorf("under the pointer it is %v", fill())
	}
	drawn := c.drawn
	c.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: middle(r.layout.voice.wave).AddXY(0, r.y)}})
	if fill() != cold {
		t.Errorf("away from it it is %v", fill())
	}
	c.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: middle(r.layout.voice.wave).AddXY(9, r.y)}})
	if c.drawn != drawn+1 {
		t.Errorf("drawn %d times", c.drawn-drawn)
	}
}

// The window is told once when the pointer or the keyboard comes to a voice note.
func TestNearVoice(t *testing.T) {
	var h heard
	c, r := one(t, KindVoice, Media{Duration: time.Second}, &h)
	c.intents.OnNearVoice = func(k Key) { h.log = append(h.log, "near "+string(k)) }
	key := string(r.entry.Key)
	move := func(a area) {
		c.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: middle(a).AddXY(0, r.y)}})
	}
	for range 2 {
		move(r.layout.voice.wave)
		move(r.layout.voice.button)
		h.expect(t, "near "+key)
		c.MouseOut()
		h.expect(t)
	}
	c.goToEntry(r.entry)
	h.expect(t, "near "+key)
	c.goToEntry(r.entry)
	h.expect(t)
}
