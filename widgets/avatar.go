package widgets

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/picture"
	"magpie/widgets/theme"
)

// avatarParts are the primitives of an avatar, for widgets that draw one among
// others.
type avatarParts struct {
	square    *canvas.Rectangle
	letter    *canvas.Text
	emoji     *canvas.Image // instead of the letter
	picture   *canvas.Image
	ring, dot *canvas.Circle
	size      float32
}

// newAvatarParts makes an avatar of size [theme.AvatarLarge] or
// [theme.AvatarSmall].
func newAvatarParts(size float32) *avatarParts {
	radius, letter := theme.AvatarLargeRadius, theme.TitleSize
	if size <= theme.AvatarSmall {
		radius, letter = theme.AvatarSmallRadius, theme.SecondarySize
	}
	a := &avatarParts{
		square: box(radius),
		letter: canvas.NewText("", theme.Color(theme.AvatarInk)),
		emoji:  &canvas.Image{ScaleMode: canvas.ImageScaleFastest},
		// Pixels are made for the screen when it is painted first.
		picture: &canvas.Image{FillMode: canvas.ImageFillContain, CornerRadius: radius},
		ring:    canvas.NewCircle(theme.Color(theme.Panel)),
		dot:     canvas.NewCircle(theme.Color(theme.OK)),
		size:    size,
	}
	a.picture.Resize(fyne.NewSquareSize(size))
	a.picture.Hide()
	a.emoji.Hide()
	a.letter.TextSize, a.letter.TextStyle.Bold = letter, true
	a.letter.Alignment = fyne.TextAlignCenter
	return a
}

func (a *avatarParts) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{a.square, a.letter, a.emoji, a.picture, a.ring, a.dot}
}

// show sets whose avatar it is. The ring around the dot has the colour of what
// the avatar lies on.
func (a *avatarParts) show(id, name string, online bool, on fyne.ThemeColorName) {
	a.square.FillColor = theme.AvatarColor(id)
	initial := theme.Initial(name)
	var sign image.Image
	if picture.HasEmoji(initial) {
		if m, ok := emojiPictures.Emoji(initial, pixels(a.square, a.emojiSide())); ok {
			initial, sign = "", m
		}
	}
	showPicture(a.emoji, sign)
	theme.SetText(a.letter, initial)
	a.letter.Color = theme.Color(theme.AvatarInk)
	a.ring.FillColor = theme.Color(on)
	a.dot.FillColor = theme.Color(theme.OK)
	a.ring.Hidden, a.dot.Hidden = !online, !online
}

// setPicture sets what is shown over the square and its letter, nil for nothing.
// They stay where the picture cannot be read. It is called after show.
func (a *avatarParts) setPicture(res fyne.Resource) {
	switch {
	case res == nil:
		a.picture.Resource, a.picture.Image = nil, nil
	case a.picture.Resource == nil || a.picture.Resource.Name() != res.Name():
		a.picture.Resource, a.picture.Image = res, nil
		a.picture.Refresh()
	}
	there := a.picture.Image != nil
	a.picture.Hidden = !there
	a.square.Hidden, a.letter.Hidden = there, there
	a.emoji.Hidden = there || a.emoji.Image == nil
}

// emojiSide is how large an emoji is in the place of the letter.
func (a *avatarParts) emojiSide() float32 { return picture.Side(a.letter.TextSize) + 1 }

// place moves all parts; the dot stands out by two units at the lower right.
func (a *avatarParts) place(x, y float32) {
	place(a.square, x, y, a.size, a.size)
	h := a.letter.MinSize().Height
	place(a.letter, x, y+(a.size-h)/2-1, a.size, h)
	side := a.emojiSide()
	place(a.emoji, x+(a.size-side)/2, y+(a.size-side)/2, side, side)
	place(a.picture, x, y, a.size, a.size)
	d := theme.DotSize
	place(a.ring, x+a.size+2-d, y+a.size+2-d, d, d)
	place(a.dot, x+a.size+4-d, y+a.size+4-d, d-4, d-4)
}

// Avatar is a rounded square with the first character of a name, in a colour
// that belongs to the id, or with a picture, and a dot for someone who is online.
type Avatar struct {
	widget.BaseWidget
	parts   *avatarParts
	id      string
	name    string
	online  bool
	picture fyne.Resource
	on      fyne.ThemeColorName
}

// NewAvatar makes an avatar of size [theme.AvatarLarge] or [theme.AvatarSmall].
func NewAvatar(size float32) *Avatar {
	a := &Avatar{parts: newAvatarParts(size), on: theme.Panel}
	a.ExtendBaseWidget(a)
	return a
}

// SetPerson sets whose avatar it is.
func (a *Avatar) SetPerson(id, name string, online bool) {
	a.id, a.name, a.online = id, name, online
	a.Refresh()
}

// SetPicture sets the picture that is shown instead of the first character, nil
// for none. Resources of one name are taken for the same.
func (a *Avatar) SetPicture(picture fyne.Resource) {
	a.picture = picture
	a.Refresh()
}

// SetSurface tells what the avatar lies on, for the ring around the dot.
func (a *Avatar) SetSurface(on fyne.ThemeColorName) {
	a.on = on
	a.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (a *Avatar) CreateRenderer() fyne.WidgetRenderer {
	a.paint()
	return &flat{
		objects: these(a.parts.objects()...),
		layout:  func(fyne.Size) { a.parts.place(0, 0) },
		min:     fixed(a.parts.size, a.parts.size),
		refresh: func() { a.paint(); a.parts.place(0, 0); canvas.Refresh(a) },
	}
}

func (a *Avatar) paint() {
	a.parts.show(a.id, a.name, a.online, a.on)
	a.parts.setPicture(a.picture)
}
