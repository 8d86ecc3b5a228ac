package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"magpie/widgets/theme"
)

// Measures of a waveform, from the pictures.
const (
	waveBar   = float32(3)
	waveGap   = float32(2)
	waveLeast = float32(4)  // silence
	waveMost  = float32(26) // full scale
	// waveRest is how much of the colour what was not played yet has.
	waveRest = 0.35
)

// waveBars is a waveform of a row of bars.
type waveBars struct {
	bars []*canvas.Rectangle
	used int
}

// mostWaveBars is as many as the composer of a large screen has room for.
const mostWaveBars = 120

func newWaveBars() *waveBars {
	w := &waveBars{}
	for range mostWaveBars {
		b := box(waveBar / 2)
		b.Hide()
		w.bars = append(w.bars, b)
	}
	return w
}

func (w *waveBars) objects() []fyne.CanvasObject {
	all := make([]fyne.CanvasObject, len(w.bars))
	for i, b := range w.bars {
		all[i] = b
	}
	return all
}

// place draws levels in width units from x on, with their middle at y. With tail
// the last ones are drawn, a bar each, otherwise all of them, and those beyond
// played (0 to 1) faint.
func (w *waveBars) place(x, y, width float32, levels []byte, tail bool, played float64) {
	room := min(int((width+waveGap)/(waveBar+waveGap)), len(w.bars))
	if room < 1 {
		levels, room = nil, 1
	}
	if tail {
		levels = levels[max(len(levels)-room, 0):]
	} else {
		levels = squeeze(levels, room)
	}
	full := theme.Color(theme.Accent)
	faint := fade(full, waveRest)
	for i, b := range w.bars {
		b.Hidden = i >= len(levels)
		if b.Hidden {
			continue
		}
		h := round(waveLeast + (waveMost-waveLeast)*float32(levels[i])/255)
		b.FillColor = full
		if !tail && float64(i) >= played*float64(len(levels)) {
			b.FillColor = faint
		}
		b.Move(fyne.NewPos(round(x)+float32(i)*(waveBar+waveGap), round(y)-h/2))
		b.Resize(fyne.NewSize(waveBar, h))
	}
	w.used = len(levels)
}

// squeeze makes at most n levels of all, each the largest of its part.
func squeeze(all []byte, n int) []byte {
	if len(all) <= n {
		return all
	}
	out := make([]byte, n)
	for i := range out {
		for _, v := range all[i*len(all)/n : (i+1)*len(all)/n] {
			out[i] = max(out[i], v)
		}
	}
	return out
}

// fade gives a colour a share of its opacity.
func fade(c color.Color, share float64) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = uint8(float64(n.A) * share)
	return n
}
