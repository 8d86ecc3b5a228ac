package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"magpie/app/outgoing"
	"magpie/app/profile"
	"magpie/im"
	"magpie/media/isolated"
	"magpie/media/sandbox"
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

// chosen returns the path that was given and what it is to be sent as; "" if
// none was.
func (a *attachment) chosen() (path string, as outgoing.Kind, err error) {
	for _, c := range []struct {
		path string
		as   outgoing.Kind
	}{{a.file, outgoing.KindFile}, {a.image, outgoing.KindImage}, {a.video, outgoing.KindVideo}, {a.voice, outgoing.KindAudio}} {
		switch {
		case c.path == "":
		case path != "":
			return "", "", usageError("only one of --file, --image, --video and --voice at a time")
		default:
			path, as = c.path, c.as
		}
	}
	return path, as, nil
}

// payload copies the file at path into the account and makes the payload of a
// message with it. The isolated decoder starts only for what needs it.
func (s *session) payload(ctx context.Context, e *Env, path string, as outgoing.Kind) (im.Payload, error) {
	decoder, end := s.decoder()
	p, err := outgoing.Prepare(ctx, s.client, decoder, e.path(path), as)
	if err := errors.Join(err, end()); err != nil {
		return nil, &exitError{ExitFailed, err} // no server was asked that could refuse
	}
	if p.Instead != 0 {
		fmt.Fprintln(e.Stderr, "magpie: sent as a file:", whyFile(p.Instead))
	}
	return p.Payload, nil
}

// decoder is the isolated one, with what ends it.
func (s *session) decoder() (isolated.Decoder, func() error) {
	if s.window != nil {
		return s.window.Decoder, func() error { return nil }
	}
	box := sandbox.New(sandbox.Options{CacheDir: profile.SandboxCache()})
	return isolated.New(box), box.Close
}

// whyFile says why something goes as a file.
func whyFile(why im.Code) string {
	switch why {
	case im.CodeImageTooLarge:
		return "pictures of more than 20 MB are not shown in the conversation"
	case im.CodeVideoFormat:
		return "films other than MP4 are not shown in the conversation"
	}
	return "it cannot be shown as a picture"
}
