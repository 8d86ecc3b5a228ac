package app

import (
	"image"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"magpie/im"
	"magpie/server/invite/invitetest"
)

// joins opens the screen for a link.
func (u *person) joins() {
	u.t.Helper()
	u.until("the welcome screen", func() bool { return u.a.welcome != nil })
	u.tap("Join with a link")
	u.sees("Read the link from a picture of the code…")
}

// A picture of the code is as good as the link: it is dropped, the name and a password
// are typed, and the account is made. What is on other pictures is told at the field, and
// the link that was there stays.
func TestJoinByAPicture(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.joins()
	w := u.away()
	folder := t.TempDir()
	file := func(name string, content []byte) string {
		path := filepath.Join(folder, name)
		u.ok(os.WriteFile(path, content, 0o600))
		return path
	}
	link := func() (s string) { u.do(func() { s = u.a.joining.link.Text() }); return s }

	other := w.link
	other.Hosts, other.Secret = []string{"192.0.2.1"}, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	u.drops(file("other.png", invitetest.PNG(t, invitetest.Of(t, other, 3))))
	u.until("the link is read", func() bool { return u.a.joining.link.Text() == other.String() })
	u.sees("192.0.2.1")

	bomb := invitetest.PNG(t, image.NewRGBA(image.Rect(0, 0, 8, 8)))
	copy(bomb[16:], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // 65,536 x 65,536 pixels
	for _, c := range []struct {
		file []byte
		code im.Code
	}{
		{invitetest.PNG(t, image.NewGray(image.Rect(0, 0, 400, 300))), im.CodeNoQRCode},
		{invitetest.PNG(t, invitetest.Words(t, "https://example.org/join")), im.CodeNotInvitation},
		{[]byte("no picture"), im.CodePictureUnreadable},
		{bomb, im.CodePictureUnreadable},
		{invitetest.PNG(t, invitetest.Words(t, other.String()[:70])), im.CodeInvitationMalformed},
	} {
		u.drops(file("wrong.png", c.file))
		words := c.code.Message(im.English)
		u.sees(words[:24])
		if got := link(); got != other.String() {
			t.Errorf("%d: the link is %q", c.code, got)
		}
		u.do(func() { u.a.joining.link.SetError("") })
	}
	elsewhere, err := storage.ParseURI("https://example.org/a.png")
	if err != nil {
		t.Fatal(err)
	}
	u.do(func() { u.a.dropped([]fyne.URI{elsewhere}) })
	u.sees("Only a picture file of this computer")

	u.drops(file("code.png", invitetest.PNG(t, invitetest.Of(t, w.link, 4))))
	u.until("the link is read", func() bool { return u.a.joining.link.Text() == w.link.String() })
	u.sees("Read the link from a picture of the code…")
	u.sees(w.link.Fingerprint.ForPeople()[:39])
	u.types("Wren") // the next field has the keyboard
	u.do(func() { u.a.joining.user.SetText("wren") })
	u.fills("A new password", "a password")
	u.key(fyne.KeyReturn)
	u.until("the one who invited", func() bool { return u.a.main != nil && u.a.main.conversation() == "C2Cann" })
	u.end()
}

// Ctrl+V in the field takes a picture in the clipboard, or a file that was copied; texts
// are pasted as ever.
func TestPasteAPictureOfACode(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	c := &clip{}
	u.do(func() { u.a.options.Clipboard = c })
	u.joins()
	w := u.away()
	is := func(what, want string) {
		t.Helper()
		u.until(what, func() bool { return u.a.joining.link.Text() == want })
	}
	u.pastes("magpie://half")
	is("a text", "magpie://half")
	u.pastes("")
	u.until("there was nothing", func() bool { return u.a.joining.picture.Text() == u.a.tr.T("join.picture") })
	is("the text stays", "magpie://half")
	u.do(func() { c.picture = invitetest.PNG(t, invitetest.Of(t, w.link, 4)); u.a.joining.link.Focus() })
	u.pastes("")
	is("a picture", w.link.String())
	other := w.link
	other.Hosts = []string{"192.0.2.1"}
	path := u.file("copied.png", invitetest.PNG(t, invitetest.Of(t, other, 4)))
	u.do(func() { c.files = []string{path}; u.a.joining.link.Focus() })
	u.pastes("file://" + path)
	is("a copied file", other.String())
	u.end()
}

// The link below the field opens the dialog for files.
func TestChooseAPictureOfACode(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.joins()
	u.tap("Read the link from a picture of the code…")
	u.sees("Choose a picture of the code")
	u.tap("Cancel")
	u.misses("Choose a picture of the code")
	u.end()
}
