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
	// HoleLoading and HoleOffline stand for n messages that are not here, HoleFailed
	// for such as could not be had; TryAgain is its link.
	HoleLoading, HoleOffline func(n uint64) string
	HoleFailed               func(reason string) string
	TryAgain                 string
	// Unread is the divider above n unread messages.
	Unread func(n int) string
	// Said heads a message in a copy of several: who said it and when. author may be
	// empty.
	Said func(author string, t time.Time) string
	// Clock is the time of a message ("10:42"), Day that of a separator
	// ("Yesterday").
	Clock, Day func(t time.Time) string
	// Length is that of a voice note or video, or a position in one ("0:42").
	Length func(d time.Duration) string
	// Speed is that of the player: 1, 1.5 or 2 ("1.5×").
	Speed func(x float64) string
	// Bytes is the size of something ("31.4 MB").
	Bytes func(n int64) string
	// Progress is how far a transfer has come ("18.2 of 31.4 MB · 58%"), Paused
	// the same for one that a person has halted. total is 0 where it is unknown.
	Progress, Paused func(done, total int64) string
}

// Intents are what a person did, for the window to act on. Any may be nil.
type Intents struct {
	// OnSeen reports the newest message that has been wholly on the screen (its
	// lower edge, if it is taller than the canvas) while the canvas was active.
	// It is called only when that moves forward. Messages that a jump or a drag of
	// the scroll bar went past are never named, though they come before the one that
	// is.
	OnSeen func(key Key, sequence uint64)
	// OnResend is a click on Resend under a failed message.
	OnResend func(key Key)
	// OnAction is a click on the Action of a notice.
	OnAction func(key Key)
	// OnButton is a click on the button id of a card.
	OnButton func(key Key, id string)
	// OnQuote is a click on the quote above a message.
	OnQuote func(key Key)
	// OnChosen says how many messages are chosen, whenever that changes
	// ([Canvas.SetChoosing]).
	OnChosen func(n int)
	// OnEndChoosing is Esc while messages are chosen.
	OnEndChoosing func()
	// OnDelete is Delete while messages are chosen.
	OnDelete func()
	// OnLink is a click on a link in a text. url has its scheme.
	OnLink func(url string)
	// OnOverLink says which link the pointer is on, "" for none any more.
	OnOverLink func(url string)
	// OnMenu is a right click on an item, or the menu key with the keyboard on one or
	// something selected in one. pos is absolute, for a pop-up menu. selected is what is selected, if
	// some of it is in this item, as [Canvas.Selected] has it; else "".
	OnMenu func(key Key, pos fyne.Position, selected string)
	// OnAvatar is a click on an avatar.
	OnAvatar func(senderID string)
	// OnHole says that a hole has come onto the screen, or near it: its messages are
	// wanted now. It is called once each time that happens, and again when the hole
	// begins to be loading or has become another, or when another message in it is
	// gone to. While the scroll bar is dragged it waits.
	OnHole func(w HoleWanted)
	// OnRetry is a click on TryAgain: the hole is to be loading again.
	OnRetry func(key Key)
	// OnDate is a click on the date that floats or a day separator: another day is
	// looked for. day is the one shown.
	OnDate func(day time.Time)
	// OnTyped is a rune typed while the canvas had the focus: the composer's.
	OnTyped func(r rune)
	// OnShortcut is a shortcut that the canvas has no use for.
	OnShortcut func(s fyne.Shortcut)
	// OnPlay is a click on the round button of a voice note: play it, pause it or
	// go on, also where it has to be downloaded first or again.
	OnPlay func(key Key)
	// OnNearVoice says that the pointer or the keyboard has come to a voice note, which
	// may be played next.
	OnNearVoice func(key Key)
	// OnSeek is a place in a voice note, 0 to 1: where the waveform was let go
	// after a drag, or where it was clicked while the note was in the player
	// ([Playing.Shown]). A click on any other waveform is OnPlay.
	OnSeek func(key Key, at float64)
	// OnSpeed is a click on the speed of the note in the player: the next one.
	OnSpeed func(key Key)
	// OnOpen is a click on a picture, a video or a file, whether it is here or not.
	OnOpen func(key Key)
	// OnTransfer is a click on one of the buttons of a transfer, or on the arrow
	// of a file that is not here.
	OnTransfer func(key Key, action TransferAction)
	// OnLeave is the escape key of somebody who went from message to message with the
	// keyboard: back to where they write. If nil, it is OnKey.
	OnLeave func()
	// OnKey is the escape key with nothing left here for it to end.
	OnKey func(ev *fyne.KeyEvent)
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
	// hides the floating date. If nil, time.AfterFunc and loop.Do.
	After func(d time.Duration, f func())
	// Thumbnails answers what there is of a picture or video, to be drawn width
	// by height device pixels large. It is asked when such an item comes onto the
	// screen or is laid out anew there, and after [Canvas.ThumbnailChanged], on the
	// goroutine of the user interface, in the middle of drawing: it must return at
	// once and must not call the canvas. The canvas holds the answer for as long
	// as the item is on the screen and no longer. nil for none.
	Thumbnails func(key Key, width, height int) Thumbnail
	// Still switches animation off: a wheel turn moves the content at once.
	Still bool
}

// Opening is a conversation to show.
type Opening struct {
	Source Source
	// Unread is how many messages have not been read, ReadUpTo the sequence of
	// the last one that has been. With Unread > 0 the canvas opens at the
	// divider above the first unread message, else where Reading says, else at the
	// newest.
	Unread   int
	ReadUpTo uint64
	// First and Last are the lowest and highest sequence there are; they
	// scale the scroll bar.
	First, Last uint64
	// Reading is where the conversation was left; the zero value for at its end.
	Reading Reading
	// At opens at this sequence instead (a search hit) and lights it up; 0 for no
	// such place.
	At uint64
}
