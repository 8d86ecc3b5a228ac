package app

import (
	"encoding/json"
	"testing"

	"magpie/app/core"
	"magpie/im"
	"magpie/widgets/canvas"
)

// Where somebody reads is on the disk a moment after they have stopped scrolling, with
// the conversation still open: a kill takes nothing of it. While they stay there,
// nothing is written.
func TestReadingSurvivesAKill(t *testing.T) {
	e := newElsewhere(t, "wren", "ada")
	u := begin(t, t.TempDir())
	ada := e.client(u, "ada")
	many(t, ada, "wren", 1, 90)
	e.signIn(u)
	u.front(true)
	u.do(func() { u.a.main.openChat("C2Cada") })
	u.until("everything is read", func() bool {
		row, _ := u.a.main.row("C2Cada")
		u.a.main.canvas.JumpToNewest()
		return row.Read == 90 && row.UnreadCount == 0 && u.a.main.canvas.AtNewest()
	})
	kept := func() (k keptReading) {
		v, err := u.a.session.store.Meta(readingKey("C2Cada"))
		if err == nil && v != "" {
			err = json.Unmarshal([]byte(v), &k)
		}
		if err != nil {
			t.Error(err)
		}
		return k
	}
	var at canvas.Reading
	for _, n := range []uint64{30, 60} {
		u.do(func() { u.a.main.canvas.JumpTo(n) })
		u.until("it is on the disk", func() bool {
			at, _ = u.a.main.canvas.Reading()
			return at.Sequence > 0 && kept() == keptReading(at)
		})
	}
	// Seconds at the same place: no job for the disk.
	u.a.files.wait()
	hold := make(chan struct{})
	u.a.files.add(func() { <-hold })
	jobs := func() int {
		u.a.files.mu.Lock()
		defer u.a.files.mu.Unlock()
		return len(u.a.files.jobs)
	}
	u.until("the worker is held", func() bool { return jobs() == 0 })
	u.do(func() {
		before := jobs()
		for range 5 {
			u.a.main.chat.settleReading()
		}
		if n := jobs() - before; n != 0 {
			t.Errorf("%d writes of what is there already", n)
		}
	})
	close(hold)
	u.do(func() { u.a.main.canvas.JumpToNewest() })
	u.until("the end is no place to keep", func() bool { return kept() == keptReading{} })
	u.end()
}

// A conversation that was left scrolled up is come back to at the same message and
// the same pixel, also after a restart; not if something in it was not read yet.
func TestReadingIsKept(t *testing.T) {
	e := newElsewhere(t, "wren", "ada")
	data := t.TempDir()
	u := begin(t, data)
	ada := e.client(u, "ada")
	many(t, ada, "wren", 1, 90)
	e.signIn(u)
	u.front(true)
	open := func(conv im.ConversationID) { u.do(func() { u.a.main.openChat(conv) }) }
	at := func() (r canvas.Reading) {
		u.do(func() { r, _ = u.a.main.canvas.Reading() })
		return r
	}
	open("C2Cada")
	u.until("everything is here and read", func() bool {
		row, _ := u.a.main.row("C2Cada")
		_, ok := u.bodyOf("number 90")
		if !ok {
			u.a.main.canvas.JumpToNewest()
		}
		return ok && row.Read == 90 && row.UnreadCount == 0 && u.a.main.canvas.AtNewest()
	})
	// At the end: there it opens again, whatever came of it meanwhile.
	open("C2Cwren")
	open("C2Cada")
	u.until("the end", func() bool { _, ok := u.bodyOf("number 90"); return ok })

	u.do(func() { u.a.main.canvas.JumpTo(40) })
	u.sees("number 40")
	left := at()
	if left.Sequence < 35 || left.Sequence > 50 {
		t.Fatalf("left at %+v", left)
	}
	open("C2Cwren")
	u.misses("number 40")
	open("C2Cada")
	u.sees("number 40")
	if got := at(); got != left {
		t.Errorf("come back to %+v, left at %+v", got, left)
	}
	others := u.guests
	u.guests = nil
	u.end()

	u = begin(t, data)
	u.guests = others
	u.until("the main screen", func() bool { return u.a.main != nil && u.a.main.state.State == core.Ready })
	u.front(true)
	u.sees("number 40") // it was open at the end
	if got := at(); got != left {
		t.Errorf("after a restart at %+v, left at %+v", got, left)
	}

	// A new message: it opens at that, not where it was left.
	open("C2Cwren")
	many(t, ada, "wren", 91, 1)
	u.until("it is not read", func() bool { row, _ := u.a.main.row("C2Cada"); return row.UnreadCount == 1 })
	open("C2Cada")
	u.until("what is new", func() bool { _, ok := u.bodyOf("number 91"); return ok })
	u.misses("number 40")

	// Without its history a conversation was left nowhere.
	u.do(func() { u.a.main.canvas.JumpTo(60) })
	u.sees("number 60")
	open("C2Cwren")
	u.do(func() {
		if r, err := u.a.session.reading("C2Cada"); err != nil || r.Sequence == 0 {
			t.Errorf("left at %+v: %v", r, err)
		}
	})
	if _, err := u.a.session.client.ForgetHistory(t.Context(), "C2Cada", false); err != nil {
		t.Fatal(err)
	}
	u.until("it is forgotten", func() bool {
		r, err := u.a.session.reading("C2Cada")
		return err == nil && r.Sequence == 0
	})
	u.a.files.wait()
	if v, err := u.a.session.store.Meta(readingKey("C2Cada")); v != "" || err != nil {
		t.Errorf("on the disk is %q, %v", v, err)
	}
	u.end()
}
