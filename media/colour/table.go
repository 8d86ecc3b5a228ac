package colour

import (
	"image"
	"math"
)

const (
	// steps are the points of a table along each of red, green and blue.
	steps = 33
	// shades are the steps of light that are told apart, as many as the dark ones need.
	shades = 1 << 14
)

// Table turns the colours of a picture into sRGB. Its methods may be called from
// several goroutines.
type Table struct {
	// points are the light of red, green and blue for each of steps x steps x steps
	// colours, blue the fastest; below 0 and above 1 for what sRGB does not have. Light
	// is what may be drawn straight between the points: its curve has no corner where
	// sRGB ends.
	points [][3]float32
	shade  []uint8 // of light, 0 to 1 in shades steps
	// grey is for pictures that have nothing else, nil for those with colours.
	grey *[256]uint8
}

// pipeline is what a profile says: from colours of the picture to those of sRGB, which
// may lie outside of 0 to 1.
type pipeline interface {
	Transform(r, g, b float64) (float64, float64, float64)
}

// table asks for every point; nil if each stays where it is.
func table(p pipeline) *Table {
	t := &Table{points: make([][3]float32, 0, steps*steps*steps)}
	same := true
	at := func(i int) float64 { return float64(i) / (steps - 1) }
	for r := range steps {
		for g := range steps {
			for b := range steps {
				x, y, z := p.Transform(at(r), at(g), at(b))
				same = same && near(x, at(r)) && near(y, at(g)) && near(z, at(b))
				t.points = append(t.points, [3]float32{light(x), light(y), light(z)})
			}
		}
	}
	if same {
		return nil
	}
	t.shade = make([]uint8, shades+1)
	for i := range t.shade {
		t.shade[i] = shade(float64(i) / shades)
	}
	return t
}

// near reports whether two colours are shown alike.
func near(v, w float64) bool { return math.Abs(v-w) < 1.0/255 }

// light is how much of it a colour of sRGB stands for, and shade the other way round
// (IEC 61966-2-1). Below the straight beginning of the curve it stays straight.
func light(v float64) float32 {
	switch {
	case math.IsNaN(v):
		return 0
	case v <= 0.04045:
		v /= 12.92
	default:
		v = math.Pow((v+0.055)/1.055, 2.4)
	}
	return float32(min(max(v, -4), 4))
}

func shade(v float64) uint8 {
	if v <= 0.0031308 {
		v *= 12.92
	} else {
		v = 1.055*math.Pow(v, 1/2.4) - 0.055
	}
	return uint8(min(max(v, 0), 1)*255 + 0.5)
}

func greyTable(p pipeline) *Table {
	t := &Table{grey: new([256]uint8)}
	same := true
	for i := range t.grey {
		v, _, _ := p.Transform(float64(i)/255, 0, 0)
		same = same && near(v, float64(i)/255)
		t.grey[i] = uint8(min(max(v, 0), 1)*255 + 0.5)
	}
	if same {
		return nil
	}
	return t
}

// Apply turns the colours of img, which has no transparent parts, in place. Without a
// table it does nothing.
func (t *Table) Apply(img *image.RGBA) {
	if t == nil {
		return
	}
	var last, result [3]uint8
	known := false
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:][:4*img.Rect.Dx()]
		for ; len(row) >= 4; row = row[4:] {
			colour := [3]uint8(row)
			if !known || colour != last { // what is beside it has often the same
				last, result, known = colour, t.of(colour), true
			}
			row[0], row[1], row[2] = result[0], result[1], result[2]
		}
	}
}

// of is one colour: what lies between the four points around it along the way from
// black to white (tetrahedral interpolation, which keeps grey grey).
func (t *Table) of(c [3]uint8) [3]uint8 {
	if t.grey != nil {
		return [3]uint8{t.grey[c[0]], t.grey[c[1]], t.grey[c[2]]}
	}
	var part [3]float32 // of a step
	var stride [3]int
	base := 0
	for i, v := range c {
		n := int(v) * (steps - 1)
		part[i] = float32(n%255) / 255
		step := [3]int{steps * steps, steps, 1}[i]
		base += n / 255 * step
		if n%255 > 0 { // there is perhaps no next point otherwise
			stride[i] = step
		}
	}
	a, b, d := 0, 1, 2 // the axes, the largest part first
	if part[a] < part[b] {
		a, b = b, a
	}
	if part[b] < part[d] {
		b, d = d, b
	}
	if part[a] < part[b] {
		a, b = b, a
	}
	p0, p1 := &t.points[base], &t.points[base+stride[a]]
	p2, p3 := &t.points[base+stride[a]+stride[b]], &t.points[base+stride[a]+stride[b]+stride[d]]
	var out [3]uint8
	for i := range out {
		v := p0[i] + (p1[i]-p0[i])*part[a] + (p2[i]-p1[i])*part[b] + (p3[i]-p2[i])*part[d]
		out[i] = t.shade[int(min(max(v, 0), 1)*shades+0.5)]
	}
	return out
}
