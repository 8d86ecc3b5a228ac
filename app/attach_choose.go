package app

import (
	"context"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"magpie/widgets"
)

// followAttachments gives the composer its buttons for files, and brings what is
// chosen, dropped and pasted into the tray.
func (m *mainScreen) followAttachments() {
	m.attachButtons = []*widgets.IconButton{
		widgets.NewIconButton("paperclip", m.tr.T("composer.file"), func() { m.chooseFile(false) }),
		widgets.NewIconButton("image", m.tr.T("composer.picture"), func() { m.chooseFile(true) }),
	}
	c := m.composer
	c.SetLeft(m.attachButtons...)
	c.OnTrayRemove = func(id string) { m.inChat(func(c *chat) { c.removeAttachment(id) }) }
	c.Hold = func() (held bool) {
		m.inChat(func(c *chat) { held = c.hold() })
		return held
	}
	c.OnPaste = m.paste
}

// fitAttachButtons leaves a narrow window the first of the buttons.
func (m *mainScreen) fitAttachButtons(narrow bool) {
	n := len(m.attachButtons)
	if narrow {
		n = min(n, 1)
	}
	m.composer.SetLeft(m.attachButtons[:n]...)
}

// pictureEndings are those of the files that the button for pictures offers.
var pictureEndings = []string{".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".avif", ".heic", ".mp4"}

// chooseFile asks for a file to be put into the tray.
func (m *mainScreen) chooseFile(pictures bool) {
	if words := m.cannotAttach(); words != "" {
		m.app.say(words)
		return
	}
	d := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
		if err != nil {
			m.app.say(m.tr.T("attach.cannotOpen"))
			m.app.log("choose a file: %v", err)
			return
		}
		if f == nil { // nothing was chosen
			m.composer.Focus()
			return
		}
		path := f.URI().Path()
		if err := f.Close(); err != nil {
			m.app.log("choose a file: %v", err)
		}
		m.attachFiles([]string{path})
	}, m.app.window)
	d.SetTitleText(m.tr.T("attach.chooseTitle"))
	if pictures {
		d.SetTitleText(m.tr.T("attach.choosePicture"))
		d.SetFilter(storage.NewExtensionFileFilter(pictureEndings))
	}
	d.SetConfirmText(m.tr.T("attach.choose"))
	d.SetDismissText(m.tr.T("action.cancel"))
	m.app.showFileDialog(d)
}

// dropped is told what was let go over the window.
func (m *mainScreen) dropped(list []fyne.URI) {
	var paths []string
	for _, u := range list {
		if u.Scheme() == "file" {
			paths = append(paths, filepath.FromSlash(u.Path()))
		}
	}
	if len(paths) == 0 {
		m.app.say(m.tr.T("attach.onlyFiles"))
		return
	}
	m.attachFiles(paths)
}

// paste looks whether the system's clipboard has files or a picture, and takes
// them; a text is pasted as ever. It is false if there is nothing to look for.
func (m *mainScreen) paste(from fyne.Clipboard) bool {
	text, clipboard := from.Content(), m.app.options.Clipboard
	if m.chat == nil || clipboard == nil || text != "" && !namesFiles(text) {
		return false
	}
	type content struct {
		files   []string
		picture []byte
	}
	beside(m.chat.ctx, func(ctx context.Context) (c content, err error) {
		ctx, cancel := context.WithTimeout(ctx, clipboardPatience)
		defer cancel()
		c.files, c.picture, err = clipboard.Read(ctx)
		return c, err
	}, func(c content, err error) {
		switch {
		case len(c.files) > 0:
			m.attachFiles(c.files)
		case len(c.picture) > 0:
			m.attachPicture(c.picture)
		case text != "":
			m.composer.Paste(from)
		case err != nil:
			m.app.log("read the clipboard: %v", err)
			m.app.say(m.tr.T("clipboard.unread"))
		}
	})
	return true
}

// namesFiles reports whether a text looks like the one that a file manager puts
// beside the files that it copied: nothing but absolute paths or addresses of them.
func namesFiles(text string) bool {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n\x00")
		if !strings.HasPrefix(line, "file://") && !filepath.IsAbs(line) {
			return false
		}
	}
	return true
}
