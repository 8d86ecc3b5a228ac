package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// Banner is a line above the messages that says how things stand, such as being
// offline, with something to do about it. It wraps where it has no room.
type Banner struct {
	widget.BaseWidget

	// OnAction is called by the link at the end.
	OnAction func()

	back   *canvas.Rectangle
	strong *label
	words  *Paragraph
	link   *Link
	action string
}

const (
	bannerPadX = float32(16)
	bannerPadY = float32(6)
)

// NewBanner makes a banner without words. Hide it while there is nothing to say.
func NewBanner() *Banner {
	b := &Banner{
		back:   box(0),
		strong: newLabel(theme.SecondarySize, true),
		words:  NewParagraph("", theme.Warn, theme.SecondarySize, fyne.TextAlignLeading),
	}
	b.link = NewLink("", theme.Warn, theme.SecondarySize, func() { call(b.OnAction) })
	b.ExtendBaseWidget(b)
	return b
}

// SetWords sets what the banner says: a word or two in bold, a sentence, and
// the words of the link, any of which may be empty. It reports whether that is
// news, for which the banner may need another height.
func (b *Banner) SetWords(strong, sentence, action string) bool {
	if b.strong.full == oneLine(strong) && b.words.words == sentence && b.action == action {
		return false // a countdown says the same thing most of the time
	}
	b.strong.set(strong)
	b.words.SetText(sentence)
	b.action = action
	b.link.SetText(action)
	b.Refresh()
	return true
}

// CreateRenderer implements fyne.Widget.
func (b *Banner) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	return &flat{
		objects: these(b.back, b.strong.line, b.words, b.link),
		layout:  b.layout,
		min: func() fyne.Size {
			_, _, height := b.measure(b.Size().Width)
			return fyne.NewSize(200, height+2*bannerPadY)
		},
		refresh: func() { b.paint(); b.layout(b.Size()); canvas.Refresh(b) },
	}
}

func (b *Banner) paint() {
	b.back.FillColor = theme.Color(theme.WarnBackground)
	b.strong.ink(theme.Warn)
	b.link.Hidden = b.action == ""
}

// measure returns where the sentence begins, how wide it may be, and how tall
// everything is with the link behind the last line or, without room, below it.
func (b *Banner) measure(width float32) (x, w, height float32) {
	x = bannerPadX
	if b.strong.full != "" {
		x += b.strong.width() + 8
	}
	w = width - x - bannerPadX
	if width <= 0 {
		return x, 1, theme.LineHeight // not placed yet: one line, until the width is known
	}
	w = max(w, 80)
	height = max(theme.LineHeight, b.words.HeightFor(w))
	if b.action != "" && b.lastWidth()+8+b.link.MinSize().Width > w {
		height += theme.LineHeight
	}
	return x, w, height
}

// lastWidth is how wide the last line of the sentence is.
func (b *Banner) lastWidth() float32 {
	if n := len(b.words.laid.Lines); n > 0 {
		return b.words.laid.Lines[n-1].Width
	}
	return 0
}

func (b *Banner) layout(size fyne.Size) {
	place(b.back, 0, 0, size.Width, size.Height)
	x, w, height := b.measure(size.Width)
	b.strong.place(bannerPadX, bannerPadY, theme.LineHeight, size.Width/2)
	place(b.words, x, bannerPadY, w, height)
	link := b.link.MinSize().Width
	at := x + b.lastWidth() + 8
	if at+link > x+w || b.words.words == "" {
		at = x
	}
	place(b.link, at, bannerPadY+height-theme.LineHeight, min(link, w), theme.LineHeight)
}
