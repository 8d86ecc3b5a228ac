package app

import (
	"fmt"

	"fyne.io/fyne/v2"

	"magpie/app/i18n"
	"magpie/assets"
	"magpie/im"
)

// pictures hands out the drawings of stickers, dice and avatars as Fyne wants
// them, each made once. It belongs to the goroutine of the user interface; one
// that is nil has none.
type pictures struct{ made map[string]fyne.Resource }

func newPictures() *pictures { return &pictures{made: map[string]fyne.Resource{}} }

// maxPictures bounds what is kept: more than there are drawings.
const maxPictures = 500

// of returns the drawing of a name, nil where find has none.
func (p *pictures) of(name string, find func() ([]byte, bool)) fyne.Resource {
	if p == nil {
		return nil
	}
	if res, ok := p.made[name]; ok {
		return res
	}
	svg, ok := find()
	if !ok {
		return nil
	}
	if len(p.made) >= maxPictures {
		clear(p.made)
	}
	res := fyne.NewStaticResource(name+".svg", svg)
	p.made[name] = res
	return res
}

// avatar returns the picture that the avatar of a profile or group names, nil if
// it names none of those that come with the program.
func (p *pictures) avatar(url string) fyne.Resource {
	return p.of(url, func() ([]byte, bool) { return assets.AvatarPicture(url) })
}

func (p *pictures) dice(n int) fyne.Resource {
	return p.of(fmt.Sprint("dice/", n), func() ([]byte, bool) { return assets.DicePicture(n) })
}

// sticker returns the picture of a sticker, nil for one of another program, and
// words for it.
func (p *pictures) sticker(face im.FacePayload, tr *i18n.Translator) (fyne.Resource, string) {
	res := p.of(fmt.Sprintf("sticker/%d/%s", face.Index, face.Data), func() ([]byte, bool) {
		return assets.StickerPicture(face.Index, face.Data)
	})
	if res == nil {
		return nil, tr.F("sticker.unknown", i18n.Args{"Number": face.Index})
	}
	return res, im.MessageForShow(face, tr.Language())
}
