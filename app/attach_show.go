package app

import (
	"bytes"
	"image"
	"image/jpeg"
	"slices"
	"strings"

	"golang.org/x/image/draw"

	"magpie/im"
	"magpie/widgets"
)

// showTray shows what waits in the open conversation above its composer.
func (m *mainScreen) showTray() {
	t := m.s.trays.get(m.chat.conv)
	items := make([]widgets.TrayItem, len(t.items))
	for i, item := range t.items {
		items[i] = widgets.TrayItem{
			ID: item.id, Name: item.name, Picture: item.picture, Tag: fileTag(item.name), Working: item.working(), Problem: item.problem,
		}
	}
	before := m.composer.MinSize().Height
	m.composer.SetTray(items, m.trayWords(t))
	if m.composer.MinSize().Height != before {
		m.content.Refresh()
	}
}

// trayWords say how much waits, and what was left out or goes another way than one
// may think.
func (m *mainScreen) trayWords(t *tray) string {
	tr := m.tr
	var lines []string
	n := len(t.items)
	for _, i := range t.items {
		if i.problem != "" {
			n--
		}
	}
	if n > 0 {
		words := tr.N("tray.items", n, nil)
		if size := t.size(); size > 0 {
			words += " · " + mediaWords{tr}.bytes(size)
		}
		lines = append(lines, words)
	}
	asFile := map[im.Code]int{}
	for _, i := range t.items {
		asFile[i.instead]++
	}
	large, unreadable, noMP4 := asFile[im.CodeImageTooLarge], asFile[im.CodeImageFormat], asFile[im.CodeVideoFormat]
	for _, w := range []struct {
		count int
		words string
	}{
		{t.tooLarge, tr.N("tray.tooLarge", t.tooLarge, nil)},
		{t.tooMany, tr.N("tray.tooMany", t.tooMany, nil)},
		{large, tr.N("tray.largePicture", large, nil)},
		{unreadable, tr.N("tray.otherPicture", unreadable, nil)},
		{noMP4, tr.N("tray.otherVideo", noMP4, nil)},
	} {
		if w.count > 0 {
			lines = append(lines, w.words)
		}
	}
	if t.going {
		lines = slices.Insert(lines, min(1, len(lines)), tr.T("tray.going"))
	}
	return strings.Join(lines[:min(len(lines), 3)], "\n")
}

// trayPicture cuts a thumbnail to what the tray shows, at two pixels a unit; nil of
// none.
func trayPicture(thumbnail []byte) (image.Image, error) {
	if thumbnail == nil {
		return nil, nil
	}
	img, err := jpeg.Decode(bytes.NewReader(thumbnail))
	if err != nil {
		return nil, err
	}
	to := image.Rect(0, 0, 2*int(widgets.TrayPicture.Width), 2*int(widgets.TrayPicture.Height))
	from := img.Bounds()
	if wide := from.Dx()*to.Dy() - from.Dy()*to.Dx(); wide > 0 {
		cut := (from.Dx() - from.Dy()*to.Dx()/to.Dy()) / 2
		from.Min.X, from.Max.X = from.Min.X+cut, from.Max.X-cut
	} else {
		cut := (from.Dy() - from.Dx()*to.Dy()/to.Dx()) / 2
		from.Min.Y, from.Max.Y = from.Min.Y+cut, from.Max.Y-cut
	}
	shown := image.NewRGBA(to)
	draw.ApproxBiLinear.Scale(shown, to, img, from, draw.Src, nil)
	return shown, nil
}
