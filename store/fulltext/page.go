package fulltext

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
)

// ErrDamaged is what a page that cannot be right is. The index is to be made anew.
var ErrDamaged = errors.New("fulltext: a page of the index is damaged")

// PageBytes is the most that a page has. With what the store adds, two of them
// fill eight pages of bbolt.
const PageBytes = 16_256

// Section is what a page of a segment has.
type Section byte

// Sections.
const (
	Terms     Section = 't' // terms and their postings, in the order of the terms
	Dates     Section = 'd' // one date a slot
	Directory Section = 'm' // which documents there are, and the first term of each page of terms
	Frequent  Section = 'f' // which beginnings of terms many documents have
)

// PageReader returns a page of a segment. What it returns is not changed and stays
// valid as long as the call that it was given to.
type PageReader func(segment uint32, s Section, n uint32) ([]byte, error)

// PageWriter keeps a page. The bytes are the callee's.
type PageWriter func(s Section, n uint32, page []byte) error

// A page of terms is a row of entries:
//
//	shared u8      how much of the term is that of the entry before it
//	rest   u8      bytes of the term that follow
//	count  uvarint of postings
//	first  uvarint the first posting
//	if count > 1: length uvarint, and as many bytes of uvarint differences
//
// The first entry of a page shares nothing. The postings of a frequent term go
// on in an entry of the next page, with a first posting of its own.

// termWriter fills pages of terms.
type termWriter struct {
	write  PageWriter
	page   []byte
	last   []byte // the term of the last entry of page
	firsts []string
	diffs  []byte
}

// minRoom is what must be left of a page for a term to begin on it.
const minRoom = 24

func (w *termWriter) add(term []byte, posts []uint32) error {
	for len(posts) > 0 {
		room := PageBytes - len(w.page) - len(term) - 12 // the longest head of an entry
		if room < minRoom && len(w.page) > 0 {
			if err := w.flush(); err != nil {
				return err
			}
			continue
		}
		n := 1
		w.diffs = w.diffs[:0]
		for n < len(posts) && len(w.diffs)+binary.MaxVarintLen32 <= room {
			w.diffs = binary.AppendUvarint(w.diffs, uint64(posts[n]-posts[n-1]))
			n++
		}
		shared := 0
		if len(w.page) == 0 {
			w.firsts = append(w.firsts, string(term))
		} else {
			for shared < min(len(term), len(w.last)) && term[shared] == w.last[shared] {
				shared++
			}
		}
		w.page = append(w.page, byte(shared), byte(len(term)-shared))
		w.page = append(w.page, term[shared:]...)
		w.page = binary.AppendUvarint(w.page, uint64(n))
		w.page = binary.AppendUvarint(w.page, uint64(posts[0]))
		if n > 1 {
			w.page = binary.AppendUvarint(w.page, uint64(len(w.diffs)))
			w.page = append(w.page, w.diffs...)
		}
		w.last = append(w.last[:0], term...)
		posts = posts[n:]
	}
	return nil
}

func (w *termWriter) flush() error {
	if len(w.page) == 0 {
		return nil
	}
	err := w.write(Terms, uint32(len(w.firsts)-1), w.page)
	w.page, w.last = make([]byte, 0, PageBytes), w.last[:0]
	return err
}

// termPage reads a page of terms.
type termPage struct {
	rest []byte
	term []byte
	// of the entry that next found
	count uint32
	first uint32
	diffs []byte
}

// next goes to the next entry; false at the end of the page.
func (p *termPage) next() (bool, error) {
	if len(p.rest) == 0 {
		return false, nil
	}
	shared, rest, err := p.head(len(p.term))
	if err != nil {
		return false, err
	}
	p.term = append(p.term[:shared], rest...)
	return true, p.postings()
}

// seek goes from the beginning of the page to the first entry with a term that is not below
// from; false if there is none. It neither puts terms together nor compares them: how much
// each shares with the one before it says where it is.
func (p *termPage) seek(from string) (bool, error) {
	length, match := 0, 0 // of the term of the entry before, and how much it has in common with from
	for len(p.rest) > 0 {
		shared, rest, err := p.head(length)
		if err != nil {
			return false, err
		}
		length = shared + len(rest)
		reached := shared < match // it differs where the one before did not, and terms ascend
		if shared == match {
			n := 0
			for n < len(rest) && match < len(from) && rest[n] == from[match] {
				n++
				match++
			}
			reached = match == len(from) || n < len(rest) && rest[n] > from[match]
		}
		if reached {
			p.term = append(append(p.term[:0], from[:shared]...), rest...)
			return true, p.postings()
		}
		if err := p.postings(); err != nil {
			return false, err
		}
	}
	return false, nil
}

// head reads how an entry begins; before is how long the term before it is.
func (p *termPage) head(before int) (shared int, rest []byte, err error) {
	if len(p.rest) < 2 {
		return 0, nil, ErrDamaged
	}
	shared, end := int(p.rest[0]), 2+int(p.rest[1])
	if shared > before || len(p.rest) < end {
		return 0, nil, ErrDamaged
	}
	rest, p.rest = p.rest[2:end], p.rest[end:]
	return shared, rest, nil
}

// postings reads the rest of an entry.
func (p *termPage) postings() error {
	count, ok := p.number()
	first, ok2 := p.number()
	if !ok || !ok2 || count == 0 {
		return ErrDamaged
	}
	p.count, p.first, p.diffs = count, first, nil
	if count > 1 {
		n, ok := p.number()
		if !ok || uint64(n) > uint64(len(p.rest)) || count-1 > n {
			return ErrDamaged
		}
		p.diffs, p.rest = p.rest[:n], p.rest[n:]
	}
	return nil
}

func (p *termPage) number() (uint32, bool) {
	if len(p.rest) > 0 && p.rest[0] < 0x80 {
		v := p.rest[0]
		p.rest = p.rest[1:]
		return uint32(v), true
	}
	v, n := binary.Uvarint(p.rest)
	if n <= 0 || v > math.MaxUint32 {
		return 0, false
	}
	p.rest = p.rest[n:]
	return uint32(v), true
}

// posts appends the postings of the entry to list. All are below limit.
func (p *termPage) posts(list []uint32, limit uint64) ([]uint32, error) {
	at := uint64(p.first)
	if at >= limit {
		return list, ErrDamaged
	}
	// Each of count postings has a byte, so this asks for no more than there is.
	list = append(slices.Grow(list, int(p.count)), uint32(at))
	diffs := p.diffs
	for range p.count - 1 {
		var d uint64
		switch { // nearly all are short
		case len(diffs) > 0 && diffs[0] < 0x80:
			d, diffs = uint64(diffs[0]), diffs[1:]
		case len(diffs) > 1 && diffs[1] < 0x80:
			d, diffs = uint64(diffs[0]&0x7f)|uint64(diffs[1])<<7, diffs[2:]
		default:
			v, n := binary.Uvarint(diffs)
			if n <= 0 {
				return list, ErrDamaged
			}
			d, diffs = v, diffs[n:]
		}
		if d == 0 || d >= limit || at+d >= limit {
			return list, ErrDamaged
		}
		at += d
		list = append(list, uint32(at))
	}
	if len(diffs) > 0 {
		return list, ErrDamaged
	}
	return list, nil
}

// mark adds the slots of the postings of the entry to set. A posting is so many bits more
// than a slot; all are below limit. It is where a search spends its time.
func (p *termPage) mark(set *slotSet, bits uint, limit uint64) error {
	at := uint64(p.first)
	if at >= limit {
		return ErrDamaged
	}
	words, used := set.words, set.used
	diffs := p.diffs
	for left := p.count; ; {
		slot := at >> (bits & 31)
		w := slot >> 6
		if old := words[w]; old == 0 {
			used[w>>6] |= 1 << (w & 63)
			words[w] = 1 << (slot & 63)
		} else {
			words[w] = old | 1<<(slot&63)
		}
		if left--; left == 0 {
			break
		}
		var d uint64
		switch {
		case len(diffs) > 1 && diffs[0] >= 0x80 && diffs[1] < 0x80: // nearly all
			d, diffs = uint64(diffs[0]&0x7f)|uint64(diffs[1])<<7, diffs[2:]
		case len(diffs) > 0 && diffs[0] < 0x80:
			d, diffs = uint64(diffs[0]), diffs[1:]
		case len(diffs) > 2 && diffs[2] < 0x80:
			d, diffs = uint64(diffs[0]&0x7f)|uint64(diffs[1]&0x7f)<<7|uint64(diffs[2])<<14, diffs[3:]
		default:
			v, n := binary.Uvarint(diffs)
			if n <= 0 {
				return ErrDamaged
			}
			d, diffs = v, diffs[n:]
		}
		if d == 0 || d >= limit || at+d >= limit {
			return ErrDamaged
		}
		at += d
	}
	if len(diffs) > 0 {
		return ErrDamaged
	}
	return nil
}
