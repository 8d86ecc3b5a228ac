package app

import (
	"context"
	"slices"
	"time"

	"magpie/app/core"
	"magpie/im"
	"magpie/widgets/loop"
)

// removing is a chat that was taken from the list and can still be put back. Nobody else
// hears of it before that is over, the server and the account's other devices as little as
// the disk, so what is put back is as it was: unread, pinned, with its marks. Whoever
// ends the program in between finds it removed, and who is killed finds it in the list.
type removing struct {
	conv im.ConversationID
	last uint64      // sequence of its last message then: the next one brings it back
	open bool        // it was being read
	wait *time.Timer // until it is over
	over bool        // it is being removed, and cannot be put back any more
}

// undoFor is how long a chat can be put back: a little longer than that is offered.
const undoFor = 9 * time.Second

// deleteConversation takes a row from the list; nothing is lost by it, so it does not
// ask, and it can be taken back.
func (m *mainScreen) deleteConversation(conv im.ConversationID) {
	at := m.index(conv)
	if at < 0 || m.removing[conv] != nil {
		return
	}
	r := &removing{conv: conv, last: lastSequence(&m.rows[at]), open: m.conversation() == conv}
	r.wait = time.AfterFunc(undoFor, func() {
		loop.Do(func() {
			if m.ctx.Err() == nil {
				m.remove(r)
			}
		})
	})
	m.removing[conv] = r
	if r.open {
		m.closeChat()
		m.showNoChat()
	}
	m.refreshList()
	m.app.offer(m.tr.T("list.deleted"), m.tr.T("menu.undo"), func() {
		if m.putBack(conv) && r.open && m.chat == nil && !m.content.narrow {
			m.openChat(conv)
		}
	})
}

// putBack shows a chat in the list again; false if it is not about to be removed.
func (m *mainScreen) putBack(conv im.ConversationID) bool {
	r := m.removing[conv]
	if r == nil || r.over {
		return false
	}
	r.wait.Stop()
	delete(m.removing, conv)
	m.refreshList()
	return true
}

// remove does what was put off.
func (m *mainScreen) remove(r *removing) {
	if r.over || m.removing[r.conv] != r {
		return
	}
	r.over = true
	client := m.s.client
	beside(m.ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, deleteListed(context.WithoutCancel(ctx), client, r.conv)
	}, func(_ struct{}, err error) {
		delete(m.removing, r.conv)
		if err != nil {
			m.report(err)
		} else if i := m.index(r.conv); i >= 0 { // the event that says so may be on its way
			m.rows = slices.Delete(m.rows, i, i+1)
		}
		m.refreshList()
	})
}

// removeAll does it at once, for the screen ends.
func (m *mainScreen) removeAll() {
	client := m.s.client
	for conv, r := range m.removing {
		if r.wait.Stop(); r.over {
			continue
		}
		m.app.files.add(func() {
			if err := deleteListed(context.Background(), client, conv); err != nil {
				m.app.log("%v", err)
			}
		})
	}
	clear(m.removing)
}

func deleteListed(ctx context.Context, client *core.Client, conv im.ConversationID) error {
	err := client.DeleteConversation(ctx, conv)
	if im.CodeOf(err) == im.CodeConversationNotFound {
		return nil // another device was quicker
	}
	return err
}

// leaves reports whether a row is not shown because it is about to be removed.
func (m *mainScreen) leaves(row *im.Conversation) bool {
	return len(m.removing) > 0 && m.removing[row.ConversationID] != nil
}

// bringBack puts those chats back in which something was said meanwhile.
func (m *mainScreen) bringBack() {
	for conv, r := range m.removing {
		if i := m.index(conv); i >= 0 && !r.over && lastSequence(&m.rows[i]) > r.last {
			r.wait.Stop()
			delete(m.removing, conv)
		}
	}
}

func lastSequence(c *im.Conversation) uint64 {
	if c.LastMessage == nil {
		return 0
	}
	return c.LastMessage.LastSequence
}
