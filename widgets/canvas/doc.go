// Package canvas is the message canvas: the scrolling middle of the window in
// which a conversation is read.
//
// It is not a list with a height. Its position is an anchor, one message and
// how many units its lower edge is above the lower edge of the canvas, and
// everything on the screen is laid out from there, upwards and downwards, until
// the screen is full. So a conversation of a million messages costs what the
// ones on the screen cost, older messages can be put in above without moving
// anything, and no position is ever so large that a float32 rounds it.
//
// It holds a sliding window of items around the anchor (at most [MaxItems]).
// More come from a [Source] while a person scrolls, and are dropped again at the
// far side. What happens to the conversation comes in through [Canvas.Apply].
// What a person does goes out through [Intents]. What is shown beside the
// messages (day separators, the unread divider, the joined messages of one
// sender, holes) is made up here from the items, never asked for.
//
// It never waits: a Source answers when it can, and until then the canvas shows
// what it has. It knows nothing of storage, network or language: words come in
// as [Words], and colours and sizes from the theme package beside it.
//
// Texts are cut into runs by [magpie/im.ParseText]: emoji are drawn as pictures,
// links and mentions in their own colour (inline.go).
//
// A selection (select.go) goes from a place in one message to a place in another,
// over any number of them; the pointer makes it in selecting.go, and copy.go says
// what a copy of it has.
//
// Voice notes, pictures, videos and files ([Media]) are drawn from what the message
// says of them and from what the window tells beside the items: pictures are asked
// for when a row comes onto the screen ([Options.Thumbnails]) and let go when it
// leaves; transfers and playing are pushed ([Canvas.SetTransfer],
// [Canvas.SetPlaying]). None of that changes a height, so it redraws one row and
// measures none. Begin with media.go, then photo.go, voice.go and file.go; what a
// click does is in mediapointer.go.
//
// All methods must be called on the goroutine of the user interface. Begin
// reading at canvas.go (state), then place.go (where rows go), decorate.go (what
// is made up between them) and row.go (what one looks like).
package canvas
