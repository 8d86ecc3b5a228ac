package record

import "magpie/media/aac"

// FillDisk makes the disk of a recording full after some access units: from then
// on every write fails with err.
func (r *Recorder) FillDisk(units int, err error) {
	r.options.Create = func(path string) (Growing, error) {
		f, created := aac.Create(path)
		return &full{f, units, err}, created
	}
}

type full struct {
	*aac.Growing
	left int
	err  error
}

func (f *full) Append(unit []byte) error {
	if f.left--; f.left < 0 {
		return f.err
	}
	return f.Growing.Append(unit)
}
