package app

import (
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	fynecanvas "fyne.io/fyne/v2/canvas"

	"magpie/app/core"
	"magpie/app/outgoing"
	"magpie/app/profile"
	"magpie/im"
	"magpie/widgets/theme"
)

// withMedia is a person who has a chat with files in it, all of them here, at the
// storage section.
func withMedia(t *testing.T) (u *person, m im.Message) {
	t.Helper()
	u, _, ada := watching(t)
	m = u.send(ada, "wren", "plan.bin", []byte(strings.Repeat("0123456789abcdef", 200_000)), outgoing.KindFile)
	u.send(ada, "wren", "x.jpg", photo(t, 900, 700, red), outgoing.KindAuto)
	address := m.Payload.(im.FilePayload).FileURL
	u.until("the chat has them", func() bool { return len(u.a.main.chat.media.byKey) == 2 })
	u.ok(u.a.session.client.Download(t.Context(), address, nil))
	return u, m
}

// Room is freed from the settings: what goes is said before, with every choice, and
// afterwards the chat shows that the file is not here.
func TestFreeingRoom(t *testing.T) {
	u, m := withMedia(t)
	defer u.end()
	address := m.Payload.(im.FilePayload).FileURL
	u.until("the chat shows that the file is here", func() bool { return !u.arrow() })
	u.settings()
	u.tap("Storage")
	u.sees("Messages and search")
	u.sees("By chat")
	u.sees("3 messages · 1 picture")
	u.tap("Free up…")
	u.sees("Free up space · Ada")
	u.sees("Frees 3.1\u00a0MB: 2 files")
	u.misses("Video") // there is none
	u.tap("Files 3.1\u00a0MB")
	u.misses("Frees 3.1\u00a0MB")
	u.tap("Files 3.1\u00a0MB")
	u.tap("1 year")
	u.sees("There is nothing to free with these choices.")
	u.tap("Any age")
	u.tap("Free 3.1\u00a0MB")
	u.sees("3.1\u00a0MB freed")
	u.do(func() {
		if u.a.session.client.HasFile(address) {
			t.Error("the file is still here")
		}
	})
	u.key("Escape")
	u.until("the chat offers to fetch it", u.arrow)
}

// arrow reports whether a message of the chat has the button that fetches its file.
func (u *person) arrow() (is bool) {
	eachObject(u.a.main.canvas, func(o fyne.CanvasObject) {
		i, image := o.(*fynecanvas.Image)
		is = is || image && i.Size() == fyne.NewSquareSize(theme.IconSmall)
	})
	return is
}

// The history of a chat is deleted here after words that say where; it can be loaded
// again.
func TestDeletingAHistoryHere(t *testing.T) {
	u, _ := withMedia(t)
	defer u.end()
	u.settings()
	u.tap("Storage")
	u.tap("Free up…")
	u.tap("Delete the history of this chat here…")
	u.sees("Delete the history with Ada here?")
	u.sees("3 messages and")
	u.tap("Delete here")
	u.sees("The history was deleted from this computer")
	u.do(func() {
		page, err := u.a.session.client.History(t.Context(), "C2Cada", core.HistoryQuery{})
		u.ok(err)
		if u.a.main.settings == nil {
			t.Error("the settings went")
		}
		_ = page // what is in sight below may be loading again already
	})
	u.key("Escape")
	u.sees("hello") // from the server, as somebody looks
}

// Everything of the account goes from the disk, and the person is signed out.
func TestDeletingEverythingHere(t *testing.T) {
	u, _ := withMedia(t)
	defer u.end()
	path, err := u.a.profile.HistoryPath(profile.Account{User: "wren", Local: true})
	u.ok(err)
	u.settings()
	u.tap("Storage")
	u.tap("Delete everything here…")
	u.sees("program keeps its own copy")
	u.tap("Delete everything")
	u.until("the welcome screen", func() bool { return u.a.welcome != nil })
	u.until("nothing is left", func() bool { _, err := os.Stat(path); return os.IsNotExist(err) })
	u.do(func() {
		if len(u.a.settings.Accounts) != 0 {
			t.Errorf("signed in to %v", u.a.settings.Accounts)
		}
	})
}

// What is chosen for media is kept and used at once.
func TestRulesForMedia(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	defer u.end()
	u.start()
	u.settings()
	u.tap("Storage")
	u.tap("Forever")
	u.tap("6 months")
	u.tap("Pictures and voice, up to 10 MB")
	u.tap("Everything up to 10 MB")
	u.tap("All of them")
	u.tap("Only where I scroll")
	u.do(func() {
		if s := u.a.settings; s.HistoryDays != -1 || s.KeepMediaDays != 180 || s.Downloads().Video != 10<<20 {
			t.Errorf("%+v", s)
		}
	})
	u.until("it is on the disk", func() bool {
		s, _, err := u.a.profile.Load(u.a.now())
		return err == nil && s.KeepMediaDays == 180 && s.AutoDownload != nil
	})
}
