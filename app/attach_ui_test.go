package app

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"magpie/app/core"
	"magpie/im"
	"magpie/internal/testcache"
)

const echo = im.ConversationID("C2Cecho")

// beach is a JPEG that is large enough for three sizes.
func beach(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 1000, 800))
	for y := range 800 {
		for x := range 1000 {
			img.SetRGBA(x, y, color.RGBA{uint8(x / 4), uint8(y / 4), 90, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// file writes a file with a name into a folder of the test.
func (u *person) file(name string, b []byte) string {
	u.t.Helper()
	path := filepath.Join(u.t.TempDir(), name)
	u.ok(os.WriteFile(path, b, 0o600))
	return path
}

// drops lets files go over the window.
func (u *person) drops(paths ...string) {
	u.do(func() {
		var list []fyne.URI
		for _, p := range paths {
			list = append(list, storage.NewFileURI(p))
		}
		u.a.dropped(list)
	})
}

// opens shows a conversation.
func (u *person) opens(conv im.ConversationID) {
	u.t.Helper()
	u.until("the list has "+string(conv), func() bool { return u.a.main.index(conv) >= 0 })
	u.do(func() { u.a.main.openChat(conv) })
}

// tray waits until everything in the tray of a conversation is ready, and returns
// what it says of each.
func (u *person) tray(conv im.ConversationID) (items []string) {
	u.t.Helper()
	u.until("the tray is ready", func() bool { t := u.a.session.trays.get(conv); return t.known && !t.working() })
	u.do(func() {
		for _, i := range u.a.session.trays.get(conv).items {
			words := i.name
			if i.picture != nil {
				words += " seen"
			}
			if i.problem != "" {
				words += ": " + i.problem
			}
			items = append(items, words)
		}
	})
	return items
}

// delivered waits until a conversation has n own messages and nothing waits, and
// returns them.
func (u *person) delivered(conv im.ConversationID, n int) (own []im.Message) {
	u.t.Helper()
	var s *session
	u.do(func() { s = u.a.session })
	u.until(fmt.Sprintf("%d messages were sent", n), func() bool {
		p, err := s.client.History(u.t.Context(), conv, core.HistoryQuery{Limit: 100})
		own = slices.DeleteFunc(p.Messages, func(m im.Message) bool { return m.From != s.account.User })
		return err == nil && len(own) == n && len(p.Pending) == 0
	})
	return own
}

func kinds(messages []im.Message) (all []string) {
	for _, m := range messages {
		switch p := m.Payload.(type) {
		case im.ImagePayload:
			all = append(all, fmt.Sprintf("image in %d sizes", len(p.ImageInfoArray)))
		case im.VideoPayload:
			all = append(all, fmt.Sprintf("video, still %v", p.ThumbURL != ""))
		case im.FilePayload:
			all = append(all, "file "+p.FileName)
		case im.TextPayload:
			all = append(all, "text "+p.Text)
		}
	}
	return all
}

func (u *person) wantKinds(messages []im.Message, want ...string) {
	u.t.Helper()
	if got := kinds(messages); !slices.Equal(got, want) {
		u.t.Errorf("sent %q, want %q", got, want)
	}
}

func fixture(name string) string { return filepath.Join("..", "media", "sandbox", "testdata", name) }

// decodes has the isolated decoder ready, which takes longer to make than tests wait.
func (u *person) decodes() {
	u.t.Helper()
	box := newSandbox(testcache.Dir("sandbox"))
	u.ok(box.Warm(u.t.Context()))
	u.do(func() { u.a.sandbox = box }) // the one before was never used
}

// What is dropped waits in the tray, made ready already, and goes with Enter in its
// order, the text behind it. The sources may have gone.
func TestDropAndSend(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.decodes()
	u.opens(echo)
	b, err := os.ReadFile(fixture("f_h264.mp4"))
	u.ok(err)
	paths := []string{u.file("beach.txt", beach(t)), u.file("film", b), u.file("notes.pdf", []byte("words"))}
	u.drops(paths...)
	if got, want := u.tray(echo), []string{"beach.txt seen", "film seen", "notes.pdf"}; !slices.Equal(got, want) {
		t.Errorf("the tray has %q, want %q", got, want)
	}
	u.sees("3 items · ")
	u.sees("PDF")
	for _, p := range paths {
		u.ok(os.Remove(p))
	}
	u.types("look at these")
	u.key(fyne.KeyReturn)
	u.wantKinds(u.delivered(echo, 4), "image in 3 sizes", "video, still true", "file notes.pdf", "text look at these")
	u.misses("3 items")
	u.do(func() {
		if text := u.a.main.composer.Text(); text != "" {
			t.Errorf("the field still has %q", text)
		}
	})
	// Enter sends no second time, and a lone picture needs no words.
	u.key(fyne.KeyReturn)
	u.drops(u.file("again.jpg", beach(t)))
	u.tray(echo)
	u.key(fyne.KeyReturn)
	u.wantKinds(u.delivered(echo, 5)[4:], "image in 3 sizes")
	u.end()
}

// What cannot be sent says why, in its place, and holds up nothing else.
func TestWhatCannotBeSent(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.decodes()
	u.opens(echo)
	large := u.file("large.iso", nil)
	u.ok(os.Truncate(large, im.MaxFileBytes+1))
	u.drops(u.file("empty.txt", nil), large, t.TempDir(), "/"+strings.Repeat("x", 4096), u.file("good.txt", []byte("good")), fixture("f_vp9.webm"), fixture("bomb.png"))
	got := u.tray(echo)
	if len(got) != 6 || !strings.HasPrefix(got[0], "empty.txt: The file is empty.") || !strings.Contains(got[1], ": ") || !strings.HasPrefix(got[2], "xxx") ||
		got[3] != "good.txt" || got[4] != "f_vp9.webm seen" || got[5] != "bomb.png" {
		t.Errorf("the tray has %.80q", got)
	}
	for _, words := range []string{"The file is empty.", "3 items · ", "1 larger than 100 MB was left out", "1 unreadable picture goes as a file"} {
		u.sees(words)
	}
	u.key(fyne.KeyReturn)
	u.wantKinds(u.delivered(echo, 3), "file good.txt", "file f_vp9.webm", "file bomb.png")
	u.sees("The file is empty.")
	u.misses("left out")
	u.key(fyne.KeyReturn) // nothing of the rest can be sent
	u.key(fyne.KeyEscape)
	u.misses("The file is empty.")
	if got := u.tray(echo); len(got) > 0 {
		t.Errorf("the tray still has %q", got)
	}
	u.delivered(echo, 3)

	// Larger than may be sent, and alone.
	u.drops(large)
	u.tray(echo)
	u.sees("1 larger than 100 MB was left out")
	u.key(fyne.KeyEscape)
	u.misses("left out")
	u.end()
}

// The tray belongs to its conversation, and is there again after a restart.
func TestTrayIsADraft(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	u.opens(echo)
	u.drops(u.file("beach.jpg", beach(t)), u.file("a.txt", []byte("a")), u.file("b.txt", []byte("b")))
	u.tray(echo)
	u.do(func() { u.a.main.chat.removeAttachment(u.a.session.trays.get(echo).items[1].id) })
	u.sees("2 items")
	u.do(func() { u.a.main.openChat("C2Cwren") })
	u.misses("2 items")
	u.opens(echo)
	u.sees("2 items")
	u.do(func() { u.a.setLanguage("zh-Hans") })
	u.sees("共 2 项")
	u.do(func() { u.a.setLanguage("en") })
	u.sees("2 items")
	u.end()

	u = begin(t, data)
	u.until("the conversation", func() bool { return u.a.main != nil && u.a.main.conversation() == echo && u.a.main.connected() })
	if got, want := u.tray(echo), []string{"beach.jpg seen", "b.txt"}; !slices.Equal(got, want) {
		t.Errorf("after the restart the tray has %q, want %q", got, want)
	}
	u.sees("2 items")
	u.drops(u.file("c.txt", []byte("c")))
	u.tray(echo)
	u.do(func() { u.a.main.composer.Focus() })
	u.key(fyne.KeyReturn)
	u.wantKinds(u.delivered(echo, 3), "image in 3 sizes", "file b.txt", "file c.txt")
	u.end()

	u = begin(t, data)
	u.until("the conversation", func() bool { return u.a.main != nil && u.a.main.conversation() == echo })
	if got := u.tray(echo); len(got) > 0 {
		t.Errorf("what was sent is in the tray again: %q", got)
	}
	u.end()
}

// A crash between sending and forgetting sends nothing twice; what has gone from the
// disk meanwhile is said.
func TestTrayAfterACrash(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	u.opens(echo)
	u.drops(u.file("sent.txt", []byte("sent")), u.file("gone.txt", []byte("is gone then")), u.file("left.txt", []byte("left")))
	u.tray(echo)
	u.do(func() {
		s := u.a.session
		items := s.trays.get(echo).items
		_, err := s.client.SendMessage(t.Context(), items[0].message, im.SendOptions{})
		u.ok(err)
		u.lose(s, items[1].message.Payload.(im.FilePayload).FileURL)
	})
	u.end()
	u = begin(t, data)
	u.until("the conversation", func() bool { return u.a.main != nil && u.a.main.conversation() == echo })
	got := u.tray(echo)
	if len(got) != 2 || !strings.HasPrefix(got[0], "gone.txt: ") || got[1] != "left.txt" {
		t.Errorf("the tray has %q", got)
	}
	var s *session
	u.do(func() { s = u.a.session })
	u.ok(s.store.SetMeta(t.Context(), trayKey("C2Cwren"), "{"))
	u.opens("C2Cwren")
	if got := u.tray("C2Cwren"); len(got) > 0 {
		t.Errorf("of what makes no sense there is %q", got)
	}
	u.drops(u.file("a.txt", []byte("a")))
	u.tray("C2Cwren")
	u.a.files.wait()
	if list, err := s.readTray("C2Cwren"); err != nil || len(list) != 1 {
		t.Errorf("kept are %d, %v", len(list), err)
	}
	u.end()
}

// busy lets nothing become ready until it is called again.
func (u *person) busy() (release func()) {
	turns := u.a.session.trays.turns
	for range cap(turns) {
		turns <- struct{}{}
	}
	return func() {
		for range cap(turns) {
			<-turns
		}
	}
}

// Enter before everything is ready is enough: it goes by itself, in its order, with
// the text, also when another conversation was opened meanwhile.
func TestEnterBeforeReady(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.opens(echo)
	n := 0
	for _, leaves := range []bool{false, true} {
		u.opens(echo)
		release := u.busy()
		u.drops(u.file("a.txt", []byte("a")), u.file("beach.jpg", beach(t)))
		u.do(func() { u.a.main.composer.Focus() })
		u.types("both")
		u.key(fyne.KeyReturn)
		u.sees("Goes as soon as everything is ready")
		u.do(func() {
			if text := u.a.main.composer.Text(); text != "both" {
				t.Errorf("the field has %q", text)
			}
		})
		u.delivered(echo, n)
		if leaves {
			u.opens("C2Cwren")
		}
		release()
		n += 3
		u.wantKinds(u.delivered(echo, n)[n-3:], "file a.txt", "image in 3 sizes", "text both")
		u.opens(echo)
		u.misses("2 items")
		u.do(func() {
			if text := u.a.main.composer.Text(); text != "" {
				t.Errorf("the field still has %q", text)
			}
		})
	}
	// Who goes on writing sends it with Enter again.
	release := u.busy()
	u.drops(u.file("b.txt", []byte("b")))
	u.do(func() { u.a.main.composer.Focus() })
	u.key(fyne.KeyReturn)
	u.sees("Goes as soon")
	u.types("x")
	u.misses("Goes as soon")
	// And what keeps it from being ready can be taken out.
	u.key(fyne.KeyReturn)
	u.do(func() { u.a.main.chat.removeAttachment(u.a.session.trays.get(echo).items[0].id) })
	u.wantKinds(u.delivered(echo, n+1)[n:], "text x")
	release()
	u.end()
}

// Where nothing can be sent, a drop says so and takes nothing.
func TestDropWhereNothingCanBeSent(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	path := u.file("a.txt", []byte("a"))
	u.do(u.a.main.closeChat)
	u.drops(path)
	u.sees("Open a chat first")
	u.do(func() { u.a.main.openChat(im.SystemConversation) })
	u.drops(path)
	u.sees("Nothing can be sent to System notices.")
	var s *session
	u.do(func() { s = u.a.session })
	g, _, err := s.client.CreateGroup(t.Context(), im.Group{Name: "birds", Type: im.GroupWork}, nil)
	u.ok(err)
	conv := im.GroupConversation(g.GroupID)
	u.opens(conv)
	u.until("the members are known", func() bool { return u.a.main.chat.members > 0 })
	u.do(func() {
		u.a.main.chat.lost("")
		if words := u.a.main.cannotAttach(); words == "" || words != u.a.main.closedWords {
			t.Errorf("says %q", words)
		}
	})
	u.drops(path)
	web, err := storage.ParseURI("https://example.org/a.png")
	u.ok(err)
	u.do(func() {
		for conv, tray := range s.trays.of {
			if len(tray.items) > 0 {
				t.Errorf("%s has %d items", conv, len(tray.items))
			}
		}
		u.a.main.openChat("C2Cwren")
		u.a.main.dropped([]fyne.URI{web})
	})
	u.sees("Only files on this computer can be sent.")
	u.end()
}

// Many at once are made ready beside the user interface, and not without end.
func TestManyFiles(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.opens(echo)
	var paths []string
	for i := range maxTray + 50 {
		paths = append(paths, u.file(fmt.Sprintf("%d.txt", i), []byte(fmt.Sprint("file ", i))))
	}
	release := u.busy()
	u.drops(paths...)
	u.do(func() { // nothing was waited for
		if tray := u.a.session.trays.get(echo); len(tray.items) != maxTray || tray.tooMany != 50 || slices.ContainsFunc(tray.items, (*trayItem).ready) {
			t.Errorf("%d items, %d left out", len(tray.items), tray.tooMany)
		}
	})
	u.sees("50 left out")
	release()
	if got := u.tray(echo); len(got) != maxTray || got[0] != "0.txt" || got[maxTray-1] != fmt.Sprint(maxTray-1, ".txt") {
		t.Errorf("%d items", len(got))
	}
	u.sees(fmt.Sprint(maxTray, " items"))
	release = u.busy()
	u.drops(paths[0])
	u.do(func() { u.a.main.chat.clearTray() })
	u.drops(paths[:100]...)
	u.end() // does not wait for what waits for its turn
	release()
}
