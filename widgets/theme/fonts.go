package theme

import (
	"bytes"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/font/opentype/tables"

	"magpie/assets"
)

// bundled are the fonts that the program brings along, in both weights.
var bundled = [2]fyne.Resource{resource(false), resource(true)}

func resource(bold bool) fyne.Resource {
	name, data := assets.Font(bold)
	return fyne.NewStaticResource(name, data)
}

// FontFor returns the bundled font where it has every character of text, to be the
// FontSource that the text is measured and drawn with, and nil where others are needed.
//
// It looks the same either way. But for a text without a source Fyne parses the font of the
// theme for each style together with four others that it might need, among them one with
// all emoji: 13 MB and 40 ms a style, instead of 4 MB and 18 ms. Most windows never need these.
func FontFor(text string, style fyne.TextStyle) fyne.Resource {
	if style.Monospace || style.Symbol || style.Italic {
		return nil
	}
	has := coverage()
	for _, r := range text {
		if r >= coveredBelow || has[r>>6]&(1<<(r&63)) == 0 {
			return nil
		}
	}
	if style.Bold {
		return bundled[1]
	}
	return bundled[0]
}

// SetText changes what t says, and the font that it says it in.
func SetText(t *canvas.Text, text string) { t.Text, t.FontSource = text, FontFor(text, t.TextStyle) }

// MeasureText returns the size of a text as it is drawn by one with [SetText], and how far
// its baseline is from its upper edge.
func MeasureText(text string, size float32, style fyne.TextStyle) (s fyne.Size, base float32) {
	return fyne.CurrentApp().Driver().RenderedTextSize(text, size, style, FontFor(text, style))
}

// coveredBelow bounds the characters that the coverage knows: those of one plane.
const coveredBelow = 1 << 16

// coverage has a bit for every character that both weights draw.
var coverage = sync.OnceValue(func() *[coveredBelow / 64]uint64 {
	has, bold := characters(bundled[0]), characters(bundled[1])
	for i := range has {
		has[i] &= bold[i]
	}
	return has
})

// characters reads which characters a font has; none of one that is no font.
func characters(f fyne.Resource) *[coveredBelow / 64]uint64 {
	has := new([coveredBelow / 64]uint64)
	ld, err := opentype.NewLoader(bytes.NewReader(f.Content()))
	if err != nil {
		return has
	}
	raw, err := ld.RawTable(opentype.MustNewTag("cmap"))
	if err != nil {
		return has
	}
	table, _, err := tables.ParseCmap(raw)
	if err != nil {
		return has
	}
	cmap, _, err := font.ProcessCmap(table, tables.FPNone)
	if err != nil {
		return has
	}
	for it := cmap.Iter(); it.Next(); {
		if r, glyph := it.Char(); glyph != 0 && r < coveredBelow {
			has[r>>6] |= 1 << (r & 63)
		}
	}
	return has
}
