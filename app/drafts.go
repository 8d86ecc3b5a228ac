package app

import (
	"context"
	"strings"
	"sync"

	"magpie/app/core"
	"magpie/im"
)

// drafts are the texts of one session that are typed and not sent. They are
// what the composer said last: what is read from the disk may be older.
//
// Whatever is written is either the draft or the message on disk at every
// moment: a text leaves the draft only by a write that follows the one of the
// message, and comes back to it if the message could not be kept.
type drafts struct {
	mu    sync.Mutex
	typed map[im.ConversationID]string
	// next is the write of each conversation that has not begun. While it waits,
	// only its text changes: the disk may be slower than the fingers.
	next map[im.ConversationID]*draftWrite
	// unsent are texts that left the composer and could not be kept. Until they
	// are back there, they are part of every write.
	unsent map[im.ConversationID]string
	// mentioned are the mentions of what is typed; they belong to the goroutine
	// of the user interface.
	mentioned map[im.ConversationID]mentions
}

// draftWrite is a job that writes the newest text of a conversation.
type draftWrite struct{ text string }

func newDrafts() *drafts {
	return &drafts{
		typed:  map[im.ConversationID]string{},
		next:   map[im.ConversationID]*draftWrite{},
		unsent: map[im.ConversationID]string{},

		mentioned: map[im.ConversationID]mentions{},
	}
}

// put notes what is typed and returns the write to be queued, nil if one that
// waits takes it.
func (d *drafts) put(conv im.ConversationID, text string) *draftWrite {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.typed[conv] = text
	if w := d.next[conv]; w != nil {
		w.text = text
		return nil
	}
	w := &draftWrite{text}
	d.next[conv] = w
	return w
}

// seal leaves the write that waits as it is: what is typed from now on is
// written after whatever is queued next.
func (d *drafts) seal(conv im.ConversationID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.next, conv)
}

// take is the text of a write that begins.
func (d *drafts) take(conv im.ConversationID, w *draftWrite) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.next[conv] == w {
		delete(d.next, conv)
	}
	return joinLines(d.unsent[conv], w.text)
}

// failed notes a text that left the composer and could not be kept.
func (d *drafts) failed(conv im.ConversationID, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.unsent[conv] = joinLines(d.unsent[conv], text)
}

// giveBack returns the texts of failed for the composer, which puts them again.
func (d *drafts) giveBack(conv im.ConversationID) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	text := d.unsent[conv]
	delete(d.unsent, conv)
	return text
}

// over puts what is typed over what was read from the disk.
func (d *drafts) over(row *im.Conversation) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if text, ok := d.typed[row.ConversationID]; ok {
		row.Draft = text
	}
}

func joinLines(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return strings.TrimSpace(a + "\n" + b)
}

// trimmed is what is typed, without the white space around it.
func (d *drafts) trimmed(conv im.ConversationID) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.TrimSpace(d.typed[conv])
}

// textMessage is the message that a text becomes, with those that it mentions.
func (d *drafts) textMessage(client *core.Client, conv im.ConversationID, text string) im.Message {
	if group := conv.Group(); group != "" {
		if users := d.mentioned[conv].users(text); len(users) > 0 {
			return client.CreateTextAtMessage(group, text, users)
		}
	}
	return client.CreateTextMessage(conv.Type(), conv.To(), text)
}

// draftKeeper and sender are what the client core does with a text.
type (
	draftKeeper interface {
		SetDraft(ctx context.Context, conv im.ConversationID, text string) error
	}
	sender interface {
		SendMessage(ctx context.Context, m im.Message, o im.SendOptions) (im.Message, error)
	}
)

// keep queues the write of what is typed; failed is told, beside the user
// interface, if it could not be written.
func (d *drafts) keep(files *worker, client draftKeeper, conv im.ConversationID, text string, failed func(error)) {
	w := d.put(conv, text)
	if w == nil {
		return
	}
	files.add(func() {
		if err := client.SetDraft(context.Background(), conv, d.take(conv, w)); err != nil {
			failed(err)
		}
	})
}

// send queues a message whose text leaves the composer with this call; failed is
// told, beside the user interface, if it could not be kept.
func (d *drafts) send(files *worker, client sender, m im.Message, o im.SendOptions, text string, failed func(error)) {
	conv := m.ConversationID
	d.seal(conv)
	files.add(func() {
		if _, err := client.SendMessage(context.Background(), m, o); err != nil {
			d.failed(conv, text)
			failed(err)
		}
	})
}
