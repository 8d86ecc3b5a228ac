package outgoing

import (
	"context"
	"fmt"
	"io"

	"magpie/app/core"
	"magpie/im"
	"magpie/media/probe"
)

// Kind is what a file is to be sent as.
type Kind string

// Kinds. As KindAuto pictures and films are shown in the conversation and all else
// is a file, sound too: a voice note is what was recorded or asked for.
const (
	KindAuto  Kind = ""
	KindImage Kind = "image"
	KindVideo Kind = "video"
	KindAudio Kind = "audio"
	KindFile  Kind = "file"
)

// Account is where files are copied to, a [core.Client].
type Account interface {
	AddFile(ctx context.Context, r io.Reader, max int64) (core.File, error)
	OpenFile(address string) (core.Content, error)
}

// Prepared is a file that is ready to be sent.
type Prepared struct {
	// Payload has the addresses of the copies.
	Payload im.Payload
	// Thumbnail is what it shows as a small JPEG, nil if there is none.
	Thumbnail []byte
	// Instead is why a picture or film goes as a file, 0 if it does not:
	// [im.CodeImageTooLarge] of more than 20 MB, [im.CodeImageFormat] of more pixels
	// than are shown or of a size that is not known, [im.CodeVideoFormat] of no MP4.
	Instead im.Code
}

// Prepare copies the file at path into the account and describes it. What an
// isolated decoder is needed for is missing if d is nil. The error is an *im.Error,
// or ctx's:
//
//   - 7004 for nothing there, what cannot be read, a folder or device,
//   - 2108 for an empty file, 2402 for one of more than 100 MB, before it is copied,
//   - 130101 without room on the disk,
//   - 2252 if KindImage was asked for and it is no picture, 2352 if KindVideo and it
//     is no film, 2105 if KindAudio and it is no sound, 2301 if that is too long.
func Prepare(ctx context.Context, a Account, d probe.Isolated, path string, as Kind) (Prepared, error) {
	f, err := open(path)
	if err != nil {
		return Prepared{}, err
	}
	defer f.Close()
	if f.Size() > im.MaxFileBytes {
		return Prepared{}, im.Errorf(im.CodeFileTooLarge, "file of %d bytes, %d are allowed", f.Size(), im.MaxFileBytes)
	}
	return PrepareContent(ctx, a, d, f, path, as)
}

// open is probe.Open with a code for every error.
func open(path string) (*probe.File, error) {
	f, err := probe.Open(path)
	if err != nil && im.CodeOf(err) == 0 { // its name is too long, or it may not be read
		err = im.Errorf(im.CodeFileMissing, "%v", err)
	}
	return f, err
}

// PrepareContent is Prepare for what r gives, called name as [probe.Name] has it.
func PrepareContent(ctx context.Context, a Account, d probe.Isolated, r io.Reader, name string, as Kind) (Prepared, error) {
	added, err := a.AddFile(ctx, r, im.MaxFileBytes)
	if err != nil {
		return Prepared{}, coded(ctx, err)
	}
	f, err := a.OpenFile(added.Address)
	if err != nil {
		return Prepared{}, coded(ctx, err)
	}
	c := content{a, d, f, added.Address, name}
	p, err := c.prepare(ctx, as)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return p, coded(ctx, err)
}

// coded gives an error of reading a code, 7004, and leaves ctx's as it is.
func coded(ctx context.Context, err error) error {
	switch {
	case err == nil || im.CodeOf(err) != 0:
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("outgoing: %w", ctx.Err())
	}
	return im.Errorf(im.CodeFileMissing, "%v", err)
}
