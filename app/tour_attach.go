package app

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"

	"magpie/app/host"
)

// attach is the part of the tour about files: what waits in the tray, and what of
// it cannot be sent.
func (t *tourist) attach(ctx context.Context, _ *host.Host) (err error) {
	dir, err := os.MkdirTemp("", "magpie-tour")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	var paths []string
	for _, f := range []struct {
		name    string
		content []byte
	}{
		{"beach.jpg", landscape(color.RGBA{0x7c, 0xc5, 0xd9, 255}, color.RGBA{0xe7, 0xc9, 0x8f, 255})},
		{"dusk.jpg", landscape(color.RGBA{0x22, 0x36, 0x4a, 255}, color.RGBA{0xc9, 0x7f, 0x4e, 255})},
		{"contract-v3.pdf", bytes.Repeat([]byte("%PDF-1.7\n"), 20_000)},
		{"notes.txt", nil},
	} {
		path := filepath.Join(dir, f.name)
		if err := os.WriteFile(path, f.content, 0o600); err != nil {
			return err
		}
		paths = append(paths, path)
	}
	t.do(func() { t.a.main.attachFiles(paths) })
	conv := t.conversation()
	ready := func() bool { return !t.a.session.trays.get(conv).working() }
	if err := t.until(ctx, "the tray is ready", ready); err != nil {
		return err
	}
	t.do(func() { t.a.main.composer.InsertText("看看这两张") })
	if err := t.picture("30-tray"); err != nil {
		return err
	}
	t.do(t.a.main.composer.Submit)
	sent := func() bool { return t.lastFrom(conv, t.a.me()) && t.a.main.waiting == 0 }
	if err := t.until(ctx, "the pictures were sent", sent); err != nil {
		return err
	}
	t.do(func() { t.a.main.chat.clearTray() })
	return t.picture("31-pictures")
}

// landscape is a picture of a sky above a slope.
func landscape(sky, ground color.RGBA) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 920, 600))
	for y := range 600 {
		for x := range 920 {
			c := sky
			if y > 420-x/4 {
				c = ground
			}
			img.SetRGBA(x, y, color.RGBA{c.R - c.R/4*uint8(y/150)/4, c.G, c.B, 255})
		}
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, nil) // a buffer takes everything
	return b.Bytes()
}
