package app

import (
	"context"
	"time"

	"magpie/app/core"
	"magpie/app/profile"
	"magpie/im"
)

// typingFor is how long somebody counts as typing after the last word of it.
const typingFor = 6 * time.Second

// typers are who types to this account right now.
type typers map[im.ConversationID]typist

// typist is somebody who typed at a time of the server's clock, in ms, which
// counts until a time of ours.
type typist struct {
	since int64
	until time.Time
}

// tell takes in what an event says and reports whether that changed anything.
func (t typers) tell(e core.Typing, now time.Time) bool {
	_, was := t[e.ConversationID]
	if !e.On {
		delete(t, e.ConversationID)
		return was
	}
	t[e.ConversationID] = typist{e.Time, now.Add(typingFor)}
	return !was
}

// stop ends the typing in a conversation, as a message does that was sent at a
// time in ms. One from before it was typed ends nothing.
func (t typers) stop(conv im.ConversationID, sent int64) (was bool) {
	typing, was := t[conv]
	if !was || sent < typing.since {
		return false
	}
	delete(t, conv)
	return true
}

// expire ends what was not said again in time.
func (t typers) expire(now time.Time) (changed bool) {
	for conv, typing := range t {
		if !now.Before(typing.until) {
			delete(t, conv)
			changed = true
		}
	}
	return changed
}

// showTyping brings a change of the typers onto the screen.
func (m *mainScreen) showTyping(changed bool) {
	if changed {
		m.list.Refresh()
		m.showHeader()
	}
}

// stopTyping ends the typing of those who sent messages.
func (m *mainScreen) stopTyping(messages []im.Message) {
	changed := false
	for i := range messages {
		if messages[i].From != m.me {
			changed = m.typers.stop(messages[i].ConversationID, messages[i].Time) || changed
		}
	}
	m.showTyping(changed)
}

// changeTyping lets others see that this person types, or no longer.
func (m *mainScreen) changeTyping() {
	quiet := !m.app.settings.QuietTyping
	m.app.change(func(s *profile.Settings) { s.QuietTyping = quiet })
	if quiet {
		m.inChat(func(c *chat) { c.teller.set(false) })
	}
}

// typesNow reports whether the other side of a one-to-one conversation types.
func (m *mainScreen) typesNow(conv im.ConversationID) bool {
	_, yes := m.typers[conv]
	return yes && m.connected()
}

// typingTeller tells the other side that this person types, one word after the
// other: what is told last is true. Saying it too often is the core's to avoid.
type typingTeller struct {
	tell  func(ctx context.Context, on bool) error
	ctx   context.Context
	on    bool // what the other side was told last, or is being told
	want  bool
	again bool // while something is being told: on came once more
	busy  bool
}

// typed is called with each new text of the composer.
func (t *typingTeller) typed(text string) { t.set(text != "") }

func (t *typingTeller) set(on bool) {
	t.want = on
	if t.busy {
		t.again = t.again || on
		return
	}
	if !on && !t.on {
		return
	}
	t.on, t.again, t.busy = on, false, true
	// The other side may not be there, or not want to know: nobody is told.
	beside(t.ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, t.tell(ctx, on) }, func(struct{}, error) {
		t.busy = false
		if t.want != t.on || t.again {
			t.set(t.want)
		}
	})
}
