package picture

import (
	"image"

	"golang.org/x/image/draw"
)

// fit scales a picture into the middle of a square of side pixels.
func fit(m image.Image, side int) image.Image {
	b := m.Bounds()
	if b.Empty() {
		return nil
	}
	w, h := side, side
	if b.Dx() > b.Dy() {
		h = max(side*b.Dy()/b.Dx(), 1)
	} else {
		w = max(side*b.Dx()/b.Dy(), 1)
	}
	to := image.Rect((side-w)/2, (side-h)/2, (side-w)/2+w, (side-h)/2+h)
	// What the GPU and the software painter take as it is.
	out := image.NewRGBA(image.Rect(0, 0, side, side))
	if w > b.Dx() || h > b.Dy() {
		draw.CatmullRom.Scale(out, to, m, b, draw.Src, nil)
		return out
	}
	src, ok := m.(*image.RGBA)
	if !ok {
		src = image.NewRGBA(b)
		draw.Draw(src, b, m, b.Min, draw.Src)
	}
	shrink(out, to, src)
	return out
}

// shrink makes each pixel of a part of dst the mean of the area of src that it
// covers. For emoji that is as sharp as a costlier filter, in a tenth of the time.
func shrink(dst *image.RGBA, to image.Rectangle, src *image.RGBA) {
	b := src.Bounds()
	columns, rows := cover(b.Dx(), to.Dx()), cover(b.Dy(), to.Dy())
	// First every line of src gets narrower, then lines are added up.
	narrow := make([]float32, b.Dy()*to.Dx()*4)
	for y := range b.Dy() {
		line := src.Pix[y*src.Stride:]
		out := narrow[y*to.Dx()*4:]
		for x, c := range columns {
			var sum [4]float32
			for k, w := range c.weights {
				p := line[(c.first+k)*4 : (c.first+k)*4+4 : (c.first+k)*4+4]
				sum[0] += w * float32(p[0])
				sum[1] += w * float32(p[1])
				sum[2] += w * float32(p[2])
				sum[3] += w * float32(p[3])
			}
			copy(out[x*4:x*4+4], sum[:])
		}
	}
	n := to.Dx() * 4
	sum := make([]float32, n)
	for y, r := range rows {
		clear(sum)
		for k, w := range r.weights {
			for i, v := range narrow[(r.first+k)*n : (r.first+k+1)*n] {
				sum[i] += w * v
			}
		}
		out := dst.Pix[dst.PixOffset(to.Min.X, to.Min.Y+y):]
		for i, v := range sum {
			out[i] = uint8(min(v+0.5, 255))
		}
	}
}

// share is which pixels make one smaller one, and how much of it each is.
type share struct {
	first   int
	weights []float32
}

// cover returns the shares when n pixels become fewer.
func cover(n, to int) []share {
	all := make([]share, to)
	ratio := float64(n) / float64(to)
	for i := range all {
		from, end := float64(i)*ratio, float64(i+1)*ratio
		s := &all[i]
		s.first = int(from)
		for k := s.first; k < n && float64(k) < end-1e-6; k++ {
			part := min(float64(k+1), end) - max(float64(k), from)
			s.weights = append(s.weights, float32(part/ratio))
		}
	}
	return all
}
