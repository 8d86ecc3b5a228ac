package canvas

import (
	"slices"
	"unicode/utf8"

	"magpie/im"
	"magpie/widgets/textlayout"
	"magpie/widgets/theme"
)

// Sizes of a card, from the pictures.
const (
	cardGap       = 3 * theme.Grid // between avatar, text and buttons
	cardButtonH   = theme.IconButtonSize
	cardButtonX   = 14  // free on both sides of the label of a button
	cardTextLeast = 200 // narrower than this, the buttons go below the text
)

// cardLayout is what a card has beside its text and avatar.
type cardLayout struct {
	detail  []label
	time    label
	buttons []cardButton
}

type cardButton struct {
	area
	label   label
	primary bool
}

// button returns the button at a place in the row, -1 for none. There is none on
// no card.
func (l *cardLayout) button(x, y float32) int {
	if l != nil {
		for i := range l.buttons {
			if l.buttons[i].holds(x, y) {
				return i
			}
		}
	}
	return -1
}

// cardOf lays out a card at y and returns its lower edge.
func (c *Canvas) cardOf(l *rowLayout, e *entry, y, width float32) float32 {
	f := c.face()
	m := marginX(width)
	card := &cardLayout{}
	l.card = card
	l.bubble = area{x: c.snap(m), y: c.snap(y), w: c.snap(width-m) - c.snap(m)}
	left := l.bubble.x + bubblePadX
	right := l.bubble.x + l.bubble.w - bubblePadX
	l.textX, l.textY = left, l.bubble.y+bubblePadY
	if e.Sender.Color != nil {
		l.textX += theme.AvatarSmall + cardGap
	}
	row := c.cardButtons(card, e, right-l.textX)
	room := right - l.textX
	below := row > 0 && room-row-cardGap < cardTextLeast
	if row > 0 && !below {
		room -= row + cardGap
	}
	room = max(room, 3*theme.TextSize)

	c.cardText(l, e, room)
	l.inner = c.snapUp(l.text.Width)
	bottom := l.textBottom()
	if e.Detail != "" {
		lay := f.detail.Layout(e.Detail, room)
		for _, ln := range lay.Lines {
			card.detail = append(card.detail, label{
				text: lay.Text[ln.Start:ln.Visible], x: l.textX, y: c.centred(&f.detail, bottom, theme.LineHeight), w: ln.Width,
			})
			bottom += theme.LineHeight
		}
	}
	card.time.text, card.time.w = f.small.Fit(c.words.Day(e.Time)+" "+c.words.Clock(e.Time), room)
	card.time.x, card.time.y = l.textX, c.centred(&f.small, bottom, theme.LineHeight)
	bottom += theme.LineHeight
	middle := (l.textY + bottom) / 2
	switch {
	case below:
		bottom = c.flowButtons(card, l.textX, right, bottom+theme.Grid)
	case row > 0:
		bottom = max(bottom, l.textY+cardButtonH)
		x := right - row
		for i := range card.buttons {
			c.placeButton(&card.buttons[i], x, middle-cardButtonH/2)
			x += card.buttons[i].w + cardGap
		}
	}
	if e.Sender.Color != nil {
		c.avatarAt(l, e, left, middle-theme.AvatarSmall/2)
	}
	l.bubble.h = c.snap(bottom+bubblePadY) - l.bubble.y
	return l.bubble.y + l.bubble.h
}

// cardText lays out the text of a card with its names bold.
func (c *Canvas) cardText(l *rowLayout, e *entry, room float32) {
	f := c.face()
	text := textlayout.Clean(e.Text)
	var parts []textlayout.Part
	at := 0
	for _, n := range e.Names {
		if text != e.Text || n.From < at || n.To <= n.From || n.To > len(text) || !utf8.RuneStart(text[n.From]) || n.To < len(text) && !utf8.RuneStart(text[n.To]) {
			parts = nil // what is bold must be what was meant
			break
		}
		parts = append(parts, textlayout.Part{Start: n.From, End: n.To, Face: f.title.Face})
		at = n.To
	}
	l.runs = slices.Repeat([]im.Run{{Kind: runName}}, len(parts))
	l.text = f.text.LayoutParts(text, parts, room)
}

// runName is the kind of a part that is a name, beside those of [im.ParseText].
const runName im.RunKind = 255

// cardButtons measures the buttons of a card, none wider than limit, and returns
// how wide they are side by side.
func (c *Canvas) cardButtons(card *cardLayout, e *entry, limit float32) (row float32) {
	f := &c.face().initial
	for i, b := range e.Buttons {
		var o cardButton
		o.label.text, o.label.w = f.Fit(textlayout.Clean(b.Label), max(limit-2*cardButtonX, theme.TextSize))
		o.w, o.h, o.primary = c.snapUp(o.label.w)+2*cardButtonX, cardButtonH, b.Primary
		card.buttons = append(card.buttons, o)
		if i > 0 {
			row += cardGap
		}
		row += o.w
	}
	return row
}

// flowButtons puts buttons in rows from left to right and returns the lower edge.
func (c *Canvas) flowButtons(card *cardLayout, left, right, y float32) float32 {
	x := left
	for i := range card.buttons {
		b := &card.buttons[i]
		if x > left && x+b.w > right {
			x = left
			y += cardButtonH + 2*theme.Grid
		}
		c.placeButton(b, x, y)
		x += b.w + 2*theme.Grid
	}
	return y + cardButtonH
}

func (c *Canvas) placeButton(b *cardButton, x, y float32) {
	b.x, b.y = c.snap(x), c.snap(y)
	b.label.x = c.snap(b.x + (b.w-b.label.w)/2)
	b.label.y = c.centred(&c.face().initial, b.y-1, b.h)
}

// card draws a card.
func (r *row) card(c *Canvas, e *entry, l *rowLayout, y, height float32) {
	f := c.face()
	r.plain(l.bubble, theme.Color(theme.BubbleIn), theme.RadiusBubble)
	r.body(c, e, l, y, height, theme.Color(theme.Ink))
	for _, t := range l.card.detail {
		r.text(t, &f.detail, theme.Color(theme.Ink2))
	}
	r.text(l.card.time, &f.small, theme.Color(theme.Ink3))
	r.avatar(c, e, l)
	for i, b := range l.card.buttons {
		over := c.pointer.hot == hot{e, i}
		fill, ink := theme.Field, theme.Ink
		switch {
		case b.primary && over:
			fill, ink = theme.AccentHover, theme.OnAccent
		case b.primary:
			fill, ink = theme.Accent, theme.OnAccent
		case over:
			fill = theme.Hover
		}
		r.rect(b.area, theme.Color(fill), theme.RadiusButton)
		r.text(b.label, &f.initial, theme.Color(ink))
	}
}
