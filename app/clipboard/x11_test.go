//go:build wintest && (linux || freebsd || openbsd || netbsd)

package clipboard

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"
)

// within is a context for what must not take long.
func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// noise is n bytes that pass for a picture.
func noise(n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{1})
	_, _ = r.Read(b) // never fails
	return append([]byte("\x89PNG\r\n\x1a\n"), b...)
}

// xclip puts b into the clipboard as a type, with another program.
func xclip(t *testing.T, as string, b []byte) {
	t.Helper()
	x, err := New().connect(within(t, 5*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	defer x.conn.Close()
	owner := func() xproto.Window {
		now, err := xproto.GetSelectionOwner(x.conn, x.atoms[atomClipboard]).Reply()
		if err != nil {
			t.Fatal(err)
		}
		return now.Owner
	}
	before := owner()
	defer func() {
		for owner() == before { // it goes into the background first
			<-time.After(5 * time.Millisecond)
		}
	}()
	cmd := exec.Command("xclip", "-selection", "clipboard", "-t", as, "-i")
	cmd.Stdin = bytes.NewReader(b) // and nothing else of ours: it goes on in the background
	if err := cmd.Run(); err != nil {
		t.Fatalf("xclip: %v", err)
	}
}

// A picture comes from one program to another in either direction, whole, also if
// it is larger than what goes over the connection at once.
func TestPicturesBetweenPrograms(t *testing.T) {
	for _, size := range []int{1, chunk - 8, chunk, 3 << 20, 20 << 20} {
		picture := noise(size)
		c := New()
		ctx := within(t, 20*time.Second)
		xclip(t, atomPNG, picture)
		files, got, err := c.Read(ctx)
		if err != nil || len(files) > 0 || !bytes.Equal(got, picture) {
			t.Errorf("%d bytes of another program: %d bytes, %q, %v", len(picture), len(got), files, err)
		}
		slices.Reverse(picture[8:])
		if err := c.WritePicture(ctx, picture); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(ctx, "xclip", "-selection", "clipboard", "-t", atomPNG, "-o").Output()
		if err != nil || !bytes.Equal(out, picture) {
			t.Errorf("%d bytes for another program: %d bytes, %v", len(picture), len(out), err)
		}
		// And what it offers besides is said.
		out, err = exec.CommandContext(ctx, "xclip", "-selection", "clipboard", "-t", atomTargets, "-o").Output()
		if err != nil || !strings.Contains(string(out), atomPNG) {
			t.Errorf("offers %q, %v", out, err)
		}
		if _, got, err := New().Read(ctx); err != nil || !bytes.Equal(got, picture) {
			t.Errorf("%d bytes of our own: %d bytes, %v", len(picture), len(got), err)
		}
		c.Close()
	}
}

func TestFilesAndTexts(t *testing.T) {
	c := New()
	defer c.Close()
	path := filepath.Join(t.TempDir(), "喜 a.png")
	if err := os.WriteFile(path, noise(10), 0o600); err != nil {
		t.Fatal(err)
	}
	xclip(t, atomURIs, []byte("file://"+strings.ReplaceAll(path, " ", "%20")+"\r\n"))
	files, picture, err := c.Read(within(t, 5*time.Second))
	if err != nil || !slices.Equal(files, []string{path}) || picture != nil {
		t.Errorf("%q, %d bytes, %v", files, len(picture), err)
	}
	xclip(t, "UTF8_STRING", []byte("just a text"))
	if files, picture, err := c.Read(within(t, 5*time.Second)); err != nil || files != nil || picture != nil {
		t.Errorf("of a text: %q, %d bytes, %v", files, len(picture), err)
	}
}

// Whoever owns the clipboard and does not answer holds up nobody.
func TestSilentOwner(t *testing.T) {
	c := New()
	defer c.Close()
	silent, err := c.connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer silent.conn.Close()
	if err := xproto.SetSelectionOwnerChecked(silent.conn, silent.window, silent.atoms[atomClipboard], xproto.TimeCurrentTime).Check(); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	_, _, err = c.Read(within(t, 200*time.Millisecond))
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) > 5*time.Second {
		t.Errorf("%v after %s", err, time.Since(begin))
	}
}

func TestNoDisplay(t *testing.T) {
	c := &Clipboard{display: ":54321"}
	if _, _, err := c.Read(t.Context()); !errors.Is(err, ErrUnavailable) {
		t.Error(err)
	}
	if err := c.WritePicture(t.Context(), noise(1)); !errors.Is(err, ErrUnavailable) {
		t.Error(err)
	}
	c.Close()
}
