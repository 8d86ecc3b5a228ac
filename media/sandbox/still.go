package sandbox

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"image"
	"io"
	"strconv"
	"strings"
)

// MaxSide is the longest side of a still, in pixels.
const MaxSide = 4096

// Still returns one picture of a video, its first key frame, or the cover of a
// sound file or of a video that cannot be decoded. Its pixels are square and it
// is turned upright. It is shrunk to fit in maxSide by maxSide pixels (1 to
// [MaxSide]; what is beyond counts as that) and never enlarged.
//
// The errors are those of [Sandbox.Probe]. Info is what had been found out until
// then, so that a video that cannot be shown still has a size. Its duration is
// that of the header, if there is one.
func (s *Sandbox) Still(ctx context.Context, file File, maxSide int) (*image.RGBA, Info, error) {
	maxSide = min(max(maxSide, 1), MaxSide)
	out, err := s.collect(ctx, file, infoLimit+4*maxSide*maxSide, "still", "/"+guestName, strconv.Itoa(maxSide))
	r := bufio.NewReader(bytes.NewReader(out))
	info, broken := readInfo(r)
	if err == nil {
		err = broken
	}
	if err != nil {
		return nil, info, fmt.Errorf("sandbox: still: %w", err)
	}
	picture, isCover, err := readStill(r, maxSide)
	if err != nil {
		return nil, info, fmt.Errorf("sandbox: still: %w", err)
	}
	if isCover {
		return picture, info, nil
	}
	return upright(picture, info.Rotation), info, nil
}

// readStill reads the line and the pixels that scripts/ffwasm/still.c writes.
func readStill(r *bufio.Reader, maxSide int) (picture *image.RGBA, isCover bool, err error) {
	line, err := readLine(r)
	if err != nil {
		return nil, false, err
	}
	words := strings.Split(line, " ")
	if len(words) != 3 || words[0] != "still" && words[0] != "cover" {
		return nil, false, wrongAnswer()
	}
	n, ok := numbers(words[1:], int64(maxSide))
	if !ok || n[0] == 0 || n[1] == 0 {
		return nil, false, wrongAnswer()
	}
	picture = image.NewRGBA(image.Rect(0, 0, int(n[0]), int(n[1])))
	if got, _ := io.ReadFull(r, picture.Pix); got != len(picture.Pix) {
		return nil, false, wrongAnswer()
	}
	for i := 3; i < len(picture.Pix); i += 4 {
		picture.Pix[i] = 0xff
	}
	return picture, words[0] == "cover", nil
}

// upright returns the picture turned clockwise by 0, 90, 180 or 270 degrees.
func upright(from *image.RGBA, degrees int) *image.RGBA {
	if degrees == 0 {
		return from
	}
	w, h := from.Rect.Dx(), from.Rect.Dy()
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	if degrees != 180 {
		to = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := w-1-x, h-1-y // 180
			switch degrees {
			case 90:
				tx, ty = h-1-y, x
			case 270:
				tx, ty = y, w-1-x
			}
			copy(to.Pix[to.PixOffset(tx, ty):][:4], from.Pix[from.PixOffset(x, y):][:4])
		}
	}
	return to
}
