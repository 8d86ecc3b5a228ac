package probe

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"strings"
	"time"

	"magpie/media/aac"
	"magpie/media/m4a"
	"magpie/media/picture"
	"magpie/media/voice"
	"magpie/media/wav"
)

// Kind of a file.
type Kind string

// Kinds.
const (
	KindImage Kind = "image"
	KindAudio Kind = "audio"
	KindVideo Kind = "video"
	KindFile  Kind = "file"
)

// Info is what is known of a file. What is not there or not known is zero.
type Info struct {
	Kind Kind `json:"kind"`
	// Codec of the picture, else of the sound, by its usual name: "jpeg", "h264",
	// "aac".
	Codec string `json:"codec"`
	// Width and Height in pixels as they are stored, Rotation by how many degrees
	// clockwise that is to be turned for showing: 0, 90, 180 or 270.
	Width    int     `json:"width"`
	Height   int     `json:"height"`
	Rotation int     `json:"rotation"`
	Seconds  float64 `json:"seconds"`
	Bytes    int64   `json:"bytes"`
	// Format is the container's: "jpeg", "mp4", "mov", "m4a", "adts", "wav", "ogg",
	// "matroska"…, "" of a file.
	Format string `json:"-"`
	// Isolated: only the isolated decoder can show or play it.
	Isolated bool `json:"-"`
}

// Shown is the size as it is seen, upright.
func (i Info) Shown() (width, height int) {
	if i.Rotation%180 != 0 {
		return i.Height, i.Width
	}
	return i.Width, i.Height
}

// Stream is what an isolated decoder says of a file.
type Stream struct {
	VideoCodec, AudioCodec  string
	Width, Height, Rotation int // as in Info
	Duration                time.Duration
}

// Isolated reads files where they can do no harm.
type Isolated interface {
	voice.Isolated
	// Probe says what is in a file of any container.
	Probe(ctx context.Context, f voice.File) (Stream, error)
	// Still is a picture of a film, upright, its longer side at most maxSide
	// pixels.
	Still(ctx context.Context, f voice.File, maxSide int) (image.Image, error)
	// Picture is an image that needs isolation, under the same conditions.
	Picture(ctx context.Context, f voice.File, maxSide int) (image.Image, error)
}

// headBytes are read to know a file.
const headBytes = 12 << 10

// Probe says what a file is; isolated may be nil. The error is that of reading it
// or ctx's, never what is wrong with its contents.
func Probe(ctx context.Context, f voice.File, isolated Isolated) (Info, error) {
	head := make([]byte, min(f.Size(), headBytes))
	if _, err := io.ReadFull(io.NewSectionReader(f, 0, f.Size()), head); err != nil {
		return Info{}, fmt.Errorf("probe: %w", err)
	}
	info := known(f, head)
	info.Bytes = f.Size()
	if info.Isolated && isolated != nil && (info.Kind == KindAudio || info.Kind == KindVideo) && info.Seconds == 0 {
		s, err := isolated.Probe(ctx, f)
		if ctx.Err() != nil {
			return Info{}, fmt.Errorf("probe: %w", ctx.Err())
		}
		if err == nil {
			info.take(s)
		}
	}
	info.Seconds = math.Round(info.Seconds*1000) / 1000
	return info, nil
}

// take adds what the isolated decoder says.
func (i *Info) take(s Stream) {
	i.Seconds = s.Duration.Seconds()
	switch {
	case s.VideoCodec != "":
		i.Kind, i.Codec = KindVideo, s.VideoCodec
		i.Width, i.Height, i.Rotation = s.Width, s.Height, s.Rotation
	case s.AudioCodec != "":
		i.Kind, i.Codec = KindAudio, s.AudioCodec
	}
}

// known reads what can be read here.
func known(f voice.File, head []byte) Info {
	if picture.Sniff(head) != "" {
		return pictureInfo(f)
	}
	if len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WAVE" {
		w, err := wav.Open(f, f.Size())
		switch {
		case err == nil:
			return Info{Kind: KindAudio, Codec: "pcm", Format: "wav", Seconds: float64(w.Frames) / float64(w.Rate)}
		case errors.Is(err, wav.ErrUnsupported):
			return Info{Kind: KindAudio, Format: "wav", Isolated: true}
		}
		return Info{Kind: KindFile}
	}
	if aac.Sniff(head) || string(head[:min(3, len(head))]) == "ID3" {
		t, err := aac.OpenADTS(f, f.Size())
		if err == nil {
			return Info{Kind: KindAudio, Codec: "aac", Format: "adts", Seconds: t.Duration().Seconds()}
		}
		if errors.Is(err, aac.ErrUnsupported) {
			return Info{Kind: KindAudio, Codec: "aac", Format: "adts", Isolated: true}
		}
	}
	if sniffMP4(head) {
		return mp4Info(f)
	}
	if s, ok := sniffForeign(head); ok {
		return s
	}
	return Info{Kind: KindFile}
}

func pictureInfo(f voice.File) Info {
	p, err := picture.Open(f, f.Size())
	if err != nil && !errors.Is(err, picture.ErrTooLarge) && !errors.Is(err, picture.ErrUnsupported) {
		return Info{Kind: KindFile}
	}
	return Info{
		Kind: KindImage, Codec: string(p.Format), Format: string(p.Format),
		Width: p.Width, Height: p.Height, Rotation: p.Rotation(), Isolated: p.Isolated,
	}
}

func mp4Info(f voice.File) Info {
	file, err := m4a.Open(f, f.Size())
	if err != nil {
		return Info{Kind: KindFile}
	}
	info := Info{Kind: KindFile, Seconds: file.Duration.Seconds()}
	if v := file.First(m4a.Video); v != nil {
		info.Kind, info.Codec, info.Format = KindVideo, codecName(v.Codec), "mp4"
		info.Width, info.Height, info.Rotation, info.Isolated = v.Width, v.Height, v.Rotation, true
		if file.Brand == "qt  " {
			info.Format = "mov"
		}
	} else if a := file.First(m4a.Audio); a != nil {
		info.Kind, info.Codec, info.Format, info.Isolated = KindAudio, codecName(a.Codec), "m4a", !lowComplexity(a.Config)
	}
	return info
}

// lowComplexity reports whether an AudioSpecificConfig is that of AAC-LC and does
// not say behind it, as old players are not to see, that there is more to it
// (ISO/IEC 14496-3, 1.6.6).
func lowComplexity(config []byte) bool {
	const (
		objectLC  = 2
		objectSBR = 5
		extension = 0x2b7
	)
	if len(config) < 2 || config[0]>>3 != objectLC {
		return false
	}
	if len(config) < 5 {
		return true
	}
	v := binary.BigEndian.Uint16(config[2:])
	return v>>5 != extension || v&0x1f != objectSBR || config[4]>>7 == 0
}

// codecName is the usual name of a sample entry.
func codecName(entry string) string {
	names := map[string]string{
		"avc1": "h264", "avc3": "h264", "hvc1": "hevc", "hev1": "hevc", "vp08": "vp8", "vp09": "vp9", "av01": "av1",
		"mp4v": "mpeg4", "s263": "h263", "mp4a": "aac", "Opus": "opus", "samr": "amr_nb", "sawb": "amr_wb", ".mp3": "mp3",
		"ac-3": "ac3", "ec-3": "eac3", "fLaC": "flac",
	}
	if name, ok := names[entry]; ok {
		return name
	}
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r > ' ' && r <= '~' {
			return r
		}
		return -1
	}, entry))
}
