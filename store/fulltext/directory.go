package fulltext

import (
	"encoding/binary"
	"math"
	"slices"
	"sort"
	"strings"
)

// directory says which document is at which slot. Documents are sorted by their
// places, and numbers of a conversation mostly follow one another, so that runs
// of them say it in a few bytes: this is what leads both from a slot to a message
// and from a message to its slot.
type directory struct {
	convs []convRuns
	docs  uint64
	slots uint32
}

type convRuns struct {
	name      string
	slot, end uint32
	runs      []run
}

// run is count documents with ascending numbers, of width slots each.
type run struct {
	sequence           uint64
	slot, count, width uint32
}

// add appends a document, which comes after all that are there, and returns its
// slot.
func (d *directory) add(p Place, width uint32) (slot uint32) {
	slot = d.slots
	if n := len(d.convs); n == 0 || d.convs[n-1].name != p.Conversation {
		d.convs = append(d.convs, convRuns{name: strings.Clone(p.Conversation), slot: slot})
	}
	c := &d.convs[len(d.convs)-1]
	if n := len(c.runs); n > 0 && c.runs[n-1].width == width && c.runs[n-1].sequence+uint64(c.runs[n-1].count) == p.Sequence {
		c.runs[n-1].count++
	} else {
		c.runs = append(c.runs, run{p.Sequence, slot, 1, width})
	}
	d.slots += width
	d.docs++
	c.end = d.slots
	return slot
}

// find returns the slot of a document, dead or alive.
func (d *directory) find(p Place) (slot uint32, ok bool) {
	i, ok := slices.BinarySearchFunc(d.convs, p.Conversation, func(c convRuns, name string) int { return strings.Compare(c.name, name) })
	if !ok {
		return 0, false
	}
	runs := d.convs[i].runs
	j := sort.Search(len(runs), func(j int) bool { return runs[j].sequence > p.Sequence }) - 1
	if j < 0 || p.Sequence-runs[j].sequence >= uint64(runs[j].count) {
		return 0, false
	}
	return runs[j].slot + uint32(p.Sequence-runs[j].sequence)*runs[j].width, true
}

// place is what find undoes. The slot is below slots.
func (d *directory) place(slot uint32) Place {
	i := sort.Search(len(d.convs), func(i int) bool { return d.convs[i].slot > slot }) - 1
	c := &d.convs[i]
	j := sort.Search(len(c.runs), func(j int) bool { return c.runs[j].slot > slot }) - 1
	r := &c.runs[j]
	return Place{c.name, r.sequence + uint64((slot-r.slot)/r.width)}
}

// each calls f for every document, in order.
func (d *directory) each(f func(p Place, slot, width uint32)) {
	for i := range d.convs {
		c := &d.convs[i]
		for _, r := range c.runs {
			for n := range r.count {
				f(Place{c.name, r.sequence + uint64(n)}, r.slot+n*r.width, r.width)
			}
		}
	}
}

// append appends the directory to b: of every conversation its name, how many
// runs it has, and of each by how much its first number is above what would
// follow the run before it, its count and its width.
func (d *directory) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(d.convs)))
	for i := range d.convs {
		c := &d.convs[i]
		b = appendString(b, c.name)
		b = binary.AppendUvarint(b, uint64(len(c.runs)))
		next := uint64(0)
		for _, r := range c.runs {
			b = binary.AppendUvarint(b, r.sequence-next)
			b = binary.AppendUvarint(b, uint64(r.count))
			b = binary.AppendUvarint(b, uint64(r.width))
			next = r.sequence + uint64(r.count)
		}
	}
	return b
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// reader reads what append wrote. The first failure sticks.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) number() uint64 {
	v, n := binary.Uvarint(r.rest)
	if r.bad || n <= 0 {
		r.bad = true
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// count is a number of things that take at least size bytes each.
func (r *reader) count(size uint64) uint64 {
	n := r.number()
	if n > uint64(len(r.rest))/size {
		r.bad = true
	}
	if r.bad {
		return 0
	}
	return n
}

func (r *reader) string() string {
	n := r.count(1)
	s := string(r.rest[:n])
	r.rest = r.rest[n:]
	return s
}

// directory reads one; slots is how many there may be.
func (r *reader) directory(slots uint32) directory {
	var d directory
	d.convs = make([]convRuns, 0, r.count(2))
	for range cap(d.convs) {
		c := convRuns{name: r.string(), slot: d.slots}
		if n := len(d.convs); n > 0 && d.convs[n-1].name >= c.name {
			r.bad = true
		}
		c.runs = make([]run, 0, r.count(3))
		next := uint64(0)
		for range cap(c.runs) {
			skip, count, width := r.number(), r.number(), r.number()
			switch left := uint64(slots - d.slots); {
			case r.bad || skip > math.MaxUint64-next, count == 0, width == 0, count > left, width > left, count*width > left, next+skip > math.MaxUint64-count:
				r.bad = true
				return d
			}
			c.runs = append(c.runs, run{next + skip, d.slots, uint32(count), uint32(width)})
			next += skip + count
			d.slots += uint32(count * width)
			d.docs += count
		}
		c.end = d.slots
		if len(c.runs) == 0 {
			r.bad = true
			return d
		}
		d.convs = append(d.convs, c)
	}
	return d
}

// Named returns the conversations that the first page of a directory names. It needs
// nothing else of the segment, and goes as far as it can.
func Named(page []byte) (list []string) {
	r := &reader{rest: page}
	for n := r.number(); n > 0 && !r.bad; n-- {
		name := r.string()
		if r.bad {
			break
		}
		list = append(list, name)
		for runs := r.number(); runs > 0 && !r.bad; runs-- {
			_, _, _ = r.number(), r.number(), r.number()
		}
	}
	return list
}
