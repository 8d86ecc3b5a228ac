package app

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"time"

	"magpie/media/aac"
	"magpie/media/device"
	"magpie/media/wav"
	"magpie/widgets/loop"
)

// levelEvery is how much sound one level is of, in samples: 50 ms.
const levelEvery = aac.SampleRate / 20

// listen hears a microphone until ctx ends, or until it has heard as much as keep says, in
// samples, 0 for no end, and returns that. level is told on the goroutine of the user
// interface how loud each 50 ms were, 0 to 1 as the ear has it. Nothing reaches a disk.
func listen(ctx context.Context, sound Sound, id string, keep int, level func(part float64)) ([]int16, error) {
	opening, cancel := context.WithTimeout(ctx, micPatience)
	defer cancel()
	mic, err := sound.OpenMicrophone(opening, id)
	if err != nil {
		if errors.Is(opening.Err(), context.DeadlineExceeded) {
			err = errors.Join(device.ErrTimeout, err)
		}
		return nil, err
	}
	defer mic.Close()
	defer context.AfterFunc(ctx, func() { _ = mic.Close() })() // ends a Read that waits
	var kept []int16
	b := make([]byte, 2*levelEvery)
	for keep == 0 || len(kept) < keep {
		if _, err := io.ReadFull(mic, b); err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				err = device.ErrUnplugged
			}
			return nil, err
		}
		peak := 0
		for i := 0; i < len(b); i += 2 {
			v := int16(binary.LittleEndian.Uint16(b[i:]))
			peak = max(peak, max(int(v), -int(v)))
			if keep > 0 {
				kept = append(kept, v)
			}
		}
		part := float64(loudness(float64(peak)/math.MaxInt16)) / 255
		loop.Do(func() {
			if ctx.Err() == nil {
				level(part)
			}
		})
	}
	return kept[:min(keep, len(kept))], nil
}

// toneLength and toneHertz are of the tone by which the output is tried.
const (
	toneLength = time.Second
	toneHertz  = 440
)

// testTone is a quiet tone that swells and fades, so that it begins and ends without a
// click.
func testTone() []int16 {
	const n = int(aac.SampleRate * toneLength / time.Second)
	const ramp = n / 10
	tone := make([]int16, n)
	for i := range tone {
		swell := min(float64(min(i, n-1-i))/float64(ramp), 1)
		tone[i] = int16(0.25 * math.MaxInt16 * swell * math.Sin(2*math.Pi*toneHertz*float64(i)/aac.SampleRate))
	}
	return tone
}

// wavOf makes a file of samples, for the player.
func wavOf(samples []int16) (*memoryFile, error) {
	f := &memoryFile{}
	w, err := wav.NewWriter(f, aac.SampleRate, 1)
	if err == nil {
		err = w.Write(samples)
	}
	if err == nil {
		err = w.Close()
	}
	return f, err
}

// memoryFile is a file that lies in the memory: it is written once and then read.
type memoryFile struct {
	b  []byte
	at int64
}

func (f *memoryFile) Write(b []byte) (int, error) {
	if more := int(f.at) + len(b) - len(f.b); more > 0 {
		f.b = append(f.b, make([]byte, more)...)
	}
	n := copy(f.b[f.at:], b)
	f.at += int64(n)
	return n, nil
}

// Seek implements io.Seeker; places before the beginning are the beginning.
func (f *memoryFile) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += f.at
	case io.SeekEnd:
		offset += int64(len(f.b))
	}
	f.at = min(max(offset, 0), int64(len(f.b)))
	return f.at, nil
}

func (f *memoryFile) Read(b []byte) (int, error) {
	n, err := f.ReadAt(b, f.at)
	f.at += int64(n)
	return n, err
}

func (f *memoryFile) ReadAt(b []byte, off int64) (int, error) {
	return bytes.NewReader(f.b).ReadAt(b, off)
}

func (f *memoryFile) Size() int64 { return int64(len(f.b)) }

func (f *memoryFile) Close() error { return nil }
