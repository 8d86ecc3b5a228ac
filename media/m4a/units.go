package m4a

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/Eyevinn/mp4ff/mp4"
	codec "github.com/tphakala/go-aac"

	"magpie/media/aac"
	"magpie/media/internal/box"
)

// AAC finds the access units of the first AAC track. Units that lie outside the
// file are left out and make the Track Damaged. The error wraps [ErrNoAAC],
// [ErrDamaged] or aac.ErrTooLarge.
func (f *File) AAC() (*aac.Track, error) {
	t := f.First(Audio)
	if t == nil || t.Config == nil {
		return nil, ErrNoAAC
	}
	if f.size > math.MaxUint32 {
		return nil, fmt.Errorf("%w: %d bytes", aac.ErrTooLarge, f.size)
	}
	out := &aac.Track{File: f.r, Config: t.Config, Damaged: f.cut}
	out.Rate, out.Channels = configured(t.Config)
	c := collector{size: f.size, out: out}
	if err := c.table(t.stbl); err != nil {
		return nil, err
	}
	if f.Fragmented {
		err := f.fragments(func(run fragmentRun) error {
			if run.track.ID != t.ID {
				return nil
			}
			return c.run(run)
		})
		if err != nil {
			return nil, err
		}
	}
	if len(out.Units) == 0 {
		return nil, fmt.Errorf("%w: no access unit inside the file", ErrDamaged)
	}
	total := int64(len(out.Units)) * aac.UnitSamples
	out.Priming = min(scaled(uint64(max(t.edit.begin, 0)), t.scale, out.Rate), total)
	out.Samples = total - out.Priming
	if t.edit.length > 0 {
		out.Samples = min(out.Samples, scaled(t.edit.length, t.edit.scale, out.Rate))
	}
	return out, nil
}

// scaled converts units of a timescale to samples, rounded.
func scaled(units uint64, scale uint32, rate int) int64 {
	if scale == 0 {
		return 0
	}
	return int64(min(math.Round(float64(units)/float64(scale)*float64(rate)), math.MaxInt64/2))
}

// configured reads rate and channels of an AudioSpecificConfig of at least two
// bytes (ISO/IEC 14496-3, 1.6.2.1); 0 stands for what is written another way.
func configured(c []byte) (rate, channels int) {
	v := binary.BigEndian.Uint16(c)
	if index := int(v >> 7 & 15); index < len(codec.SampleRates) {
		rate = codec.SampleRates[index]
	}
	return rate, int(v >> 3 & 15)
}

// collector gathers access units, those inside the file.
type collector struct {
	size  int64
	seen  int   // units, inside the file or not
	total int64 // bytes of those inside
	out   *aac.Track
}

// add takes one access unit, or says that no more can be.
func (c *collector) add(at uint64, size uint32) error {
	if c.seen++; c.seen > aac.MaxUnits {
		return aac.ErrTooLarge
	}
	if size == 0 || size > aac.MaxUnit {
		return fmt.Errorf("%w: an access unit of %d bytes", ErrDamaged, size)
	}
	if at > uint64(c.size) || at+uint64(size) > uint64(c.size) {
		c.out.Damaged = true
		return nil
	}
	if c.total += int64(size); c.total > c.size {
		return fmt.Errorf("%w: access units of %d bytes in a file of %d", ErrDamaged, c.total, c.size)
	}
	c.out.Units = append(c.out.Units, aac.Span{At: uint32(at), Size: uint16(size)})
	return nil
}

// table reads the sample table of a progressive file: sizes, and where the chunks
// of them lie.
func (c *collector) table(stbl []byte) error {
	b, ok := box.Find(stbl, "stsz")
	if !ok {
		return nil // a fragmented file may leave it out
	}
	stsz, err := decode[*mp4.StszBox](b)
	if err != nil {
		return err
	}
	if stsz.SampleNumber == 0 {
		return nil
	}
	chunks, err := chunkOffsets(stbl)
	if err != nil {
		return err
	}
	if b, ok = box.Find(stbl, "stsc"); !ok {
		return fmt.Errorf("%w: no stsc", ErrDamaged)
	}
	stsc, err := decode[*mp4.StscBox](b)
	if err != nil {
		return err
	}
	sample, entry := uint32(0), 0
	for i, at := range chunks {
		for entry+1 < len(stsc.Entries) && stsc.Entries[entry+1].FirstChunk <= uint32(i)+1 {
			entry++
		}
		if len(stsc.Entries) == 0 || stsc.Entries[entry].FirstChunk > uint32(i)+1 {
			return fmt.Errorf("%w: chunk %d has no entry", ErrDamaged, i)
		}
		for range stsc.Entries[entry].SamplesPerChunk {
			if sample == stsz.SampleNumber {
				return nil
			}
			size := stsz.SampleUniformSize
			if size == 0 {
				size = stsz.SampleSize[sample]
			}
			if err := c.add(at, size); err != nil {
				return err
			}
			at += uint64(size)
			sample++
		}
	}
	c.out.Damaged = c.out.Damaged || sample < stsz.SampleNumber
	return nil
}

func chunkOffsets(stbl []byte) ([]uint64, error) {
	if b, ok := box.Find(stbl, "stco"); ok {
		stco, err := decode[*mp4.StcoBox](b)
		if err != nil {
			return nil, err
		}
		all := make([]uint64, len(stco.ChunkOffset))
		for i, at := range stco.ChunkOffset {
			all[i] = uint64(at)
		}
		return all, nil
	}
	b, ok := box.Find(stbl, "co64")
	if !ok {
		return nil, fmt.Errorf("%w: no chunk offsets", ErrDamaged)
	}
	co64, err := decode[*mp4.Co64Box](b)
	if err != nil {
		return nil, err
	}
	return co64.ChunkOffset, nil
}

// run takes the access units of a fragment.
func (c *collector) run(r fragmentRun) error {
	at := r.at
	for _, s := range r.samples {
		if err := c.add(uint64(at), s.Size); err != nil {
			return err
		}
		at += int64(s.Size)
	}
	return nil
}
