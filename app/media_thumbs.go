package app

import (
	"context"
	"image"

	"magpie/app/core"
	"magpie/app/thumbs"
	"magpie/widgets/canvas"
)

// thumbnail answers the canvas.
func (m *mainScreen) thumbnail(key canvas.Key, width, height int) (t canvas.Thumbnail) {
	m.inChat(func(c *chat) {
		o, ok := c.media.byKey[key]
		if !ok {
			return
		}
		got := m.s.thumbs.Get(key, o.picture, width, height)
		t = canvas.Thumbnail{Image: got.Image, State: thumbnailState(got.State), Blurred: got.Blurred}
	})
	return t
}

func thumbnailState(s thumbs.State) canvas.ThumbnailState {
	switch s {
	case thumbs.Coming:
		return canvas.ThumbComing
	case thumbs.Here:
		return canvas.ThumbHere
	case thumbs.Broken:
		return canvas.ThumbBroken
	}
	return canvas.ThumbNone
}

// thumbnailChanged lets who asked for a thumbnail ask again.
func (m *mainScreen) thumbnailChanged(who any) {
	switch who := who.(type) {
	case canvas.Key:
		m.canvas.ThumbnailChanged(who)
	case mergedThumb:
		who.view.canvas.ThumbnailChanged(who.key)
	case stripCell, viewerTurn:
		m.viewing.thumbnailChanged(who)
	case gridCell:
		m.panel.shared.thumbnailChanged(who)
	}
}

// still takes a picture out of a film, in isolation.
func (a *application) still(ctx context.Context, f core.Content, maxSide int) (image.Image, error) {
	return a.decoder().Still(ctx, f, maxSide)
}

// isolatedPicture decodes a picture in isolation.
func (a *application) isolatedPicture(ctx context.Context, f core.Content, maxSide int) (image.Image, error) {
	return a.decoder().Picture(ctx, f, maxSide)
}
