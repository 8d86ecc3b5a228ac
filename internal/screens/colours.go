package main

import (
	"image"
	"image/color"
	"slices"
)

// tone is a colour and how many pixels have it.
type tone struct {
	rgb [3]uint8
	n   int
}

// fewColours draws a picture in at most n colours, by median cut: the box of colours
// that spreads most pixels farthest is cut in two until there are n, and each becomes
// the mean of what is in it. A picture of no more colours keeps them all.
func fewColours(img image.Image, n int) *image.Paletted {
	b := img.Bounds()
	count := map[[3]uint8]int{}
	at := func(x, y int) [3]uint8 {
		c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
		return [3]uint8{c.R, c.G, c.B}
	}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			count[at(x, y)]++
		}
	}
	all := make([]tone, 0, len(count))
	for rgb, k := range count {
		all = append(all, tone{rgb, k})
	}
	slices.SortFunc(all, func(p, q tone) int { return slices.Compare(p.rgb[:], q.rgb[:]) }) // the same each time
	boxes := []box{boxOf(all)}
	for len(boxes) < min(n, len(all)) {
		worst := 0
		for i := range boxes {
			if boxes[i].spread > boxes[worst].spread {
				worst = i
			}
		}
		left, right := boxes[worst].cut()
		boxes[worst] = left
		boxes = append(boxes, right)
	}
	palette := make(color.Palette, len(boxes))
	index := make(map[[3]uint8]uint8, len(all))
	for i, box := range boxes {
		palette[i] = mean(box.tones)
		for _, t := range box.tones {
			index[t.rgb] = uint8(i)
		}
	}
	out := image.NewPaletted(image.Rect(0, 0, b.Dx(), b.Dy()), palette)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			out.SetColorIndex(x-b.Min.X, y-b.Min.Y, index[at(x, y)])
		}
	}
	return out
}

// box are colours near each other.
type box struct {
	tones []tone
	// channel is the one in which they lie farthest apart; spread is how far, times
	// their pixels, and 0 for a box that cannot be cut.
	channel, spread int
}

func boxOf(tones []tone) box {
	b := box{tones: tones}
	if len(tones) < 2 {
		return b
	}
	width, pixels := 0, 0
	for c := range 3 {
		low, high := uint8(255), uint8(0)
		for _, t := range tones {
			low, high = min(low, t.rgb[c]), max(high, t.rgb[c])
		}
		if w := int(high) - int(low); w > width {
			b.channel, width = c, w
		}
	}
	for _, t := range tones {
		pixels += t.n
	}
	b.spread = width * pixels
	return b
}

// cut divides a box of two colours or more where half of its pixels are on each side.
func (b box) cut() (left, right box) {
	tones := b.tones
	slices.SortStableFunc(tones, func(p, q tone) int { return int(p.rgb[b.channel]) - int(q.rgb[b.channel]) })
	half := 0
	for _, t := range tones {
		half += t.n
	}
	half /= 2
	at, seen := 1, tones[0].n
	for at < len(tones)-1 && seen+tones[at].n <= half {
		seen += tones[at].n
		at++
	}
	return boxOf(tones[:at:at]), boxOf(tones[at:])
}

func mean(box []tone) color.RGBA {
	var sum [3]int
	n := 0
	for _, t := range box {
		for c := range 3 {
			sum[c] += int(t.rgb[c]) * t.n
		}
		n += t.n
	}
	return color.RGBA{uint8((sum[0] + n/2) / n), uint8((sum[1] + n/2) / n), uint8((sum[2] + n/2) / n), 255}
}
