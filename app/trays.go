package app

import (
	"context"
	"image"
	"slices"
	"sync"

	"magpie/im"
)

// trays are what waits to be sent in the conversations of one session besides
// their texts. They belong to the goroutine of the user interface.
//
// Whatever is ready is a message that was not handed over yet, on disk like a
// draft. It keeps its id, so that a crash between sending and forgetting it does
// not send it twice.
type trays struct {
	of map[im.ConversationID]*tray
	// turns has a token for each file that is being made ready, busy counts what
	// runs beside the user interface.
	turns chan struct{}
	busy  sync.WaitGroup
}

const (
	// readiedAtOnce is how many files are made ready at the same time.
	readiedAtOnce = 2
	// maxTray bounds how many things wait in one conversation.
	maxTray = 200
)

func newTrays() *trays {
	return &trays{of: map[im.ConversationID]*tray{}, turns: make(chan struct{}, readiedAtOnce)}
}

// tray is what waits in one conversation.
type tray struct {
	conv  im.ConversationID
	items []*trayItem
	// tooLarge and tooMany are how many were left out since it was empty.
	tooLarge, tooMany int
	// going: the person has sent it, and it goes as soon as all of it is ready.
	going bool
	// choice is how that goes if the conversation is left meanwhile.
	choice sendChoice
	// asked: what was on disk was asked for; known: it is here. changed: it differs
	// from what is on disk.
	asked, known, changed bool
}

// trayItem is one thing in it.
type trayItem struct {
	id   string
	name string
	// message is what will be sent, with no payload while that is being made.
	message im.Message
	picture image.Image // nil if there is nothing to be seen
	instead im.Code     // why it goes as a file, see outgoing.Prepared
	problem string      // why it cannot be sent
	cancel  context.CancelFunc
}

func (i *trayItem) ready() bool   { return i.message.Payload != nil }
func (i *trayItem) working() bool { return !i.ready() && i.problem == "" }

// get returns the tray of a conversation.
func (t *trays) get(conv im.ConversationID) *tray {
	if t.of[conv] == nil {
		t.of[conv] = &tray{conv: conv}
	}
	return t.of[conv]
}

func (t *tray) working() bool { return slices.ContainsFunc(t.items, (*trayItem).working) }

// remove takes an item out; false if it is not there.
func (t *tray) remove(id string) bool {
	i := slices.IndexFunc(t.items, func(i *trayItem) bool { return i.id == id })
	if i < 0 {
		return false
	}
	t.items[i].cancel()
	t.changed = t.changed || t.items[i].ready()
	t.items = slices.Delete(t.items, i, i+1)
	t.forgetLeftOut()
	return true
}

// clear takes everything out.
func (t *tray) clear() {
	for _, i := range t.items {
		i.cancel()
	}
	t.items, t.changed, t.going = nil, true, false
	t.forgetLeftOut()
}

// forgetLeftOut forgets what was left out of a tray that is empty again.
func (t *tray) forgetLeftOut() {
	if len(t.items) == 0 {
		t.tooLarge, t.tooMany = 0, 0
	}
}

// take returns what is ready and takes it out. What has a problem stays.
func (t *tray) take() (ready []*trayItem) {
	for _, i := range t.items {
		if i.ready() {
			ready = append(ready, i)
		}
	}
	t.items = slices.DeleteFunc(t.items, (*trayItem).ready)
	t.going, t.tooLarge, t.tooMany = false, 0, 0
	return ready
}

// putBack puts items before those that came since.
func (t *tray) putBack(items ...*trayItem) { t.items = append(items, t.items...) }

// size is that of what is ready, in bytes.
func (t *tray) size() (bytes int64) {
	for _, i := range t.items {
		bytes += payloadSize(i.message.Payload)
	}
	return bytes
}

// payloadSize is the size of the file that a payload is about, without thumbnails.
func payloadSize(p im.Payload) int64 {
	switch p := p.(type) {
	case im.ImagePayload:
		if n := len(p.ImageInfoArray); n > 0 {
			return p.ImageInfoArray[n-1].Size
		}
	case im.VideoPayload:
		return p.VideoSize
	case im.AudioPayload:
		return p.Size
	case im.FilePayload:
		return p.FileSize
	}
	return 0
}
