package sandbox_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"math"
	"testing"
	"time"

	"magpie/media/sandbox"
)

// Every file of testdata is handled as its name says.
func TestFiles(t *testing.T) {
	const mp4 = "mov,mp4,m4a,3gp,3g2,mj2"
	none := sandbox.ErrUnsupported
	for _, test := range []struct {
		name                string
		info                sandbox.Info
		probe, still, sound error
	}{
		{"f_h264.mp4", sandbox.Info{Format: mp4, VideoCodec: "h264", AudioCodec: "aac", Width: 640, Height: 360, PixelShape: 1, Duration: 500 * time.Millisecond, SampleRate: 44100, Channels: 1}, nil, nil, nil},
		{"f_vp9.webm", sandbox.Info{Format: "matroska,webm", VideoCodec: "vp9", Width: 640, Height: 360, PixelShape: 1, Duration: 500 * time.Millisecond}, nil, nil, none},
		{"v_vp8.webm", sandbox.Info{Format: "matroska,webm", VideoCodec: "vp8", Width: 640, Height: 360, PixelShape: 1, Duration: 5 * time.Second}, nil, nil, none},
		{"v_av1.mp4", sandbox.Info{Format: mp4, VideoCodec: "av1", Width: 640, Height: 360, PixelShape: 1, Duration: 2 * time.Second}, nil, nil, none},
		{"sp5.aac", sandbox.Info{Format: "aac", AudioCodec: "aac", Duration: 217 * 1024 * time.Second / 44100, SampleRate: 44100, Channels: 1}, nil, none, nil},
		{"sp5_he.aac", sandbox.Info{Format: "aac", AudioCodec: "aac", Duration: 111 * 2048 * time.Second / 44100, SampleRate: 44100, Channels: 2}, nil, none, nil},
		{"sp5_he.m4a", sandbox.Info{Format: mp4, AudioCodec: "aac", Duration: 111 * 2048 * time.Second / 44100, SampleRate: 44100, Channels: 1}, nil, none, nil},
		{"bomb.png", sandbox.Info{}, none, none, none},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, file := context.Background(), bytes.NewReader(load(t, test.name))
			info, err := ffmpeg.Probe(ctx, file)
			if !errors.Is(err, test.probe) {
				t.Errorf("probe: error %v, want %v", err, test.probe)
			}
			// The last digits are lost in microseconds and in the file's own units.
			if off := info.Duration - test.info.Duration; off.Abs() > 50*time.Microsecond {
				t.Errorf("probe: %v long, want %v", info.Duration, test.info.Duration)
			}
			info.Duration = test.info.Duration
			if info != test.info {
				t.Errorf("probe: %+v, want %+v", info, test.info)
			}

			picture, info, err := ffmpeg.Still(ctx, file, 320)
			if !errors.Is(err, test.still) || (picture != nil) != (test.still == nil) {
				t.Errorf("still: error %v, picture %v, want %v", err, picture != nil, test.still)
			}
			if info.Width != test.info.Width || info.Height != test.info.Height {
				t.Errorf("still: a video of %d × %d, want %d × %d", info.Width, info.Height, test.info.Width, test.info.Height)
			}
			if picture != nil {
				if picture.Rect != image.Rect(0, 0, 320, 180) {
					t.Errorf("still: %v", picture.Rect)
				}
				stripes(t, picture)
			}

			sound, pcm, err := decoded(t, ffmpeg, load(t, test.name))
			if !errors.Is(err, test.sound) {
				t.Errorf("sound: error %v, want %v", err, test.sound)
			}
			if test.sound == nil {
				length := time.Duration(len(pcm)) * time.Second / time.Duration(2*sound.Channels*sound.Rate)
				if off := length - test.info.Duration; off.Abs() > 100*time.Millisecond {
					t.Errorf("sound: %v of it, want %v", length, test.info.Duration)
				}
			}
		})
	}
}

// stripes checks the test picture that all of the videos begin with: six upright
// stripes in the colours of television.
func stripes(t *testing.T, picture *image.RGBA) {
	t.Helper()
	size := picture.Rect.Size()
	for i, want := range []color.RGBA{
		{255, 0, 0, 255}, {0, 255, 0, 255}, {255, 255, 0, 255}, {0, 0, 255, 255}, {255, 0, 255, 255}, {0, 255, 255, 255},
	} {
		near(t, picture, size.X*(2*i+1)/12, size.Y*17/18, want)
	}
}

// near checks one pixel, allowing for what coding changes.
func near(t *testing.T, picture *image.RGBA, x, y int, want color.RGBA) {
	t.Helper()
	got := picture.RGBAAt(x, y)
	off := func(a, b uint8) bool { return max(a, b)-min(a, b) > 8 }
	if off(got.R, want.R) || off(got.G, want.G) || off(got.B, want.B) || got.A != want.A {
		t.Errorf("the colour at %d,%d is %v, want %v", x, y, got, want)
	}
}

// The two codings of HE-AAC hold the same speech as the AAC-LC file: what is loud
// in one is loud in the others.
func TestSpeechIsTheSame(t *testing.T) {
	sound, pcm, err := decoded(t, ffmpeg, load(t, "sp5.aac"))
	if err != nil {
		t.Fatal(err)
	}
	want := loudness(sound, pcm)
	for _, name := range []string{"sp5_he.aac", "sp5_he.m4a"} {
		sound, pcm, err := decoded(t, ffmpeg, load(t, name))
		if err != nil {
			t.Fatal(err)
		}
		if sound.Rate != 44100 {
			t.Errorf("%s: %d Hz", name, sound.Rate)
		}
		got := loudness(sound, pcm)
		best := -1.0
		for shift := range 12 { // the coders' delays differ
			best = max(best, correlation(want, got[shift:]))
		}
		if best < 0.98 {
			t.Errorf("%s: its loudness goes with that of sp5.aac by %.3f only", name, best)
		}
	}
}

// loudness returns the level of each 10 ms of the first channel.
func loudness(sound *sandbox.Sound, pcm []byte) []float64 {
	var all []float64
	frame, step := 2*sound.Channels, sound.Rate/100
	for ; len(pcm) >= step*frame; pcm = pcm[step*frame:] {
		sum := 0.0
		for i := range step {
			v := float64(int16(binary.LittleEndian.Uint16(pcm[i*frame:])))
			sum += v * v
		}
		all = append(all, math.Sqrt(sum/float64(step)))
	}
	return all
}

// correlation of the beginnings of a and b, from -1 to 1.
func correlation(a, b []float64) float64 {
	n := min(len(a), len(b))
	var sa, sb, saa, sbb, sab float64
	for i := range n {
		sa, sb = sa+a[i], sb+b[i]
		saa, sbb, sab = saa+a[i]*a[i], sbb+b[i]*b[i], sab+a[i]*b[i]
	}
	f := float64(n)
	return (f*sab - sa*sb) / math.Sqrt((f*saa-sa*sa)*(f*sbb-sb*sb))
}

// Sound that needs no decoding comes out as it went in.
func TestSoundIsExact(t *testing.T) {
	for _, test := range []struct{ rate, channels int }{{8000, 1}, {44100, 1}, {48000, 2}, {96000, 2}} {
		want := make([]byte, 2*test.channels*5000)
		for i := range want {
			want[i] = byte(i * i >> 3)
		}
		sound, pcm, err := decoded(t, ffmpeg, wav(test.rate, test.channels, want))
		if err != nil {
			t.Errorf("%+v: %v", test, err)
			continue
		}
		if sound.Rate != test.rate || sound.Channels != test.channels || !bytes.Equal(pcm, want) {
			t.Errorf("%+v: got %d Hz, %d channels, %d bytes of %d, the same: %t",
				test, sound.Rate, sound.Channels, len(pcm), len(want), bytes.Equal(pcm, want))
		}
	}
}

func TestManyChannelsBecomeTwo(t *testing.T) {
	sound, pcm, err := decoded(t, ffmpeg, wav(48000, 6, make([]byte, 2*6*4800)))
	if err != nil {
		t.Fatal(err)
	}
	if sound.Channels != 2 || len(pcm) != 2*2*4800 {
		t.Errorf("%d channels, %d bytes", sound.Channels, len(pcm))
	}
}

// wav returns 16-bit samples as a file.
func wav(rate, channels int, samples []byte) []byte {
	le := binary.LittleEndian
	f := append([]byte("RIFF"), le.AppendUint32(nil, uint32(36+len(samples)))...)
	f = append(f, "WAVEfmt "...)
	f = le.AppendUint32(f, 16)
	f = le.AppendUint16(f, 1)
	f = le.AppendUint16(f, uint16(channels))
	f = le.AppendUint32(f, uint32(rate))
	f = le.AppendUint32(f, uint32(2*channels*rate))
	f = le.AppendUint16(f, uint16(2*channels))
	f = le.AppendUint16(f, 16)
	f = append(f, "data"...)
	f = le.AppendUint32(f, uint32(len(samples)))
	return append(f, samples...)
}
