package app

import (
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"

	"magpie/app/i18n"
	"magpie/app/profile"
	"magpie/im"
	"magpie/store"
	"magpie/widgets"
)

// trouble is a reason for which a history cannot be opened, in the keys of its words
// "cannot.<name>" and "cannot.<name>.text". The first that fits counts.
type trouble struct {
	name string
	is   func(error) bool
	// folder offers to show where the file is.
	folder bool
}

func errorIs(targets ...error) func(error) bool {
	return func(err error) bool {
		for _, t := range targets {
			if errors.Is(err, t) {
				return true
			}
		}
		return false
	}
}

func codeIs(code im.Code) func(error) bool {
	return func(err error) bool { return im.CodeOf(err) == code }
}

var troubles = []trouble{
	{"later", codeIs(im.CodeVersion), false},
	{"otherAccount", errorIs(store.ErrOtherAccount), true},
	{"inUse", errorIs(store.ErrInUse), false},
	{"foreign", errorIs(store.ErrForeign), true},
	{"sealed", codeIs(im.CodeSealed), false},
	{"wrongKey", codeIs(im.CodeWrongKey), false},
	{"full", func(err error) bool { return im.CodeOf(err) == im.CodeDiskFull || errors.Is(err, syscall.ENOSPC) }, true},
	{"mayNot", errorIs(fs.ErrPermission, syscall.EROFS), true},
	{"damaged", codeIs(im.CodeStoreDamaged), true},
}

// troubleOf names why err keeps a history closed; false for what has no words of its
// own.
func troubleOf(err error) (trouble, bool) {
	for _, t := range troubles {
		if t.is(err) {
			return t, true
		}
	}
	return trouble{}, false
}

// cannotEnter says why an account's history cannot be opened and what can be done
// about it. Whatever it is, nothing was changed.
func (a *application) cannotEnter(account profile.Account, err error) {
	a.log("the history of %s cannot be opened: %v", account.User, err)
	tr := a.tr
	path, perr := a.profile.HistoryPath(account)
	again := func() {
		a.setContent(a.blank())
		a.enter(account)
	}
	button := func(kind widgets.Kind, key string, tapped func()) *widgets.Button {
		return widgets.NewButton(kind, tr.T(key), tapped)
	}
	t, known := troubleOf(err)
	title, words := tr.T("error.cannotOpen"), tr.Error(err)
	if known {
		title = tr.T("cannot." + t.name)
		words = tr.F("cannot."+t.name+".text", i18n.Args{"User": string(account.User), "File": filepath.Base(path), "Folder": filepath.Dir(path)})
	}
	buttons := []*widgets.Button{button(widgets.Primary, "action.tryAgain", again)}
	switch {
	case perr != nil:
	case t.name == "foreign":
		buttons = append(buttons, button(widgets.Secondary, "cannot.begin", func() { a.askBegin(account, path) }))
	case t.name == "damaged":
		buttons = append(buttons, button(widgets.Secondary, "doctor.details", func() { a.examine(account) }))
	}
	if t.folder && perr == nil {
		buttons = append(buttons, button(widgets.Secondary, "archive.showFolder", func() { a.showFolder(path) }))
	}
	buttons = append(buttons, button(widgets.Secondary, "cannot.other", a.showWelcome))
	a.note(title, words, buttons...)
}

// askBegin begins with an empty history in place of a file that is none, which gets
// another name.
func (a *application) askBegin(account profile.Account, path string) {
	tr := a.tr
	a.ask(question{
		title: tr.T("cannot.beginTitle"), text: tr.F("cannot.beginText", i18n.Args{"File": filepath.Base(path)}),
		yes: tr.T("cannot.begin"), no: tr.T("action.cancel"),
		onYes: func() {
			c := &checkup{a: a, account: account, path: path}
			run(c, func(o store.Options) (string, error) { return store.SetAside(path, o) }, func(_ string, err error) {
				if err != nil {
					a.cannotEnter(account, err)
					return
				}
				c.leave()
			})
		},
	})
}
