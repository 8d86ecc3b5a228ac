package canvas

import (
	"image"
	"image/color"
	"sync"

	"fyne.io/fyne/v2"
	fcanvas "fyne.io/fyne/v2/canvas"

	"magpie/im"
	"magpie/widgets/picture"
	"magpie/widgets/theme"
)

// link draws underlined text.
func (r *row) link(t label, f *font, ink color.Color) {
	r.text(t, f, ink)
	r.rect(area{t.x, t.y + f.base + 2, t.w, theme.LineThickness}, ink, 0)
}

// text draws a text of one line, its emoji as pictures.
func (r *row) text(t label, f *font, ink color.Color) {
	if !picture.HasEmoji(t.text) {
		r.letters(t, f, ink)
		return
	}
	side, x := picture.Side(f.size), t.x
	for _, run := range picture.Runs(t.text) {
		if run.Kind != im.RunEmoji {
			t.text, t.x = run.Text, r.on.snap(x)
			r.letters(t, f, ink)
			x += f.Width(run.Text)
			continue
		}
		if !r.on.mayMake(run.Emoji, r.on.pixels(side)) {
			r.waits = true
		} else if m, ok := r.on.pictures.Emoji(run.Emoji, r.on.pixels(side)); ok {
			r.image(area{r.on.snap(x), r.on.snap(t.y + (f.height-side)/2), side, side}, m, 0)
		}
		x += picture.Advance(f.size)
	}
}

// letters draws a text as Fyne has it.
func (r *row) letters(t label, f *font, ink color.Color) {
	if r.usedTexts == len(r.texts) {
		r.texts = append(r.texts, &fcanvas.Text{})
	}
	o := r.texts[r.usedTexts]
	r.usedTexts++
	o.Color, o.TextSize, o.TextStyle = ink, f.size, f.style
	theme.SetText(o, t.text)
	o.Move(pos(t.x, t.y))
	r.box.Objects = append(r.box.Objects, o)
}

func (r *row) rect(a area, fill color.Color, radius float32) {
	if r.usedRects == len(r.rects) {
		r.rects = append(r.rects, &fcanvas.Rectangle{})
	}
	o := r.rects[r.usedRects]
	r.usedRects++
	o.FillColor, o.CornerRadius = fill, radius
	o.Move(pos(a.x, a.y))
	o.Resize(fyne.Size{Width: a.w, Height: a.h})
	r.box.Objects = append(r.box.Objects, o)
}

// plain draws a large area in a colour, as a picture of one pixel: without a graphics
// card that takes half the time of a rectangle, or with round corners a third, since
// every pixel of one is asked how far it is from an edge.
func (r *row) plain(a area, fill color.Color, radius float32) {
	if r.usedPlains == len(r.plains) {
		r.plains = append(r.plains, &fcanvas.Image{FillMode: fcanvas.ImageFillStretch, ScaleMode: fcanvas.ImageScalePixels})
	}
	o := r.plains[r.usedPlains]
	r.usedPlains++
	if m := plain(fill); o.Image != m {
		o.Image = m
		o.Refresh() // the texture belongs to the object
	}
	o.CornerRadius = radius
	o.Move(pos(a.x, a.y))
	o.Resize(fyne.Size{Width: a.w, Height: a.h})
	r.box.Objects = append(r.box.Objects, o)
}

// plain is a picture of one pixel. There is one for each colour, so that what shows it
// need not be drawn anew.
func plain(fill color.Color) image.Image {
	if p, ok := plains.Load(fill); ok {
		return p.(image.Image)
	}
	m := image.NewRGBA(image.Rect(0, 0, 1, 1))
	m.Set(0, 0, fill)
	p, _ := plains.LoadOrStore(fill, m)
	return p.(image.Image)
}

// plains has an entry for each colour of a large area: a handful.
var plains sync.Map

// frame draws the ring of what has the keyboard, within the area.
func (r *row) frame(a area, radius float32) {
	if r.usedFrames == len(r.frames) {
		r.frames = append(r.frames, &fcanvas.Rectangle{FillColor: color.Transparent, StrokeWidth: theme.RingWidth})
	}
	o := r.frames[r.usedFrames]
	r.usedFrames++
	o.StrokeColor, o.CornerRadius = theme.Color(theme.Link), radius
	o.Move(pos(a.x, a.y))
	o.Resize(fyne.Size{Width: a.w, Height: a.h})
	r.box.Objects = append(r.box.Objects, o)
}

// image draws a picture that was made for the area, in device pixels.
func (r *row) image(a area, m image.Image, radius float32) {
	n := r.usedImages
	for n < len(r.images) && r.images[n].Image != m {
		n++
	}
	if n == len(r.images) { // none shows it: take the next, or another
		if n = r.usedImages; n == len(r.images) {
			r.images = append(r.images, &fcanvas.Image{ScaleMode: fcanvas.ImageScaleFastest})
		}
		r.images[n].Image = m
		r.images[n].Refresh() // the texture belongs to the object
	}
	r.images[n], r.images[r.usedImages] = r.images[r.usedImages], r.images[n]
	o := r.images[r.usedImages]
	r.usedImages++
	o.CornerRadius = radius
	o.Move(pos(a.x, a.y))
	o.Resize(fyne.Size{Width: a.w, Height: a.h})
	r.box.Objects = append(r.box.Objects, o)
}

// arc draws a part of a ring of a width that fills the area, beginning at the top
// and going clockwise; part is 0 to 1.
func (r *row) arc(a area, width, part float32, ink color.Color) {
	if r.usedArcs == len(r.arcs) {
		r.arcs = append(r.arcs, &fcanvas.Arc{})
	}
	o := r.arcs[r.usedArcs]
	r.usedArcs++
	o.FillColor, o.EndAngle, o.CutoutRatio = ink, 360*part, 1-2*width/a.w
	o.Move(pos(a.x, a.y))
	o.Resize(fyne.Size{Width: a.w, Height: a.h})
	r.box.Objects = append(r.box.Objects, o)
}

// icon draws an icon of the assets in the middle of an area, side units large.
func (r *row) icon(c *Canvas, a area, name string, colour fyne.ThemeColorName, side float32) {
	at := area{c.snap(a.x + (a.w-side)/2), c.snap(a.y + (a.h-side)/2), side, side}
	if m, ok := c.pictures.Resource(c.icons.get(false, name, colour), c.pixels(side)); ok {
		r.image(at, m, 0)
	}
}

// line draws a stroke from one point to another.
func (r *row) line(x1, y1, x2, y2, width float32, ink color.Color) {
	if r.usedLines == len(r.lines) {
		r.lines = append(r.lines, &fcanvas.Line{})
	}
	o := r.lines[r.usedLines]
	r.usedLines++
	o.StrokeColor, o.StrokeWidth = ink, width
	o.Position1, o.Position2 = pos(x1, y1), pos(x2, y2)
	r.box.Objects = append(r.box.Objects, o)
}
