package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// UsagePart is one part of a [UsageBar]: how much it is of the whole, and what it is in
// words, its size among them, because a colour alone tells not everybody.
type UsagePart struct {
	Label  string
	Amount int64
	Colour fyne.ThemeColorName
}

// UsageBar shows what a whole is made of: a bar in parts with a legend below, which
// wraps. Parts of nothing are in neither.
type UsageBar struct {
	widget.BaseWidget
	parts  []UsagePart
	empty  *canvas.Rectangle
	bars   []*canvas.Rectangle
	swatch []*canvas.Rectangle
	labels []*label
}

const (
	usageHeight = float32(14)
	usageGap    = float32(2) // between two parts
	usageLeast  = float32(3) // the width of a part that is there at all
	usageBelow  = float32(10)
	usageSwatch = float32(9)
	legendLine  = theme.LineHeight
	legendGap   = float32(18) // between two labels
	legendInner = float32(4)  // between a swatch and its words
)

// NewUsageBar makes an empty bar.
func NewUsageBar() *UsageBar {
	b := &UsageBar{empty: box(usageHeight / 2)}
	b.ExtendBaseWidget(b)
	return b
}

// SetParts shows what the whole is made of, in the order from the left.
func (b *UsageBar) SetParts(parts ...UsagePart) {
	b.parts, b.bars, b.swatch, b.labels = nil, nil, nil, nil
	for _, p := range parts {
		if p.Amount <= 0 {
			continue
		}
		b.parts = append(b.parts, p)
		b.bars = append(b.bars, box(0))
		b.swatch = append(b.swatch, box(3))
		l := newLabel(theme.MetaSize, false)
		l.set(p.Label)
		b.labels = append(b.labels, l)
	}
	b.Refresh()
}

// HeightFor is how tall the bar with its legend is at a width.
func (b *UsageBar) HeightFor(width float32) float32 {
	if len(b.parts) == 0 {
		return usageHeight
	}
	_, rows := b.legend(width)
	return usageHeight + usageBelow + float32(rows)*legendLine
}

// legend places the labels: where each begins, and in how many rows.
func (b *UsageBar) legend(width float32) (at []fyne.Position, rows int) {
	x, y := float32(0), float32(0)
	for _, l := range b.labels {
		w := usageSwatch + legendInner + l.width()
		if x > 0 && x+w > width {
			x, y = 0, y+legendLine
		}
		at = append(at, fyne.NewPos(x, y))
		x += w + legendGap
	}
	return at, int(y/legendLine) + 1
}

// CreateRenderer implements fyne.Widget.
func (b *UsageBar) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	return &flat{
		objects: func() []fyne.CanvasObject {
			all := []fyne.CanvasObject{b.empty}
			for i := range b.parts {
				all = append(all, b.bars[i], b.swatch[i], b.labels[i].line)
			}
			return all
		},
		layout:  b.layout,
		min:     func() fyne.Size { return fyne.NewSize(160, b.HeightFor(max(b.Size().Width, 160))) },
		refresh: func() { b.paint(); b.layout(b.Size()); canvas.Refresh(b) },
	}
}

func (b *UsageBar) paint() {
	b.empty.FillColor = theme.Color(theme.Line)
	b.empty.Hidden = len(b.parts) > 0
	for i, p := range b.parts {
		b.bars[i].FillColor = theme.Color(p.Colour)
		b.swatch[i].FillColor = theme.Color(p.Colour)
		b.labels[i].ink(theme.Ink2)
	}
}

func (b *UsageBar) layout(size fyne.Size) {
	place(b.empty, 0, 0, size.Width, usageHeight)
	if len(b.parts) == 0 {
		return
	}
	total := int64(0)
	for _, p := range b.parts {
		total += p.Amount
	}
	n := len(b.parts)
	room := size.Width - usageGap*float32(n-1) - usageLeast*float32(n)
	x := float32(0)
	for i, p := range b.parts {
		w := usageLeast + max(room, 0)*float32(float64(p.Amount)/float64(total))
		if i == n-1 {
			w = size.Width - x
		}
		bar := b.bars[i]
		bar.TopLeftCornerRadius, bar.BottomLeftCornerRadius = 0, 0
		bar.TopRightCornerRadius, bar.BottomRightCornerRadius = 0, 0
		r := min(usageHeight/2, w)
		if i == 0 {
			bar.TopLeftCornerRadius, bar.BottomLeftCornerRadius = r, r
		}
		if i == n-1 {
			bar.TopRightCornerRadius, bar.BottomRightCornerRadius = r, r
		}
		place(bar, x, 0, round(x+w)-round(x), usageHeight)
		x += w + usageGap
	}
	at, _ := b.legend(size.Width)
	for i, l := range b.labels {
		y := usageHeight + usageBelow + at[i].Y
		place(b.swatch[i], at[i].X, y+(legendLine-usageSwatch)/2, usageSwatch, usageSwatch)
		l.place(at[i].X+usageSwatch+legendInner, y, legendLine, size.Width-at[i].X-usageSwatch-legendInner)
	}
}
