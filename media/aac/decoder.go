package aac

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/tphakala/go-aac/pcm"
)

// maxBad is how many access units in a row may be damaged before the rest is
// given up: half a second at 44,100 Hz.
const maxBad = 20

// Decoder turns a [Track] into samples. A damaged unit becomes silence of its
// length. It is not safe for concurrent use.
type Decoder struct {
	t    *Track
	feed feed
	dec  *pcm.Decoder
	// pos counts samples of sound, next the decoded sample (with priming) that dec
	// gives next, skip what is to be dropped before pos.
	pos, next, skip int64
	bad             int
	silence         int64 // samples of silence due in place of a damaged unit
	bytes           []byte
	damaged         bool
	err             error
}

// NewDecoder begins at the beginning of t. The error wraps [ErrUnsupported] if
// this is no AAC-LC; HE-AAC that does not say so is found by decoding the first
// access unit.
func NewDecoder(t *Track) (*Decoder, error) {
	d := &Decoder{t: t, damaged: t.Damaged}
	d.feed.t = t
	dec, err := pcm.NewDecoder(&d.feed, pcm.WithRawStream(t.Config))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	d.dec = dec
	if info := dec.Info(); info.Channels != t.Channels || info.SampleRate != t.Rate {
		return nil, fmt.Errorf("%w: %d Hz with %d channels that says %d Hz with %d",
			ErrUnsupported, info.SampleRate, info.Channels, t.Rate, t.Channels)
	}
	if err := d.try(); err != nil {
		return nil, err
	}
	return d, d.SeekTo(0)
}

// try decodes one unit to see whether it can be.
func (d *Decoder) try() error {
	var b [4]byte
	if _, err := d.dec.Read(b[:2*d.t.Channels]); errors.Is(err, pcm.ErrUnsupported) {
		return fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	return nil
}

// Len is the length of the sound in samples of each channel.
func (d *Decoder) Len() int64 { return d.t.Samples }

// Position is the sample at which Read goes on.
func (d *Decoder) Position() int64 { return d.pos }

// Rate is in Hz.
func (d *Decoder) Rate() int { return d.t.Rate }

// Channels are 1 or 2.
func (d *Decoder) Channels() int { return d.t.Channels }

// Damaged reports whether something was missing up to here.
func (d *Decoder) Damaged() bool { return d.damaged }

// SeekTo makes sample the next one that Read gives: exactly that one.
func (d *Decoder) SeekTo(sample int64) error {
	if sample < 0 || sample > d.t.Samples {
		return fmt.Errorf("aac: sample %d of %d", sample, d.t.Samples)
	}
	absolute := sample + d.t.Priming
	// A unit overlaps the one before it, which is decoded for that and dropped.
	first := max(absolute/UnitSamples-1, 0)
	d.pos, d.bad, d.err = sample, 0, nil
	if err := d.restart(first); err != nil {
		return err
	}
	d.skip = absolute - first*UnitSamples
	return nil
}

// restart makes unit the next to be decoded.
func (d *Decoder) restart(unit int64) error {
	d.feed.unit, d.feed.rest = int(unit), nil
	d.next, d.silence = unit*UnitSamples, 0
	if err := d.dec.Reset(&d.feed, pcm.WithRawStream(d.t.Config)); err != nil {
		d.err = fmt.Errorf("%w: %w", ErrDamaged, err)
		return d.err
	}
	return nil
}

// Read fills p with samples, the channels of one moment side by side, and returns
// how many it gave: a multiple of the channels. At the end the error is io.EOF.
// It wraps [ErrDamaged] when too much in a row does not decode.
func (d *Decoder) Read(p []int16) (int, error) {
	ch := int64(d.t.Channels)
	for d.err == nil {
		want := min(int64(len(p))/ch, d.t.Samples-d.pos)
		if want == 0 {
			if d.pos == d.t.Samples {
				return 0, io.EOF
			}
			return 0, nil
		}
		if d.skip > 0 {
			want = min(d.skip, UnitSamples)
		}
		n, err := d.decode(want)
		if err != nil {
			d.err = err
			break
		}
		if d.skip > 0 {
			d.skip -= n
			continue
		}
		if n == 0 {
			continue
		}
		for i := range n * ch {
			p[i] = int16(binary.LittleEndian.Uint16(d.bytes[2*i:]))
		}
		d.pos += n
		return int(n * ch), nil
	}
	return 0, d.err
}

// decode puts up to want samples of each channel into d.bytes.
func (d *Decoder) decode(want int64) (int64, error) {
	frame := 2 * int64(d.t.Channels)
	if int64(cap(d.bytes)) < want*frame {
		d.bytes = make([]byte, want*frame)
	}
	d.bytes = d.bytes[:want*frame]
	if d.silence > 0 {
		n := min(want, d.silence)
		clear(d.bytes[:n*frame])
		d.silence -= n
		d.next += n
		if d.silence == 0 {
			return n, d.restart(d.next / UnitSamples)
		}
		return n, nil
	}
	n, err := d.dec.Read(d.bytes)
	whole := int64(n) / frame
	d.next += whole
	switch {
	case err == nil:
		d.bad = 0
		return whole, nil
	case errors.Is(err, io.EOF):
		d.damaged = true // the track promised more
		return 0, io.EOF
	}
	d.damaged = true
	last := d.next/UnitSamples+1 >= int64(len(d.t.Units))
	if last && d.next > 0 && d.bad < maxBad {
		return 0, io.EOF // what there is was heard
	}
	if d.bad++; d.bad > maxBad || last {
		return 0, fmt.Errorf("%w: access unit %d: %w", ErrDamaged, d.next/UnitSamples, err)
	}
	d.silence = UnitSamples
	return 0, nil
}

// feed gives the codec the access units from unit on, each behind its length.
type feed struct {
	t    *Track
	unit int
	rest []byte
	buf  []byte
}

func (f *feed) Read(p []byte) (int, error) {
	if len(f.rest) == 0 {
		if f.unit >= len(f.t.Units) {
			return 0, io.EOF
		}
		var err error
		f.buf = binary.BigEndian.AppendUint16(f.buf[:0], f.t.Units[f.unit].Size)
		if f.buf, err = f.t.AppendUnit(f.buf, f.unit); err != nil {
			return 0, err
		}
		f.unit++
		f.rest = f.buf
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}
