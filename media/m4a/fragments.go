package m4a

import (
	"fmt"

	"github.com/Eyevinn/mp4ff/mp4"

	"magpie/media/internal/box"
)

// fragmentRun is a row of samples that lie one after another from at on. Their
// sizes and durations are filled in from the defaults.
type fragmentRun struct {
	track   *Track
	at      int64
	samples []mp4.Sample
}

// fragments calls do for every run of samples of every known track, one moof box
// in memory at a time.
func (f *File) fragments(do func(fragmentRun) error) error {
	for _, p := range f.moofs {
		moof, err := f.body(p)
		if err != nil {
			return err
		}
		for b := range box.Children(moof) {
			if b.Name == "traf" {
				if err := f.readTraf(b.Body, p.At, do); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// readTraf reads one track's part of the moof box that begins at moof.
func (f *File) readTraf(traf []byte, moof int64, do func(fragmentRun) error) error {
	b, ok := box.Find(traf, "tfhd")
	if !ok {
		return fmt.Errorf("%w: a fragment without tfhd", ErrDamaged)
	}
	tfhd, err := decode[*mp4.TfhdBox](b)
	if err != nil {
		return err
	}
	t := f.track(tfhd.TrackID)
	if t == nil {
		return nil
	}
	base, ticks, size := moof, t.unitTicks, t.unitSize
	if tfhd.HasBaseDataOffset() {
		if tfhd.BaseDataOffset > uint64(f.size) {
			return fmt.Errorf("%w: a fragment at %d of %d bytes", ErrDamaged, tfhd.BaseDataOffset, f.size)
		}
		base = int64(tfhd.BaseDataOffset)
	}
	if tfhd.HasDefaultSampleDuration() {
		ticks = tfhd.DefaultSampleDuration
	}
	if tfhd.HasDefaultSampleSize() {
		size = tfhd.DefaultSampleSize
	}
	at := base
	for b := range box.Children(traf) {
		if b.Name != "trun" {
			continue
		}
		trun, err := decode[*mp4.TrunBox](b)
		if err != nil {
			return err
		}
		if trun.HasDataOffset() {
			at = base + int64(trun.DataOffset)
		}
		if at < 0 {
			return fmt.Errorf("%w: a fragment before the file", ErrDamaged)
		}
		run := fragmentRun{t, at, trun.Samples}
		for i := range run.samples {
			if !trun.HasSampleDuration() {
				run.samples[i].Dur = ticks
			}
			if !trun.HasSampleSize() {
				run.samples[i].Size = size
			}
			at += int64(run.samples[i].Size)
		}
		if err := do(run); err != nil {
			return err
		}
	}
	return nil
}
