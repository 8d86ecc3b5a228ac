package widgets

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// Viewer shows one picture of a conversation over the whole window: whose it is
// above, those around it below. The wheel makes it larger at the pointer, dragging
// moves it, a double click changes between all of it and its own size. While it is
// open, keys go to it.
type Viewer struct {
	widget.BaseWidget

	// OnStep goes to the next older (-1) or newer (1) picture, OnChoose to that of
	// the strip with an id.
	OnStep   func(by int)
	OnChoose func(id string)
	// OnSave, OnCopy, OnForward and OnPlay are about the picture that is shown.
	OnSave, OnCopy, OnForward, OnPlay func()
	// OnMenu is a right click, or the menu key; at is where on the window.
	OnMenu func(at fyne.Position)
	// OnClosed is called once whenever it goes, however that happens.
	OnClosed func()

	words ViewerWords
	page  ViewerPage
	image ViewerImage
	pose  viewerPose

	// focused: the viewer itself has the keyboard; walked: Tab has been used, so that
	// it shows.
	focused, walked bool

	back      *canvas.Rectangle
	shown     *canvas.Image
	frame     *canvas.Rectangle // the ring around it
	none      *canvas.Image     // the default or broken picture
	play      *viewerButton
	problem   *Paragraph
	ground    *canvas.Rectangle // of problem, over a picture
	head      *canvas.Rectangle
	avatar    *avatarParts
	name      *inlineLabel
	detail    *label
	zoom      *viewerButton
	save      *viewerButton
	copy      *viewerButton
	forward   *viewerButton
	cross     *viewerButton
	older     *viewerButton
	newer     *viewerButton
	foot      *canvas.Rectangle
	strip     *viewerStrip
	progress  *viewerProgress
	toasts    *Toasts
	canvas    fyne.Canvas
	keyBefore func(*fyne.KeyEvent)
	runBefore func(rune)
}

// ViewerWords are the words of a [Viewer].
type ViewerWords struct {
	Save, Copy, Forward, Close, Older, Newer, Play string
	// Zoom is how large the picture is shown, in percent of its own size; clicking
	// on it changes between that and all of it.
	Zoom func(percent int) string
}

// ViewerPage is what is known of a picture before it is here.
type ViewerPage struct {
	// ID and Name are of who sent it, Avatar is its picture, nil for a letter.
	ID, Name string
	Avatar   fyne.Resource
	// Detail is the line below the name.
	Detail string
	// Width and Height are the pixels of the picture, 0 for unknown.
	Width, Height int
	// Film: it is the still of a film, which a click plays.
	Film bool
	// Older and Newer: there are pictures in that direction.
	Older, Newer bool
	// File: the content can be had, to be saved; Picture: copied, too. Forward: the
	// message can be sent on.
	File, Picture, Forward bool
}

// ViewerImage is a picture as it can be drawn: in falling sizes, each about half of
// the one before, so that none is drawn much smaller than it is.
type ViewerImage []*image.RGBA

// NewViewer makes a viewer that shows nothing yet.
func NewViewer(words ViewerWords) *Viewer {
	v := &Viewer{
		words:    words,
		back:     canvas.NewRectangle(theme.Color(theme.Viewer)),
		shown:    &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest},
		frame:    box(viewerRadius + theme.RingWidth + 2),
		none:     &canvas.Image{FillMode: canvas.ImageFillContain},
		problem:  NewParagraph("", theme.ViewerInk2, theme.TextSize, fyne.TextAlignCenter),
		ground:   box(theme.RadiusRow),
		head:     canvas.NewRectangle(theme.Color(theme.ViewerBar)),
		foot:     canvas.NewRectangle(theme.Color(theme.ViewerBar)),
		avatar:   newAvatarParts(theme.AvatarSmall),
		name:     newName(theme.TextSize, true),
		detail:   newLabel(theme.MetaSize, false),
		progress: newViewerProgress(),
		toasts:   NewToasts(),
	}
	v.zoom = newViewerWord(words.Zoom(100), v.toggle)
	v.save = newViewerWord(words.Save, func() { call(v.OnSave) })
	v.copy = newViewerWord(words.Copy, func() { call(v.OnCopy) })
	v.forward = newViewerWord(words.Forward, func() { call(v.OnForward) })
	v.cross = newViewerIcon("close", words.Close, theme.IconSmall, v.Close)
	v.older = newViewerArrow(-1, words.Older, func() { v.step(-1) })
	v.newer = newViewerArrow(1, words.Newer, func() { v.step(1) })
	v.play = newViewerIcon("play", words.Play, theme.IconMedium+6, func() { call(v.OnPlay) })
	v.play.round = true
	for _, b := range v.buttons() {
		b.viewer = v
	}
	v.frame.Hide()
	v.strip = newViewerStrip(func(id string) {
		if v.OnChoose != nil {
			v.OnChoose(id)
		}
	})
	v.pose.fitted = true
	v.ExtendBaseWidget(v)
	return v
}

// SetPage shows another picture, of which nothing is here yet.
func (v *Viewer) SetPage(p ViewerPage) {
	v.page, v.image = p, nil
	v.pose = viewerPose{fitted: true}
	v.avatar.show(p.ID, p.Name, false, theme.Viewer)
	v.avatar.setPicture(p.Avatar)
	v.name.set(p.Name)
	v.detail.set(p.Detail)
	v.problem.SetText("")
	v.progress.set("", 0)
	v.shown.Image = nil
	v.Refresh()
}

// SetAround tells, as it is found out, the line below the name and whether there
// are pictures in either direction.
func (v *Viewer) SetAround(detail string, older, newer bool) {
	v.page.Detail, v.page.Older, v.page.Newer = detail, older, newer
	v.detail.set(detail)
	v.Refresh()
}

// SetImage shows the picture, or a better one of it: what a person made large
// stays so. width and height are the pixels of the whole where the page did not
// say.
func (v *Viewer) SetImage(img ViewerImage, width, height int) {
	v.image = img
	if width > 0 && height > 0 {
		v.page.Width, v.page.Height = width, height
	}
	v.Refresh()
}

// SetFrame shows the next picture of an animation.
func (v *Viewer) SetFrame(img *image.RGBA) {
	v.image = ViewerImage{img}
	showPicture(v.shown, img)
}

// SetProgress shows how far the picture has come, 0 to 1, with words; "" takes it
// away.
func (v *Viewer) SetProgress(words string, share float64) {
	v.progress.set(words, float32(share))
	v.Refresh()
}

// SetProblem says why the picture cannot be shown, over what there is of it, or with
// the picture of a broken file; "" takes it away.
func (v *Viewer) SetProblem(words string) {
	v.problem.SetText(words)
	v.progress.set("", 0)
	v.Refresh()
}

// Say shows a short notice; the words of an action, and what it does, may be empty.
func (v *Viewer) Say(words, action string, run func()) { v.toasts.Say(words, action, run) }

// Open shows the viewer over the window of c.
func (v *Viewer) Open(c fyne.Canvas) {
	if v.canvas != nil {
		return
	}
	v.canvas = c
	v.keyBefore, v.runBefore = c.OnTypedKey(), c.OnTypedRune()
	c.SetOnTypedKey(v.TypedKey)
	c.SetOnTypedRune(v.TypedRune)
	if f := c.Focused(); f != nil {
		f.FocusLost() // as for a [Sheet]
	}
	c.Overlays().Add(v)
	v.Resize(c.Size())
	c.Focus(v)
}

// IsOpen reports whether it is shown.
func (v *Viewer) IsOpen() bool { return v.canvas != nil }

// Close takes it away; the keyboard goes back to what had it.
func (v *Viewer) Close() {
	c := v.canvas
	if c == nil {
		return
	}
	v.canvas = nil
	v.toasts.Clear()
	c.Overlays().Remove(v)
	c.SetOnTypedKey(v.keyBefore)
	c.SetOnTypedRune(v.runBefore)
	if f := c.Focused(); f != nil {
		f.FocusGained()
	}
	call(v.OnClosed)
}

func (v *Viewer) step(by int) {
	if (by < 0 && v.page.Older || by > 0 && v.page.Newer) && v.OnStep != nil {
		v.OnStep(by)
	}
}

// CreateRenderer implements fyne.Widget.
func (v *Viewer) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{v.back, v.shown, v.none, v.frame, v.ground, v.problem, v.play, v.head, v.foot}
	objects = append(objects, v.avatar.objects()...)
	objects = append(objects, v.detail.line, v.zoom, v.save, v.copy, v.forward, v.cross, v.older, v.newer, v.strip, v.progress, v.toasts)
	v.paint()
	return &flat{
		objects: with(objects, v.name),
		layout:  v.layout,
		min:     fixed(200, 200),
		refresh: func() { v.paint(); v.layout(v.Size()); v.regain(); canvas.Refresh(v) },
	}
}

func (v *Viewer) paint() {
	v.back.FillColor = theme.Color(theme.Viewer)
	v.head.FillColor = theme.Color(theme.ViewerBar)
	v.foot.FillColor = theme.Color(theme.ViewerBar)
	v.name.ink(theme.ViewerInk)
	v.detail.ink(theme.ViewerInk2)
	v.older.Hidden, v.newer.Hidden = !v.page.Older, !v.page.Newer
	v.save.Hidden, v.copy.Hidden, v.forward.Hidden = !v.page.File, !v.page.Picture, !v.page.Forward
	v.shown.Hidden = len(v.image) == 0
	v.none.Hidden = len(v.image) > 0
	v.problem.Hidden = v.problem.words == ""
	v.ground.FillColor = theme.Color(theme.ViewerBar)
	v.ground.Hidden = v.problem.Hidden || v.shown.Hidden
	v.play.Hidden = !v.page.Film || !v.problem.Hidden
	v.showFocus()
	if !v.none.Hidden {
		kind := "image"
		switch {
		case !v.problem.Hidden:
			kind = "broken"
		case v.page.Film:
			kind = "video"
		}
		next := theme.Thumbnail(kind, theme.ViewerInk2)
		if v.none.Resource == nil || v.none.Resource.Name() != next.Name() {
			v.none.Resource, v.none.Image = next, nil
			v.none.Refresh()
		}
	}
}
