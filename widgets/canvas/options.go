package canvas

import (
	"time"

	"fyne.io/fyne/v2"
)

// Words are all words that the canvas says by itself, in the person's language.
// Every field must be set.
type Words struct {
	// Empty is said in the middle of a conversation without messages.
	Empty string
	// Waiting and Failed are the marks of own messages in the outbox.
	Waiting, Failed string
	// NotSent heads the line under a failed message; NotSentBecause does where
	// there is a reason. Resend is its link.
	NotSent        string
	NotSentBecause func(reason string) string
	Resend         string
	// HoleLoading and HoleOffline stand for n messages that are not here.
	HoleLoading, HoleOffline func(n uint64) string
	// Unread is the divider above n unread messages.
	Unread func(n int) string
	// Clock is the time of a message ("10:42"), Day that of a separator
	// ("Yesterday").
	Clock, Day func(t time.Time) string
}

// Intents are what a person did, for the window to act on. Any may be nil.
type Intents struct {
	// OnSeen reports the newest message that has been wholly on the screen (its
	// lower edge, if it is taller than the canvas) while the canvas was active.
	// It is called only when that moves forward. Messages that a jump went past
	// are never named, though they come before the one that is.
	OnSeen func(key Key, sequence uint64)
	// OnResend is a click on Resend under a failed message.
	OnResend func(key Key)
	// OnAction is a click on the Action of a notice.
	OnAction func(key Key)
	// OnButton is a click on the button id of a card.
	OnButton func(key Key, id string)
	// OnLink is a click on a link in a text. url has its scheme.
	OnLink func(url string)
	// OnMenu is a right click on an item, or the menu key with something selected
	// in one. pos is absolute,
	// for a pop-up menu; selected is the text selected in it, or "".
	OnMenu func(key Key, pos fyne.Position, selected string)
	// OnAvatar is a click on an avatar.
	OnAvatar func(senderID string)
	// OnHole says that a hole has come onto the screen: its messages are wanted
	// now. It is called once each time that happens.
	OnHole func(key Key, from, to uint64)
	// OnTyped is a rune typed while the canvas had the focus: the composer's.
	OnTyped func(r rune)
	// OnShortcut is a shortcut that the canvas has no use for.
	OnShortcut func(s fyne.Shortcut)
	// OnCopy gets selected text when a person asks for it by the keyboard. If
	// nil, it goes to the clipboard of the application.
	OnCopy func(text string)
}

// Options make a [Canvas]. Words is required.
type Options struct {
	Words   Words
	Intents Intents
	// Now is the clock for double clicks and for how long the floating date is
	// shown; time.Now if nil.
	Now func() time.Time
	// After calls f on the goroutine of the user interface when d has passed; it
	// hides the floating date. If nil, time.AfterFunc and fyne.Do.
	After func(d time.Duration, f func())
	// Still switches animation off: a wheel turn moves the content at once.
	Still bool
}

// Opening is a conversation to show.
type Opening struct {
	Source Source
	// Unread is how many messages have not been read, ReadUpTo the sequence of
	// the last one that has been. With Unread > 0 the canvas opens at the
	// divider above the first unread message, else at the newest.
	Unread   int
	ReadUpTo uint64
	// First and Last are the lowest and highest sequence there are; they
	// scale the scroll bar.
	First, Last uint64
	// At opens at this sequence instead (a search hit); 0 for no such place.
	At uint64
}
