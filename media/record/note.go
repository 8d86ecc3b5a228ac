package record

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"magpie/im"
	"magpie/media"
	"magpie/media/aac"
	"magpie/media/m4a"
	"magpie/media/voice"
)

// Note is a recording on disk.
type Note struct {
	Path    string // of the ADTS file
	Samples int64  // at 44,100 Hz
	Peaks   []byte // the waveform that travels with the message
}

// Duration of the note.
func (n Note) Duration() time.Duration {
	return time.Duration(n.Samples) * time.Second / aac.SampleRate
}

// WriteM4A writes what is sent: the same sound as M4A, its length exact to the
// sample. A note without a sample is refused with im.CodeFileEmpty.
func (n Note) WriteM4A(w io.Writer) error {
	f, err := os.Open(n.Path)
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	return n.WriteM4AFrom(w, io.NewSectionReader(f, 0, info.Size()))
}

// WriteM4AFrom is WriteM4A of a note whose ADTS file is f.
func (n Note) WriteM4AFrom(w io.Writer, f voice.File) error {
	if n.Samples == 0 {
		return im.Errorf(im.CodeFileEmpty, "nothing was recorded")
	}
	track, err := aac.OpenADTS(f, f.Size())
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	track.Samples = min(n.Samples, track.Samples)
	return m4a.Write(w, track)
}

// Recover brings back what a process that was killed left at path: all whole
// frames of it. The error wraps aac.ErrNotADTS if there is none.
func Recover(ctx context.Context, path string) (Note, error) {
	_, f, err := aac.Recover(path)
	if err != nil {
		return Note{}, fmt.Errorf("record: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return Note{}, errors.Join(fmt.Errorf("record: %w", err), f.Close())
	}
	n, err := Describe(ctx, path, io.NewSectionReader(f, 0, info.Size()))
	return n, errors.Join(err, f.Close())
}

// Describe is Recover of a note whose ADTS file is f, which is left as it is.
func Describe(ctx context.Context, path string, f voice.File) (Note, error) {
	n, err := describe(ctx, f)
	n.Path = path
	return n, err
}

func describe(ctx context.Context, f voice.File) (Note, error) {
	s, err := voice.Open(ctx, f, nil)
	if err != nil {
		return Note{}, fmt.Errorf("record: %w", err)
	}
	peaks, err := media.Peaks(ctx, s, 0)
	if err != nil {
		return Note{}, fmt.Errorf("record: %w", err)
	}
	return Note{Samples: int64(s.Len()), Peaks: peaks}, nil
}
