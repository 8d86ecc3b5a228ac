package voice

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"magpie/im"
)

// memory makes a stream that only goes forward one that can be sought in: it
// keeps what was decoded, at most im.MaxAudio of it (106 MB of 44,100 Hz stereo,
// half of that for mono).
type memory struct {
	r        *bufio.Reader
	channels int
	max      int // samples
	samples  []int16
	pos      int // in samples
	end      error
	damaged  bool
}

func newMemory(r io.Reader, rate, channels int) *memory {
	return &memory{r: bufio.NewReaderSize(r, 16<<10), channels: channels, max: int(im.MaxAudio/time.Second) * rate * channels}
}

// fill decodes until there are n samples, or the end.
func (m *memory) fill(n int) {
	var b [4]byte
	frame := b[:2*m.channels]
	for len(m.samples) < n && m.end == nil {
		if len(m.samples) >= m.max {
			m.end, m.damaged = io.EOF, true
			return
		}
		if _, err := io.ReadFull(m.r, frame); err != nil {
			if m.end = err; errors.Is(err, io.ErrUnexpectedEOF) {
				m.end = io.EOF
			}
			m.damaged = !errors.Is(err, io.EOF)
			if len(m.samples) > 0 {
				m.end = io.EOF // what there is can be heard; Damaged says the rest
			}
			return
		}
		for i := 0; i < len(frame); i += 2 {
			m.samples = append(m.samples, int16(binary.LittleEndian.Uint16(frame[i:])))
		}
	}
}

func (m *memory) Read(p []int16) (int, error) {
	want := min(len(p)/m.channels*m.channels, 4096)
	m.fill(m.pos + want)
	n := copy(p[:want], m.samples[m.pos:])
	m.pos += n
	if n == 0 && want > 0 {
		return 0, m.end
	}
	return n, nil
}

func (m *memory) SeekTo(frame int64) error {
	if frame < 0 || frame > int64(m.max/m.channels) {
		return fmt.Errorf("voice: frame %d", frame)
	}
	at := int(frame) * m.channels
	m.fill(at)
	if at > len(m.samples) {
		return fmt.Errorf("voice: frame %d of %d", frame, len(m.samples)/m.channels)
	}
	m.pos = at
	return nil
}

func (m *memory) Position() int64 { return int64(m.pos / m.channels) }
func (m *memory) length() int64   { return int64(len(m.samples) / m.channels) }
