package app

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"magpie/app/outgoing"
	"magpie/im"
	"magpie/widgets/canvas"
)

// A picture that comes is seen in the conversation; a click shows it in full, with
// what is known of it; Esc goes back to the composer.
func TestPictureIsSeen(t *testing.T) {
	u, _, ada := watching(t)
	u.send(ada, "wren", "x.jpg", photo(t, 2000, 1500, red), outgoing.KindAuto)
	u.seesPicture("the thumbnail", red, 200)
	var before fyne.Focusable
	u.do(func() { before = u.a.window.Canvas().Focused() })
	u.tapPicture(red)
	u.seesPicture("the picture in full", red, 600)
	u.inDetail("Today", "1 of 1", "2000 × 1500", "KB")
	u.until("in its own pixels", func() bool { return u.a.main.viewing.full })
	u.key(fyne.KeyEscape)
	u.until("the viewer is gone", func() bool { return u.a.main.viewing == nil && u.a.window.Canvas().Overlays().Top() == nil })
	u.do(func() {
		if u.a.window.Canvas().Focused() != before {
			t.Errorf("the keyboard is with %T", u.a.window.Canvas().Focused())
		}
	})
	u.end()
}

// The viewer goes through the pictures and videos of the conversation, whatever
// stands between them, and through those below by a click.
func TestViewerGoesThroughTheConversation(t *testing.T) {
	u, _, ada := watching(t)
	colours := []color.RGBA{red, green, blue}
	for i, c := range colours {
		u.send(ada, "wren", fmt.Sprint(i, ".jpg"), photo(t, 800, 600, c), outgoing.KindAuto)
		u.say(ada, im.ConvC2C, "wren", fmt.Sprint("between ", i))
	}
	u.send(ada, "wren", "film.mp4", film(t), outgoing.KindVideo)
	u.until("all of it", func() bool { return len(u.a.main.chat.media.byKey) == 4 })
	u.do(u.a.main.canvas.JumpToNewest)
	u.tapPicture(blue)
	u.inDetail("3 of 4")
	u.key(fyne.KeyLeft)
	u.inDetail("2 of 4")
	u.seesPicture("the second", green, 700)
	u.types("<")
	u.inDetail("1 of 4")
	u.seesPicture("the first", red, 700)
	u.key(fyne.KeyLeft) // there is none
	u.do(func() {
		if !strings.HasPrefix(u.a.main.viewing.at.msg.Payload.(im.ImagePayload).ImageInfoArray[0].ImageURL, "blob:") {
			t.Error("it is not a picture any more")
		}
		u.a.main.viewing.choose(string(u.a.main.viewing.around[3].ID))
	})
	u.inDetail("4 of 4", "0:0")
	u.until("a film is played, not made larger", func() bool { return u.a.main.viewing.view != nil })
	u.end()
}

// What is looked at can be sent on from there, and is looked at again afterwards.
func TestForwardFromTheViewer(t *testing.T) {
	u, _, ada := watching(t)
	bo := u.guest("bo", "Bo Lind")
	u.says(bo, "C2Cwren", "hi")
	sent := u.send(ada, "wren", "x.jpg", photo(t, 400, 300, red), outgoing.KindAuto)
	u.tapPicture(red)
	u.inDetail("1 of 1")
	u.tap("Forward")
	u.sees("1 message ·")
	u.types("lind")
	u.press(fyne.KeyReturn)
	u.tap("Send to 1 chat")
	got := u.received(bo, "C2Cwren", 1)[0]
	want := sent.Payload.(im.ImagePayload).ImageInfoArray[0].ImageURL
	if p, ok := got.Payload.(im.ImagePayload); !ok || p.ImageInfoArray[0].ImageURL != want {
		t.Errorf("forwarded %+v", got)
	}
	u.until("it is looked at again", func() bool { return u.a.main.forwarding == nil && u.a.main.viewing != nil })
	u.key(fyne.KeyEscape)
	u.until("the viewer is gone", func() bool { return u.a.main.viewing == nil })
	u.end()
}

// What is looked at has the menu of its message.
func TestMenuOfTheViewer(t *testing.T) {
	u, _, ada := watching(t)
	u.send(ada, "wren", "x.jpg", photo(t, 400, 300, red), outgoing.KindAuto)
	u.tapPicture(red)
	u.inDetail("1 of 1")
	u.do(func() {
		u.a.main.viewing.view.TappedSecondary(&fyne.PointEvent{AbsolutePosition: fyne.NewPos(400, 300)})
	})
	for _, item := range []string{"Copy picture", "Save as…", "Forward…", "Delete here…"} {
		u.sees(item)
	}
	u.tap("Delete here…")
	u.sees("Delete this message here?")
	u.tap("Delete here")
	u.until("the viewer is gone", func() bool { return u.a.main.viewing == nil })
	u.end()
}

// What goes wrong while something is looked at is said in front of it.
func TestTroubleIsSaidInTheViewer(t *testing.T) {
	u, _, ada := watching(t)
	u.send(ada, "wren", "film.mp4", film(t), outgoing.KindVideo)
	u.do(func() {
		u.a.options.OpenURL = func(*url.URL) error { return &exec.Error{Name: "xdg-open", Err: exec.ErrNotFound} }
	})
	u.until("the film", func() bool { return len(u.a.main.chat.media.byKey) == 1 })
	u.do(func() {
		for _, o := range u.a.main.chat.media.byKey {
			u.a.main.view(o.msg)
		}
	})
	u.inDetail("1 of 1")
	u.do(func() { u.a.main.viewing.view.OnPlay() })
	u.sees("There is no program on this computer that opens this.")
	u.key(fyne.KeyEscape)
	u.misses("There is no program on this computer that opens this.") // it was said there
	u.end()
}

// A picture that was recalled is not looked at any longer.
func TestViewerLeavesWhatIsRecalled(t *testing.T) {
	u, _, ada := watching(t)
	m := u.send(ada, "wren", "x.jpg", photo(t, 400, 300, red), outgoing.KindAuto)
	u.tapPicture(red)
	u.inDetail("1 of 1")
	u.ok(ada.RevokeMessage(t.Context(), m.ID))
	u.until("the viewer is gone", func() bool { return u.a.main.viewing == nil })
	u.until("nothing of it is in memory", func() bool { return u.pictureOf(red, 1) == nil && u.a.session.thumbs.Bytes() == 0 })
	u.end()
}

// What is no picture, damaged, or gone from the server is said to be so.
func TestBrokenPictures(t *testing.T) {
	u, _, ada := watching(t)
	whole := photo(t, 400, 300, red)
	half := whole[:len(whole)/2]
	f, err := ada.AddFile(t.Context(), bytes.NewReader(half), 1<<20)
	u.ok(err)
	u.sendPayload(ada, "wren", im.ImagePayload{UUID: "x", ImageFormat: im.ImageJPEG, ImageInfoArray: []im.ImageInfo{
		{SizeType: im.ImageOriginal, Size: f.Size, Width: 400, Height: 300, ImageURL: f.Address},
	}})
	var key canvas.Key
	u.until("the message", func() bool {
		for k := range u.a.main.chat.media.byKey {
			key = k
		}
		return key != ""
	})
	u.until("it is broken", func() bool { return u.a.main.thumbnail(key, 200, 150).State == canvas.ThumbBroken })
	u.do(func() { u.a.main.chat.openMedia(key) })
	u.sees("This file is damaged or is not a picture.")
	u.key(fyne.KeyEscape)
	u.end()
}

// Saving writes what was sent, under a name that is offered, and leads to the
// folder.
func TestSaveAs(t *testing.T) {
	u, o, ada := watching(t)
	content := photo(t, 500, 400, red)
	m := u.send(ada, "wren", "x.jpg", content, outgoing.KindAuto)
	u.seesPicture("the picture", red, 100)
	to := filepath.Join(t.TempDir(), "mine.jpg")
	u.choose(m.ID, "Save as…") // cancelled
	u.until("it was asked", func() bool { o.mu.Lock(); defer o.mu.Unlock(); return o.asked != "" })
	o.mu.Lock()
	if !strings.HasPrefix(o.asked, "Picture ") || !strings.HasSuffix(o.asked, ".jpg") {
		t.Errorf("the name offered is %q", o.asked)
	}
	o.saveTo = to
	o.mu.Unlock()
	u.choose(m.ID, "Save as…")
	u.sees("Saved: mine.jpg")
	if got := readFile(t, to); !bytes.Equal(got, content) {
		t.Errorf("%d bytes were saved, want %d", len(got), len(content))
	}
	u.tap("Show in folder")
	u.until("the folder is opened", func() bool { all := o.all(); return len(all) == 1 && all[0] == filepath.Dir(to) })
	// In the viewer too.
	o.mu.Lock()
	o.saveTo = filepath.Join(t.TempDir(), "again.jpg")
	o.mu.Unlock()
	u.tapPicture(red)
	u.tap("Save")
	u.sees("Saved: again.jpg")
	u.key(fyne.KeyEscape)
	// A place that cannot be written to.
	o.mu.Lock()
	o.saveTo = filepath.Join(t.TempDir(), "nowhere", "x.jpg")
	o.mu.Unlock()
	u.choose(m.ID, "Save as…")
	u.sees("Not saved:")
	u.end()
}

// The dialog offers the name, and asks before it replaces something.
func TestSaveDialog(t *testing.T) {
	u, _, ada := watching(t)
	folder := t.TempDir()
	u.do(func() { u.a.options.SaveTo, u.a.folder = nil, folder })
	content := []byte("what was sent")
	m := u.send(ada, "wren", "notes.txt", content, outgoing.KindFile)
	u.sees("notes.txt")
	to := filepath.Join(folder, "notes.txt")
	u.choose(m.ID, "Save as…")
	u.tap("Save")
	u.sees("Saved: notes.txt")
	if got := readFile(t, to); !bytes.Equal(got, content) {
		t.Errorf("saved is %q", got)
	}
	if err := os.WriteFile(to, []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	u.choose(m.ID, "Save as…")
	u.tap("Save")
	u.sees("Overwrite?")
	u.tap("No")
	if got := readFile(t, to); string(got) != "something else" {
		t.Errorf("it was replaced by %q", got)
	}
	u.end()
}

// A file is fetched with its progress and handed to the system's program as a copy
// that can only be read, under its own name; the copy of a recalled one goes.
func TestFileIsOpened(t *testing.T) {
	u, o, ada := watching(t)
	content := bytes.Repeat([]byte("words "), 1000)
	m := u.send(ada, "wren", "../notes \u202Efdp.txt", content, outgoing.KindFile)
	u.sees("notes")
	u.do(func() { u.a.main.chat.openMedia(canvas.Key(m.ID)) })
	u.until("it is opened", func() bool { return len(o.all()) == 1 })
	path := o.all()[0]
	if name := filepath.Base(path); strings.ContainsAny(name, "/\u202E") || !strings.HasSuffix(name, ".txt") {
		t.Errorf("it is called %q", name)
	}
	if !strings.HasPrefix(path, string(u.a.session.opened)) || !bytes.Equal(readFile(t, path), content) {
		t.Errorf("%s is not the file", path)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o222 != 0 {
		t.Errorf("%v, %v: it can be written to", info.Mode(), err)
	}
	u.do(func() {
		if !u.a.main.chat.present.item(&m).Media.Here {
			t.Error("it is not said to be here")
		}
	})
	u.ok(ada.RevokeMessage(t.Context(), m.ID))
	u.until("the copy is gone", func() bool { return len(copies(t, u.a.session)) == 0 })
	u.end()
}

// What might run is never opened, only saved, whatever it is called.
func TestProgramsAreNotOpened(t *testing.T) {
	u, o, ada := watching(t)
	for i, f := range []struct{ name, content string }{
		{"setup.exe", "harmless"},
		{"invoice.pdf.scr .", "harmless"},
		{"photo.jpg", "MZ\x90\x00 a program"},
		{"readme", "#!/bin/sh\nrm -rf ~\n"},
	} {
		m := u.send(ada, "wren", f.name, []byte(f.content), outgoing.KindFile)
		u.until(f.name, func() bool { _, ok := u.a.main.chat.media.byKey[canvas.Key(m.ID)]; return ok })
		u.do(func() { u.a.main.chat.openMedia(canvas.Key(m.ID)) })
		u.sees("This file is not opened")
		if i == 0 {
			o.mu.Lock()
			o.saveTo = filepath.Join(t.TempDir(), "saved")
			o.mu.Unlock()
			u.tap("Save as…")
			u.sees("Saved: saved")
			continue
		}
		u.tap("Cancel")
	}
	if all := o.all(); len(all) != 0 {
		t.Errorf("opened: %v", all)
	}
	if info, err := os.Stat(o.saveTo); err != nil || info.Mode().Perm()&0o111 != 0 {
		t.Errorf("%v, %v: what was saved can be run", info, err)
	}
	u.end()
}

// A video is fetched and played by the system; what only says that it is one, or
// brings an ending of its own, is not.
func TestVideoIsPlayed(t *testing.T) {
	u, o, ada := watching(t)
	m := u.send(ada, "wren", "clip.mp4", film(t), outgoing.KindVideo)
	video := m.Payload.(im.VideoPayload)
	video.VideoFormat = "sh"
	m = u.sendPayload(ada, "wren", video)
	u.until("the video", func() bool { _, ok := u.a.main.chat.media.byKey[canvas.Key(m.ID)]; return ok })
	u.do(func() { u.a.main.chat.openMedia(canvas.Key(m.ID)) })
	u.until("it is played", func() bool { return len(o.all()) == 1 })
	path := o.all()[0]
	if !strings.HasSuffix(path, ".mp4") || !bytes.Equal(readFile(t, path), film(t)) {
		t.Errorf("%s is not the film", path)
	}
	f, err := ada.AddFile(t.Context(), strings.NewReader("just words"), 1<<20)
	u.ok(err)
	video.VideoURL, video.RemoteVideoURL, video.VideoSize = f.Address, "", f.Size
	m = u.sendPayload(ada, "wren", video)
	u.until("the other", func() bool { _, ok := u.a.main.chat.media.byKey[canvas.Key(m.ID)]; return ok })
	u.do(func() { u.a.main.chat.openMedia(canvas.Key(m.ID)) })
	u.sees("This is not a video. It was not opened.")
	if all := o.all(); len(all) != 1 {
		t.Errorf("opened: %v", all)
	}
	u.end()
}

// Without a connection what is on the disk is shown, and a download says why it
// failed; with it the rest comes.
func TestOfflineThenLater(t *testing.T) {
	u, o, ada := watching(t)
	m := u.send(ada, "wren", "far.txt", []byte("far away"), outgoing.KindFile)
	u.sees("far.txt")
	u.send(ada, "wren", "x.jpg", photo(t, 900, 700, red), outgoing.KindAuto)
	u.seesPicture("the picture", red, 100)
	u.until("all of it is here", func() bool {
		for _, x := range u.a.main.chat.media.byKey {
			if _, is := x.msg.Payload.(im.ImagePayload); is {
				return u.a.session.client.HasFile(x.address)
			}
		}
		return false
	})
	u.offline()
	u.do(func() {
		u.a.session.thumbs.Clear()
		u.a.main.closeChat()
		u.a.main.openChat("C2Cada")
	})
	u.seesPicture("the picture, from the disk", red, 100)
	u.do(func() { u.a.main.chat.openMedia(canvas.Key(m.ID)) })
	u.until("the download says why it failed", func() bool {
		f := u.a.session.fetches.of(u.a.main.chat.media.byKey[canvas.Key(m.ID)].address)
		return f != nil && f.Failed != ""
	})
	if all := o.all(); len(all) != 0 {
		t.Errorf("opened: %v", all)
	}
	u.sees("far.txt")
	u.online()
	u.do(func() { u.a.main.chat.transfer(canvas.Key(m.ID), canvas.TransferStart) }) // tried again, not opened
	u.until("it is here", func() bool { return u.a.session.client.HasFile(u.a.main.chat.media.byKey[canvas.Key(m.ID)].address) })
	u.until("nothing is said of the failure any more", func() bool { return len(u.a.session.fetches.all) == 0 })
	u.end()
}

// A GIF plays, one frame after the other, for as long as it is looked at.
func TestAnimationPlays(t *testing.T) {
	u, _, ada := watching(t)
	g := &gif.GIF{Config: image.Config{Width: 60, Height: 40}}
	for _, c := range []color.RGBA{red, green} {
		frame := image.NewPaletted(image.Rect(0, 0, 60, 40), color.Palette{c})
		g.Image, g.Delay, g.Disposal = append(g.Image, frame), append(g.Delay, 5), append(g.Disposal, gif.DisposalNone)
	}
	var b bytes.Buffer
	u.ok(gif.EncodeAll(&b, g))
	m := u.send(ada, "wren", "x.gif", b.Bytes(), outgoing.KindAuto)
	u.until("the message", func() bool { _, ok := u.a.main.chat.media.byKey[canvas.Key(m.ID)]; return ok })
	u.do(func() { u.a.main.chat.openMedia(canvas.Key(m.ID)) })
	for range 2 {
		u.seesPicture("the first frame", red, 60)
		u.seesPicture("the second frame", green, 60)
	}
	u.key(fyne.KeyEscape)
	u.end()
}

// An upload shows how far it is, also in a conversation that is opened again, can
// be halted, and given up together with its message.
func TestUploadShowsItsProgress(t *testing.T) {
	u, _, _ := watching(t)
	u.offline()
	var client = u.a.session.client
	p, err := outgoing.PrepareContent(t.Context(), client, nil, bytes.NewReader(make([]byte, 300_000)), "large.bin", outgoing.KindFile)
	u.ok(err)
	m, err := client.SendMessage(t.Context(), client.CreateMessage(im.ConvC2C, "ada", p.Payload), im.SendOptions{})
	u.ok(err)
	u.sees("large.bin")
	u.sees("0.0 of 293")
	u.do(func() { u.a.main.openChat("C2Cwren") })
	u.do(func() { u.a.main.openChat("C2Cada") })
	u.sees("0.0 of 293")
	u.do(func() { u.a.main.chat.transfer(canvas.Key(m.ID), canvas.TransferPause) })
	u.until("it is halted", func() bool { p, ok := client.Transfer(m.ID); return ok && p.Paused })
	u.sees("Paused")
	u.do(func() { u.a.main.chat.transfer(canvas.Key(m.ID), canvas.TransferResume) })
	u.until("it goes on", func() bool { p, ok := client.Transfer(m.ID); return ok && !p.Paused })
	u.do(func() { u.a.main.chat.transfer(canvas.Key(m.ID), canvas.TransferCancel) })
	u.misses("large.bin")
	u.end()
}

// Pictures can be copied; the clipboard gets a PNG of them.
func TestCopyPictureOfAMessage(t *testing.T) {
	noLeaks(t)
	board := &clipboardOf{got: make(chan []byte, 1)}
	u := beginWith(t, t.TempDir(), func(o *Options) { o.Clipboard = board })
	u.start()
	ada := u.guest("ada", "Ada")
	m := u.send(ada, "wren", "x.jpg", photo(t, 300, 200, blue), outgoing.KindAuto)
	u.until("the conversation is in the list", func() bool { return u.a.main.index("C2Cada") >= 0 })
	u.do(func() { u.a.main.openChat("C2Cada") })
	u.seesPicture("the picture", blue, 100)
	u.choose(m.ID, "Copy picture")
	u.sees("The picture was copied.")
	img, format, err := image.Decode(bytes.NewReader(<-board.got))
	if err != nil || format != "png" || img.Bounds().Dx() != 300 || !isColour(img, blue) {
		t.Errorf("%s %v, %v", format, img.Bounds(), err)
	}
	u.end()
}

type clipboardOf struct{ got chan []byte }

func (c *clipboardOf) Read(context.Context) ([]string, []byte, error) { return nil, nil, io.EOF }
func (c *clipboardOf) WritePicture(_ context.Context, png []byte) error {
	c.got <- png
	return nil
}
func (c *clipboardOf) Close() {}

// The panel shows the newest pictures and videos, how many there are of everything,
// and leads to them.
func TestSharedMedia(t *testing.T) {
	u, o, ada := watching(t)
	for range 9 {
		u.send(ada, "wren", "x.jpg", photo(t, 400, 300, green), outgoing.KindAuto)
	}
	u.send(ada, "wren", "x.jpg", photo(t, 400, 300, red), outgoing.KindAuto)
	u.send(ada, "wren", "report.txt", []byte("words"), outgoing.KindFile)
	u.say(ada, im.ConvC2C, "wren", "see https://example.org/page")
	u.do(u.a.main.showInfo)
	u.sees("Photos and videos")
	u.sees("Files")
	u.until("what there is", func() bool {
		s := &u.a.main.panel.shared
		return len(s.newest) == 8 && s.counts[im.MsgImage] == 10 && s.counts[im.MsgFile] == 1 && s.counts[im.MsgText] == 1
	})
	u.until("the grid", func() bool {
		n := 0
		for _, i := range u.images() {
			if i.Size().Height == 54 {
				n++
			}
		}
		return n == 8
	})
	u.tap("Files")
	u.tap("report.txt")
	u.until("it is opened", func() bool { return len(o.all()) == 1 })
	u.tap("Links")
	u.tap("https://example.org/page")
	u.tap("Photos and videos")
	u.inDetail("10 of 10")
	u.seesPicture("the newest", red, 300)
	u.end()
}

// Pictures of formats that only the sandbox decodes are seen like all others.
func TestPictureInIsolation(t *testing.T) {
	u, _, ada := watching(t)
	content := readFile(t, filepath.Join("..", "media", "heif", "testdata", "halves.avif"))
	m := u.send(ada, "wren", "x.avif", content, outgoing.KindImage)
	u.until("the thumbnail", func() bool {
		return u.a.main.thumbnail(canvas.Key(m.ID), 200, 100).State == canvas.ThumbHere
	})
	u.do(func() { u.a.main.chat.openMedia(canvas.Key(m.ID)) })
	u.until("the picture in full", func() bool { return u.a.main.viewing.full })
	u.inDetail("256 × 128")
	u.end()
}
