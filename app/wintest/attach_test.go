//go:build wintest

package wintest

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"magpie/im"
)

// copies puts b into the clipboard as a type, as another program does.
func (w *window) copies(as string, b []byte) {
	w.t.Helper()
	cmd := exec.Command("xclip", "-selection", "clipboard", "-t", as, "-i")
	cmd.Stdin = bytes.NewReader(b) // and nothing else of ours: it stays, to answer for it
	if err := cmd.Run(); err != nil {
		w.t.Fatalf("xclip: %v", err)
	}
	w.eventually("the clipboard has it", func() bool {
		out, err := exec.Command("xclip", "-selection", "clipboard", "-t", "TARGETS", "-o").Output()
		return err == nil && strings.Contains(string(out), as)
	})
}

// screenshot is a PNG of the size that pictures of a screen have, too large for one
// request to the display.
func screenshot(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 1280, 900))
	seed := uint32(1)
	for y := range 900 {
		for x := range 1280 {
			seed = seed*1664525 + 1013904223
			img.SetRGBA(x, y, color.RGBA{uint8(x / 5), uint8(y / 4), uint8(seed >> 28), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if b.Len() < 300<<10 {
		t.Fatalf("only %d bytes: this is no test of large pictures", b.Len())
	}
	return b.Bytes()
}

// A screenshot is pasted, waits in the tray, outlives the program there, goes with
// Enter behind a copied file, and arrives in three sizes.
func TestPasteAPictureAndAFile(t *testing.T) {
	server := startServer(t, "ann", "ben")
	data := t.TempDir()
	annArgs := []string{"--data", data, "--profile", "ann"}
	ann := open(t, annArgs...)
	ben := open(t, "--data", data, "--profile", "ben")
	ann.signIn(server.addr, "ann")
	ben.signIn(server.addr, "ben")
	ann.newChat("ben")

	ann.copies("UTF8_STRING", []byte("pasted words"))
	ann.key("ctrl+v")
	ann.sees("pasted words")
	ann.key("Return")
	ben.sees("pasted words")

	path := filepath.Join(t.TempDir(), "喜鹊 notes.txt")
	if err := os.WriteFile(path, []byte("what magpies do"), 0o600); err != nil {
		t.Fatal(err)
	}
	picture := screenshot(t)
	ann.copies("text/uri-list", []byte("file://"+strings.ReplaceAll(path, " ", "%20")+"\r\n"))
	ann.key("ctrl+v")
	ann.sees("1 item · ")
	ann.copies("image/png", picture)
	ann.key("ctrl+v")
	ann.eventually("the picture is ready", func() bool {
		words, there := ann.find("2 items · ")
		return there && !strings.Contains(words.Text, "15\u00a0B") // the file alone
	})
	ann.shoot("tray")
	ann.quit()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}

	ann = open(t, annArgs...)
	ann.sees("2 items · ")
	ann.settled("Message ben")
	ann.types("see")
	ann.shoot("again")
	ann.key("Return")
	ann.eventually("the tray is empty", func() bool {
		_, there := ann.find("2 items")
		return !there
	})
	ben.click("ann")
	ben.seesInMessages("喜鹊 notes.txt")
	ben.shoot("received")
	ann.shoot("sent")
	ann.quit()
	ben.quit()

	pw := filepath.Join(t.TempDir(), "pw")
	if err := os.WriteFile(pw, []byte(password), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	out, err := exec.Command(os.Getenv("MAGPIE_BINARY"), "history", "ann", "--json", "--save-media", dir, "--data", data, "--profile", "ben",
		"--server", server.addr, "--user", "ben", "--password-file", pw).Output()
	if err != nil {
		t.Fatal(err)
	}
	sizes := 0
	var order []string
	for line := range strings.Lines(string(out)) {
		var m im.Message
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		switch p := m.Payload.(type) {
		case im.ImagePayload:
			sizes = len(p.ImageInfoArray)
			order = append(order, "picture")
			if first := p.ImageInfoArray[0]; first.Width != 282 || first.Height != 198 || len(p.Preview) == 0 {
				t.Errorf("the thumbnail is %+v", first)
			}
		case im.FilePayload:
			order = append(order, p.FileName)
		case im.TextPayload:
			order = append(order, p.Text)
		}
	}
	if want := []string{"pasted words", "喜鹊 notes.txt", "picture", "see"}; sizes != 3 || !slices.Equal(order, want) {
		t.Errorf("received %q with a picture in %d sizes, want %q in 3", order, sizes, want)
	}
	saved, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil || len(saved) != 1 {
		t.Fatalf("saved %q, %v", saved, err)
	}
	if b, err := os.ReadFile(saved[0]); err != nil || !bytes.Equal(b, picture) {
		t.Errorf("the picture arrived with %d bytes of %d, %v", len(b), len(picture), err)
	}
}

// A file is chosen by the button, in Fyne's dialog.
func TestChooseAFile(t *testing.T) {
	home := t.TempDir()
	if err := os.WriteFile(filepath.Join(home, "report.pdf"), []byte("a report"), 0o600); err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir() // of the isolated decoder, which takes long to make
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("HOME", home)
	t.Chdir(home)
	w := open(t, "--data", t.TempDir())
	w.click("Start on this computer")
	w.click("Echo")
	at := w.settled("Message Echo")
	w.clickAt(listWidth+31, at.Y+at.H/2) // the paperclip
	w.sees("Choose a file")
	w.shoot("dialog")
	w.click("report")
	w.eventually("the button is there", func() bool {
		for _, text := range w.texts() {
			if text.Text == "Choose" {
				w.clickAt(text.X+text.W/2, text.Y+text.H/2)
				return true
			}
		}
		return false
	})
	w.sees("1 item · ")
	w.sees("PDF")
	w.key("Return")
	w.seesInMessages("report.pdf")
	w.shoot("sent")
	w.quit()
}
