package canvas

import (
	"bytes"
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"

	"magpie/assets"
	"magpie/widgets/theme"
)

// icons are the drawings of the assets in colours of the theme, as [picture.Cache]
// takes them. Those of the theme package are for canvas.Image, which draws lines
// at another width.
type icons map[iconKey]fyne.Resource

type iconKey struct {
	thumbnail bool // of the default thumbnails, not of the icons
	name      string
	colour    color.Color
}

// get returns a drawing in the colour of a token; nil if there is none of the name.
func (m *icons) get(thumbnail bool, name string, token fyne.ThemeColorName) fyne.Resource {
	k := iconKey{thumbnail, name, theme.Color(token)}
	if res, known := (*m)[k]; known {
		return res
	}
	if *m == nil {
		*m = make(icons)
	}
	(*m)[k] = nil
	read := assets.Icon
	if thumbnail {
		read = assets.Thumbnail
	}
	if svg, err := read(name); err == nil {
		n := color.NRGBAModel.Convert(k.colour).(color.NRGBA)
		hex := fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B)
		(*m)[k] = fyne.NewStaticResource(fmt.Sprint("icon ", thumbnail, name, hex), bytes.ReplaceAll(svg, []byte("currentColor"), []byte(hex)))
	}
	return (*m)[k]
}
