package m4a

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/Eyevinn/mp4ff/mp4"

	"magpie/media/internal/box"
)

// What can be wrong with a file.
var (
	// ErrNotMP4: the file has no MP4 header.
	ErrNotMP4 = errors.New("m4a: not an MP4 file")
	// ErrDamaged: the header contradicts itself or the file.
	ErrDamaged = errors.New("m4a: damaged")
	// ErrTooLarge: the header is larger than any note or film has.
	ErrTooLarge = errors.New("m4a: the header is too large")
	// ErrNoAAC: there is no AAC in it.
	ErrNoAAC = errors.New("m4a: no AAC sound")
)

const (
	// MaxHeader bounds the moov box and, separately, each moof box, in bytes. A
	// film of seven hours needs about 8 MiB.
	MaxHeader = 8 << 20
	// maxTracks bounds the tracks that are looked at.
	maxTracks = 32
)

// File is what an MP4 file says of itself.
type File struct {
	Brand      string // of the ftyp box: "M4A ", "isom", "qt  "…
	Duration   time.Duration
	Tracks     []Track
	Fragmented bool

	r     io.ReaderAt
	size  int64
	moofs []box.Place
	// cut: the file ends before its last box does.
	cut bool
}

// Kinds of tracks.
const (
	Video = "vide"
	Audio = "soun"
)

// Track is one stream of a File.
type Track struct {
	ID       uint32
	Kind     string // [Video], [Audio] or another of the format
	Codec    string // four letters of the sample entry: "avc1", "mp4a"…
	Duration time.Duration
	// Width and Height in pixels as they are coded, Rotation in degrees clockwise
	// by which they are to be turned for showing: 0, 90, 180 or 270.
	Width, Height, Rotation int
	Rate, Channels          int
	// Config is the AudioSpecificConfig of AAC, nil for everything else.
	Config []byte

	scale     uint32 // units a second
	length    uint64 // in these
	edit      edit
	unitTicks uint32 // from trex, for fragments
	unitSize  uint32
	stbl      []byte
}

// edit is the part of the media that is shown: from begin, in units of the track,
// length in those of the film; length 0 is all of it.
type edit struct {
	begin  int64
	length uint64
	scale  uint32
}

// Open reads the header of a file of size bytes. The error wraps [ErrNotMP4],
// [ErrDamaged], [ErrTooLarge], or is that of the reader.
func Open(r io.ReaderAt, size int64) (*File, error) {
	f := &File{r: r, size: size}
	var moov []byte
	for p, err := range box.Top(r, size) {
		switch {
		case errors.Is(err, box.ErrDamaged):
			if moov == nil {
				return nil, fmt.Errorf("%w: %w", ErrNotMP4, err)
			}
			f.cut = true // what follows the header is no box: a damaged tail
		case err != nil:
			return nil, fmt.Errorf("m4a: %w", err)
		}
		f.cut = f.cut || p.Cut
		switch p.Name {
		case "ftyp":
			b, err := f.body(p)
			if err != nil {
				return nil, err
			}
			f.Brand = string(b[:min(len(b), 4)])
		case "moov":
			if p.Cut {
				return nil, fmt.Errorf("%w: the header is cut off", ErrDamaged)
			}
			if moov, err = f.body(p); err != nil {
				return nil, err
			}
		case "moof":
			if !p.Cut {
				f.moofs = append(f.moofs, p)
			}
		}
	}
	if moov == nil {
		return nil, fmt.Errorf("%w: no header", ErrNotMP4)
	}
	if err := f.readMoov(moov); err != nil {
		return nil, err
	}
	return f, nil
}

// body reads what is in a box of at most [MaxHeader] bytes.
func (f *File) body(p box.Place) ([]byte, error) {
	if p.Size > MaxHeader {
		return nil, fmt.Errorf("%w: %q of %d bytes", ErrTooLarge, p.Name, p.Size)
	}
	b := make([]byte, p.Size-p.Head)
	if _, err := io.ReadFull(io.NewSectionReader(f.r, p.At+p.Head, int64(len(b))), b); err != nil {
		return nil, fmt.Errorf("m4a: %w", err)
	}
	return b, nil
}

func (f *File) readMoov(moov []byte) error {
	b, ok := box.Find(moov, "mvhd")
	if !ok {
		return fmt.Errorf("%w: no mvhd", ErrDamaged)
	}
	mvhd, err := decode[*mp4.MvhdBox](b)
	if err != nil {
		return err
	}
	f.Duration = seconds(mvhd.Duration, mvhd.Timescale)
	for b := range box.Children(moov) {
		if b.Name != "trak" || len(f.Tracks) == maxTracks {
			continue
		}
		t, err := readTrack(b.Body, mvhd.Timescale)
		if err != nil {
			return err
		}
		f.Tracks = append(f.Tracks, t)
	}
	if mvex, ok := box.Find(moov, "mvex"); ok {
		f.Fragmented = true
		if err := f.readExtends(mvex.Body); err != nil {
			return err
		}
	}
	return nil
}

// readExtends reads what fragments leave out.
func (f *File) readExtends(mvex []byte) error {
	for b := range box.Children(mvex) {
		if b.Name != "trex" {
			continue
		}
		trex, err := decode[*mp4.TrexBox](b)
		if err != nil {
			return err
		}
		if t := f.track(trex.TrackID); t != nil {
			t.unitTicks, t.unitSize = trex.DefaultSampleDuration, trex.DefaultSampleSize
		}
	}
	totals := map[uint32]uint64{}
	err := f.fragments(func(run fragmentRun) error {
		for _, s := range run.samples {
			totals[run.track.ID] += uint64(s.Dur)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range f.Tracks {
		t := &f.Tracks[i]
		t.length += totals[t.ID]
		t.Duration = t.shown()
		f.Duration = max(f.Duration, t.Duration)
	}
	return nil
}

func (f *File) track(id uint32) *Track {
	for i := range f.Tracks {
		if f.Tracks[i].ID == id {
			return &f.Tracks[i]
		}
	}
	return nil
}

// First returns the first track of a kind, nil if there is none. A picture of the
// cover counts as a film's only if it has pixels.
func (f *File) First(kind string) *Track {
	for i := range f.Tracks {
		if t := &f.Tracks[i]; t.Kind == kind && (kind != Video || t.Width > 0 && t.Height > 0) {
			return t
		}
	}
	return nil
}

// decode gives one box to the library. Its reader of streams is used because it,
// unlike the one of slices, reads a table before it believes its length.
func decode[T mp4.Box](b box.Box) (T, error) {
	var none T
	got, err := mp4.DecodeBox(0, bytes.NewReader(b.Whole))
	if err != nil {
		return none, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	t, ok := got.(T)
	if !ok {
		return none, fmt.Errorf("%w: %q", ErrDamaged, b.Name)
	}
	return t, nil
}

// seconds bounds what a file may claim by what time.Duration holds.
func seconds(units uint64, scale uint32) time.Duration {
	if scale == 0 || units == math.MaxUint64 || units == math.MaxUint32 {
		return 0 // not known
	}
	s := float64(units) / float64(scale) * float64(time.Second)
	return time.Duration(min(s, math.MaxInt64/2))
}
