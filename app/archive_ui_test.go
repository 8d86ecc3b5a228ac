package app

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/im"
)

// exported is a folder with an export of a person who got messages and a file.
func exported(t *testing.T, u *person, messages int) string {
	t.Helper()
	ada := u.guest("ada", "Ada")
	for i := range messages {
		u.say(ada, im.ConvC2C, "wren", fmt.Sprint("number ", i))
	}
	file, err := ada.AddFile(t.Context(), strings.NewReader("what is in the file"), 1000)
	u.ok(err)
	m, err := ada.SendMessage(t.Context(), ada.CreateFileMessage(im.ConvC2C, "wren", im.FilePayload{FileName: "plan.txt", FileSize: file.Size, FileURL: file.Address}), im.SendOptions{})
	u.ok(err)
	_, err = ada.WaitSent(t.Context(), m.ID)
	u.ok(err)
	u.until("all of it came", func() bool {
		n, err := u.a.session.client.TotalUnread()
		return err == nil && n > uint64(messages)
	})
	u.until("her name is known", func() bool { row, _ := u.a.main.row("C2Cada"); return u.a.main.name(&row) == "Ada" })
	u.do(func() { u.a.folder = t.TempDir() })
	u.do(func() { u.a.main.askExport("C2Cada") })
	u.sees("Into a new folder")
	u.sees("Ada") // the chip of the chat
	u.tapButton("Export")
	u.sees("The export is ready")
	u.sees(fmt.Sprint(messages+1, " messages and 1 file"))
	var parent string
	u.do(func() { parent = u.a.folder })
	made, err := filepath.Glob(filepath.Join(parent, "Magpie Ada *"))
	if err != nil || len(made) != 1 {
		t.Fatal(made, err)
	}
	return made[0]
}

// tapButton presses the button that says just this, below what says the same.
func (u *person) tapButton(s string) {
	u.t.Helper()
	u.sees(s)
	u.do(func() {
		var at fyne.Position
		for _, t := range u.screen() {
			if t.text == s && t.at.Y > at.Y {
				at = t.at
			}
		}
		if o := topmost[fyne.Tappable](u.a.window.Canvas().Overlays().Top(), at); o != nil {
			(*o).Tapped(&fyne.PointEvent{AbsolutePosition: at})
		}
	})
}

// A chat goes out into a folder that a browser shows, leads there, and comes in again
// in an account that has nothing, which hears first what it is.
func TestExportAndImport(t *testing.T) {
	noLeaks(t)
	var opened []string
	u := beginWith(t, t.TempDir(), func(o *Options) {
		o.OpenURL = func(a *url.URL) error { opened = append(opened, a.Path); return nil }
	})
	u.start()
	dir := exported(t, u, 30)
	u.tap("Show folder")
	u.do(func() {
		if len(opened) != 1 || filepath.Clean(opened[0]) != dir {
			t.Errorf("opened %q, not %q", opened, dir)
		}
	})
	if page, err := os.ReadFile(filepath.Join(dir, "chats", "0001-1.html")); err != nil || !bytes.Contains(page, []byte("number 29")) {
		t.Errorf("the page: %v", err)
	}
	// What is there already is not written over.
	u.do(func() { u.a.main.askExport("C2Cada") })
	u.sees(filepath.Base(dir) + " 2")
	u.do(func() { u.a.window.Canvas().Focus(nil) })
	u.tapBelow("Into a new folder")
	u.typesOver(dir)
	u.tapButton("Export")
	u.sees("There is something with this name already")
	u.key(fyne.KeyEscape)
	u.end()

	u = begin(t, t.TempDir())
	u.start()
	u.do(func() { u.a.main.askImport() })
	u.types(dir)
	u.key(fyne.KeyReturn)
	u.sees("Import this?")
	u.sees("31,")
	u.sees("1 · 19")
	u.tapButton("Import")
	u.sees("The import is done")
	u.sees("31 messages and 1 file were added.")
	u.tap("OK")
	u.do(func() { u.a.main.openChat("C2Cada") })
	u.sees("number 29")
	var client *core.Client
	u.do(func() { client = u.a.session.client })
	if p, err := client.Media(t.Context(), "C2Cada", core.MediaQuery{Types: []im.MessageType{im.MsgFile}}); err != nil || len(p) != 1 || !client.HasFile(p[0].Payload.(im.FilePayload).FileURL) {
		t.Errorf("the file did not come along: %+v, %v", p, err)
	}
	// A second time there is nothing to add.
	u.do(func() { u.a.main.askImport() })
	u.types(dir)
	u.key(fyne.KeyReturn)
	u.sees("Import this?")
	u.tapButton("Import")
	u.sees("31 messages were here already.")
	u.tap("OK")
	u.end()
}

// What cannot come in says why, and changes nothing.
func TestImportsThatAreRefused(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	dir := exported(t, u, 3)
	u.tap("Done")
	lines := filepath.Join(dir, "messages.jsonl")
	whole, err := os.ReadFile(lines)
	u.ok(err)
	attempt := func(path string, want string) {
		t.Helper()
		u.do(func() { u.a.main.askImport() })
		u.types(path)
		u.key(fyne.KeyReturn)
		u.sees(want)
		u.key(fyne.KeyEscape)
	}
	change := func(old, with string) {
		t.Helper()
		b := bytes.Replace(whole, []byte(old), []byte(with), 1)
		if bytes.Equal(b, whole) {
			t.Fatalf("there is no %q", old)
		}
		u.ok(os.WriteFile(lines, b, 0o600))
	}
	attempt("somewhere", "Give the whole path")
	attempt(filepath.Join(dir, "none"), "There is no such folder.")
	attempt(t.TempDir(), "There is no export in this folder")
	change(`"account":"wren"`, `"account":"mallory"`)
	attempt(dir, "This export is of mallory")
	change(`"version":1`, `"version":9`)
	attempt(dir, "A later version of Magpie made this export")
	change(`"sequence":2`, `"sequence":"two"`)
	attempt(dir, "This export was cut or changed")
	u.ok(os.WriteFile(lines, whole[:len(whole)/2], 0o600))
	attempt(dir, "This export was cut or changed")
	u.end()
}

// A range that is no range is said to be none; one that is bounds what goes out.
func TestExportOfARange(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	exported(t, u, 3)
	u.tap("Done")
	u.do(func() { u.a.main.askExport("") })
	u.sees("All chats")
	u.tap("Dates…")
	u.types("some day")
	u.tapButton("Export")
	u.sees("Type one date or two")
	u.typesOver("2001")
	u.tapButton("Export")
	u.sees("The export is ready")
	u.sees("0 messages and 0 files")
	u.tap("Done")
	u.end()
}
