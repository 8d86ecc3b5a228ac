package theme

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"image/color"
	"regexp"
	"slices"
	"strconv"
	"unicode"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"magpie/assets"
)

// Color returns the token in the variant that the app shows now. Widgets call
// it in Refresh, not once when they are made. Without the [Theme] of this
// package (an app that has not set it yet) the answer is Fyne's, which knows no
// tokens.
func Color(name fyne.ThemeColorName) color.Color { return fynetheme.Color(name) }

// avatarColors are readable under white letters of 13 to 15, bold.
var avatarColors = [...]uint32{
	0x2F6FC9, // blue
	0x7C4FE8, // violet
	0xB56005, // amber
	0x0B7A8C, // teal
	0xDB2777, // pink
	0x047857, // green
	0x475569, // slate
	0xB45309, // brown
	0x9333C8, // purple
	0x4D7C0F, // olive
}

// SystemAvatar is the avatar id of the server itself, which no user or group
// has: its avatar is quiet in colour and shows this sign.
const SystemAvatar = "@"

// AvatarColor returns the colour behind the letter of id: the same for one id
// on every device, in both variants.
func AvatarColor(id string) color.NRGBA {
	if id == SystemAvatar {
		return rgb(0x64748B)
	}
	h := fnv.New64a()
	h.Write([]byte(id)) // never fails
	// FNV leaves ids that differ in their last character close together; this
	// spreads them (the finalizer of MurmurHash3).
	v := h.Sum64()
	v = (v ^ v>>33) * 0xff51afd7ed558ccd
	v = (v ^ v>>33) * 0xc4ceb9fe1a85ec53
	return rgb(avatarColors[(v^v>>33)%uint64(len(avatarColors))])
}

// iconPen is how large icons are shown, by how large they are drawn.
const iconPen = IconMedium / 24

// Icon returns the icon of [magpie/assets.Icon] called name in the colour of a
// token. It follows the theme: after a change, Refresh of the canvas.Image that
// shows it is enough. A name without a file gives an empty drawing; that every
// name in use has one is tested.
func Icon(name string, colour fyne.ThemeColorName) fyne.Resource {
	return &icon{name: name, colour: colour, pen: iconPen * WindowScale(), read: assets.Icon}
}

// Thumbnail is Icon for the default thumbnails of [magpie/assets.Thumbnail].
func Thumbnail(kind string, colour fyne.ThemeColorName) fyne.Resource {
	return &icon{name: "thumbnail-" + kind, colour: colour, pen: WindowScale(), read: func(string) ([]byte, error) { return assets.Thumbnail(kind) }}
}

// WindowScale is how many pixels a unit has in the window that was opened last, 1
// before there is one.
func WindowScale() float32 {
	for _, w := range slices.Backward(fyne.CurrentApp().Driver().AllWindows()) {
		if s := w.Canvas().Scale(); s > 0 {
			return s
		}
	}
	return 1
}

var strokeWidth = regexp.MustCompile(`stroke-width="([0-9.]+)"`)

// icon is a fyne.ThemedResource, which is what makes Fyne ask again after a
// change of theme. Its name carries the colour and the scale, as Fyne caches
// drawings by name.
type icon struct {
	name   string
	colour fyne.ThemeColorName
	// pen is how many pixels a unit of the drawing's lines has, in the window as it
	// was when the icon was asked for.
	pen  float32
	read func(string) ([]byte, error)
}

var _ fyne.ThemedResource = (*icon)(nil)

func (i *icon) ThemeColorName() fyne.ThemeColorName { return i.colour }

func (i *icon) hex() string {
	c := color.NRGBAModel.Convert(Color(i.colour)).(color.NRGBA)
	return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B)
}

func (i *icon) Name() string {
	return fmt.Sprintf("%s%s@%g.svg", i.name, i.hex(), i.pen)
}

func (i *icon) Content() []byte {
	svg, err := i.read(i.name)
	if err != nil {
		return []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24"></svg>`)
	}
	svg = bytes.ReplaceAll(svg, []byte("currentColor"), []byte(i.hex()))
	// Fyne draws lines as many pixels wide as the drawing says, however large it
	// makes the drawing: in the size of a button they would be too bold, and on a
	// screen of twice the pixels half as wide.
	return strokeWidth.ReplaceAllFunc(svg, func(attribute []byte) []byte {
		width, err := strconv.ParseFloat(string(strokeWidth.FindSubmatch(attribute)[1]), 32)
		if err != nil {
			return attribute
		}
		return fmt.Appendf(nil, `stroke-width="%g"`, float32(width)*i.pen)
	})
}

// Initial returns what an avatar shows for name: its first letter or digit in
// upper case, or its first Chinese, Japanese or Korean character. A name with
// neither gives its first sign that can be seen, and an empty one "?".
func Initial(name string) string {
	first := ""
	for _, r := range name {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return string(unicode.ToUpper(r))
		}
		if first == "" && unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.IsMark(r) {
			first = string(r)
		}
	}
	if first == "" {
		return "?"
	}
	return first
}
