package store

import (
	"encoding/binary"
	"errors"

	"magpie/im"
	"magpie/internal/seal"
)

// formatVersion is the first byte of every value.
const formatVersion = 1

// kind says what a value is. It is not written: it goes into the checksum, so
// that a value met in the wrong place is not taken for something else.
type kind byte

const (
	kindMeta     kind = 'k'
	kindConv     kind = 'c'
	kindMessage  kind = 'm'
	kindOldPlace kind = 'i'
	kindPlace    kind = 'a'
	kindNumber   kind = 'n'
	kindOutbox   kind = 'o'
	kindDraft    kind = 'd'
	kindRange    kind = 'r'
	kindMember   kind = 'e'
	kindProfile  kind = 'p'
	kindGroup    kind = 'g'
	kindSchema   kind = 's'
	kindRecall   kind = 'x'
	kindMedia    kind = 'v'

	kindSearchState   kind = 'S'
	kindSearchSegment kind = 'G'
	kindSearchDead    kind = 'D'
	kindSearchPage    kind = 'P'
	kindSearchTail    kind = 'T'

	checksumSize = 4
)

var (
	errShort    = errors.New("value ends too early")
	errLong     = errors.New("value is longer than any that is written")
	errChecksum = errors.New("value does not match its checksum")
	errVersion  = errors.New("value has an unknown version")
	errTrailing = errors.New("value is longer than its content")
)

// encoder appends fields: unsigned and signed numbers as varints, strings with
// their length before them.
type encoder struct{ b []byte }

func newEncoder(size int) *encoder {
	return &encoder{b: append(make([]byte, 0, size+1+seal.ValueOverhead), formatVersion)}
}

func (e *encoder) uint(v uint64) { e.b = binary.AppendUvarint(e.b, v) }
func (e *encoder) int(v int64)   { e.b = binary.AppendVarint(e.b, v) }
func (e *encoder) string(s string) {
	e.uint(uint64(len(s)))
	e.b = append(e.b, s...)
}
func (e *encoder) bytes(p []byte) {
	e.uint(uint64(len(p)))
	e.b = append(e.b, p...)
}

// decoder reads what encoder wrote. The first failure sticks; afterwards every
// read returns zero. Nothing is allocated before its length was checked against
// what is there.
type decoder struct {
	rest []byte
	err  error
}

func (d *decoder) uint() uint64 {
	if d.err != nil {
		return 0
	}
	v, n := binary.Uvarint(d.rest)
	if n <= 0 {
		d.err = errShort
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

func (d *decoder) int() int64 {
	if d.err != nil {
		return 0
	}
	v, n := binary.Varint(d.rest)
	if n <= 0 {
		d.err = errShort
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

// view returns the next length-prefixed bytes without copying them.
func (d *decoder) view() []byte {
	n := d.uint()
	if d.err != nil {
		return nil
	}
	if n > uint64(len(d.rest)) {
		d.err = errShort
		return nil
	}
	p := d.rest[:n]
	d.rest = d.rest[n:]
	return p
}

func (d *decoder) string() string { return string(d.view()) }

// array fills p with the next bytes.
func (d *decoder) array(p []byte) {
	if d.err == nil && len(p) > len(d.rest) {
		d.err = errShort
	}
	if d.err == nil {
		d.rest = d.rest[copy(p, d.rest):]
	}
}

// count reads the number of elements that follow, each of at least one byte.
func (d *decoder) count() int {
	n := d.uint()
	if d.err == nil && n > uint64(len(d.rest)) {
		d.err = errShort
	}
	if d.err != nil {
		return 0
	}
	return int(n)
}

// done returns the first failure, or errTrailing if something is left over.
func (d *decoder) done() error {
	if d.err == nil && len(d.rest) > 0 {
		return errTrailing
	}
	return d.err
}

// damaged is the error of a record that cannot be read.
func damaged(what string, key []byte, err error) error {
	return im.Errorf(im.CodeStoreDamaged, "store: %s %q: %v", what, begin(key), err)
}

func sequenceKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// keySequence reads a key that sequenceKey made.
func keySequence(key []byte) (uint64, error) {
	if len(key) != 8 {
		return 0, errShort
	}
	return binary.BigEndian.Uint64(key), nil
}

// begin is enough of a key to say which it is. A page that was hurt may say that one has
// gigabytes, and fmt copies all of what it then cuts off.
func begin(key []byte) []byte { return key[:min(len(key), 96)] }
