package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// viewerButton is a word, an icon or an arrow of the viewer that can be pressed. Keys
// that it has no use for are the viewer's.
type viewerButton struct {
	widget.BaseWidget
	viewer  *Viewer
	tapped  func()
	focused bool
	say     string
	icon    string
	side    float32 // of the icon
	round   bool    // on a dark disc
	hovered bool
	back    *canvas.Rectangle
	words   *label
	image   *canvas.Image
	lines   []*canvas.Line
	turn    float32 // of the arrow: -1 to the left, 1 to the right
}

func newViewerButton(say string, tapped func()) *viewerButton {
	b := &viewerButton{say: say, tapped: tapped, back: box(theme.RadiusButton), words: newLabel(theme.TextSize, false)}
	b.ExtendBaseWidget(b)
	return b
}

func newViewerWord(words string, tapped func()) *viewerButton {
	b := newViewerButton(words, tapped)
	b.words.set(words)
	return b
}

func newViewerIcon(icon, say string, side float32, tapped func()) *viewerButton {
	b := newViewerButton(say, tapped)
	b.icon, b.side = icon, side
	b.image = drawing(icon, theme.ViewerInk2, side)
	return b
}

func newViewerArrow(turn float32, say string, tapped func()) *viewerButton {
	b := newViewerButton(say, tapped)
	b.turn = turn
	for range 2 {
		l := canvas.NewLine(theme.Color(theme.ViewerInk2))
		l.StrokeWidth = 2
		b.lines = append(b.lines, l)
	}
	return b
}

// setWords changes the words; their place stays for those of the same length.
func (b *viewerButton) setWords(words string) {
	if b.say != words {
		b.say = words
		b.words.set(words)
		b.Refresh()
	}
}

func (b *viewerButton) Tapped(*fyne.PointEvent)        { call(b.tapped) }
func (b *viewerButton) MouseIn(*desktop.MouseEvent)    { b.hovered = true; b.Refresh() }
func (b *viewerButton) MouseMoved(*desktop.MouseEvent) {}
func (b *viewerButton) MouseOut()                      { b.hovered = false; b.Refresh() }
func (b *viewerButton) Cursor() desktop.Cursor         { return desktop.PointerCursor }

func (b *viewerButton) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{b.back, b.words.line}
	if b.image != nil {
		objects = append(objects, b.image)
	}
	for _, l := range b.lines {
		objects = append(objects, l)
	}
	b.paint()
	return &flat{
		objects: these(objects...),
		layout:  b.layout,
		min:     func() fyne.Size { return fyne.NewSize(b.words.width()+11, theme.IconButtonSize) },
		refresh: func() { b.paint(); b.layout(b.Size()); canvas.Refresh(b) },
	}
}

func (b *viewerButton) paint() {
	ink := theme.ViewerInk2
	b.back.FillColor = color.Transparent
	if b.round {
		ink = theme.ViewerInk
		b.back.FillColor = theme.Color(theme.ViewerBar)
	}
	if b.hovered {
		ink = theme.ViewerInk
		if !b.round {
			b.back.FillColor = theme.Color(theme.ViewerHover)
		}
	}
	ring(b.back, b.focused, theme.ViewerMark)
	b.words.ink(ink)
	if b.image != nil {
		recolour(b.image, b.icon, ink)
	}
	for _, l := range b.lines {
		l.StrokeColor = theme.Color(ink)
	}
}

func (b *viewerButton) layout(size fyne.Size) {
	b.back.CornerRadius = theme.RadiusButton
	if b.round {
		b.back.CornerRadius = size.Width / 2
	}
	place(b.back, 0, 0, size.Width, size.Height)
	b.words.placeCentred(0, 0, size.Height, size.Width)
	if b.image != nil {
		place(b.image, (size.Width-b.side)/2, (size.Height-b.side)/2, b.side, b.side)
	}
	const w, h = float32(3), float32(7)
	x, y := size.Width/2, size.Height/2
	for i, l := range b.lines {
		end := y - h
		if i == 1 {
			end = y + h
		}
		l.Position1, l.Position2 = fyne.NewPos(x+b.turn*w, y), fyne.NewPos(x-b.turn*w, end)
	}
}

// viewerProgress is how far the picture has come: words over a line.
type viewerProgress struct {
	widget.BaseWidget
	words            *label
	share            float32
	back, line, done *canvas.Rectangle
}

const viewerProgressHeight = float32(40)

func newViewerProgress() *viewerProgress {
	p := &viewerProgress{words: newLabel(theme.MetaSize, false), back: box(theme.RadiusRow), line: box(1.5), done: box(1.5)}
	p.Hide()
	p.ExtendBaseWidget(p)
	return p
}

func (p *viewerProgress) set(words string, share float32) {
	p.words.set(words)
	p.share = min(max(share, 0), 1)
	p.Hidden = words == ""
	p.Refresh()
}

func (p *viewerProgress) CreateRenderer() fyne.WidgetRenderer {
	paint := func() {
		p.words.ink(theme.ViewerInk)
		p.back.FillColor = theme.Color(theme.ViewerBar)
		p.line.FillColor = theme.Color(theme.ViewerHover)
		p.done.FillColor = theme.Color(theme.ViewerMark)
	}
	layout := func(size fyne.Size) {
		const pad = float32(14)
		w := size.Width - 2*pad
		place(p.back, 0, 0, size.Width, size.Height)
		p.words.placeCentred(pad, 6, 18, w)
		place(p.line, pad, 29, w, 3)
		place(p.done, pad, 29, w*p.share, 3)
	}
	paint()
	return &flat{
		objects: these(p.back, p.words.line, p.line, p.done),
		layout:  layout,
		min:     func() fyne.Size { return fyne.NewSize(max(p.words.width()+29, 200), viewerProgressHeight) },
		refresh: func() { paint(); layout(p.Size()); canvas.Refresh(p) },
	}
}
