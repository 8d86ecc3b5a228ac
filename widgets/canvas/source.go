package canvas

// Source hands out the items of one conversation, page by page.
//
// Every method answers by calling done exactly once, on the goroutine of the
// user interface (through loop.Do where the answer was made elsewhere). It may
// do so before it returns, which lets a conversation open in a single frame.
// The canvas asks for one page at a time in each direction and passes over an
// answer that comes too late to be of use.
//
// Pages are oldest first, without doubles, at most limit items. They hold
// everything the conversation has between their first and last item, holes
// included (as items of [KindHole]).
type Source interface {
	// Older asks for the items just before a place.
	Older(before Cursor, limit int, done func(Page))
	// Newer asks for the items just after a place.
	Newer(after Cursor, limit int, done func(Page))
	// Around asks for items before and after a sequence, about as many on
	// each side; 0 asks for the newest ones.
	Around(sequence uint64, limit int, done func(Page))
}

// Page is an answer of a [Source].
type Page struct {
	// Items, oldest first.
	Items []Item
	// Older says that there is something before Items, Newer that there is
	// something after them. The one for the side that was not asked for is not
	// looked at.
	Older, Newer bool
	// Failed says that nothing could be read. The canvas keeps what it shows and
	// asks again when a person scrolls on.
	Failed bool
}

// Changes are what happened to a conversation.
type Changes struct {
	// Put holds new and changed items. A known Key replaces that item, and
	// moves it if its place has changed (an own message that was acknowledged).
	Put []Item
	// Remove holds the keys of items that are gone (a message deleted here). Those
	// not known are passed over. An item that is both removed and put is put.
	Remove []Key
	// Filled holds ranges of which everything is here now. A hole that has something
	// in one goes; what is left of it is in Put, as are the messages.
	Filled []Range
}
