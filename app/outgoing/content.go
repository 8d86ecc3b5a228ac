package outgoing

import (
	"bytes"
	"context"
	"errors"

	"magpie/app/core"
	"magpie/im"
	"magpie/media/picture"
	"magpie/media/probe"
)

// content is a copy that is being described.
type content struct {
	account  Account
	isolated probe.Isolated // may be nil
	core.Content
	address string
	name    string
}

// stillSide bounds the longer side of the still of a film that goes as a file.
const stillSide = 640

func (c content) prepare(ctx context.Context, as Kind) (Prepared, error) {
	if as == KindFile {
		return c.file()
	}
	if as == KindAudio {
		return c.audio(ctx)
	}
	// By its first bytes: no decoder has to tell a picture from a film.
	info, err := probe.Probe(ctx, c, nil)
	switch {
	case err != nil:
		return Prepared{}, err
	case info.Kind == probe.KindImage && as != KindVideo:
		return c.image(ctx)
	case info.Kind == probe.KindVideo && as != KindImage:
		return c.video(ctx)
	case as == KindImage:
		return Prepared{}, im.Errorf(im.CodeImageFormat, "%.80q is no picture", probe.Name(c.name))
	case as == KindVideo:
		return Prepared{}, im.Errorf(im.CodeVideoFormat, "%.80q is no film", probe.Name(c.name))
	}
	return c.file()
}

func (c content) file() (Prepared, error) {
	p, err := probe.FileOf(c.name, c.Size())
	p.FileURL = c.address
	return Prepared{Payload: p}, err
}

// instead sends it as a file and says why.
func (c content) instead(why im.Code) (Prepared, error) {
	p, err := c.file()
	p.Instead = why
	return p, err
}

func (c content) image(ctx context.Context) (Prepared, error) {
	p, thumbs, err := probe.Image(ctx, c, c.isolated)
	switch code := im.CodeOf(err); {
	case code == im.CodeImageTooLarge, code == im.CodeImageFormat:
		return c.instead(code)
	case err != nil:
		return Prepared{}, err
	}
	for i := range p.ImageInfoArray {
		size := &p.ImageInfoArray[i]
		if size.Width == 0 || size.Height == 0 { // it could not be laid out
			return c.instead(im.CodeImageFormat)
		}
		switch size.SizeType {
		case im.ImageThumbnail:
			size.ImageURL, err = c.add(ctx, thumbs.Small)
		case im.ImageLarge:
			size.ImageURL, err = c.add(ctx, thumbs.Large)
		default:
			size.ImageURL = c.address
		}
		if err != nil {
			return Prepared{}, err
		}
	}
	return Prepared{Payload: p, Thumbnail: thumbs.Small.JPEG}, nil
}

func (c content) video(ctx context.Context) (Prepared, error) {
	p, thumbs, err := probe.Video(ctx, c, c.isolated)
	if im.CodeOf(err) == im.CodeVideoFormat {
		return c.foreignVideo(ctx)
	}
	if err != nil {
		return Prepared{}, err
	}
	p.VideoURL = c.address
	if thumbs.Large.JPEG != nil {
		if p.ThumbURL, err = c.add(ctx, thumbs.Large); err != nil {
			return Prepared{}, err
		}
	}
	return Prepared{Payload: p, Thumbnail: thumbs.Small.JPEG}, nil
}

// foreignVideo is a film that goes as a file, with a still of it, if there is one.
func (c content) foreignVideo(ctx context.Context) (Prepared, error) {
	p, err := c.instead(im.CodeVideoFormat)
	if err != nil || c.isolated == nil {
		return p, err
	}
	still, err := c.isolated.Still(ctx, c, stillSide)
	if err == nil {
		var thumbs picture.Thumbnails
		if thumbs, err = picture.Still(ctx, still); err == nil {
			file := p.Payload.(im.FilePayload)
			file.Preview = thumbs.Preview
			p.Payload, p.Thumbnail = file, thumbs.Small.JPEG
		}
	}
	if err != nil && ctx.Err() != nil {
		return Prepared{}, err
	}
	return p, nil // there may be no still of this film
}

func (c content) audio(ctx context.Context) (Prepared, error) {
	p, err := probe.Audio(ctx, c, c.isolated)
	if err != nil && im.CodeOf(err) == 0 && ctx.Err() == nil {
		err = im.Errorf(im.CodeInvalidMessage, "%.80q cannot be played: %v", probe.Name(c.name), err)
	}
	switch p.Format { // as the endings of files call it
	case "adts":
		p.Format = "aac"
	case "matroska":
		p.Format = "webm"
	}
	p.URL = c.address
	return Prepared{Payload: p}, err
}

// add copies a thumbnail into the account.
func (c content) add(ctx context.Context, s picture.Sized) (address string, err error) {
	if len(s.JPEG) == 0 {
		return "", errors.New("outgoing: a thumbnail without content")
	}
	f, err := c.account.AddFile(ctx, bytes.NewReader(s.JPEG), im.MaxImageBytes)
	return f.Address, err
}
