package cli_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"magpie/app/cli"
	"magpie/im"
)

func TestFilesFromTheShell(t *testing.T) {
	url, _ := serve(t, "ann", "ben")
	s := newShell(t)
	ann := []string{"--profile", "ann", "--server", url, "--user", "ann", "--password-file", s.pw}
	ben := []string{"--profile", "ben", "--server", url, "--user", "ben", "--password-file", s.pw}
	folder := t.TempDir()
	write := func(name string, b []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 7, 5))); err != nil {
		t.Fatal(err)
	}
	plain := bytes.Repeat([]byte("plain "), 100_000)
	sent := func(flag, path string) im.Payload {
		t.Helper()
		var m im.Message
		if err := json.Unmarshal([]byte(s.ok("", append([]string{"send", "--to", "ben", flag, path}, ann...)...)), &m); err != nil {
			t.Fatal(err)
		}
		return m.Payload
	}
	if p := sent("--file", write("喜鹊: a.txt", plain)).(im.FilePayload); p.FileName != "喜鹊_ a.txt" || p.FileSize != int64(len(plain)) {
		t.Errorf("file %+v", p)
	}
	if p := sent("--image", write("a.jpg", picture.Bytes())).(im.ImagePayload); p.ImageFormat != im.ImagePNG || p.ImageInfoArray[0].Width != 7 || p.ImageInfoArray[0].Height != 5 {
		t.Errorf("picture %+v", p)
	}
	// Names say nothing: these are known by their content.
	note, err := os.ReadFile(sample("sp5_he.m4a"))
	if err != nil {
		t.Fatal(err)
	}
	film, err := os.ReadFile(sample("f_h264.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	if p := sent("--voice", write("v.wav", note)).(im.AudioPayload); p.Format != "m4a" || p.Second != 6 || len(p.Peaks) != im.MaxPeaks {
		t.Errorf("voice note %+v", p)
	}
	if p := sent("--video", write("v.jpg", film)).(im.VideoPayload); p.VideoFormat != "mp4" || p.VideoSize != int64(len(film)) || p.ThumbURL == "" || p.ThumbWidth != 640 || len(p.Preview) == 0 {
		t.Errorf("film %+v", p)
	}
	for what, args := range map[string][]string{
		"two": {"--file", folder + "/v.jpg", "--image", folder + "/a.jpg"}, "a text besides": {"--file", folder + "/v.jpg", "text"},
	} {
		if o := s.run("", append(append([]string{"send", "--to", "ben"}, args...), ann...)...); o.code != cli.ExitUsage {
			t.Errorf("%s: exit %d, %s", what, o.code, o.err)
		}
	}
	for what, path := range map[string]string{"nothing there": folder + "/none", "empty": write("empty", nil), "a folder": folder, "a device": os.DevNull, "a name of 4 KB": strings.Repeat("x", 4096)} {
		if o := s.run("", append([]string{"send", "--to", "ben", "--file", path}, ann...)...); o.code != cli.ExitFailed {
			t.Errorf("%s: exit %d, %s", what, o.code, o.err)
		}
	}
	for flag, says := range map[string]string{"--image": "2252", "--video": "2352", "--voice": "2105"} {
		path := folder + "/a.jpg"
		if flag == "--image" {
			path = folder + "/v.jpg"
		}
		if o := s.run("", append([]string{"send", "--to", "ben", flag, path}, ann...)...); o.code != cli.ExitFailed || !strings.Contains(o.err, says) {
			t.Errorf("%s of something else: exit %d, %s", flag, o.code, o.err)
		}
	}

	out := filepath.Join(t.TempDir(), "saved")
	other := filepath.Join(out, "1-喜鹊_ a.txt")
	if err := os.MkdirAll(out, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(other, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time nothing is written
		s.ok("", append([]string{"history", "ann", "--save-media", out}, ben...)...)
	}
	want := map[string]string{
		"1-喜鹊_ a.txt": "mine", "1-喜鹊_ a-2.txt": string(plain), "2-image.png": picture.String(), "3-voice.m4a": string(note), "4-video.mp4": string(film),
	}
	entries, err := os.ReadDir(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(out, e.Name()))
		if err != nil || want[e.Name()] != string(b) {
			t.Errorf("%s has %d bytes, %v", e.Name(), len(b), err)
		}
		delete(want, e.Name())
	}
	if len(want) > 0 {
		t.Errorf("not saved: %d files", len(want))
	}
	// What cannot be shown goes as a file, which is said.
	o := s.run("", append([]string{"send", "--to", "ben", "--video", sample("f_vp9.webm")}, ann...)...)
	if o.code != cli.ExitOK || !strings.Contains(o.out, `"f_vp9.webm"`) || !strings.Contains(o.err, "as a file") {
		t.Errorf("WebM: exit %d, %s%s", o.code, o.out, o.err)
	}
	// Without a connection: what was fetched is here, what was not is said.
	s.ok("", "history", "ann", "--offline", "--profile", "ben", "--save-media", filepath.Join(t.TempDir(), "again"))
}

func TestSavedNamesAreSafe(t *testing.T) {
	for in, want := range map[string]string{
		"a.txt": "a.txt", "../../x": "_.._x", "..": "file", "": "file", "   ": "file", "C:\\x\\y.exe": "C__x_y.exe", "a\x00b\n.txt": "ab.txt",
		"photo\u202egpj.exe": "photogpj.exe", ".hidden": "hidden", "a.": "a", "喜鹊.png": "喜鹊.png", "\xff\xfe.bin": "bin", "a/b.c/d": "a_b.c_d",
	} {
		if got := cli.SafeName(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	long := cli.SafeName(strings.Repeat("喜", 2000) + ".tar.gz")
	if len(long) > 100 || !strings.HasSuffix(long, ".gz") {
		t.Errorf("a long name becomes %q", long)
	}
}

func FuzzSavedNames(f *testing.F) {
	for _, s := range []string{"a.txt", "../../x", "\u202e.\u2066", strings.Repeat("x.", 300), ".\x00./"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := cli.SafeName(s)
		if got == "" || len(got) > 100 || got != filepath.Base(got) || got == "." || got == ".." || strings.ContainsAny(got, `/\:`) {
			t.Errorf("%q becomes %q", s, got)
		}
		if strings.ContainsFunc(got, unicode.IsControl) {
			t.Errorf("%q becomes %q", s, got)
		}
	})
}
