package outgoing_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"magpie/app/core"
	"magpie/app/host"
	"magpie/app/outgoing"
	"magpie/im"
	"magpie/internal/testcache"
	"magpie/media/isolated"
	"magpie/media/probe"
	"magpie/media/sandbox"
	"magpie/store"
	"magpie/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// account is a client that is not connected; server and sig are set for one that is to be.
func account(t *testing.T, user im.UserID, server, sig string) *core.Client {
	t.Helper()
	if server == "" {
		server = "127.0.0.1"
	}
	path, options := filepath.Join(t.TempDir(), "history.db"), store.Options{Account: user}
	storetest.Sound(t, path, options)
	st, _, err := store.Open(path, options)
	ok(t, err)
	c, err := core.New(core.Options{Store: st, Server: server, User: user, UserSig: sig})
	ok(t, err)
	t.Cleanup(func() {
		if err := errors.Join(c.Close(), st.Close()); err != nil {
			t.Error(err)
		}
	})
	return c
}

// decoder is a sandbox of the test.
func decoder(t *testing.T) probe.Isolated {
	t.Helper()
	box := sandbox.New(sandbox.Options{CacheDir: testcache.Dir("sandbox"), Deadline: time.Minute}) // the machine may be busy
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	return isolated.New(box)
}

func fixture(name string) string {
	return filepath.Join("..", "..", "media", filepath.FromSlash(name))
}

func write(t *testing.T, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	ok(t, os.WriteFile(path, b, 0o600))
	return path
}

// photo is a JPEG of many colours.
func photo(t *testing.T, width, height int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetRGBA(x, y, color.RGBA{uint8(x), uint8(y), uint8(x * y / 64), 255})
		}
	}
	var b bytes.Buffer
	ok(t, jpeg.Encode(&b, img, nil))
	return b.Bytes()
}

// check looks whether a payload may be sent, and everything it names is here.
func check(t *testing.T, c *core.Client, name string, p outgoing.Prepared) {
	t.Helper()
	if err := p.Payload.Validate(); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	uses, err := im.BlobsOf(p.Payload)
	if err != nil || len(uses) == 0 {
		t.Errorf("%s: names %d files, %v", name, len(uses), err)
	}
	for _, use := range uses {
		if !c.HasFile(im.BlobAddress(use.Hash)) {
			t.Errorf("%s: %s is not here", name, use.Hash)
		}
	}
	if p.Thumbnail != nil {
		if img, err := jpeg.Decode(bytes.NewReader(p.Thumbnail)); err != nil || img.Bounds().Dx() > 2000 {
			t.Errorf("%s: its thumbnail: %v", name, err)
		}
	}
}

// Every file goes as what it is, whatever its name says, and names nothing that is
// not in the account.
func TestKinds(t *testing.T) {
	c, d := account(t, "ann", "", ""), decoder(t)
	for _, f := range []struct {
		name  string
		want  im.MessageType
		thumb bool
		why   im.Code
	}{
		{"sandbox/testdata/f_h264.mp4", im.MsgVideo, true, 0},
		{"sandbox/testdata/v_av1.mp4", im.MsgVideo, true, 0},
		{"sandbox/testdata/formats/hevc.mp4", im.MsgVideo, true, 0},
		{"sandbox/testdata/f_vp9.webm", im.MsgFile, true, im.CodeVideoFormat},
		{"sandbox/testdata/v_vp8.webm", im.MsgFile, true, im.CodeVideoFormat},
		{"sandbox/testdata/formats/mjpeg.mov", im.MsgFile, true, im.CodeVideoFormat},
		{"sandbox/testdata/formats/mpeg4.avi", im.MsgFile, true, im.CodeVideoFormat},
		{"sandbox/testdata/i.avif", im.MsgImage, true, 0},
		{"sandbox/testdata/bomb.png", im.MsgFile, false, im.CodeImageFormat},
		{"picture/testdata/cmyk.jpg", im.MsgImage, true, 0},
		{"picture/testdata/flag.webp", im.MsgImage, true, 0},
		{"picture/testdata/moving.webp", im.MsgImage, true, 0},
		{"sandbox/testdata/sp5.aac", im.MsgFile, false, 0},
		{"sandbox/testdata/sp5_he.m4a", im.MsgFile, false, 0},
		{"sandbox/testdata/formats/mp3.mp3", im.MsgFile, false, 0},
		{"sandbox/testdata/README.md", im.MsgFile, false, 0},
	} {
		p, err := outgoing.Prepare(t.Context(), c, d, fixture(f.name), outgoing.KindAuto)
		if err != nil {
			t.Errorf("%s: %v", f.name, err)
			continue
		}
		if p.Payload.Type() != f.want || (p.Thumbnail != nil) != f.thumb || p.Instead != f.why {
			t.Errorf("%s: %s, thumbnail %v, instead because of %d; want %s, %v, %d",
				f.name, p.Payload.Type(), p.Thumbnail != nil, p.Instead, f.want, f.thumb, f.why)
		}
		check(t, c, f.name, p)
		if file, is := p.Payload.(im.FilePayload); is && file.FileName != filepath.Base(f.name) {
			t.Errorf("%s is called %q", f.name, file.FileName)
		}
		if file, is := p.Payload.(im.FilePayload); is && (len(file.Preview) > 0) != f.thumb {
			t.Errorf("%s: a preview of %d bytes goes along", f.name, len(file.Preview))
		}
		p, err = outgoing.Prepare(t.Context(), c, nil, fixture(f.name), outgoing.KindFile)
		if err != nil || p.Payload.Type() != im.MsgFile || p.Instead != 0 {
			t.Errorf("%s as a file: %+v, %v", f.name, p, err)
		}
	}
	for name, seconds := range map[string]int{"sp5.aac": 6, "sp5_he.aac": 6, "sp5_he.m4a": 6, "formats/amr.amr": 2, "formats/opus.ogg": 2} {
		p, err := outgoing.Prepare(t.Context(), c, d, fixture("sandbox/testdata/"+name), outgoing.KindAudio)
		note, is := p.Payload.(im.AudioPayload)
		if err != nil || !is || note.Second < 1 || note.Second > seconds || len(note.Peaks) != im.MaxPeaks || note.Format == "adts" {
			t.Errorf("%s: %+v, %v", name, note, err)
			continue
		}
		check(t, c, name, p)
	}
	// Without a decoder the shape is known all the same.
	p, err := outgoing.Prepare(t.Context(), c, nil, fixture("sandbox/testdata/f_h264.mp4"), outgoing.KindVideo)
	if v, is := p.Payload.(im.VideoPayload); err != nil || !is || v.ThumbURL != "" || v.ThumbWidth == 0 {
		t.Errorf("a film without a decoder: %+v, %v", p.Payload, err)
	}
}

func TestRefused(t *testing.T) {
	c := account(t, "ann", "", "")
	secret := write(t, "secret", []byte("mine"))
	ok(t, os.Chmod(secret, 0))
	huge := write(t, "huge", nil)
	ok(t, os.Truncate(huge, im.MaxFileBytes+1))
	text := write(t, "text.png", []byte("not what its name says"))
	for name, f := range map[string]struct {
		path string
		as   outgoing.Kind
		want im.Code
	}{
		"nothing there":       {filepath.Join(t.TempDir(), "none"), "", im.CodeFileMissing},
		"a folder":            {t.TempDir(), "", im.CodeNotAFile},
		"a device":            {os.DevNull, "", im.CodeNotAFile},
		"a name of 4 KB":      {"/" + strings.Repeat("x", 4096), "", im.CodeFileMissing},
		"a NUL in the name":   {"a\x00b", "", im.CodeFileMissing},
		"empty":               {write(t, "empty", nil), "", im.CodeFileEmpty},
		"100 MB and one byte": {huge, "", im.CodeFileTooLarge},
		"a text as a picture": {text, outgoing.KindImage, im.CodeImageFormat},
		"a film as a picture": {fixture("sandbox/testdata/f_h264.mp4"), outgoing.KindImage, im.CodeImageFormat},
		"a text as a film":    {text, outgoing.KindVideo, im.CodeVideoFormat},
		"a picture as a film": {fixture("picture/testdata/cmyk.jpg"), outgoing.KindVideo, im.CodeVideoFormat},
		"a text as a note":    {text, outgoing.KindAudio, im.CodeInvalidMessage},
	} {
		if _, err := outgoing.Prepare(t.Context(), c, nil, f.path, f.as); im.CodeOf(err) != f.want {
			t.Errorf("%s: %v, want code %d", name, err, f.want)
		}
	}
	if os.Getuid() != 0 { // whom nothing is forbidden
		if _, err := outgoing.Prepare(t.Context(), c, nil, secret, ""); im.CodeOf(err) != im.CodeFileMissing {
			t.Errorf("one that may not be read: %v", err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := outgoing.Prepare(ctx, c, nil, text, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want %v", err, context.Canceled)
	}
}

// broken is a source that fails in the middle.
type broken struct {
	r   io.Reader
	err error
}

func (b broken) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if err == io.EOF {
		err = b.err
	}
	return n, err
}

func TestSourceFails(t *testing.T) {
	c := account(t, "ann", "", "")
	for name, f := range map[string]struct {
		err  error
		want im.Code
	}{
		"a stick that was pulled out": {errors.New("input/output error"), im.CodeFileMissing},
		"a folder that is not there":  {os.ErrNotExist, im.CodeFileMissing},
	} {
		_, err := outgoing.PrepareContent(t.Context(), c, nil, broken{strings.NewReader("half"), f.err}, "a", "")
		if im.CodeOf(err) != f.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	// One that grows while it is read ends at the limit.
	endless := io.MultiReader(bytes.NewReader(make([]byte, im.MaxFileBytes)), strings.NewReader("x"))
	if _, err := outgoing.PrepareContent(t.Context(), c, nil, endless, "a", ""); im.CodeOf(err) != im.CodeFileTooLarge {
		t.Error(err)
	}
}

// A picture of more than 20 MB is none that is shown: it goes as a file, and says so.
func TestLargePicture(t *testing.T) {
	c := account(t, "ann", "", "")
	b := append(photo(t, 300, 200), make([]byte, im.MaxImageBytes)...)
	for _, as := range []outgoing.Kind{outgoing.KindAuto, outgoing.KindImage} {
		p, err := outgoing.Prepare(t.Context(), c, nil, write(t, "large.jpg", b), as)
		if err != nil || p.Payload.Type() != im.MsgFile || p.Instead != im.CodeImageTooLarge {
			t.Errorf("%+v, %v", p, err)
		}
	}
}

// What a message calls a file leads nowhere.
func TestNames(t *testing.T) {
	c := account(t, "ann", "", "")
	for name, want := range map[string]string{"../../x": "x", "": "file", strings.Repeat("长", 2000) + ".txt": strings.Repeat("长", 83) + ".txt"} {
		p, err := outgoing.PrepareContent(t.Context(), c, nil, strings.NewReader("text"), name, "")
		if f, is := p.Payload.(im.FilePayload); err != nil || !is || f.FileName != want || f.Validate() != nil {
			t.Errorf("%.20q: %+v, %v", name, p.Payload, err)
		}
	}
}

// A picture arrives in three sizes, each with its content, although the source was
// removed before it was sent.
func TestPictureArrives(t *testing.T) {
	h, err := host.Open(t.Context(), t.TempDir(), host.Options{})
	ok(t, err)
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		ok(t, h.Close(ctx))
	}()
	var clients []*core.Client
	for _, user := range []im.UserID{"ann", "ben"} {
		ok(t, h.CreateUser(t.Context(), user, "a password of the tests", ""))
		sig, err := h.UserSig(user)
		ok(t, err)
		c := account(t, user, h.URL(), sig)
		c.Start(t.Context())
		ok(t, c.WaitReady(t.Context()))
		clients = append(clients, c)
		defer c.Close()
	}
	ann, ben := clients[0], clients[1]
	original := photo(t, 1200, 900)
	path := write(t, "photo.txt", original)
	p, err := outgoing.Prepare(t.Context(), ann, nil, path, "")
	ok(t, err)
	ok(t, os.Remove(path))
	m, err := ann.SendMessage(t.Context(), ann.CreateMessage(im.ConvC2C, "ben", p.Payload), im.SendOptions{})
	ok(t, err)
	m, err = ann.WaitSent(t.Context(), m.ID)
	ok(t, err)
	got, is := m.Payload.(im.ImagePayload)
	if !is || len(got.ImageInfoArray) != 3 || len(got.Preview) == 0 {
		t.Fatalf("sent %+v", m.Payload)
	}
	for i, want := range []im.ImageInfo{
		{SizeType: im.ImageThumbnail, Width: 264, Height: 198}, {SizeType: im.ImageLarge, Width: 960, Height: 720}, {SizeType: im.ImageOriginal, Width: 1200, Height: 900},
	} {
		size := got.ImageInfoArray[i]
		if size.SizeType != want.SizeType || size.Width != want.Width || size.Height != want.Height {
			t.Errorf("size %d is %+v", i, size)
		}
		ok(t, ben.Download(t.Context(), size.ImageURL, nil))
		f, err := ben.OpenFile(size.ImageURL)
		ok(t, err)
		b, err := io.ReadAll(f)
		ok(t, err)
		ok(t, f.Close())
		config, _, err := image.DecodeConfig(bytes.NewReader(b))
		if err != nil || config.Width != want.Width || int64(len(b)) != size.Size || size.SizeType == im.ImageOriginal && !bytes.Equal(b, original) {
			t.Errorf("size %d: %d bytes, %d pixels wide, %v", i, len(b), config.Width, err)
		}
	}
	// A small one from memory, as a clipboard gives it, has no other sizes.
	var small bytes.Buffer
	ok(t, png.Encode(&small, image.NewRGBA(image.Rect(0, 0, 60, 40))))
	p, err = outgoing.PrepareContent(t.Context(), ann, nil, &small, "clipboard.png", "")
	if i, is := p.Payload.(im.ImagePayload); err != nil || !is || len(i.ImageInfoArray) != 1 || i.ImageFormat != im.ImagePNG || p.Thumbnail == nil {
		t.Errorf("%+v, %v", p.Payload, err)
	}
}
