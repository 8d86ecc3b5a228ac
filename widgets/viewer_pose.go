package widgets

import "fyne.io/fyne/v2"

// rect is a place in units.
type rect struct{ x, y, w, h float32 }

// viewerPose is where and how large a picture is shown.
type viewerPose struct {
	// fitted shows all of it, at most in its own size; else zoom is how many pixels
	// of the screen one of the picture takes, and dx, dy how far its middle is from
	// that of the area, in units.
	fitted bool
	zoom   float32
	dx, dy float32
}

// maxZoom is how many pixels of the screen one of a picture may take.
const maxZoom = float32(8)

// fit is the zoom at which all of a picture is seen.
func fit(area rect, natural fyne.Size, scale float32) float32 {
	if natural.Width <= 0 || natural.Height <= 0 {
		return 1
	}
	return min(area.w*scale/natural.Width, area.h*scale/natural.Height, 1)
}

func (p *viewerPose) zoomIn(area rect, natural fyne.Size, scale float32) float32 {
	if p.fitted {
		return fit(area, natural, scale)
	}
	return p.zoom
}

// rect is where the picture lies.
func (p *viewerPose) rect(area rect, natural fyne.Size, scale float32) rect {
	z := p.zoomIn(area, natural, scale)
	w, h := max(natural.Width*z/scale, 1), max(natural.Height*z/scale, 1)
	x, y := area.x+(area.w-w)/2, area.y+(area.h-h)/2
	if !p.fitted {
		x, y = x+p.dx, y+p.dy
	}
	return rect{x, y, w, h}
}

func (p *viewerPose) percent(area rect, natural fyne.Size, scale float32) int {
	return max(int(p.zoomIn(area, natural, scale)*100+0.5), 1)
}

// zoomTo changes the size and keeps what is at a place there.
func (p *viewerPose) zoomTo(zoom float32, at fyne.Position, area rect, natural fyne.Size, scale float32) {
	least := fit(area, natural, scale)
	zoom = min(max(zoom, least), max(maxZoom, least))
	before := p.rect(area, natural, scale)
	old := p.zoomIn(area, natural, scale)
	if zoom <= least {
		*p = viewerPose{fitted: true}
		return
	}
	mx, my := before.x+before.w/2, before.y+before.h/2
	grow := zoom / old
	p.fitted, p.zoom = false, zoom
	p.dx = at.X + (mx-at.X)*grow - (area.x + area.w/2)
	p.dy = at.Y + (my-at.Y)*grow - (area.y + area.h/2)
	p.clamp(area, natural, scale)
}

// move drags the picture; its edges do not come farther in than those of the area.
func (p *viewerPose) move(dx, dy float32, area rect, natural fyne.Size, scale float32) {
	if p.fitted {
		return
	}
	p.dx, p.dy = p.dx+dx, p.dy+dy
	p.clamp(area, natural, scale)
}

func (p *viewerPose) clamp(area rect, natural fyne.Size, scale float32) {
	r := p.rect(area, natural, scale)
	x, y := max(r.w-area.w, 0)/2, max(r.h-area.h, 0)/2
	p.dx, p.dy = min(max(p.dx, -x), x), min(max(p.dy, -y), y)
}
