package theme

import (
	"image/color"
	"testing"
)

// Whatever picture lies under it, text on glass can be read.
func TestGlassCanBeRead(t *testing.T) {
	for name, mode := range map[string]Mode{"light": Light, "dark": Dark} {
		th := New(mode)
		glass := th.Color(Glass, 0).(color.NRGBA)
		for _, under := range []uint8{0, 128, 255} {
			over := func(v uint8) uint8 {
				return uint8((int(v)*int(glass.A) + int(under)*(255-int(glass.A))) / 255)
			}
			ground := color.NRGBA{over(glass.R), over(glass.G), over(glass.B), 255}
			if got := contrast(th.Color(OnGlass, 0), ground); got < 4.5 {
				t.Errorf("%s: over a grey of %d it is %.2f:1", name, under, got)
			}
		}
	}
}
