package canvas

import (
	"cmp"
	"image/color"
	"time"
)

// Key names an item for as long as it exists: the id of the message, or
// whatever else its owner finds unique within the conversation.
type Key string

// Kind says how an item is drawn.
type Kind uint8

const (
	// KindText is a bubble with text.
	KindText Kind = iota
	// KindOther is a bubble for a message that can only be described in
	// words (of an unknown type, or damaged): Text is the description, drawn
	// in the secondary ink.
	KindOther
	// KindNotice is a line in the middle, said by nobody: a group tip, a recall.
	// Action, if not empty, is a link behind Text (see [Intents.OnAction]).
	KindNotice
	// KindHole stands for messages that are not here yet, Sequence to Until
	// inclusive. Loading says whether they are on their way.
	KindHole
)

// State is how far an own message has come. Those of others are StateSent.
type State uint8

const (
	// StateSent is acknowledged by the server: one check.
	StateSent State = iota
	// StateRead has been read by the peer: two checks.
	StateRead
	// StateSending is on its way: no mark but the time.
	StateSending
	// StateWaiting is in the outbox until there is a connection.
	StateWaiting
	// StateFailed was refused. Item.Reason says why.
	StateFailed
)

// Sender is who said it, as drawn beside an incoming bubble.
type Sender struct {
	// ID joins consecutive messages of one sender; it is never shown.
	ID string
	// Name stands above the first bubble of a joined group; empty for none.
	Name string
	// Initial is the letter on the avatar, at most two runes.
	Initial string
	// Color fills the avatar. nil for no avatar (and no room for one).
	Color color.Color
}

// Item is one message as the canvas shows it. An item is a value: to change it,
// hand in another with the same Key ([Canvas.Apply]).
type Item struct {
	Key Key
	// Sequence is the number in the conversation, from 1; 0 for a message
	// that has none yet. Items order by Sequence; those without follow all
	// others, ordered by Order.
	Sequence uint64
	// Order orders items without a Sequence among themselves.
	Order uint64
	Kind  Kind
	Own   bool
	// Sender is not used for own messages, notices and holes.
	Sender Sender
	Time   time.Time
	Text   string
	State  State
	// Reason is why State is StateFailed, in the person's language, without a
	// full stop. Empty where nothing can be said.
	Reason string
	// Action is the link of a notice; empty for none.
	Action string
	// Until is the last sequence of a hole.
	Until uint64
	// Loading says that the messages of a hole have been asked for.
	Loading bool
}

// Cursor is a place in a conversation: that of an item.
type Cursor struct {
	Key      Key
	Sequence uint64
	Order    uint64
}

// Cursor returns the place of the item.
func (it *Item) Cursor() Cursor { return Cursor{it.Key, it.Sequence, it.Order} }

// Compare orders places as the canvas does: by Sequence, those without one last
// and by Order, and by Key where that leaves a tie.
func (c Cursor) Compare(d Cursor) int {
	if (c.Sequence == 0) != (d.Sequence == 0) {
		if c.Sequence == 0 {
			return 1
		}
		return -1
	}
	return cmp.Or(cmp.Compare(c.Sequence, d.Sequence), cmp.Compare(c.Order, d.Order), cmp.Compare(c.Key, d.Key))
}
