package cli

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"magpie/app/profile"
	"magpie/im"
	"magpie/media/aac"
	"magpie/media/isolated"
	"magpie/media/picture"
	"magpie/media/probe"
	"magpie/media/sandbox"
	"magpie/media/voice"
	"magpie/media/wav"
)

// mediaCommand works on files alone: no account, no server, no data folder.
func mediaCommand(ctx context.Context, e *Env, args []string) error {
	f := e.flags("media")
	large := f.Bool("large", false, "thumb: 720 pixels on the short side instead of 198")
	kbps := f.Int("kbps", aac.MaxBitrate/1000, "encode: kbit/s")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return usageError("say what to do: probe, thumb, decode or encode")
	}
	do, files := rest[0], rest[1:]
	if want := map[string]int{"probe": 1, "thumb": 2, "decode": 2, "encode": 2}[do]; want == 0 {
		return usageError("%q is none of probe, thumb, decode and encode", do)
	} else if len(files) != want {
		return usageError("%s takes %d files, not %d", do, want, len(files))
	}
	if bitrate := *kbps * 1000; bitrate < aac.MinBitrate || bitrate > aac.MaxBitrate {
		return usageError("%d kbit/s; %d to %d are possible", *kbps, aac.MinBitrate/1000, aac.MaxBitrate/1000)
	}
	box := sandbox.New(sandbox.Options{CacheDir: profile.SandboxCache()})
	m := mediaTools{e, isolated.New(box)}
	in, err := probe.Open(files[0])
	out := ""
	if err == nil && len(files) == 2 {
		out, err = outPath(files[1], files[0])
		if err != nil {
			err = errors.Join(err, in.Close())
		}
	}
	if err == nil {
		switch do {
		case "probe":
			err = m.probe(ctx, in)
		case "thumb":
			err = m.thumb(ctx, in, out, *large)
		case "decode":
			err = m.decode(ctx, in, out)
		case "encode":
			err = m.encode(ctx, in, out, *kbps*1000)
		}
		err = errors.Join(err, in.Close())
	}
	if err = errors.Join(err, box.Close()); err != nil {
		return &exitError{ExitFailed, err} // no server was asked that could refuse
	}
	return nil
}

// mediaTools are the parts of the command.
type mediaTools struct {
	e        *Env
	isolated isolated.Decoder
}

func (m mediaTools) probe(ctx context.Context, in *probe.File) error {
	info, err := probe.Probe(ctx, in, m.isolated)
	if err != nil {
		return err
	}
	return json.NewEncoder(m.e.Stdout).Encode(info)
}

func (m mediaTools) thumb(ctx context.Context, in *probe.File, out string, large bool) error {
	thumbs, err := m.thumbnails(ctx, in)
	if err != nil {
		return err
	}
	t := thumbs.Small
	if large {
		t = thumbs.Large
	}
	return writeWhole(out, func(f *os.File) error {
		_, err := f.Write(t.JPEG)
		return err
	})
}

// thumbnails are those of a picture, of a still of a film, or of a sound's cover.
func (m mediaTools) thumbnails(ctx context.Context, in *probe.File) (picture.Thumbnails, error) {
	info, err := probe.Probe(ctx, in, nil)
	if err != nil {
		return picture.Thumbnails{}, err
	}
	if info.Kind != probe.KindVideo && info.Kind != probe.KindAudio {
		_, thumbs, err := probe.Image(ctx, in, m.isolated)
		if err == nil && thumbs.Small.JPEG == nil {
			err = im.Errorf(im.CodeImageFormat, "a picture that could not be decoded")
		}
		return thumbs, err
	}
	still, err := m.isolated.Still(ctx, in, sandbox.MaxSide)
	if err != nil {
		return picture.Thumbnails{}, err
	}
	return picture.Still(ctx, still)
}

func (m mediaTools) decode(ctx context.Context, in *probe.File, out string) error {
	sound, err := voice.Open(ctx, in, m.isolated)
	if err != nil {
		return err
	}
	err = writeWhole(out, func(f *os.File) error {
		w, err := wav.NewWriter(f, int(sound.Format().SampleRate), sound.Format().NumChannels)
		if err != nil {
			return err
		}
		if err := copySamples(ctx, w.Write, sound.Read); err != nil {
			return err
		}
		return w.Close()
	})
	if err == nil && sound.Damaged() {
		fmt.Fprintln(m.e.Stderr, "magpie media decode: the file is damaged; this is what there is of it")
	}
	return errors.Join(err, sound.Close())
}

func (m mediaTools) encode(ctx context.Context, in *probe.File, out string, bitrate int) error {
	sound, err := voice.Open(ctx, in, m.isolated)
	if err != nil {
		return err
	}
	err = writeWhole(out, func(f *os.File) error { return voice.Encode(ctx, f, filepath.Dir(out), sound, bitrate) })
	if err == nil && sound.Damaged() {
		fmt.Fprintln(m.e.Stderr, "magpie media encode: the file is damaged; this is what there is of it")
	}
	return errors.Join(err, sound.Close())
}

// copySamples copies until the end of what read gives.
func copySamples(ctx context.Context, write func([]int16) error, read func([]int16) (int, error)) error {
	buf := make([]int16, 8192)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := read(buf)
		if err := write(buf[:n]); err != nil {
			return err
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// outPath is where a result is to be written: what a link leads to. What is no file, as
// a device or a pipe, and what is read from is not written over.
func outPath(path, in string) (string, error) {
	from, err := os.Stat(in)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return path, nil
	case err != nil:
		return "", err
	case info.IsDir():
		return "", fmt.Errorf("%s is a folder; give the name of a file in it", path)
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("%s is no file that can be written anew; give another name", path)
	case os.SameFile(info, from):
		return "", fmt.Errorf("%s is what is read; give another name for what is written", path)
	}
	return filepath.EvalSymlinks(path)
}

// writeWhole makes a file that is there whole or not at all.
func writeWhole(path string, write func(*os.File) error) error {
	f, err := createBeside(path)
	if err != nil {
		return err
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// createBeside creates a file of a name of its own in the folder of path, with the
// rights that a file made there has.
func createBeside(path string) (f *os.File, err error) {
	for range 100 {
		name := filepath.Join(filepath.Dir(path), ".magpie-"+rand.Text())
		if f, err = os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666); !errors.Is(err, os.ErrExist) {
			break
		}
	}
	return f, err
}
