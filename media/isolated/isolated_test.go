package isolated_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"magpie/im"
	"magpie/internal/testcache"
	"magpie/media/isolated"
	"magpie/media/probe"
	"magpie/media/sandbox"
)

func decoder(t *testing.T) isolated.Decoder {
	t.Helper()
	s := sandbox.New(sandbox.Options{CacheDir: testcache.Dir("sandbox"), Deadline: time.Minute}) // the machine may be busy
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return isolated.New(s)
}

func file(t *testing.T, name string) *bytes.Reader {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "sandbox", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b)
}

// Every kind of file that only the sandbox reads is described, heard and seen
// through it.
func TestWhatOnlyTheSandboxReads(t *testing.T) {
	d := decoder(t)
	for name, want := range map[string]probe.Info{
		"f_vp9.webm": {Kind: "video", Codec: "vp9", Width: 640, Height: 360, Seconds: 0.5},
		"v_vp8.webm": {Kind: "video", Codec: "vp8", Width: 640, Height: 360, Seconds: 5},
		"f_h264.mp4": {Kind: "video", Codec: "h264", Width: 640, Height: 360, Seconds: 0.5},
		"v_av1.mp4":  {Kind: "video", Codec: "av1", Width: 640, Height: 360, Seconds: 2},
	} {
		got, err := probe.Probe(t.Context(), file(t, name), d)
		if err != nil || got.Kind != want.Kind || got.Codec != want.Codec || got.Width != want.Width || got.Height != want.Height || math.Abs(got.Seconds-want.Seconds) > 0.1 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for _, name := range []string{"sp5_he.m4a", "sp5_he.aac", "sp5.aac"} {
		p, err := probe.Audio(t.Context(), file(t, name), d)
		if err != nil || p.Second < 5 || p.Second > 6 || len(p.Peaks) != im.MaxPeaks {
			t.Errorf("%s: %d s, %d peaks, %v", name, p.Second, len(p.Peaks), err)
		}
	}
	for name, still := range map[string]bool{"f_h264.mp4": true, "v_av1.mp4": true} {
		p, thumbs, err := probe.Video(t.Context(), file(t, name), d)
		if err != nil || (thumbs.Small.JPEG != nil) != still || (len(p.Preview) > 0) != still || p.ThumbWidth != 640 || p.ThumbHeight != 360 {
			t.Errorf("%s: %d x %d, preview of %d bytes, %v", name, p.ThumbWidth, p.ThumbHeight, len(p.Preview), err)
		}
	}
	if _, err := probe.Audio(t.Context(), file(t, "v_av1.mp4"), d); im.CodeOf(err) != im.CodeInvalidMessage {
		t.Errorf("a film as voice note: %v", err)
	}
}

// Every format that phones and computers send is known by its bytes, and has a
// length.
func TestFormats(t *testing.T) {
	d := decoder(t)
	for name, want := range map[string]probe.Kind{
		"3gp.3gp": "video", "hevc.mp4": "video", "mjpeg.mov": "video", "mpeg4.avi": "video", "flv.flv": "video", "wmv.wmv": "video",
		"ts.ts": "video", "mpg.mpg": "video", "ogv.ogv": "video",
		"adpcm.wav": "audio", "mulaw.wav": "audio", "alac.m4a": "audio", "amr.amr": "audio", "wb.amr": "audio", "flac.flac": "audio",
		"mp3.mp3": "audio", "opus.ogg": "audio", "opus.webm": "audio", "vorbis.ogg": "audio", "wma.wma": "audio",
	} {
		f := file(t, filepath.Join("formats", name))
		info, err := probe.Probe(t.Context(), f, d)
		if err != nil || info.Kind != want || info.Codec == "" || info.Seconds <= 0 || !info.Isolated || (info.Width > 0) != (want == "video") {
			t.Errorf("%s: %+v, %v", name, info, err)
		}
		if want != "audio" {
			continue
		}
		if p, err := probe.Audio(t.Context(), f, d); err != nil || p.Second < 1 || len(p.Peaks) == 0 {
			t.Errorf("%s as voice note: %+v, %v", name, p, err)
		}
	}
}
