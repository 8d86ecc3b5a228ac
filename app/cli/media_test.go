package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"magpie/app/cli"
	"magpie/internal/testcache"
	"magpie/media/wav"
)

// media runs a command that needs no account.
func media(t *testing.T, args ...string) outcome {
	t.Helper()
	var out, err bytes.Buffer
	code := cli.Main(t.Context(), &cli.Env{Args: append([]string{"media"}, args...), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &err})
	return outcome{code, out.String(), err.String()}
}

func mediaOK(t *testing.T, args ...string) string {
	t.Helper()
	o := media(t, args...)
	if o.code != cli.ExitOK || o.err != "" {
		t.Fatalf("magpie media %s: exit %d\n%s%s", strings.Join(args, " "), o.code, o.out, o.err)
	}
	return o.out
}

func writeFile(t *testing.T, path string, b []byte) string {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// writeWAV makes two seconds of 440 Hz on the left and nothing on the right.
func writeWAV(t *testing.T, path string, rate int) string {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := wav.NewWriter(f, rate, 2)
	if err != nil {
		t.Fatal(err)
	}
	var samples []int16
	for i := range 2 * rate {
		samples = append(samples, int16(20000*math.Sin(2*math.Pi*440*float64(i)/float64(rate))), 0)
	}
	if err := w.Write(samples); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMediaSoundLoop(t *testing.T) {
	dir := t.TempDir()
	for _, rate := range []int{44100, 48000, 16000} {
		in, note, out := writeWAV(t, filepath.Join(dir, "in.wav"), rate), filepath.Join(dir, "note.m4a"), filepath.Join(dir, "out.wav")
		mediaOK(t, "encode", in, note, "--kbps", "128")
		var info map[string]any
		if err := json.Unmarshal([]byte(mediaOK(t, "probe", note)), &info); err != nil {
			t.Fatal(err)
		}
		if seconds := info["seconds"].(float64); info["kind"] != "audio" || info["codec"] != "aac" || math.Abs(seconds-2) > 0.002 {
			t.Errorf("%d Hz: %v", rate, info)
		}
		mediaOK(t, "decode", note, out)
		b, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		w, err := wav.Open(bytes.NewReader(b), int64(len(b)))
		if err != nil || w.Rate != 44100 || w.Channels != 1 || math.Abs(float64(w.Frames)-88200) > 88 {
			t.Fatalf("%d Hz: %+v, %v", rate, w, err)
		}
		// Both channels as one have half the amplitude of the left.
		samples := make([]int16, 4000)
		if err := w.SeekTo(40_000); err != nil {
			t.Fatal(err)
		}
		if n, err := w.Read(samples); err != nil || n < 2000 {
			t.Fatalf("%d samples, %v", n, err)
		}
		loudest := 0.0
		for _, s := range samples {
			loudest = max(loudest, math.Abs(float64(s)))
		}
		if math.Abs(loudest-10000) > 300 {
			t.Errorf("%d Hz: the loudest sample is %v, want 10000", rate, loudest)
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// What is no file is not written over, nor what is read from; a link is followed.
func TestMediaWritesFilesOnly(t *testing.T) {
	dir := t.TempDir()
	in := writeWAV(t, filepath.Join(dir, "in.wav"), 16000)
	note, link := filepath.Join(dir, "note.m4a"), filepath.Join(dir, "link.m4a")
	mediaOK(t, "encode", in, note)
	before, err := os.ReadFile(note)
	if err != nil {
		t.Fatal(err)
	}
	for out, words := range map[string]string{note: "is what is read", dir: "is a folder", os.DevNull: "no file"} {
		if o := media(t, "decode", note, out); o.code == cli.ExitOK || !strings.Contains(o.err, words) {
			t.Errorf("onto %s: exit %d, %s", out, o.code, o.err)
		}
	}
	if after, err := os.ReadFile(note); err != nil || !bytes.Equal(before, after) {
		t.Errorf("what was read is another now: %v", err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Fatalf("%v, %v", info, err)
	}
	if err := os.Symlink(note, link); err != nil {
		t.Skipf("this system lets nobody make links: %v", err)
	}
	mediaOK(t, "encode", in, link, "--kbps", "32")
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", err)
	}
	if after, err := os.ReadFile(note); err != nil || bytes.Equal(before, after) {
		t.Errorf("what the link leads to is as it was: %v", err)
	}
}

func TestMediaPicture(t *testing.T) {
	dir := t.TempDir()
	img := image.NewRGBA(image.Rect(0, 0, 800, 600))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	img.Set(0, 0, color.Black)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	in := writeFile(t, filepath.Join(dir, "not-a-sound.aac"), b.Bytes())
	want := `{"kind":"image","codec":"png","width":800,"height":600,"rotation":0,"seconds":0,"bytes":` + jsonNumber(b.Len()) + "}\n"
	if got := mediaOK(t, "probe", in); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for flag, short := range map[string]int{"": 198, "--large": 600} {
		out := filepath.Join(dir, "out.jpg")
		args := []string{"thumb", in, out}
		if flag != "" {
			args = append(args, flag)
		}
		mediaOK(t, args...)
		f, err := os.Open(out)
		if err != nil {
			t.Fatal(err)
		}
		c, err := jpeg.DecodeConfig(f)
		if err := errors.Join(err, f.Close()); err != nil || c.Height != short {
			t.Errorf("%s: %d x %d, %v", flag, c.Width, c.Height, err)
		}
	}
}

func jsonNumber(n int) string {
	b, _ := json.Marshal(n) // a number always can
	return string(b)
}

func TestMediaSaysWhatIsWrong(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", testcache.Dir("cli")) // where Linux keeps the sandbox's machine code
	dir := t.TempDir()
	text := writeFile(t, filepath.Join(dir, "a.png"), []byte("a text that is called a picture"))
	empty := writeFile(t, filepath.Join(dir, "empty.wav"), nil)
	out := filepath.Join(dir, "out")
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{nil, cli.ExitUsage, "say what to do"},
		{[]string{"play", text}, cli.ExitUsage, "play"},
		{[]string{"probe"}, cli.ExitUsage, "takes 1 files"},
		{[]string{"encode", text, out, "--kbps", "500"}, cli.ExitUsage, "500 kbit/s"},
		{[]string{"probe", filepath.Join(dir, "missing")}, cli.ExitFailed, "(7004"},
		{[]string{"probe", empty}, cli.ExitFailed, "(2108"},
		{[]string{"thumb", text, out}, cli.ExitFailed, "(2252"},
		{[]string{"decode", text, out}, cli.ExitFailed, "no sound"},
		{[]string{"encode", text, out}, cli.ExitFailed, "no sound"},
		{[]string{"thumb", text, filepath.Join(dir, "no", "folder")}, cli.ExitFailed, "(2252"},
	} {
		o := media(t, c.args...)
		if o.code != c.code || !strings.Contains(o.err, c.says) || o.out != "" {
			t.Errorf("%v: exit %d, %q%q; want %d and %q", c.args, o.code, o.out, o.err, c.code, c.says)
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a failed command left a file")
	}
	avif, err := os.ReadFile(filepath.Join("..", "..", "media", "heif", "testdata", "halves.avif"))
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(dir, "cut.avif")
	if err := os.WriteFile(cut, avif[:len(avif)-20], 0o600); err != nil {
		t.Fatal(err)
	}
	if o := media(t, "thumb", cut, out); o.code != cli.ExitFailed || !strings.Contains(o.err, "(2252") {
		t.Errorf("AVIF that is cut: exit %d, %s", o.code, o.err)
	}
	if o := media(t, "probe", text); o.code != cli.ExitOK || !strings.Contains(o.out, `"kind":"file"`) {
		t.Errorf("a text called a picture: exit %d, %s%s", o.code, o.out, o.err)
	}
}

// What only the isolated decoder reads goes through it.
func TestMediaIsolated(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", testcache.Dir("cli")) // where Linux keeps the sandbox's machine code
	dir := t.TempDir()
	var info map[string]any
	if err := json.Unmarshal([]byte(mediaOK(t, "probe", sample("f_vp9.webm"))), &info); err != nil {
		t.Fatal(err)
	}
	if info["kind"] != "video" || info["codec"] != "vp9" || info["width"] != 640.0 || info["height"] != 360.0 || info["seconds"] != 0.5 {
		t.Errorf("%v", info)
	}
	for _, name := range []string{"f_vp9.webm", "f_h264.mp4", "v_av1.mp4", "i.avif"} {
		out := filepath.Join(dir, "still.jpg")
		mediaOK(t, "thumb", sample(name), out)
		f, err := os.Open(out)
		if err != nil {
			t.Fatal(err)
		}
		c, err := jpeg.DecodeConfig(f)
		if err := errors.Join(err, f.Close()); err != nil || c.Width != 352 || c.Height != 198 {
			t.Errorf("%s: %d x %d, %v", name, c.Width, c.Height, err)
		}
	}
	out := filepath.Join(dir, "out.wav")
	mediaOK(t, "decode", sample("sp5_he.m4a"), out)
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	w, err := wav.Open(bytes.NewReader(b), int64(len(b)))
	if err != nil || w.Rate != 44100 || math.Abs(float64(w.Frames)/44100-5.1) > 0.1 {
		t.Errorf("%+v, %v", w, err)
	}
}

// sample is one of the files that the media packages are tested with.
func sample(name string) string {
	return filepath.Join("..", "..", "media", "sandbox", "testdata", name)
}
