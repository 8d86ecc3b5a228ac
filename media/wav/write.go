package wav

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// headerBytes come before the samples that a Writer writes.
const headerBytes = 44

// Writer writes a WAV file of 16 bits.
type Writer struct {
	w              io.WriteSeeker
	rate, channels int
	bytes          int64
	buf            []byte
}

// NewWriter begins a file of rate Hz.
func NewWriter(w io.WriteSeeker, rate, channels int) (*Writer, error) {
	if channels < 1 || channels > maxChannels || rate < 1 || rate > maxRate {
		return nil, fmt.Errorf("%w: %d channels, %d Hz", ErrUnsupported, channels, rate)
	}
	out := &Writer{w: w, rate: rate, channels: channels}
	if _, err := w.Write(out.header()); err != nil {
		return nil, fmt.Errorf("wav: %w", err)
	}
	return out, nil
}

// Write appends samples, the channels of one moment side by side.
func (w *Writer) Write(samples []int16) error {
	if w.bytes+2*int64(len(samples)) > math.MaxUint32-headerBytes {
		return errors.New("wav: more than 4 GiB of sound")
	}
	w.buf = w.buf[:0]
	for _, s := range samples {
		w.buf = binary.LittleEndian.AppendUint16(w.buf, uint16(s))
	}
	n, err := w.w.Write(w.buf)
	w.bytes += int64(n)
	if err != nil {
		return fmt.Errorf("wav: %w", err)
	}
	return nil
}

// Close writes the length into the header; it does not close the file.
func (w *Writer) Close() error {
	if _, err := w.w.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("wav: %w", err)
	}
	if _, err := w.w.Write(w.header()); err != nil {
		return fmt.Errorf("wav: %w", err)
	}
	return nil
}

func (w *Writer) header() []byte {
	le := binary.LittleEndian
	b := le.AppendUint32([]byte("RIFF"), uint32(headerBytes-8+w.bytes))
	b = le.AppendUint32(append(b, "WAVEfmt "...), 16)
	b = le.AppendUint16(b, formatPCM)
	b = le.AppendUint16(b, uint16(w.channels))
	b = le.AppendUint32(b, uint32(w.rate))
	b = le.AppendUint32(b, uint32(2*w.rate*w.channels))
	b = le.AppendUint16(b, uint16(2*w.channels))
	b = le.AppendUint16(b, 16)
	return le.AppendUint32(append(b, "data"...), uint32(w.bytes))
}
