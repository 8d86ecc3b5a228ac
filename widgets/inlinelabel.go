package widgets

import (
	"image"
	"math"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"magpie/im"
	"magpie/widgets/picture"
	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// inlineLabel is one line of text whose emoji are pictures, and that ends with an
// ellipsis where it has no room. The codes of the interface stay as they were
// written.
type inlineLabel struct {
	face     *textlayout.Face
	pictures *picture.Cache
	size     float32
	bold     bool
	colour   fyne.ThemeColorName
	full     string
	runs     []im.Run // RunEmoji and RunText only

	marks [MaxMarks]Span // of full, drawn behind the words

	// texts, images and grounds are used again; shown are those of the line as it is.
	texts   []*canvas.Text
	images  []*canvas.Image
	grounds []*canvas.Rectangle
	shown   []fyne.CanvasObject
}

func newInlineLabel(face *textlayout.Face, pictures *picture.Cache, size float32, bold bool) *inlineLabel {
	return &inlineLabel{face: face, pictures: pictures, size: size, bold: bold}
}

// emojiPictures are those of labels that share them with nobody.
var emojiPictures picture.Cache

// newName makes a label for a name, which may have emoji.
func newName(size float32, bold bool) *inlineLabel {
	return newInlineLabel(newFace(size, bold), &emojiPictures, size, bold)
}

// with adds what labels draw to objects, which are the same each time.
func with(objects []fyne.CanvasObject, labels ...*inlineLabel) func() []fyne.CanvasObject {
	objects = objects[:len(objects):len(objects)]
	return func() []fyne.CanvasObject {
		all := objects
		for _, l := range labels {
			all = append(all, l.shown...)
		}
		return all
	}
}

// set changes the words, ink the colour.
func (l *inlineLabel) set(s string) {
	if s = oneLine(s); s != l.full {
		l.full, l.runs = s, picture.Runs(s)
	}
}

func (l *inlineLabel) ink(colour fyne.ThemeColorName) {
	l.colour = colour
	for _, t := range l.texts {
		t.Color = theme.Color(colour)
	}
}

// width is how wide the words are when nothing is cut off.
func (l *inlineLabel) width() float32 { return l.face.Width(l.full) }

// place draws the line in on, from x on in a line of the given height that begins
// at y, in at most width units, and returns how many it takes.
func (l *inlineLabel) place(on fyne.CanvasObject, x, y, lineHeight, width float32) float32 {
	begin := x
	l.shown = l.shown[:0]
	texts, images, at := 0, 0, 0
	var behind []fyne.CanvasObject
	defer func() {
		if len(behind) > 0 {
			l.shown = append(behind, l.shown...)
		}
	}()
	side := picture.Side(l.size)
	draw := func(s string, x float32) {
		if texts == len(l.texts) {
			t := canvas.NewText("", theme.Color(l.colour))
			t.TextSize, t.TextStyle.Bold = l.size, l.bold
			l.texts = append(l.texts, t)
		}
		t := l.texts[texts]
		texts++
		theme.SetText(t, s)
		l.shown = append(l.shown, t)
		placeLine(t, x, y+lower(l.face, s), lineHeight)
	}
	put := func(s string) float32 {
		line := l.arranged(s)
		if line == nil {
			draw(s, x)
			return l.face.Width(s)
		}
		for _, p := range line.Lines[0].Pieces {
			if p.Text != "" {
				draw(p.Text, x+p.X)
			}
		}
		return line.Width + l.face.Width(s[line.Lines[0].Visible:])
	}
	for end, i := x+width, 0; i < len(l.runs) && x < end; i++ {
		r := l.runs[i]
		m, isPicture := l.picture(on, r, side)
		switch {
		case isPicture && x+side+l.after(i) > end:
			if x+l.face.Width("…") <= end {
				x += put("…")
			}
			return x - begin
		case isPicture:
			if images == len(l.images) {
				l.images = append(l.images, &canvas.Image{ScaleMode: canvas.ImageScaleFastest})
			}
			o := l.images[images]
			images++
			showPicture(o, m)
			place(o, x, y+(lineHeight-side)/2, side, side)
			l.shown = append(l.shown, o)
			x += side + 1
		default:
			s, _ := l.face.Fit(r.Text, end-x)
			kept := s
			if s != r.Text {
				kept = strings.TrimSuffix(s, "…") // which is not of the text
			}
			behind = l.marked(behind, kept, at, area{x, y, lineHeight})
			x += put(s)
			if s != r.Text {
				return x - begin
			}
		}
		at += len(r.Text)
	}
	return x - begin
}

// arranged lays out a piece of text that a shaper alone would put out of order, as it
// may one that is partly written from right to left; nil for any other.
func (l *inlineLabel) arranged(s string) *textlayout.Layout {
	if !textlayout.HasRTL(s) {
		return nil
	}
	line := l.face.Layout(s, math.MaxFloat32)
	if len(line.Lines) != 1 || line.Lines[0].Pieces == nil || line.Lines[0].Whole {
		return nil
	}
	return &line
}

// stretch is where the bytes from and to of a piece of text stand, from its left edge:
// all that lies between their ends where directions mix.
func (l *inlineLabel) stretch(s string, from, to int) (x, width float32) {
	line := l.arranged(s)
	if line == nil {
		return l.face.Width(s[:from]), l.face.Width(s[from:to])
	}
	spans := l.face.Spans(line, 0, from, to, nil)
	if len(spans) == 0 {
		return 0, 0
	}
	last := spans[len(spans)-1]
	return spans[0].X, last.X + last.Width - spans[0].X
}

// area is where a piece of text stands.
type area struct{ x, y, height float32 }

// marked appends a ground for each mark that is in a piece of text, which begins at
// byte at of the line.
func (l *inlineLabel) marked(behind []fyne.CanvasObject, s string, at int, where area) []fyne.CanvasObject {
	const above = float32(1)
	for _, m := range l.marks {
		from, to := max(m.From-at, 0), min(m.To-at, len(s))
		if from >= to || !utf8.RuneStart(s[from]) || to < len(s) && !utf8.RuneStart(s[to]) {
			continue
		}
		if len(behind) == len(l.grounds) {
			l.grounds = append(l.grounds, box(3))
		}
		ground := l.grounds[len(behind)]
		ground.FillColor = theme.Color(theme.HitMark)
		x, width := l.stretch(s, from, to)
		place(ground, where.x+x, where.y+above, width, where.height-2*above)
		behind = append(behind, ground)
	}
	return behind
}

// after is how much room what follows run i takes at least.
func (l *inlineLabel) after(i int) float32 {
	if i == len(l.runs)-1 {
		return 0
	}
	return 1 + l.face.Width("…")
}

// picture returns the picture of a run that is an emoji.
func (l *inlineLabel) picture(on fyne.CanvasObject, r im.Run, side float32) (image.Image, bool) {
	if r.Kind != im.RunEmoji {
		return nil, false
	}
	return l.pictures.Emoji(r.Emoji, pixels(on, side))
}
