package app

import (
	"magpie/im"
	"magpie/widgets/canvas"
)

// media shows a picture, a video or a file.
func (p *presenter) media(it *canvas.Item, m *im.Message) {
	it.Text = im.MessageForShow(m.Payload, p.tr.Language())
	it.Kind = canvas.KindOther
	o, ok := mediaOf(m)
	if !ok || m.IsRevoked || m.IsPlaceMessage {
		return
	}
	switch m.Payload.(type) {
	case im.ImagePayload:
		it.Kind = canvas.KindImage
	case im.VideoPayload:
		it.Kind = canvas.KindVideo
	case im.FilePayload:
		it.Kind = canvas.KindFile
	default:
		return
	}
	it.Media = o.canvasMedia(p.here != nil && o.address != "" && p.here(o.address))
	if p.shown != nil {
		p.shown(o)
	}
}
