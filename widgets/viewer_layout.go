package widgets

import (
	"image"

	"fyne.io/fyne/v2"

	"magpie/widgets/theme"
)

// Measures of the viewer.
const (
	viewerHead   = float32(54)
	viewerGap    = float32(16) // between the bars and the picture
	viewerFoot   = float32(80) // the strip with what is around it
	viewerRadius = float32(6)
	viewerPad    = float32(16)
	viewerNone   = float32(96) // the default picture
	viewerPlay   = float32(64)
)

// viewerSides is how much is free beside the picture: an eighth, as far as there is
// room.
func viewerSides(width float32) float32 { return max(min(width/8, 140), 12) }

// area is where a picture lies that is shown as a whole.
func (v *Viewer) area(size fyne.Size) rect {
	side := viewerSides(size.Width)
	return rect{side, viewerHead + viewerGap, max(size.Width-2*side, 1), max(size.Height-viewerHead-2*viewerGap-viewerFoot, 1)}
}

func (v *Viewer) layout(size fyne.Size) {
	place(v.back, 0, 0, size.Width, size.Height)
	area := v.area(size)
	v.layoutPicture(area)
	place(v.head, 0, 0, size.Width, viewerHead)
	place(v.foot, 0, size.Height-viewerFoot, size.Width, viewerFoot)
	v.layoutHead(size.Width)
	const arrow = float32(44)
	x := max((viewerSides(size.Width)-arrow)/2-25, 0)
	y := area.y + area.h/2 - arrow/2
	v.older.round, v.newer.round = !v.pose.fitted, !v.pose.fitted // the picture may be below
	v.older.Refresh()
	v.newer.Refresh()
	place(v.older, x, y, arrow, arrow)
	place(v.newer, size.Width-x-arrow, y, arrow, arrow)
	place(v.strip, 0, size.Height-viewerFoot, size.Width, viewerFoot)
	place(v.toasts, 0, 0, size.Width, size.Height-viewerFoot+56)
	mid := area.x + area.w/2
	w := min(v.progress.MinSize().Width, size.Width-2*viewerPad)
	place(v.progress, mid-w/2, area.y+area.h-viewerProgressHeight-12, w, viewerProgressHeight)
}

// layoutHead places who, what and the words to press.
func (v *Viewer) layoutHead(width float32) {
	v.avatar.place(viewerPad, (viewerHead-theme.AvatarSmall)/2)
	right := width - viewerPad + 8
	w := theme.IconButtonSize
	right -= w
	place(v.cross, right, (viewerHead-w)/2-2, w, w)
	right -= 14
	v.zoom.Hidden = len(v.image) == 0 || v.page.Film
	v.forward.Hidden = !v.page.Forward
	for _, b := range []*viewerButton{v.forward, v.copy, v.save, v.zoom} {
		if b.Hidden {
			continue
		}
		w := b.MinSize().Width
		if b == v.zoom && right-w < viewerPad+theme.AvatarSmall+160 || b == v.forward && right-w < viewerPad+theme.AvatarSmall+260 {
			b.Hidden = true // no room: the wheel and the keys do the same, and the menu of the message
			continue
		}
		right -= w
		place(b, right, (viewerHead-theme.IconButtonSize)/2, w, theme.IconButtonSize)
	}
	x := viewerPad + theme.AvatarSmall + 12
	v.name.place(v, x, 11, 20, right-x-8)
	v.detail.place(x, 30, 14, right-x-8)
}

// layoutPicture places the picture, or what stands for it.
func (v *Viewer) layoutPicture(area rect) {
	at := v.pose.rect(area, v.natural(), v.scale())
	if img := v.image.forWidth(at.w * v.scale()); img != nil {
		showPicture(v.shown, img)
	}
	v.shown.CornerRadius = 0
	if v.pose.fitted {
		v.shown.CornerRadius = viewerRadius
	}
	place(v.shown, at.x, at.y, at.w, at.h)
	mid := area.y + area.h/2
	if v.shown.Hidden {
		v.placeFrame(area, rect{area.x + (area.w-viewerNone)/2, mid - viewerNone, viewerNone, viewerNone})
	} else {
		v.placeFrame(area, at)
	}
	place(v.none, area.x+(area.w-viewerNone)/2, mid-viewerNone, viewerNone, viewerNone)
	words := v.problem.HeightFor(area.w)
	y := mid + 12
	if !v.shown.Hidden { // over what there is
		y = area.y + area.h - words - 20
	}
	const pad = float32(12)
	w := min(v.problem.face.Width(v.problem.words)+1, area.w-2*pad)
	place(v.ground, area.x+(area.w-w)/2-pad, y-8, w+2*pad, words+16)
	place(v.problem, area.x, y, area.w, words)
	place(v.play, at.x+(at.w-viewerPlay)/2, at.y+(at.h-viewerPlay)/2, viewerPlay, viewerPlay)
	if v.shown.Hidden {
		place(v.play, area.x+(area.w-viewerPlay)/2, mid+12, viewerPlay, viewerPlay)
	}
	v.zoom.setWords(v.words.Zoom(v.pose.percent(area, v.natural(), v.scale())))
}

// forWidth is the smallest that has the pixels for a width, nil of none.
func (i ViewerImage) forWidth(pixels float32) *image.RGBA {
	if len(i) == 0 {
		return nil
	}
	best := i[0]
	for _, img := range i[1:] {
		if float32(img.Rect.Dx()) >= 0.95*pixels {
			best = img
		}
	}
	return best
}

// natural is the size of the picture in pixels: what is said of it, with the shape
// of what is here.
func (v *Viewer) natural() fyne.Size {
	w, h := float32(v.page.Width), float32(v.page.Height)
	if len(v.image) == 0 {
		return fyne.NewSize(w, h)
	}
	b := v.image[0].Rect
	if w <= 0 || h <= 0 {
		return fyne.NewSize(float32(b.Dx()), float32(b.Dy()))
	}
	// What a message says may be wrong: nothing is drawn out of shape. Small pictures
	// are only nearly of the same.
	shape := float32(b.Dy()) / float32(b.Dx())
	if off := shape * w / h; off < 0.95 || off > 1.05 {
		h = w * shape
	}
	return fyne.NewSize(w, h)
}

// scale is how many pixels of the screen a unit has.
func (v *Viewer) scale() float32 {
	if c := canvasOf(v); c != nil && c.Scale() > 0 {
		return c.Scale()
	}
	return 1
}
