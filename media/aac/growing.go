package aac

import (
	"errors"
	"fmt"
	"os"

	codec "github.com/tphakala/go-aac"
)

// Growing is an ADTS file of 44,100 Hz mono that is written while it is recorded.
// Each frame reaches the system in one call, so a process that dies loses what it
// has not appended and nothing else.
type Growing struct {
	f     *os.File
	end   int64
	frame []byte
}

// Create makes the file at path, which must not exist.
func Create(path string) (*Growing, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("aac: %w", err)
	}
	return &Growing{f: f}, nil
}

// AppendFrame adds an access unit to b as a frame of such a file.
func AppendFrame(b, unit []byte) ([]byte, error) {
	b, err := codec.AppendADTSHeader(b, SampleRate, 1, len(unit))
	if err != nil {
		return b, fmt.Errorf("aac: %w", err)
	}
	return append(b, unit...), nil
}

// Append writes one access unit. When it fails, on a full disk for one, the file
// ends with the last whole frame.
func (g *Growing) Append(unit []byte) error {
	var err error
	if g.frame, err = AppendFrame(g.frame[:0], unit); err != nil {
		return err
	}
	n, err := g.f.WriteAt(g.frame, g.end)
	if err != nil {
		if n > 0 {
			err = errors.Join(err, g.f.Truncate(g.end))
		}
		return fmt.Errorf("aac: %w", err)
	}
	g.end += int64(n)
	return nil
}

// Close sees to it that the file is on the disk.
func (g *Growing) Close() error {
	if err := errors.Join(g.f.Sync(), g.f.Close()); err != nil {
		return fmt.Errorf("aac: %w", err)
	}
	return nil
}

// Recover opens what a killed process left at path, cuts off what is no whole
// frame and returns the Track of the rest; the caller closes the file. The error
// wraps [ErrNotADTS] when there is no whole frame.
func Recover(path string) (*Track, *os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("aac: %w", err)
	}
	t, err := recoverFile(f)
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return t, f, nil
}

func recoverFile(f *os.File) (*Track, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("aac: %w", err)
	}
	t, err := OpenADTS(f, info.Size())
	if err != nil {
		return nil, err
	}
	last := t.Units[len(t.Units)-1]
	if end := int64(last.At) + int64(last.Size); end < info.Size() {
		if err := f.Truncate(end); err != nil {
			return nil, fmt.Errorf("aac: %w", err)
		}
	}
	return t, nil
}
