package probe

import (
	"context"
	"errors"
	"fmt"
	"math"

	"magpie/im"
	"magpie/media"
	"magpie/media/picture"
	"magpie/media/voice"
)

// stillSide bounds the longer side of a still, in pixels.
const stillSide = 1920

// Image describes a picture and makes its thumbnails. Sizes that would not be
// smaller than the original are left out of the payload. A picture that needs
// isolation has neither thumbnails nor preview without isolated (nil), or when that
// cannot decode it.
//
// The error is an im.Error: empty (2108), over 20 MB (2253), no picture or one of
// too many pixels (2252); or it is that of the file, or ctx's.
func Image(ctx context.Context, f voice.File, isolated Isolated) (im.ImagePayload, picture.Thumbnails, error) {
	if err := limit(f.Size(), im.MaxImageBytes, im.CodeImageTooLarge); err != nil {
		return im.ImagePayload{}, picture.Thumbnails{}, err
	}
	info, thumbs, err := picture.Make(ctx, f, f.Size())
	switch {
	case errors.Is(err, picture.ErrNeedsIsolation):
		if isolated == nil {
			break
		}
		img, err := isolated.Picture(ctx, f, stillSide)
		if err == nil {
			thumbs, err = picture.Still(ctx, img)
		}
		if ctx.Err() != nil {
			return im.ImagePayload{}, picture.Thumbnails{}, fmt.Errorf("probe: %w", ctx.Err())
		}
		if err != nil { // the default one is shown
			thumbs = picture.Thumbnails{}
		}
	case errors.Is(err, picture.ErrFormat), errors.Is(err, picture.ErrUnsupported), errors.Is(err, picture.ErrDamaged), errors.Is(err, picture.ErrTooLarge):
		return im.ImagePayload{}, thumbs, im.Errorf(im.CodeImageFormat, "%v", err)
	case err != nil:
		return im.ImagePayload{}, thumbs, err
	}
	p := im.ImagePayload{ImageFormat: formatNumber(info.Format), Preview: thumbs.Preview}
	width, height := info.Shown()
	for _, s := range []struct {
		kind im.ImageSizeType
		picture.Sized
	}{{im.ImageThumbnail, thumbs.Small}, {im.ImageLarge, thumbs.Large}} {
		if s.JPEG != nil && (s.Width < width || s.Height < height) {
			p.ImageInfoArray = append(p.ImageInfoArray, im.ImageInfo{SizeType: s.kind, Size: int64(len(s.JPEG)), Width: s.Width, Height: s.Height})
		}
	}
	p.ImageInfoArray = append(p.ImageInfoArray, im.ImageInfo{SizeType: im.ImageOriginal, Size: f.Size(), Width: width, Height: height})
	return p, thumbs, nil
}

func formatNumber(f picture.Format) int {
	switch f {
	case picture.JPEG:
		return im.ImageJPEG
	case picture.PNG:
		return im.ImagePNG
	case picture.GIF:
		return im.ImageGIF
	case picture.BMP:
		return im.ImageBMP
	case picture.WebP:
		return im.ImageWebP
	}
	return im.ImageUnknown
}

// Audio describes a voice note with its waveform, for which all of it is decoded;
// isolated may be nil. Of a damaged one what can be heard counts.
//
// The error is an im.Error: empty (2108), over 20 MB or 10 minutes (2301), no
// sound (2105); or it is that of the file, of the isolated decoder, or ctx's.
func Audio(ctx context.Context, f voice.File, isolated Isolated) (im.AudioPayload, error) {
	if err := limit(f.Size(), im.MaxAudioBytes, im.CodeAudioTooLarge); err != nil {
		return im.AudioPayload{}, err
	}
	info, err := Probe(ctx, f, isolated)
	if err != nil {
		return im.AudioPayload{}, err
	}
	if info.Kind != KindAudio {
		return im.AudioPayload{}, im.Errorf(im.CodeInvalidMessage, "a voice note that is %s", info.Kind)
	}
	if info.Seconds > im.MaxAudio.Seconds() {
		return im.AudioPayload{}, im.Errorf(im.CodeAudioTooLarge, "voice note of %.0f s, %.0f are allowed", info.Seconds, im.MaxAudio.Seconds())
	}
	var decoder voice.Isolated // not an interface that holds nil
	if isolated != nil {
		decoder = isolated
	}
	sound, err := voice.Open(ctx, f, decoder)
	if errors.Is(err, voice.ErrNotSound) && ctx.Err() == nil {
		return im.AudioPayload{}, im.Errorf(im.CodeInvalidMessage, "%v", err)
	}
	if err != nil {
		return im.AudioPayload{}, err
	}
	peaks, err := media.Peaks(ctx, sound, 0)
	seconds := float64(sound.Position()) / float64(sound.Format().SampleRate)
	if err := errors.Join(err, sound.Close()); err != nil {
		return im.AudioPayload{}, fmt.Errorf("probe: %w", err)
	}
	return im.AudioPayload{Size: f.Size(), Second: int(math.Ceil(seconds)), Format: info.Format, Peaks: peaks}, nil
}

// Video describes a film in MP4 and makes thumbnails of a still. Without isolated
// (nil), or when it has no still of this film, there are none, and the payload
// still gives the shape.
//
// The error is an im.Error: empty (2108), over 100 MB (2351), no MP4 with a
// picture (2352); or it is that of the file, or ctx's.
func Video(ctx context.Context, f voice.File, isolated Isolated) (im.VideoPayload, picture.Thumbnails, error) {
	var thumbs picture.Thumbnails
	if err := limit(f.Size(), im.MaxVideoBytes, im.CodeVideoTooLarge); err != nil {
		return im.VideoPayload{}, thumbs, err
	}
	info, err := Probe(ctx, f, isolated)
	if err != nil {
		return im.VideoPayload{}, thumbs, err
	}
	if info.Kind != KindVideo || info.Format != "mp4" || info.Seconds > im.MaxVideo.Seconds() {
		return im.VideoPayload{}, thumbs, im.Errorf(im.CodeVideoFormat, "a video that is %s %s of %.0f s", info.Kind, info.Format, info.Seconds)
	}
	p := im.VideoPayload{VideoFormat: info.Format, VideoSize: f.Size(), VideoSecond: int(math.Ceil(info.Seconds))}
	p.ThumbWidth, p.ThumbHeight = picture.Fit(info.Shown())
	if isolated == nil {
		return p, thumbs, nil
	}
	still, err := isolated.Still(ctx, f, stillSide)
	if err == nil {
		thumbs, err = picture.Still(ctx, still)
	}
	if ctx.Err() != nil {
		return im.VideoPayload{}, picture.Thumbnails{}, fmt.Errorf("probe: %w", ctx.Err())
	}
	if err != nil { // there is no still of this film: the default one is shown
		thumbs = picture.Thumbnails{}
	} else {
		p.ThumbFormat, p.Preview = string(picture.JPEG), thumbs.Preview
		p.ThumbWidth, p.ThumbHeight, p.ThumbSize = thumbs.Large.Width, thumbs.Large.Height, int64(len(thumbs.Large.JPEG))
	}
	return p, thumbs, nil
}

// FileOf describes any file by its name and size in bytes. The error is an
// im.Error: empty (2108), over 100 MB (2402).
func FileOf(path string, size int64) (im.FilePayload, error) {
	if err := limit(size, im.MaxFileBytes, im.CodeFileTooLarge); err != nil {
		return im.FilePayload{}, err
	}
	return im.FilePayload{FileName: Name(path), FileSize: size}, nil
}

// limit refuses what is empty or too large to be sent.
func limit(size, most int64, code im.Code) error {
	if size <= 0 {
		return im.Errorf(im.CodeFileEmpty, "the file is empty")
	}
	if size > most {
		return im.Errorf(code, "%d bytes, %d are allowed", size, most)
	}
	return nil
}
