package canvas

import (
	"cmp"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
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
	// inclusive. Loading says that they are on their way, Reason why they could not
	// be had; else there is no connection.
	KindHole
	// KindSticker is Picture without a bubble, with the time below: a face, a
	// die. Without a Picture it is a tile that says Text.
	KindSticker
	// KindCard is a system notice: a card over the whole width with the avatar of
	// Sender, Text, Detail, the day and time, and Buttons.
	KindCard
	// KindVoice is a voice note: a bubble with a button to play and a waveform.
	KindVoice
	// KindImage is a picture without a bubble, its time on it.
	KindImage
	// KindVideo is the poster of a video with a button to play.
	KindVideo
	// KindFile is a bubble with the name and size of a file.
	KindFile
	// KindMerged is a bubble with messages that were sent on as one: Text is the
	// title, Lines the first of them, Detail stands at the end.
	KindMerged
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
	// Picture is drawn over all of the avatar; nil for none. A Color is needed
	// all the same: it shows where the picture cannot be read.
	Picture fyne.Resource
}

// Button is an answer on a card.
type Button struct {
	// ID is what [Intents.OnButton] is told.
	ID, Label string
	// Primary fills it with the accent; at most one of a card should be.
	Primary bool
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
	// Sender is not used for own messages, notices and holes. Of a card it is
	// whom or what it is about.
	Sender Sender
	Time   time.Time
	// Author is who said it, also where nothing on the screen names them, for a copy
	// of several messages.
	Author string
	// Text is what is said. Of what has no text (a sticker with its picture, a voice
	// note, a picture, a video, a file) it describes it in a copy.
	Text  string
	State State
	// Reason is why State is StateFailed, in the person's language, without a
	// full stop. Empty where nothing can be said. Of a hole it is why that was not
	// filled.
	Reason string
	// Action is the link of a notice; empty for none.
	Action string
	// Picture is that of a sticker, a square.
	Picture fyne.Resource
	// Media is what voice notes, pictures, videos and files are made of. It is
	// never changed once handed in. Such an item without one is drawn as if
	// nothing were known of it.
	Media *Media
	// Detail is the second line of a card, as it is to be read: with its
	// quotation marks, if it quotes. Empty for none.
	Detail string
	// Buttons are the answers of a card, the one most likely wanted last.
	Buttons []Button
	// Quote is the message that this one answers; nil for none.
	Quote *Quote
	// Lines are those of merged messages, at most four are drawn. They are never
	// changed once handed in.
	Lines []string
	// Mentions are the names that are marked in Text where they follow an '@'.
	Mentions []string
	// Names are the parts of the Text of a card that are drawn bold, in their order.
	// They count only where Text can be shown as it is (see [textlayout.Clean]).
	Names []Span
	// Until is the last sequence of a hole.
	Until uint64
	// Loading says that the messages of a hole have been asked for.
	Loading bool
}

// Span is a part of a text: its bytes From up to To.
type Span struct{ From, To int }

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

// media returns what the item is made of, nothing known if there is none.
func (it *Item) media() Media {
	if it.Media == nil {
		return Media{}
	}
	return *it.Media
}
