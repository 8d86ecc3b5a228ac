package app

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"magpie/app/scan"
	"magpie/media/probe"
	"magpie/media/voice"
	"magpie/server/invite"
)

// codeEndings are those of the files that are offered for a picture of a code.
var codeEndings = []string{".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".heic"}

// codePicture is what may have the QR code of an invitation on it, to be closed.
type codePicture struct {
	voice.File
	close func() error
}

// choosePicture asks for a picture of the code.
func (j *joinScreen) choosePicture() {
	a := j.app
	d := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
		if err != nil {
			a.log("choose a picture of a code: %v", err)
			wrong(j.link, a.tr.T("attach.cannotOpen"))
			return
		}
		if f == nil { // nothing was chosen
			return
		}
		path := f.URI().Path()
		if err := f.Close(); err != nil {
			a.log("choose a picture of a code: %v", err)
		}
		j.readFile(path)
	}, a.window)
	d.SetTitleText(a.tr.T("join.chooseTitle"))
	d.SetFilter(storage.NewExtensionFileFilter(codeEndings))
	d.SetConfirmText(a.tr.T("attach.choose"))
	d.SetDismissText(a.tr.T("action.cancel"))
	a.showFileDialog(d)
}

// dropped is told what was let go over the window.
func (j *joinScreen) dropped(list []fyne.URI) {
	for _, u := range list {
		if u.Scheme() == "file" {
			j.readFile(filepath.FromSlash(u.Path()))
			return
		}
	}
	wrong(j.link, j.app.tr.T("join.onlyPictures"))
}

// paste looks whether the system's clipboard has a picture, or the file of one. It is
// false for a text, which goes into the field as ever, and if there is nothing to look
// for.
func (j *joinScreen) paste(from fyne.Clipboard) bool {
	text, clipboard := from.Content(), j.app.options.Clipboard
	if clipboard == nil || text != "" && !namesFiles(text) {
		return false
	}
	j.read(func(ctx context.Context) (codePicture, error) {
		ctx, cancel := context.WithTimeout(ctx, clipboardPatience)
		defer cancel()
		files, picture, err := clipboard.Read(ctx)
		switch {
		case len(files) > 0:
			return openPicture(files[0])
		case len(picture) > 0:
			return codePicture{bytes.NewReader(picture), func() error { return nil }}, nil
		case err != nil:
			return codePicture{}, err
		}
		return codePicture{}, errNoPicture
	})
	return true
}

// errNoPicture: the clipboard has neither a picture nor files.
var errNoPicture = errors.New("no picture in the clipboard")

func (j *joinScreen) readFile(path string) {
	j.read(func(context.Context) (codePicture, error) { return openPicture(path) })
}

func openPicture(path string) (codePicture, error) {
	f, err := probe.Open(path)
	if err != nil {
		return codePicture{}, err
	}
	return codePicture{f, f.Close}, nil
}

// read takes the link from the code in a picture, beside the user interface. What is read
// already is dropped for it.
func (j *joinScreen) read(open func(context.Context) (codePicture, error)) {
	if j.join.Disabled() { // what is being joined stays
		return
	}
	a := j.app
	j.stopReading()
	var ctx context.Context
	ctx, j.stopReading = context.WithCancel(a.sessions.ctx)
	j.picture.SetText(a.tr.T("join.reading"))
	j.link.SetError("")
	isolated := a.decoder()
	beside(ctx, func(ctx context.Context) (inv invite.Invitation, err error) {
		f, err := open(ctx)
		if err != nil {
			return inv, err
		}
		defer func() { _ = f.close() }() // only read
		texts, err := scan.Picture(ctx, f, isolated)
		if err != nil {
			return inv, err
		}
		return invite.Scanned(texts)
	}, func(inv invite.Invitation, err error) {
		j.picture.SetText(a.tr.T("join.picture"))
		switch {
		case errors.Is(err, errNoPicture):
			return
		case err != nil:
			a.log("reading the code of an invitation: %v", err)
			wrong(j.link, a.tr.Error(err))
			return
		}
		j.link.SetText(inv.String())
		j.linkChanged(inv.String())
		j.nick.Focus()
	})
}
