package sandbox

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// Info is what a file says of itself, of its best video and its best sound. What
// is not there or not known is zero.
type Info struct {
	Format     string // the demuxer's names, such as "matroska,webm"
	VideoCodec string // such as "h264"; a cover is no video
	AudioCodec string // such as "aac"
	Width      int    // of the video in pixels, as stored
	Height     int
	Rotation   int     // degrees to turn the picture clockwise: 0, 90, 180, 270
	PixelShape float64 // width of a pixel by its height, 1 if square
	Duration   time.Duration
	SampleRate int // Hz, as the container says; HE-AAC may sound at twice that
	Channels   int
}

// Shown returns the size at which the video is meant to be seen: square pixels,
// turned upright.
func (i Info) Shown() image.Point {
	size := image.Pt(i.Width, i.Height)
	if i.Width > 0 && i.PixelShape > 0 {
		size.X = max(1, int(math.Round(float64(i.Width)*i.PixelShape)))
	}
	if i.Rotation%180 != 0 {
		size.X, size.Y = size.Y, size.X
	}
	return size
}

// infoLimit bounds the lines that say it, in bytes.
const infoLimit = 4 << 10

// Probe reads what the file says of itself. Where it does not say how long it is,
// all of it is read for that. The error wraps [ErrUnsupported], [ErrDamaged],
// [ErrTooLarge], [ErrTimeout] or [ErrClosed], or is ctx's or the file's reader's.
func (s *Sandbox) Probe(ctx context.Context, file File) (Info, error) {
	out, err := s.collect(ctx, file, infoLimit, "probe", "/"+guestName)
	if err != nil {
		return Info{}, fmt.Errorf("sandbox: probe: %w", err)
	}
	info, err := readInfo(bufio.NewReader(bytes.NewReader(out)))
	if err != nil {
		return Info{}, fmt.Errorf("sandbox: probe: %w", err)
	}
	return info, nil
}

// errAnswer says that the guest wrote what its program cannot write: a file has
// taken it over, or the module is not ours.
var errAnswer = errors.New("the module's answer makes no sense")

func wrongAnswer() error { return fmt.Errorf("%w: %w", ErrDamaged, errAnswer) }

// The most that is believed of a file.
const (
	mostSide     = 1 << 16
	mostRate     = 1 << 20
	mostChannels = 64
	mostDuration = 1000 * time.Hour
)

// readInfo reads the lines that scripts/ffwasm/info.c writes, up to and including
// the empty one. An error of r is returned as it is.
func readInfo(r *bufio.Reader) (Info, error) {
	var info Info
	for read := 0; ; {
		line, err := readLine(r)
		if err != nil {
			return Info{}, err
		}
		if line == "" {
			return info, nil
		}
		if read += len(line) + 1; read > infoLimit || !info.take(strings.Split(line, " ")) {
			return Info{}, wrongAnswer()
		}
	}
}

// readLine returns the next line without its end.
func readLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) || errors.Is(err, io.EOF) {
		return "", wrongAnswer()
	}
	if err != nil {
		return "", err
	}
	return string(line[:len(line)-1]), nil
}

// take puts one line, split at its spaces, in its place; false if it is none.
func (i *Info) take(words []string) bool {
	key, words := words[0], words[1:]
	switch {
	case key == "format" && len(words) == 1:
		i.Format = words[0]
		return isName(i.Format)
	case key == "duration" && len(words) == 1:
		n, ok := numbers(words, math.MaxInt64/1000)
		if ok {
			i.Duration = min(time.Duration(n[0])*time.Microsecond, mostDuration)
		}
		return ok
	case key == "video" && len(words) == 6:
		n, ok := numbers(words[1:], math.MaxInt32)
		if !ok || !isName(words[0]) || n[0] > mostSide || n[1] > mostSide || n[3] == 0 || n[4] == 0 {
			return false
		}
		i.VideoCodec, i.Width, i.Height = words[0], int(n[0]), int(n[1])
		i.Rotation = (int(n[2]%360) + 45) / 90 % 4 * 90
		i.PixelShape = min(max(float64(n[3])/float64(n[4]), 1.0/16), 16)
		return true
	case key == "audio" && len(words) == 3:
		n, ok := numbers(words[1:], mostRate)
		if !ok || !isName(words[0]) || n[1] > mostChannels {
			return false
		}
		i.AudioCodec, i.SampleRate, i.Channels = words[0], int(n[0]), int(n[1])
		return true
	}
	return false
}

// isName tells whether s can be the name of a format or a codec.
func isName(s string) bool {
	return s != "" && len(s) <= 100 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_,-") == ""
}

// numbers reads words as whole numbers from 0 to most.
func numbers(words []string, most int64) ([]int64, bool) {
	all := make([]int64, len(words))
	for i, word := range words {
		n, err := strconv.ParseInt(word, 10, 64)
		if err != nil || n < 0 || n > most {
			return nil, false
		}
		all[i] = n
	}
	return all, true
}
