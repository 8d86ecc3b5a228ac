package app

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/im"
	"magpie/media/probe"
)

// mediaName is what a file is called when it is saved or opened: as who sent it
// called it, or by its kind and time. Its ending is never one that somebody else
// chose, but for files.
func (m *mainScreen) mediaName(o media) string {
	if o.name != "" {
		return o.name
	}
	at := m.times.here(time.UnixMilli(o.msg.Time)).Format("2006-01-02 15.04.05")
	switch p := o.msg.Payload.(type) {
	case im.ImagePayload:
		return m.tr.F("media.imageName", i18n.Args{"Time": at}) + imageEnding(p.ImageFormat)
	case im.VideoPayload:
		return m.tr.F("media.videoName", i18n.Args{"Time": at}) + oneOf(p.VideoFormat, "mp4", "mov", "m4v", "webm", "mkv", "3gp")
	case im.AudioPayload:
		return m.tr.F("media.voiceName", i18n.Args{"Time": at}) + oneOf(p.Format, "m4a", "aac", "mp3", "wav", "ogg", "opus", "amr", "webm")
	}
	return at
}

func imageEnding(format int) string {
	switch format {
	case im.ImageGIF:
		return ".gif"
	case im.ImagePNG:
		return ".png"
	case im.ImageBMP:
		return ".bmp"
	case im.ImageWebP:
		return ".webp"
	}
	return ".jpg"
}

// oneOf is the ending that a format names if it is known, else the first.
func oneOf(format string, known ...string) string {
	format = strings.ToLower(strings.TrimPrefix(format, "."))
	for _, k := range known {
		if format == k {
			return "." + k
		}
	}
	return "." + known[0]
}

// save asks where to and saves the content of a message there.
func (m *mainScreen) save(o media) {
	if o.address == "" {
		m.app.say(m.tr.T("media.noAddress"))
		return
	}
	m.app.askWhere(m.mediaName(o), func(to string) {
		m.fetch(o, func() { m.saveTo(o, to) })
	})
}

// saveTo copies a file that is on the disk.
func (m *mainScreen) saveTo(o media, to string) {
	client := m.s.client
	beside(m.s.ctx, func(ctx context.Context) (struct{}, error) {
		f, err := client.OpenFile(o.address)
		if err != nil {
			return struct{}{}, err
		}
		defer f.Close() // only read
		return struct{}{}, copyFile(ctx, f, to, 0o644)
	}, func(_ struct{}, err error) {
		if err != nil {
			m.app.say(m.tr.F("media.notSaved", i18n.Args{"Reason": m.tr.Error(err)}))
			return
		}
		m.app.saySaved(to)
	})
}

// saySaved says where something is, and leads there.
func (a *application) saySaved(path string) {
	if a.main == nil {
		return
	}
	a.offer(a.tr.F("media.saved", i18n.Args{"Name": filepath.Base(path)}), a.tr.T("media.showInFolder"), func() {
		if err := a.openFile(filepath.Dir(path)); err != nil {
			a.say(a.tr.Error(err))
		}
	})
}

// askWhere lets a person choose where to save something; what is there is only
// replaced after a question.
func (a *application) askWhere(name string, then func(path string)) {
	if a.options.SaveTo != nil {
		a.options.SaveTo(name, then)
		return
	}
	d := dialog.NewFileSave(func(w fyne.URIWriteCloser, err error) {
		if err != nil || w == nil { // cancelled
			if err != nil {
				a.say(a.tr.Error(err))
			}
			return
		}
		path := w.URI().Path()
		if err := w.Close(); err != nil {
			a.say(a.tr.Error(err))
			return
		}
		a.folder = filepath.Dir(path)
		then(path)
	}, a.window)
	d.SetFileName(name)
	if folder, err := storage.ListerForURI(storage.NewFileURI(a.saveFolder())); err == nil {
		d.SetLocation(folder)
	}
	d.SetTitleText(a.tr.T("media.saveTitle"))
	d.SetConfirmText(a.tr.T("action.save"))
	d.SetDismissText(a.tr.T("action.cancel"))
	a.showFileDialog(d)
}

// showFileDialog shows a dialog nearly as large as the window. Fyne takes a size only
// of one that is shown, and leaves it where it was in the middle before.
func (a *application) showFileDialog(d *dialog.FileDialog) {
	d.Show()
	c := a.canvas
	d.Resize(c.Size().SubtractWidthHeight(120, 120))
	if top := c.Overlays().Top(); top != nil {
		top.Resize(fyne.Size{})
		top.Resize(c.Size())
	}
}

// saveFolder is where something was saved last, else where downloads go.
func (a *application) saveFolder() string {
	if a.folder != "" {
		return a.folder
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "."
	}
	downloads := filepath.Join(home, "Downloads")
	if info, err := os.Stat(downloads); err == nil && info.IsDir() {
		return downloads
	}
	return home
}

// copyImage puts a picture into the clipboard, after it was fetched.
func (m *mainScreen) copyImage(o media) {
	m.fetch(o, func() {
		app, client := m.app, m.s.client
		beside(m.s.ctx, func(ctx context.Context) (struct{}, error) {
			f, err := client.OpenFile(o.address)
			if err != nil {
				return struct{}{}, err
			}
			defer f.Close() // only read
			b, err := asPNG(ctx, f, app.decoder())
			if err != nil {
				return struct{}{}, err
			}
			return struct{}{}, app.copyPicture(b)
		}, func(_ struct{}, err error) {
			words := m.tr.T("media.copied")
			if err != nil {
				app.log("copy picture: %v", err)
				words = m.tr.T("media.notCopied")
			}
			if v := m.viewing; v != nil {
				v.say(words, "", nil)
				return
			}
			app.say(words)
		})
	})
}

// maxCopied bounds the sides of a picture for the clipboard, in pixels.
const maxCopied = 4096

// asPNG makes a PNG of a picture, upright.
func asPNG(ctx context.Context, f core.Content, isolated probe.Isolated) ([]byte, error) {
	img, err := probe.Show(ctx, f, isolated, maxCopied, maxCopied)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("copy picture: %w", err)
	}
	return b.Bytes(), nil
}

// mediaItems is what the menu of a message offers for its content.
func (m *mainScreen) mediaItems(o media) []*fyne.MenuItem {
	if o.address == "" {
		return nil
	}
	var items []*fyne.MenuItem
	switch o.msg.Payload.(type) {
	case im.ImagePayload:
		items = append(items,
			fyne.NewMenuItem(m.tr.T("media.open"), func() { m.open(o) }),
			fyne.NewMenuItem(m.tr.T("media.copyImage"), func() { m.copyImage(o) }))
	case im.VideoPayload, im.FilePayload:
		items = append(items, fyne.NewMenuItem(m.tr.T("media.open"), func() { m.open(o) }))
	}
	return append(items, fyne.NewMenuItem(m.tr.T("media.saveAs"), func() { m.save(o) }))
}
