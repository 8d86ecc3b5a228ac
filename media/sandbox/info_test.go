package sandbox_test

import (
	"bufio"
	"image"
	"strings"
	"testing"
	"time"

	"magpie/media/sandbox"
)

func TestReadInfo(t *testing.T) {
	for _, test := range []struct {
		lines string
		want  sandbox.Info
		ok    bool
	}{
		{"\n", sandbox.Info{}, true},
		{"format mov,mp4\nvideo h264 1920 1080 90 4 3\naudio aac 44100 2\nduration 1500000\n\nrest",
			sandbox.Info{Format: "mov,mp4", VideoCodec: "h264", AudioCodec: "aac", Width: 1920, Height: 1080, Rotation: 90, PixelShape: 4.0 / 3, Duration: 1500 * time.Millisecond, SampleRate: 44100, Channels: 2}, true},
		{"video h264 1 1 314 1 1\n\n", sandbox.Info{VideoCodec: "h264", Width: 1, Height: 1, Rotation: 270, PixelShape: 1}, true},
		{"video h264 1 1 315 1 1\n\n", sandbox.Info{VideoCodec: "h264", Width: 1, Height: 1, PixelShape: 1}, true},
		{"video h264 1 1 0 1000000 1\n\n", sandbox.Info{VideoCodec: "h264", Width: 1, Height: 1, PixelShape: 16}, true},
		{"duration 9000000000000000\n\n", sandbox.Info{Duration: 1000 * time.Hour}, true},
		{"", sandbox.Info{}, false},
		{"format mov", sandbox.Info{}, false},
		{"format mov\n", sandbox.Info{}, false},
		{"format\n\n", sandbox.Info{}, false},
		{"format mov mp4\n\n", sandbox.Info{}, false},
		{"format \x1b[31m\n\n", sandbox.Info{}, false},
		{"duration -1\n\n", sandbox.Info{}, false},
		{"duration 9223372036854775807\n\n", sandbox.Info{}, false},
		{"video h264 65537 1 0 1 1\n\n", sandbox.Info{}, false},
		{"video h264 -5 1 0 1 1\n\n", sandbox.Info{}, false},
		{"video h264 1 1 0 0 1\n\n", sandbox.Info{}, false},
		{"video h264 1 1 0 1 0\n\n", sandbox.Info{}, false},
		{"video h264 1 1 0 1\n\n", sandbox.Info{}, false},
		{"audio aac 2000000 1\n\n", sandbox.Info{}, false},
		{"audio aac 8000 65\n\n", sandbox.Info{}, false},
		{"colour red\n\n", sandbox.Info{}, false},
		{strings.Repeat("format mov\n", 1000) + "\n", sandbox.Info{}, false},
		{"format " + strings.Repeat("m", 5000) + "\n\n", sandbox.Info{}, false},
	} {
		got, err := sandbox.ReadInfo(bufio.NewReader(strings.NewReader(test.lines)))
		if (err == nil) != test.ok || got != test.want || !aboutTheFile(err) {
			t.Errorf("%.50q: %+v, error %v", test.lines, got, err)
		}
	}
}

func TestShown(t *testing.T) {
	for _, test := range []struct {
		info sandbox.Info
		want image.Point
	}{
		{sandbox.Info{}, image.Point{}},
		{sandbox.Info{Width: 720, Height: 576, PixelShape: 16.0 / 15}, image.Pt(768, 576)},
		{sandbox.Info{Width: 1920, Height: 1080, PixelShape: 1, Rotation: 270}, image.Pt(1080, 1920)},
		{sandbox.Info{Width: 1, Height: 9, PixelShape: 1.0 / 16}, image.Pt(1, 9)},
	} {
		if got := test.info.Shown(); got != test.want {
			t.Errorf("%+v is shown as %v, want %v", test.info, got, test.want)
		}
	}
}

// What the guest writes is believed only within bounds.
func FuzzReadInfo(f *testing.F) {
	f.Add("format mov,mp4\nvideo h264 1920 1080 90 4 3\naudio aac 44100 2\nduration 1500000\n\n")
	f.Add("audio aac 44100 2\n\nsound 44100 2\n")
	f.Fuzz(func(t *testing.T, lines string) {
		info, err := sandbox.ReadInfo(bufio.NewReader(strings.NewReader(lines)))
		if !aboutTheFile(err) {
			t.Errorf("error %v", err)
		}
		if err != nil && info != (sandbox.Info{}) {
			t.Errorf("%+v beside the error %v", info, err)
		}
		if s := info.Shown(); s.X < 0 || s.Y < 0 || s.X > 16<<16 || s.Y > 16<<16 || info.Duration < 0 || info.SampleRate < 0 || info.Rotation%90 != 0 {
			t.Errorf("%+v is believed", info)
		}
	})
}
