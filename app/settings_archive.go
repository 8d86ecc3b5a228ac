package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"magpie/app/archive"
	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// askFolder lets a person choose a folder that is there.
func (a *application) askFolder(then func(path string)) {
	if a.options.ChooseFolder != nil {
		a.options.ChooseFolder(then)
		return
	}
	d := dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		if err != nil || folder == nil { // cancelled
			if err != nil {
				a.say(a.tr.Error(err))
			}
			return
		}
		a.folder = folder.Path()
		then(folder.Path())
	}, a.window)
	if folder, err := storage.ListerForURI(storage.NewFileURI(a.saveFolder())); err == nil {
		d.SetLocation(folder)
	}
	d.SetTitleText(a.tr.T("archive.chooseTitle"))
	d.SetConfirmText(a.tr.T("archive.choose"))
	d.SetDismissText(a.tr.T("action.cancel"))
	a.showFileDialog(d)
}

// folderField is a field for a path with a link below it that leads to the folders.
func (m *mainScreen) folderField(label, path string, chosen func(folder string) string) (*widgets.TextField, []widgets.Item) {
	field := widgets.NewTextField(label, "")
	field.SetText(path)
	link := widgets.NewLink(m.tr.T("archive.browse"), theme.Link, theme.SecondarySize, func() {
		m.app.askFolder(func(folder string) { field.SetText(chosen(folder)) })
	})
	return field, []widgets.Item{{Above: 14, Object: field}, {Above: 6, Object: leftmost(link)}}
}

// leftmost keeps an object at its own width.
func leftmost(o fyne.CanvasObject) fyne.CanvasObject { return container.New(ownWidth{}, o) }

type ownWidth struct{}

func (ownWidth) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

func (ownWidth) Layout(o []fyne.CanvasObject, size fyne.Size) {
	put(o[0], 0, 0, min(o[0].MinSize().Width, size.Width), size.Height)
}

// pathOf reads a path that somebody typed: ~ is their own folder.
func pathOf(typed string) string {
	typed = strings.TrimSpace(typed)
	if rest, is := strings.CutPrefix(typed, "~"); is && (rest == "" || os.IsPathSeparator(rest[0])) {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	return typed
}

// freePath is a path in a folder at which nothing is: the name, or the name with a
// number.
func freePath(folder, name string) string {
	path := filepath.Join(folder, name)
	for n := 2; n < 1000; n++ {
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			return path
		}
		path = filepath.Join(folder, name+" "+strconv.Itoa(n))
	}
	return path
}

// plainName is a name that a file may have on every system.
func plainName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("-_ .", r) {
			return r
		}
		return -1
	}, name)
	const most = 60 // bytes
	for len(name) > most {
		r := []rune(name)
		name = string(r[:len(r)-1])
	}
	return strings.Trim(name, " .")
}

// archiveError is what to tell of an export or import that failed.
func (m *mainScreen) archiveError(err error, whose im.UserID) string {
	tr := m.tr
	switch {
	case errors.Is(err, fs.ErrExist):
		return tr.T("archive.exists")
	case errors.Is(err, archive.ErrNoExport):
		return tr.T("archive.noExport")
	case errors.Is(err, archive.ErrOtherAccount):
		return tr.F("archive.otherAccount", i18n.Args{"Theirs": string(whose), "Mine": string(m.me)})
	case errors.Is(err, archive.ErrOtherHistory):
		return tr.T("archive.otherHistory")
	case errors.Is(err, archive.ErrVersion):
		return tr.T("archive.later")
	case errors.Is(err, archive.ErrFormat):
		return tr.F("archive.notWhole", i18n.Args{"Reason": strings.TrimPrefix(err.Error(), archive.ErrFormat.Error()+": ")})
	case errors.Is(err, fs.ErrNotExist):
		return tr.T("archive.noFolder")
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return tr.T("archive.mayNot")
	}
	return tr.Error(err)
}
