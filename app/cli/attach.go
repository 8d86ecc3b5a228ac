package cli

import (
	"context"
	"flag"
	"image"
	_ "image/gif"  // dimensions of pictures
	_ "image/jpeg" // dimensions of pictures
	_ "image/png"  // dimensions of pictures
	"os"
	"path/filepath"
	"strings"

	_ "golang.org/x/image/bmp"  // dimensions of pictures
	_ "golang.org/x/image/webp" // dimensions of pictures

	"magpie/app/core"
	"magpie/im"
)

// attachment are the flags of send that name a file; at most one is given.
type attachment struct {
	file, image, video, voice string
}

func (a *attachment) register(f *flag.FlagSet) {
	f.StringVar(&a.file, "file", "", "send this `file`")
	f.StringVar(&a.image, "image", "", "send this `file` as a picture")
	f.StringVar(&a.video, "video", "", "send this `file` as a film")
	f.StringVar(&a.voice, "voice", "", "send this `file` as a voice note")
}

// chosen returns the path that was given and what makes a payload of it; "" if
// none was.
func (a *attachment) chosen() (path string, make func(path string, f core.File) (im.Payload, error), err error) {
	for _, c := range []struct {
		path string
		make func(path string, f core.File) (im.Payload, error)
	}{{a.file, filePayload}, {a.image, imagePayload}, {a.video, videoPayload}, {a.voice, voicePayload}} {
		switch {
		case c.path == "":
		case path != "":
			return "", nil, usageError("only one of --file, --image, --video and --voice at a time")
		default:
			path, make = c.path, c.make
		}
	}
	return path, make, nil
}

// payload copies the file at path into the account and makes the payload of a
// message with it.
func (s *session) payload(ctx context.Context, path string, make func(string, core.File) (im.Payload, error)) (im.Payload, error) {
	f, err := s.client.AddFileAt(ctx, path)
	if err != nil {
		return nil, err
	}
	return make(path, f)
}

func filePayload(path string, f core.File) (im.Payload, error) {
	return im.FilePayload{FileName: filepath.Base(path), FileSize: f.Size, FileURL: f.Address}, nil
}

// imagePayload has the picture in its own size only.
func imagePayload(path string, f core.File) (im.Payload, error) {
	r, err := os.Open(path)
	if err != nil {
		return nil, im.Errorf(im.CodeFileMissing, "%v", err)
	}
	defer r.Close()
	config, format, err := image.DecodeConfig(r)
	if err != nil {
		return nil, im.Errorf(im.CodeImageFormat, "%s: %v", filepath.Base(path), err)
	}
	code := map[string]int{"jpeg": im.ImageJPEG, "gif": im.ImageGIF, "png": im.ImagePNG, "bmp": im.ImageBMP, "webp": im.ImageWebP}[format]
	return im.ImagePayload{ImageFormat: code, ImageInfoArray: []im.ImageInfo{
		{SizeType: im.ImageOriginal, Size: f.Size, Width: config.Width, Height: config.Height, ImageURL: f.Address},
	}}, nil
}

func videoPayload(path string, f core.File) (im.Payload, error) {
	return im.VideoPayload{VideoURL: f.Address, VideoFormat: extension(path), VideoSize: f.Size}, nil
}

func voicePayload(path string, f core.File) (im.Payload, error) {
	return im.AudioPayload{URL: f.Address, Format: extension(path), Size: f.Size}, nil
}

// extension is the ending of a name in lower case, without its dot.
func extension(path string) string {
	return strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))
}
