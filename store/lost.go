package store

import (
	"maps"
	"math/bits"
	"slices"

	"magpie/im"
)

// LostMessages is how many messages of a conversation a damaged file does not give any
// more. The server has them.
type LostMessages struct {
	Conversation im.ConversationID `json:"conversation"`
	// Least..Most are how many it is; the same where that is known exactly. Most is -1
	// where nobody can say.
	Least int `json:"least"`
	Most  int `json:"most"`
}

// census compares what a file says that it has with what can be read of it. Each message
// is noted three times: in msg, as its id's place, and in a range of those that are here.
// The places say exactly which there were, as long as they are whole; ranges are only a
// bound, because they also claim numbers of which the server has nothing.
type census struct {
	form    *form
	sum     *sealer // of places
	here    map[im.ConversationID]numberSet
	placed  map[uint64]numberSet // by the conversation's number
	claimed map[im.ConversationID][]Range
	convs   map[uint64]im.ConversationID
	// old: there are places in the form of schema 3, which are not counted.
	old bool
	// read are the buckets that were read, hurt those of which something could not be.
	read, hurt map[string]bool
}

func newCensus(f *form) *census {
	return &census{
		form: f, sum: f.sealer(kindPlace, ""), here: map[im.ConversationID]numberSet{}, placed: map[uint64]numberSet{},
		claimed: map[im.ConversationID][]Range{}, convs: map[uint64]im.ConversationID{}, read: map[string]bool{}, hurt: map[string]bool{},
	}
}

// record takes in a value that was read. What does not decode was told as damage.
func (c *census) record(k kind, scope im.ConversationID, key, value []byte) {
	switch k {
	case kindMessage:
		if n, err := keySequence(key); err == nil {
			set(c.here, scope).add(n)
		}
	case kindPlace:
		if number, p, err := decodePlace(c.sum, key, value); err == nil && p.sequence > 0 {
			set(c.placed, number).add(p.sequence)
		}
	case kindOldPlace:
		c.old = true
	case kindNumber:
		c.number(key, value)
	case kindRange:
		if r, err := decodeRange(c.form.sealer(kindRange, string(scope)), key, value); err == nil {
			c.claimed[scope] = append(c.claimed[scope], r)
		}
	}
}

// number takes in which conversation a number is of.
func (c *census) number(key, value []byte) {
	d, err := c.form.sealer(kindNumber, "").open(key, value)
	if err != nil || len(key) != len(numberKey(0)) || key[0] != 0 {
		return // the other direction
	}
	n, err := keySequence(key[1:])
	if conv := im.ConversationID(d.string()); err == nil && d.done() == nil {
		c.convs[n] = conv
	}
}

// lost is what is missing, by conversation.
func (c *census) lost() (list []LostMessages) {
	if !c.hurt[string(bucketMsg)] {
		return nil
	}
	missing := map[im.ConversationID]int{}
	placed, exact := c.there()
	for conv, placed := range placed {
		missing[conv] = placed.without(c.here[conv])
	}
	for conv := range c.claimed {
		missing[conv] += 0
	}
	for _, conv := range slices.Sorted(maps.Keys(missing)) {
		l := LostMessages{Conversation: conv, Least: missing[conv], Most: missing[conv]}
		if !exact {
			l.Most = -1
			if !c.hurt[string(bucketGap)] {
				l.Most = max(l.Least, c.unread(conv))
			}
		}
		if l.Most != 0 {
			list = append(list, l)
		}
	}
	return list
}

// there are the messages that there were, by conversation, as far as the places tell;
// exact says that they tell of all.
func (c *census) there() (placed map[im.ConversationID]numberSet, exact bool) {
	placed, exact = map[im.ConversationID]numberSet{}, !c.old
	for _, name := range [][]byte{bucketPlace, bucketConvNo, bucketMsgByID} {
		exact = exact && c.read[string(name)] && !c.hurt[string(name)]
	}
	for number, set := range c.placed {
		conv, known := c.convs[number]
		if exact = exact && known; known {
			placed[conv] = set
		}
	}
	return placed, exact
}

// unread is how many numbers the ranges of a conversation claim beside its messages.
func (c *census) unread(conv im.ConversationID) (n int) {
	here := c.here[conv]
	for _, r := range c.claimed[conv] {
		n += int(r.To-r.From) + 1
		for word, set := range here {
			for ; set != 0; set &= set - 1 {
				if at := word*64 + uint64(bits.TrailingZeros64(set)); r.From <= at && at <= r.To {
					n--
				}
			}
		}
	}
	return n
}

// numberSet is a set of numbers: 64 of them by the number of their word.
type numberSet map[uint64]uint64

// set returns the set of a key, made if need be.
func set[K comparable](sets map[K]numberSet, key K) numberSet {
	s := sets[key]
	if s == nil {
		s = numberSet{}
		sets[key] = s
	}
	return s
}

func (s numberSet) add(n uint64)      { s[n/64] |= 1 << (n % 64) }
func (s numberSet) has(n uint64) bool { return s[n/64]&(1<<(n%64)) != 0 }

// without is how many of the numbers are not in t.
func (s numberSet) without(t numberSet) (n int) {
	for word, set := range s {
		n += bits.OnesCount64(set &^ t[word])
	}
	return n
}

// bucket reads one bucket of the root, and notes if not all of it could be.
func (c *census) bucket(r *reader, e element) {
	before := r.w.problems
	r.top(e)
	c.read[string(e.key)] = true
	if r.w.problems > before {
		c.hurt[string(e.key)] = true
	}
}
