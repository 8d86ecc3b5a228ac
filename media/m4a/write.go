package m4a

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/Eyevinn/mp4ff/mp4"

	"magpie/media/aac"
)

// Write writes t as M4A: ftyp, moov, mdat. The edit list begins the sound after
// t.Priming and gives it t.Samples, so players know the length to the sample.
// The file says nothing of time, place or program, and is the same for the same
// sound.
func Write(w io.Writer, t *aac.Track) error {
	if len(t.Units) == 0 || t.Samples < 0 || t.Samples+t.Priming > int64(len(t.Units))*aac.UnitSamples {
		return fmt.Errorf("m4a: %d samples after %d in %d access units", t.Samples, t.Priming, len(t.Units))
	}
	ftyp := mp4.NewFtyp("M4A ", 0x200, []string{"M4A ", "mp42", "isom"})
	moov, total, err := header(t)
	if err != nil {
		return err
	}
	mdat := uint64(8) + total
	if ftyp.Size()+moov.Size()+mdat > 1<<32-1 {
		return errors.New("m4a: more than 4 GiB of sound")
	}
	moov.Trak.Mdia.Minf.Stbl.Stco.ChunkOffset = []uint32{uint32(ftyp.Size() + moov.Size() + 8)}
	var head bytes.Buffer
	for _, b := range []mp4.Box{ftyp, moov} {
		if err := b.Encode(&head); err != nil {
			return fmt.Errorf("m4a: %w", err)
		}
	}
	if err := mp4.EncodeHeaderWithSize("mdat", mdat, false, &head); err != nil {
		return fmt.Errorf("m4a: %w", err)
	}
	if _, err := w.Write(head.Bytes()); err != nil {
		return fmt.Errorf("m4a: %w", err)
	}
	var unit []byte
	for i := range t.Units {
		if unit, err = t.AppendUnit(unit[:0], i); err != nil {
			return err
		}
		if _, err := w.Write(unit); err != nil {
			return fmt.Errorf("m4a: %w", err)
		}
	}
	return nil
}

// header makes the moov box, all but the offset of the only chunk, and returns
// how many bytes of sound it describes.
func header(t *aac.Track) (*mp4.MoovBox, uint64, error) {
	rate := uint32(t.Rate)
	mvhd := mp4.CreateMvhd()
	mvhd.Timescale, mvhd.Duration = rate, uint64(t.Samples)

	trak := mp4.CreateEmptyTrak(1, rate, "audio", "und")
	trak.Tkhd.Duration = uint64(t.Samples)
	trak.Mdia.Hdlr.Name = "Sound"
	trak.Mdia.Mdhd.Duration = uint64(len(t.Units)) * aac.UnitSamples

	stbl := trak.Mdia.Minf.Stbl
	var total, largest uint64
	sizes := make([]uint32, len(t.Units))
	for i, u := range t.Units {
		sizes[i] = uint32(u.Size)
		total += uint64(u.Size)
		largest = max(largest, uint64(u.Size))
	}
	stbl.Stsz.SampleSize, stbl.Stsz.SampleNumber = sizes, uint32(len(sizes))
	stbl.Stts.SampleCount, stbl.Stts.SampleTimeDelta = []uint32{uint32(len(sizes))}, []uint32{aac.UnitSamples}
	if err := stbl.Stsc.AddEntry(1, uint32(len(sizes)), 1); err != nil {
		return nil, 0, fmt.Errorf("m4a: %w", err)
	}
	stbl.Stco.ChunkOffset = []uint32{0}

	esds := mp4.CreateEsdsBox(t.Config)
	bits := func(bytes, units uint64) uint32 { return uint32(8 * bytes * uint64(rate) / (units * aac.UnitSamples)) }
	esds.DecConfigDescriptor.BufferSizeDB = uint32(largest)
	esds.DecConfigDescriptor.AvgBitrate = bits(total, uint64(len(sizes)))
	esds.DecConfigDescriptor.MaxBitrate = bits(largest, 1)
	stbl.Stsd.AddChild(mp4.CreateAudioSampleEntryBox("mp4a", uint16(t.Channels), 16, uint16(rate), esds))

	edts := &mp4.EdtsBox{}
	edts.AddChild(&mp4.ElstBox{Entries: []mp4.ElstEntry{
		{SegmentDuration: uint64(t.Samples), MediaTime: t.Priming, MediaRateInteger: 1},
	}})
	whole := &mp4.TrakBox{}
	for _, b := range []mp4.Box{trak.Tkhd, edts, trak.Mdia} { // the edit comes before the media
		whole.AddChild(b)
	}
	moov := mp4.NewMoovBox()
	moov.AddChild(mvhd)
	moov.AddChild(whole)
	return moov, total, nil
}
