package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"magpie/media/sandbox"
)

const speech, picture = 1500 * time.Millisecond, 500 * time.Millisecond

type format struct {
	name         string // in testdata/formats
	video, audio string
	length       time.Duration
}

// What phones and computers of other makes send, also years ago.
var formats = []format{
	{"amr.amr", "", "amr_nb", speech},
	{"wb.amr", "", "amr_wb", speech},
	{"mp3.mp3", "", "mp3", speech},
	{"opus.ogg", "", "opus", speech},
	{"opus.webm", "", "opus", speech},
	{"vorbis.ogg", "", "vorbis", speech},
	{"flac.flac", "", "flac", speech},
	{"alac.m4a", "", "alac", speech},
	{"wma.wma", "", "wmav2", speech},
	{"adpcm.wav", "", "adpcm_ima_wav", speech},
	{"mulaw.wav", "", "pcm_mulaw", speech},
	{"hevc.mp4", "hevc", "", picture},
	{"mjpeg.mov", "mjpeg", "", picture},
	{"mpeg4.avi", "mpeg4", "mp3", picture},
	{"msmpeg4.avi", "msmpeg4v3", "", picture},
	{"wmv.wmv", "wmv2", "wmav2", picture},
	{"ogv.ogv", "theora", "", picture},
	{"flv.flv", "flv1", "", picture},
	{"mpg.mpg", "mpeg2video", "mp2", picture},
	{"ts.ts", "h264", "aac", picture},
	{"3gp.3gp", "h263", "amr_nb", speech},
}

// Each is probed, and gives a still and sound as far as it has a picture and sound.
func TestFormats(t *testing.T) {
	for _, test := range formats {
		t.Run(test.name, func(t *testing.T) {
			content := load(t, "formats/"+test.name)
			info, err := ffmpeg.Probe(context.Background(), bytes.NewReader(content))
			if err != nil {
				t.Fatal(err)
			}
			if info.VideoCodec != test.video || info.AudioCodec != test.audio {
				t.Errorf("video %q, audio %q", info.VideoCodec, info.AudioCodec)
			}
			if off := info.Duration - test.length; off.Abs() > 110*time.Millisecond {
				t.Errorf("%v long, want %v", info.Duration, test.length)
			}
			still, _, err := ffmpeg.Still(context.Background(), bytes.NewReader(content), 320)
			if test.video == "" {
				if !errors.Is(err, sandbox.ErrUnsupported) {
					t.Errorf("still: %v", err)
				}
			} else if err != nil {
				t.Errorf("still: %v", err)
			} else {
				stripes(t, still)
			}
			sound, pcm, err := decoded(t, ffmpeg, content)
			if test.audio == "" {
				if !errors.Is(err, sandbox.ErrUnsupported) {
					t.Errorf("sound: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatalf("sound: %v", err)
			}
			got := time.Duration(len(pcm)) * time.Second / time.Duration(2*sound.Rate*sound.Channels)
			if off := got - test.length; off.Abs() > 110*time.Millisecond {
				t.Errorf("%v of sound, want %v", got, test.length)
			}
			if test.length == speech {
				isTheSpeech(t, sound, pcm)
			}
		})
	}
}

func TestAllFormatsAreTried(t *testing.T) {
	entries, err := os.ReadDir("testdata/formats")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !slices.ContainsFunc(formats, func(f format) bool { return f.name == entry.Name() }) {
			t.Errorf("%s is in no line of the table", entry.Name())
		}
	}
}

// isTheSpeech checks that it is loud when sp5.aac is, from half a second on.
func isTheSpeech(t *testing.T, sound *sandbox.Sound, pcm []byte) {
	t.Helper()
	original, whole, err := decoded(t, ffmpeg, load(t, "sp5.aac"))
	if err != nil {
		t.Fatal(err)
	}
	want := loudness(original, whole)[50:200]
	best := math.Inf(-1)
	for shift := range 12 {
		best = max(best, correlation(want, loudness(sound, pcm)[shift:]), correlation(want[shift:], loudness(sound, pcm)))
	}
	if best < 0.95 {
		t.Errorf("its loudness goes with that of the speech by %.3f only", best)
	}
}
