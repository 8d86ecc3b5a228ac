package seal

import (
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// MaxRecord is how long a record of a [Log] may be, in bytes.
const MaxRecord = 1 << 20

// Log is a sealed file of records that are added one by one: a recording. Each
// reaches the system in one call, so a process that dies loses what it has not
// appended and nothing else.
type Log struct {
	f      GrowingFile
	aead   cipher.AEAD
	index  int64
	end    int64
	sealed []byte
}

// NewLog begins a log in f, which is empty.
func NewLog(f GrowingFile, k Key) (*Log, error) {
	header, aead, err := newHeader(k, kindLog)
	if err != nil {
		return nil, err
	}
	if _, err := f.WriteAt(header, 0); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return &Log{f: f, aead: aead, end: HeaderSize}, nil
}

// Append adds a record of at most [MaxRecord] bytes. When it fails, on a full disk
// for one, the file ends with the last whole record.
func (l *Log) Append(record []byte) error {
	if len(record) > MaxRecord {
		return fmt.Errorf("seal: a record of %d bytes", len(record))
	}
	l.sealed = binary.BigEndian.AppendUint32(l.sealed[:0], uint32(len(record)))
	l.sealed = l.aead.Seal(l.sealed, nil, record, place(l.index, false))
	n, err := l.f.WriteAt(l.sealed, l.end)
	if err != nil {
		if n > 0 {
			err = errors.Join(err, l.f.Truncate(l.end))
		}
		return fmt.Errorf("seal: %w", err)
	}
	l.end += int64(n)
	l.index++
	return nil
}

// ReadLog gives the records of the log of size bytes in r, each good until each
// returns, up to the first that is not whole, and returns where that begins: size if
// all are. A log has no end that could be missing, so what was cut off between two
// records does not show. The error wraps [ErrKey] for another key, [ErrDamaged] if
// this is no log, or is each's.
func ReadLog(r io.ReaderAt, size int64, k Key, each func(record []byte) error) (end int64, err error) {
	aead, err := readHeader(r, k, kindLog)
	if err != nil {
		return 0, err
	}
	in := io.NewSectionReader(r, HeaderSize, max(0, size-HeaderSize))
	var sealed, plain []byte
	var length [4]byte
	end = HeaderSize
	for index := int64(0); ; index++ {
		if _, err := io.ReadFull(in, length[:]); err != nil {
			return end, torn(err)
		}
		n := int64(binary.BigEndian.Uint32(length[:])) + Overhead
		if n > MaxRecord+Overhead || n > size-end-int64(len(length)) {
			return end, nil
		}
		if int64(cap(sealed)) < n {
			sealed = make([]byte, n)
		}
		sealed = sealed[:n]
		if _, err := io.ReadFull(in, sealed); err != nil {
			return end, torn(err)
		}
		if plain, err = aead.Open(plain[:0], nil, sealed, place(index, false)); err != nil {
			return end, nil //nolint:nilerr // what is not whole ends the log: that is no error
		}
		if err := each(plain); err != nil {
			return end, err
		}
		end += int64(len(length)) + n
	}
}

// torn is nil if there was nothing more to read.
func torn(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return fmt.Errorf("seal: %w", err)
}
