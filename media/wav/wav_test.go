package wav_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"magpie/media/internal/memtest"
	"magpie/media/wav"
)

func write(t testing.TB, rate, channels int, samples []int16) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.wav")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := wav.NewWriter(f, rate, channels)
	if err != nil {
		t.Fatal(err)
	}
	for chunk := range slices.Chunk(samples, 1000) {
		if err := w.Write(chunk); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func read(w *wav.Reader) ([]int16, error) {
	var all []int16
	buf := make([]int16, 1001)
	for {
		n, err := w.Read(buf)
		all = append(all, buf[:n]...)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
	}
}

func open(t testing.TB, b []byte) *wav.Reader {
	t.Helper()
	w, err := wav.Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// What is written comes back as it was, at full scale too.
func TestRoundTrip(t *testing.T) {
	for channels := 1; channels <= 2; channels++ {
		samples := []int16{0, 1, -1, math.MaxInt16, math.MinInt16, 12345}
		for i := range 9000 {
			samples = append(samples, int16(i*7919))
		}
		w := open(t, write(t, 44100, channels, samples))
		got, err := read(w)
		if err != nil || !slices.Equal(got, samples) || w.Rate != 44100 || w.Channels != channels {
			t.Fatalf("%d channels: %d of %d samples, %v", channels, len(got), len(samples), err)
		}
		if err := w.SeekTo(3); err != nil {
			t.Fatal(err)
		}
		if got, err := read(w); err != nil || !slices.Equal(got, samples[3*channels:]) {
			t.Errorf("%d channels: the samples differ after a seek, %v", channels, err)
		}
	}
}

// file makes a WAV of any format by hand.
func file(format, channels, bits uint16, rate uint32, data []byte, claim uint32) []byte {
	le := binary.LittleEndian
	b := append([]byte("RIFF\x00\x00\x00\x00WAVELIST\x03\x00\x00\x00abc\x00"), "fmt \x10\x00\x00\x00"...)
	b = le.AppendUint16(b, format)
	b = le.AppendUint16(b, channels)
	b = le.AppendUint32(b, rate)
	b = le.AppendUint32(b, rate*uint32(channels)*uint32(bits)/8)
	b = le.AppendUint16(b, channels*bits/8)
	b = le.AppendUint16(b, bits)
	b = append(b, "data"...)
	return append(le.AppendUint32(b, claim), data...)
}

func TestWidths(t *testing.T) {
	float := binary.LittleEndian.AppendUint32(nil, math.Float32bits(-0.5))
	float = binary.LittleEndian.AppendUint32(float, math.Float32bits(2))
	float = binary.LittleEndian.AppendUint32(float, math.Float32bits(float32(math.NaN())))
	for name, c := range map[string]struct {
		b    []byte
		want []int16
	}{
		"8 bits":            {file(1, 1, 8, 8000, []byte{0, 128, 255}, 3), []int16{-32768, 0, 127 << 8}},
		"24 bits":           {file(1, 1, 24, 8000, []byte{0xff, 0x34, 0x12, 0, 0, 0x80}, 6), []int16{0x1234, -32768}},
		"32 bits":           {file(1, 1, 32, 8000, []byte{9, 9, 0x34, 0x12}, 4), []int16{0x1234}},
		"numbers":           {file(3, 1, 32, 8000, float, 12), []int16{-16384, 32767, 0}},
		"claims 4 GiB":      {file(1, 1, 16, 8000, []byte{1, 0, 2, 0}, math.MaxUint32), []int16{1, 2}},
		"half a last frame": {file(1, 2, 16, 8000, []byte{1, 0, 2, 0, 3, 0}, 6), []int16{1, 2}},
		"no samples":        {file(1, 1, 16, 8000, nil, 0), nil},
	} {
		if got, err := read(open(t, c.b)); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v, want %v", name, got, err, c.want)
		}
	}
}

func TestRefuses(t *testing.T) {
	good := file(1, 1, 16, 8000, []byte{1, 0}, 2)
	for name, c := range map[string]struct {
		b    []byte
		want error
	}{
		"empty":         {nil, wav.ErrNotWAV},
		"text":          {[]byte("this is a text, no sound"), wav.ErrNotWAV},
		"no sound":      {good[:len(good)-12], wav.ErrNotWAV},
		"cut in format": {good[:34], wav.ErrNotWAV},
		"ADPCM":         {file(2, 1, 4, 8000, nil, 0), wav.ErrUnsupported},
		"12 bits":       {file(1, 1, 12, 8000, nil, 0), wav.ErrUnsupported},
		"no channel":    {file(1, 0, 16, 8000, nil, 0), wav.ErrUnsupported},
		"many channels": {file(1, 9, 16, 8000, nil, 0), wav.ErrUnsupported},
		"no rate":       {file(1, 1, 16, 0, nil, 0), wav.ErrUnsupported},
		"absurd rate":   {file(1, 1, 16, math.MaxUint32, nil, 0), wav.ErrUnsupported},
	} {
		if _, err := wav.Open(bytes.NewReader(c.b), int64(len(c.b))); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if _, err := wav.NewWriter(nil, 44100, 9); !errors.Is(err, wav.ErrUnsupported) {
		t.Errorf("nine channels: %v", err)
	}
}

func FuzzWAV(f *testing.F) {
	f.Add(write(f, 8000, 1, []int16{1, 2, 3}))
	f.Add(file(3, 2, 32, 8000, make([]byte, 16), math.MaxUint32))
	f.Add(file(1, 8, 24, 8000, make([]byte, 50), 48))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<20 {
			return
		}
		memtest.Within(t, 8<<20, func() {
			if w, err := wav.Open(bytes.NewReader(b), int64(len(b))); err == nil {
				total, buf := int64(0), make([]int16, 4096)
				for n, err := w.Read(buf); err == nil; n, err = w.Read(buf) {
					total += int64(n)
				}
				if total != w.Frames*int64(w.Channels) || total > int64(len(b)) {
					t.Fatalf("%d samples of %d frames in %d bytes", total, w.Frames, len(b))
				}
			}
		})
	})
}
