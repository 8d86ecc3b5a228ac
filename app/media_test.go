package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"magpie/app/i18n"
	"magpie/app/outgoing"
	"magpie/assets"
	"magpie/im"
	"magpie/widgets/canvas"
)

// address is one of a file, which need not be there.
func address(n int) string { return im.BlobAddress(fmt.Sprintf("%064x", n)) }

func TestMediaOf(t *testing.T) {
	whole := im.ImageInfo{SizeType: im.ImageOriginal, Size: 900, Width: 4000, Height: 3000, ImageURL: address(1)}
	small := im.ImageInfo{SizeType: im.ImageThumbnail, Size: 9, Width: 264, Height: 198, ImageURL: "https://elsewhere/x", URL: address(2)}
	foreign := im.ImageInfo{SizeType: im.ImageLarge, Size: 90, Width: 960, Height: 720, ImageURL: "https://elsewhere/x"}
	for _, c := range []struct {
		name    string
		payload im.Payload
		address string
		size    int64
		sizes   int
		film    string
	}{
		{"picture", im.ImagePayload{ImageInfoArray: []im.ImageInfo{small, foreign, whole}}, address(1), 900, 2, ""},
		{"picture without an original", im.ImagePayload{ImageInfoArray: []im.ImageInfo{small, {SizeType: im.ImageLarge, Size: 90, Width: 960, ImageURL: address(3)}}}, address(3), 90, 2, ""},
		{"picture on another service", im.ImagePayload{ImageInfoArray: []im.ImageInfo{foreign}}, "", 90, 0, ""},
		{"video", im.VideoPayload{VideoURL: "https://x/y", RemoteVideoURL: address(4), VideoSize: 7, ThumbURL: address(5)}, address(4), 7, 1, address(4)},
		{"video without a still", im.VideoPayload{VideoURL: address(4), VideoSize: 7}, address(4), 7, 0, address(4)},
		{"voice note", im.AudioPayload{URL: address(6), Size: 8}, address(6), 8, 0, ""},
		{"file", im.FilePayload{FileURL: address(7), FileSize: 5, FileName: "../../x"}, address(7), 5, 0, ""},
	} {
		o, ok := mediaOf(&im.Message{Payload: c.payload})
		if !ok || o.address != c.address || o.size != c.size || len(o.picture.Sizes) != c.sizes || o.picture.Film != c.film {
			t.Errorf("%s: %+v, %v", c.name, o, ok)
		}
		if strings.ContainsAny(o.name, "/\\") {
			t.Errorf("%s leads elsewhere: %q", c.name, o.name)
		}
	}
	if _, ok := mediaOf(&im.Message{Payload: im.TextPayload{Text: "x"}}); ok {
		t.Error("a text has media")
	}
	if _, ok := mediaOf(&im.Message{}); ok {
		t.Error("what was recalled has media")
	}
}

func TestFileTag(t *testing.T) {
	for name, want := range map[string]string{
		"x.pdf": "PDF", "a.tar.gz": "GZ", "none": "", ".profile": "", "x.": "", "x.名字": "", "x.a-b": "", "icons.Fig": "FIG", "x.m4a": "M4A",
		"a.jpeg": "JPEG", "a.torrent": "", "a.p f": "", "a.7z": "7Z", ".x": "X",
	} {
		if got := fileTag(name); got != want {
			t.Errorf("%q has the tag %q, want %q", name, got, want)
		}
	}
}

// The media at hand is that of what was handed to the canvas last.
func TestShownMediaIsBounded(t *testing.T) {
	var s shownMedia
	for i := range maxShown + 100 {
		s.put(media{msg: im.Message{ID: im.MessageID(fmt.Sprint(i))}, address: address(i)})
	}
	if len(s.byKey) != maxShown || len(s.order) != maxShown {
		t.Errorf("%d and %d are kept, want %d", len(s.byKey), len(s.order), maxShown)
	}
	if len(s.keys(address(99))) != 0 || len(s.keys(address(100))) != 1 {
		t.Error("not the last ones are kept")
	}
	s.put(media{msg: im.Message{ID: "100"}, address: address(5)})
	if len(s.keys(address(5))) != 1 || len(s.order) != maxShown {
		t.Error("one that changed is not replaced")
	}
}

func TestRuns(t *testing.T) {
	for name, want := range map[string]bool{
		"x.exe": true, "x.EXE": true, "x.exe. .": true, "a.pdf.js": true, "x.desktop": true, "x.docm": true, "page.html": true, "x.command": true, "x.lnk": true,
		"x.pdf": false, "x.docx": false, "x.jpg": false, "x.txt": false, "exe": false, "": false, "x.zip": false, "x.mp4": false, "x.e": false,
	} {
		if got := runs(name, nil); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
	for head, want := range map[string]bool{
		"MZ\x90\x00": true, "\x7fELF\x02": true, "#!/bin/sh": true, "[Desktop Entry]\nExec=x": true, "\xcf\xfa\xed\xfe": true,
		"%PDF-1.7": false, "\xff\xd8\xff": false, "": false, "M": false, "PK\x03\x04": false,
	} {
		if got := runs("x.jpg", []byte(head)); got != want {
			t.Errorf("%q: %v", head, got)
		}
	}
}

// What something is called is never up to who sent it, but for files, and is always
// fit to be a name.
func TestMediaNames(t *testing.T) {
	tr, err := i18n.New(assets.Translations(), ".")
	if err != nil {
		t.Fatal(err)
	}
	m := &mainScreen{tr: tr, times: timeWords{tr, time.Now}}
	at := time.Date(2026, 3, 5, 9, 7, 2, 0, time.Local).UnixMilli()
	for _, c := range []struct {
		payload im.Payload
		want    string
	}{
		{im.ImagePayload{ImageFormat: im.ImagePNG, ImageInfoArray: []im.ImageInfo{{}}}, "Picture 2026-03-05 09.07.02.png"},
		{im.ImagePayload{ImageFormat: im.ImageUnknown, ImageInfoArray: []im.ImageInfo{{}}}, "Picture 2026-03-05 09.07.02.jpg"},
		{im.VideoPayload{VideoFormat: "MOV"}, "Video 2026-03-05 09.07.02.mov"},
		{im.VideoPayload{VideoFormat: "../x.sh"}, "Video 2026-03-05 09.07.02.mp4"},
		{im.AudioPayload{Format: "exe"}, "Voice note 2026-03-05 09.07.02.m4a"},
		{im.FilePayload{FileName: "/etc/passwd"}, "passwd"},
	} {
		o, _ := mediaOf(&im.Message{Payload: c.payload, Time: at})
		if got := m.mediaName(o); got != c.want {
			t.Errorf("%+v is called %q, want %q", c.payload, got, c.want)
		}
	}
}

func TestOpenedCopies(t *testing.T) {
	dir := t.TempDir()
	o := opened(filepath.Join(dir, "opened"))
	o.clean() // there is none yet
	for _, id := range []im.MessageID{"one", "one", "../../two"} {
		path, err := o.copy(t.Context(), id, strings.NewReader("content"), "name.txt")
		if err != nil || !strings.HasPrefix(path, string(o)) || filepath.Base(path) != "name.txt" {
			t.Fatal(path, err)
		}
		if b := readFile(t, path); string(b) != "content" {
			t.Errorf("%q", b)
		}
	}
	if err := o.forget("one"); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(string(o))
	if err != nil || len(left) != 1 {
		t.Fatalf("%d folders, %v", len(left), err)
	}
	o.clean()
	if left, _ = os.ReadDir(string(o)); len(left) != 0 {
		t.Error("a copy is still there")
	}
	if _, err := opened("").copy(t.Context(), "one", strings.NewReader("content"), "name.txt"); err == nil {
		t.Error("copied to nowhere")
	}
}

// A copy that fails leaves what was there.
func TestCopyFileIsWholeOrNot(t *testing.T) {
	dir := t.TempDir()
	to := filepath.Join(dir, "to")
	if err := os.WriteFile(to, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(io.ErrClosedPipe))
	if err := copyFile(t.Context(), broken, to, 0o644); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("%v", err)
	}
	if b := readFile(t, to); string(b) != "before" {
		t.Errorf("%q", b)
	}
	if all, _ := os.ReadDir(dir); len(all) != 1 {
		t.Errorf("left behind: %v", all)
	}
}

func TestDrawable(t *testing.T) {
	for _, c := range []struct{ w, h int }{{4032, 3024}, {8000, 6000}, {60000, 500}, {10, 20000}, {100, 100}, {0, 0}} {
		w, h := drawable(c.w, c.h)
		if w < 1 || h < 1 || w > maxTexture || h > maxTexture || w*h > maxViewed || c.w > 0 && (w > c.w || h > c.h) {
			t.Errorf("%d x %d is drawn as %d x %d", c.w, c.h, w, h)
		}
	}
	if w, h := drawable(4032, 3024); w != 4032 || h != 3024 {
		t.Errorf("a photo of a usual camera is made smaller: %d x %d", w, h)
	}
}

// A download can be halted, goes on from there, and can be given up.
func TestDownloadIsHalted(t *testing.T) {
	u, o, ada := watching(t)
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	m := u.send(ada, "wren", "large.bin", content, outgoing.KindFile)
	key := canvas.Key(m.ID)
	u.sees("large.bin")
	var s *session
	var from string
	u.do(func() {
		s = u.a.session
		c := u.a.main.chat
		from = c.media.byKey[key].address
		c.transfer(key, canvas.TransferStart)
		c.transfer(key, canvas.TransferPause)
		if f := s.fetches.of(from); f == nil || !f.Paused || !f.Download {
			t.Errorf("halted it is %+v", f)
		}
	})
	u.sees("Paused")
	u.do(func() { u.a.main.chat.transfer(key, canvas.TransferResume) })
	u.until("it is here", func() bool { return s.client.HasFile(from) && s.fetches.of(from) == nil })
	u.misses("Paused")
	if got := u.content(s, from); !bytes.Equal(got, content) {
		t.Errorf("%d bytes came", len(got))
	}
	other := u.send(ada, "wren", "other.bin", append(content, 1), outgoing.KindFile)
	u.sees("other.bin")
	u.do(func() {
		c := u.a.main.chat
		c.transfer(canvas.Key(other.ID), canvas.TransferStart)
		c.transfer(canvas.Key(other.ID), canvas.TransferCancel)
		if len(s.fetches.all) != 0 {
			t.Error("it is not given up")
		}
	})
	if all := o.all(); len(all) != 0 {
		t.Errorf("opened: %v", all)
	}
	u.end()
}
