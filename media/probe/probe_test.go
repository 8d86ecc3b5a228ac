package probe_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"magpie/im"
	"magpie/media/internal/memtest"
	"magpie/media/probe"
	"magpie/media/voice"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "sandbox", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func drawn(t testing.TB, w, h int, encode func(io.Writer, image.Image) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(w io.Writer, img image.Image) error { return jpeg.Encode(w, img, nil) }

// isolated stands for the isolated decoder: it knows one film and one sound.
type isolated struct {
	stream probe.Stream
	pcm    []byte
	err    error
	asked  int
}

func (i *isolated) Probe(context.Context, voice.File) (probe.Stream, error) {
	i.asked++
	return i.stream, i.err
}

func (i *isolated) Still(_ context.Context, _ voice.File, maxSide int) (image.Image, error) {
	i.asked++
	img := image.NewRGBA(image.Rect(0, 0, maxSide, maxSide/2))
	for x := range maxSide {
		img.Set(x, 0, color.White)
	}
	return img, i.err
}

func (i *isolated) Picture(ctx context.Context, f voice.File, maxSide int) (image.Image, error) {
	return i.Still(ctx, f, maxSide)
}

func (i *isolated) PCM(context.Context, voice.File) (io.ReadCloser, int, int, error) {
	i.asked++
	return io.NopCloser(bytes.NewReader(i.pcm)), 8000, 1, i.err
}

func TestKinds(t *testing.T) {
	mp3 := bytes.Repeat(append([]byte{0xff, 0xfb, 0x90, 0x64}, make([]byte, 413)...), 3)
	for name, c := range map[string]struct {
		b    []byte
		want probe.Info
	}{
		"a film":               {read(t, "f_h264.mp4"), probe.Info{Kind: "video", Codec: "h264", Format: "mp4", Width: 640, Height: 360, Seconds: 0.5, Isolated: true}},
		"a film of AV1":        {read(t, "v_av1.mp4"), probe.Info{Kind: "video", Codec: "av1", Format: "mp4", Width: 640, Height: 360, Seconds: 2, Isolated: true}},
		"WebM":                 {read(t, "f_vp9.webm"), probe.Info{Kind: "video", Format: "matroska", Isolated: true}},
		"ADTS":                 {read(t, "sp5.aac"), probe.Info{Kind: "audio", Codec: "aac", Format: "adts", Seconds: 5.016}},
		"HE-AAC in M4A":        {read(t, "sp5_he.m4a"), probe.Info{Kind: "audio", Codec: "aac", Format: "m4a", Seconds: 5.155, Isolated: true}},
		"AVIF":                 {read(t, "i.avif"), probe.Info{Kind: "image", Codec: "avif", Format: "avif", Width: 1920, Height: 1080, Isolated: true}},
		"JPEG":                 {drawn(t, 20, 10, asJPEG), probe.Info{Kind: "image", Codec: "jpeg", Format: "jpeg", Width: 20, Height: 10}},
		"40,000 x 40,000":      {read(t, "bomb.png"), probe.Info{Kind: "image", Codec: "png", Format: "png", Width: 40000, Height: 40000}},
		"MP3":                  {mp3, probe.Info{Kind: "audio", Codec: "mp3", Format: "mp3", Isolated: true}},
		"MP3 with a tag":       {append([]byte("ID3\x04\x00\x00\x00\x00\x00\x00"), mp3...), probe.Info{Kind: "audio", Codec: "mp3", Format: "mp3", Isolated: true}},
		"AMR":                  {[]byte("#!AMR\n<12345"), probe.Info{Kind: "audio", Codec: "amr_nb", Format: "amr", Isolated: true}},
		"Opus":                 {[]byte("OggS\x00\x02\x00\x00\x00\x00OpusHead"), probe.Info{Kind: "audio", Codec: "opus", Format: "ogg", Isolated: true}},
		"empty":                {nil, probe.Info{Kind: "file"}},
		"one byte":             {[]byte{0}, probe.Info{Kind: "file"}},
		"text":                 {[]byte("GIF is how this text begins"), probe.Info{Kind: "file"}},
		"only the magic":       {[]byte("\x89PNG\r\n\x1a\n"), probe.Info{Kind: "file"}},
		"a film cut off":       {read(t, "f_h264.mp4")[:600], probe.Info{Kind: "file"}},
		"one frame like MP3":   {mp3[:417], probe.Info{Kind: "file"}},
		"a WAV without sound":  {[]byte("RIFF\x04\x00\x00\x00WAVE"), probe.Info{Kind: "file"}},
		"2 GiB in its first 8": {append([]byte("\x7f\xff\xff\xffmoov"), make([]byte, 100)...), probe.Info{Kind: "file"}},
	} {
		c.want.Bytes = int64(len(c.b))
		got, err := probe.Probe(t.Context(), bytes.NewReader(c.b), nil)
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, %v\nwant %+v", name, got, err, c.want)
		}
	}
}

// What cannot be read here is asked of the isolated decoder, and only that.
func TestIsolatedTellsMore(t *testing.T) {
	film := probe.Stream{VideoCodec: "vp9", Width: 640, Height: 360, Rotation: 90, Duration: 500 * time.Millisecond}
	iso := &isolated{stream: film}
	webm := read(t, "f_vp9.webm")
	got, err := probe.Probe(t.Context(), bytes.NewReader(webm), iso)
	want := probe.Info{Kind: "video", Codec: "vp9", Format: "matroska", Width: 640, Height: 360, Rotation: 90, Seconds: 0.5, Bytes: int64(len(webm)), Isolated: true}
	if err != nil || got != want {
		t.Errorf("%+v, %v\nwant %+v", got, err, want)
	}
	if w, h := got.Shown(); w != 360 || h != 640 {
		t.Errorf("shown as %d x %d", w, h)
	}
	iso.stream = probe.Stream{AudioCodec: "opus", Duration: time.Second}
	if got, err := probe.Probe(t.Context(), bytes.NewReader(webm), iso); err != nil || got.Kind != "audio" || got.Codec != "opus" {
		t.Errorf("WebM of sound alone: %+v, %v", got, err)
	}
	iso.err = errors.New("damaged")
	if got, err := probe.Probe(t.Context(), bytes.NewReader(webm), iso); err != nil || got.Kind != "video" || got.Codec != "" {
		t.Errorf("a damaged film: %+v, %v", got, err)
	}
	iso.asked = 0
	for _, name := range []string{"f_h264.mp4", "sp5.aac", "i.avif", "bomb.png"} {
		if _, err := probe.Probe(t.Context(), bytes.NewReader(read(t, name)), iso); err != nil {
			t.Error(err)
		}
	}
	if iso.asked > 0 {
		t.Errorf("asked %d times about what is known", iso.asked)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := probe.Probe(ctx, bytes.NewReader(webm), iso); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want %v", err, context.Canceled)
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for path, want := range map[string]im.Code{
		filepath.Join(dir, "missing"): im.CodeFileMissing,
		dir:                           im.CodeNotAFile,
		write("empty", nil):           im.CodeFileEmpty,
	} {
		if _, err := probe.Open(path); im.CodeOf(err) != want {
			t.Errorf("%s: %v, want code %d", path, err, want)
		}
	}
	// A name says nothing: this sound is called a picture.
	f, err := probe.Open(write("sound.png", read(t, "sp5.aac")))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if info, err := probe.Probe(t.Context(), f, nil); err != nil || info.Kind != probe.KindAudio {
		t.Errorf("%+v, %v", info, err)
	}
}

// huge is a file of any size that begins with b.
type huge struct {
	b    []byte
	size int64
}

func (h huge) Size() int64 { return h.size }
func (h huge) ReadAt(p []byte, at int64) (int, error) {
	clear(p)
	if at < int64(len(h.b)) {
		copy(p, h.b[at:])
	}
	return len(p), nil
}

func TestLimits(t *testing.T) {
	text := []byte("just a text")
	pic := func(f voice.File) error { _, _, err := probe.Image(t.Context(), f, nil); return err }
	audio := func(f voice.File) error { _, err := probe.Audio(t.Context(), f, nil); return err }
	video := func(f voice.File) error { _, _, err := probe.Video(t.Context(), f, nil); return err }
	file := func(f voice.File) error { _, err := probe.FileOf("a", f.Size()); return err }
	cut := drawn(t, 300, 300, png.Encode)
	for name, c := range map[string]struct {
		do   func(voice.File) error
		f    voice.File
		want im.Code
	}{
		"an empty picture":    {pic, huge{nil, 0}, im.CodeFileEmpty},
		"a text as picture":   {pic, bytes.NewReader(text), im.CodeImageFormat},
		"a bomb":              {pic, bytes.NewReader(read(t, "bomb.png")), im.CodeImageFormat},
		"half a picture":      {pic, bytes.NewReader(cut[:len(cut)/2]), im.CodeImageFormat},
		"a picture of 20 MB+": {pic, huge{nil, im.MaxImageBytes + 1}, im.CodeImageTooLarge},
		"an empty note":       {audio, huge{nil, 0}, im.CodeFileEmpty},
		"a text as note":      {audio, bytes.NewReader(text), im.CodeInvalidMessage},
		"a note of 20 MB+":    {audio, huge{nil, im.MaxAudioBytes + 1}, im.CodeAudioTooLarge},
		"11 minutes":          {audio, wave(660), im.CodeAudioTooLarge},
		"10 minutes":          {audio, wave(600), 0},
		"an empty film":       {video, huge{nil, 0}, im.CodeFileEmpty},
		"WebM as film":        {video, bytes.NewReader(read(t, "f_vp9.webm")), im.CodeVideoFormat},
		"a sound as film":     {video, bytes.NewReader(read(t, "sp5_he.m4a")), im.CodeVideoFormat},
		"a film of 100 MB+":   {video, huge{nil, im.MaxVideoBytes + 1}, im.CodeVideoTooLarge},
		"an empty file":       {file, huge{nil, 0}, im.CodeFileEmpty},
		"a file of 100 MB+":   {file, huge{nil, im.MaxFileBytes + 1}, im.CodeFileTooLarge},
		"a file of 100 MB":    {file, huge{nil, im.MaxFileBytes}, 0},
	} {
		if err := c.do(c.f); im.CodeOf(err) != c.want || c.want == 0 && err != nil {
			t.Errorf("%s: %v, want code %d", name, err, c.want)
		}
	}
}

// wave is silence of some seconds, 8 kHz.
func wave(seconds uint32) huge {
	size := seconds * 16000
	le := func(v uint32) string { return string([]byte{byte(v), byte(v >> 8), byte(v >> 16), byte(v >> 24)}) }
	return huge{[]byte("RIFF" + le(size+36) + "WAVEfmt " + le(16) + "\x01\x00\x01\x00" + le(8000) + le(16000) + "\x02\x00\x10\x00data" + le(size)), int64(size) + 44}
}

func TestImagePayload(t *testing.T) {
	b := drawn(t, 1600, 1200, asJPEG)
	p, thumbs, err := probe.Image(t.Context(), bytes.NewReader(b), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []im.ImageInfo{
		{SizeType: im.ImageThumbnail, Size: int64(len(thumbs.Small.JPEG)), Width: 264, Height: 198},
		{SizeType: im.ImageLarge, Size: int64(len(thumbs.Large.JPEG)), Width: 960, Height: 720},
		{SizeType: im.ImageOriginal, Size: int64(len(b)), Width: 1600, Height: 1200},
	}
	if !slices.Equal(p.ImageInfoArray, want) || p.ImageFormat != im.ImageJPEG || len(p.Preview) == 0 {
		t.Errorf("%+v\nwant %+v", p, want)
	}
	for i := range p.ImageInfoArray {
		p.ImageInfoArray[i].ImageURL = "/blob"
	}
	if err := p.Validate(); err != nil {
		t.Error(err)
	}
	small := drawn(t, 100, 100, png.Encode)
	if p, _, err := probe.Image(t.Context(), bytes.NewReader(small), nil); err != nil || len(p.ImageInfoArray) != 1 || p.ImageFormat != im.ImagePNG {
		t.Errorf("a small one: %+v, %v", p, err)
	}
	p, thumbs, err = probe.Image(t.Context(), bytes.NewReader(read(t, "i.avif")), nil)
	if err != nil || len(p.ImageInfoArray) != 1 || p.ImageInfoArray[0].Width != 1920 || p.Preview != nil || thumbs.Small.JPEG != nil || p.ImageFormat != im.ImageUnknown {
		t.Errorf("AVIF: %+v, %v", p, err)
	}
	iso := &isolated{}
	p, thumbs, err = probe.Image(t.Context(), bytes.NewReader(read(t, "i.avif")), iso)
	if err != nil || len(p.ImageInfoArray) != 3 || len(p.Preview) == 0 || thumbs.Small.JPEG == nil || iso.asked != 1 {
		t.Errorf("AVIF with isolation: %+v, %v", p, err)
	}
	iso.err = errors.New("damaged")
	if p, _, err := probe.Image(t.Context(), bytes.NewReader(read(t, "i.avif")), iso); err != nil || len(p.ImageInfoArray) != 1 || p.Preview != nil {
		t.Errorf("AVIF that does not decode: %+v, %v", p, err)
	}
}

func TestAudioPayload(t *testing.T) {
	b := read(t, "sp5.aac")
	p, err := probe.Audio(t.Context(), bytes.NewReader(b), nil)
	if err != nil {
		t.Fatal(err)
	}
	if p.Second != 6 || p.Size != int64(len(b)) || p.Format != "adts" || len(p.Peaks) != im.MaxPeaks || slices.Max(p.Peaks) < 50 {
		t.Errorf("%+v", p)
	}
	if p.URL = "/blob"; p.Validate() != nil {
		t.Error(p.Validate())
	}
	he := read(t, "sp5_he.m4a")
	if _, err := probe.Audio(t.Context(), bytes.NewReader(he), nil); !errors.Is(err, voice.ErrNeedsIsolation) {
		t.Errorf("HE-AAC without isolation: %v", err)
	}
	iso := &isolated{pcm: make([]byte, 2*8000*3)}
	if p, err := probe.Audio(t.Context(), bytes.NewReader(he), iso); err != nil || p.Second != 3 || len(p.Peaks) != im.MaxPeaks {
		t.Errorf("HE-AAC: %+v, %v", p, err)
	}
	iso.err = errors.New("damaged")
	if _, err := probe.Audio(t.Context(), bytes.NewReader(he), iso); im.CodeOf(err) != im.CodeInvalidMessage {
		t.Errorf("a damaged one: %v", err)
	}
}

func TestVideoPayload(t *testing.T) {
	b := read(t, "f_h264.mp4")
	without := im.VideoPayload{VideoFormat: "mp4", VideoSecond: 1, VideoSize: int64(len(b)), ThumbWidth: 640, ThumbHeight: 360}
	same := func(a, b im.VideoPayload) bool {
		return a.VideoFormat == b.VideoFormat && a.VideoSecond == b.VideoSecond && a.VideoSize == b.VideoSize &&
			a.ThumbWidth == b.ThumbWidth && a.ThumbHeight == b.ThumbHeight && a.ThumbFormat == b.ThumbFormat && a.Preview == nil
	}
	p, thumbs, err := probe.Video(t.Context(), bytes.NewReader(b), nil)
	if err != nil || !same(p, without) || thumbs.Large.JPEG != nil {
		t.Errorf("%+v, %v", p, err)
	}
	iso := &isolated{}
	p, thumbs, err = probe.Video(t.Context(), bytes.NewReader(b), iso)
	if err != nil || p.ThumbWidth != 1440 || p.ThumbHeight != 720 || p.ThumbSize != int64(len(thumbs.Large.JPEG)) || p.ThumbFormat != "jpeg" || len(p.Preview) == 0 {
		t.Errorf("%+v, %v", p, err)
	}
	if p.VideoURL = "/blob"; p.Validate() != nil {
		t.Error(p.Validate())
	}
	iso.err = errors.New("no decoder")
	if p, thumbs, err = probe.Video(t.Context(), bytes.NewReader(b), iso); err != nil || !same(p, without) || thumbs.Large.JPEG != nil {
		t.Errorf("a film without a still: %+v, %v", p, err)
	}
}

func TestName(t *testing.T) {
	long := strings.Repeat("长", 2000)
	for path, want := range map[string]string{
		"/home/ann/report.pdf": "report.pdf",
		`C:\Users\ann\a.txt`:   "a.txt",
		"../../x":              "x",
		"..":                   "file",
		"":                     "file",
		"a/":                   "file",
		".":                    "file",
		"   ":                  "file",
		"a\x00b\nc":            "a_b_c",
		"\xff\xfe":             "file",
		"evil\u202egnp.exe":    "evil_gnp.exe",
		"what?.txt":            "what_.txt",
		"dots...":              "dots",
		".hidden":              ".hidden",
		"设计 Design.key":        "设计 Design.key",
		long + ".tar.gz":       strings.Repeat("长", 84) + ".gz",
		long:                   strings.Repeat("长", 85),
	} {
		if got := probe.Name(path); got != want {
			t.Errorf("%.40q is called %q, want %q", path, got, want)
		}
	}
}

func FuzzName(f *testing.F) {
	f.Add("../../x")
	f.Add(`a\b:c` + strings.Repeat("é", 300) + ".\xff")
	f.Fuzz(func(t *testing.T, path string) {
		got := probe.Name(path)
		if got == "" || len(got) > 255 || !utf8.ValidString(got) || strings.ContainsAny(got, "/\\\x00") || !filepath.IsLocal(got) || filepath.Base(got) != got {
			t.Errorf("%q is called %q", path, got)
		}
		if again := probe.Name(got); again != got {
			t.Errorf("%q is called %q, and that %q", path, got, again)
		}
	})
}

func FuzzProbe(f *testing.F) {
	f.Add(read(f, "f_h264.mp4")[:4000])
	f.Add(read(f, "sp5_he.m4a")[:2000])
	f.Add(read(f, "sp5.aac")[:1000])
	f.Add([]byte("OggS\x00\x02\x00\x00\x00\x00OpusHead"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<20 {
			return
		}
		memtest.Within(t, 48<<20, func() {
			info, err := probe.Probe(t.Context(), bytes.NewReader(b), nil)
			if err != nil || info.Seconds < 0 || math.IsNaN(info.Seconds) || math.IsInf(info.Seconds, 0) || info.Width < 0 || info.Height < 0 || info.Bytes != int64(len(b)) {
				t.Errorf("%+v, %v", info, err)
			}
		})
	})
}
