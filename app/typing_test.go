package app

import (
	"testing"
	"time"

	"magpie/app/core"
	"magpie/app/profile"
)

func TestTypersExpire(t *testing.T) {
	all, now := typers{}, time.Unix(1000, 0)
	on := core.Typing{ConversationID: "C2Cada", UserID: "ada", On: true, Time: 5000}
	off := core.Typing{ConversationID: "C2Cada", UserID: "ada"}
	if all.tell(off, now) {
		t.Error("whoever did not type stopped")
	}
	if !all.tell(on, now) || all.tell(on, now.Add(4*time.Second)) {
		t.Error("beginning to type is a change, going on is none")
	}
	if all.expire(now.Add(9*time.Second)) || !all.expire(now.Add(10*time.Second)) || len(all) != 0 {
		t.Error("typing ends 6 s after it was told last")
	}
	all.tell(on, now)
	if all.stop("C2Cada", 4999) {
		t.Error("a message from before the typing ended it")
	}
	if !all.stop("C2Cada", 5000) || all.stop("C2Cada", 5000) {
		t.Error("a message ends the typing once")
	}
	all.tell(on, now)
	if !all.tell(off, now) || all.expire(now.Add(time.Hour)) {
		t.Error("off ends it")
	}
}

// What one types the other sees: in the list and in the header, until it stops
// or a message comes.
func TestTypingIsSeen(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	ada := u.guest("ada", "Ada Okafor")
	u.says(ada, "C2Cwren", "hello")
	u.open("C2Cada")
	typing := func() bool {
		m := u.a.main
		return m.chat.subtitle() == "typing…" && m.shown.At(m.index("C2Cada")).Preview == "typing…"
	}
	tell := func(on bool) {
		t.Helper()
		if err := ada.SendTyping(t.Context(), "C2Cwren", on); err != nil {
			t.Fatal(err)
		}
	}
	tell(true)
	u.until("ada types", typing)
	tell(false)
	u.until("ada stopped", func() bool { return !typing() })
	u.do(func() {
		u.a.main.typers.tell(core.Typing{ConversationID: "C2Cada", UserID: "ada", On: true}, u.a.now())
	})
	u.says(ada, "C2Cwren", "there")
	u.until("the message ends it", func() bool {
		return !typing() && u.a.main.shown.At(u.a.main.index("C2Cada")).Preview == "there"
	})
	u.end()
}

// The other side hears of typing, and that it ended, unless the person does not
// want that.
func TestTypingIsTold(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	ada := u.guest("ada", "Ada Okafor")
	u.says(ada, "C2Cwren", "hello")
	sub := ada.Subscribe()
	defer sub.Close()
	next := func() core.Typing {
		t.Helper()
		for e := range sub.Events() {
			switch e := e.(type) {
			case core.Typing:
				return e
			case core.MessageReceived:
				t.Fatalf("typing came as the messages %+v", e.Messages)
			}
		}
		t.Fatal("no typing")
		return core.Typing{}
	}
	u.open("C2Cada")
	u.types("h")
	if e := next(); !e.On || e.UserID != "wren" || e.ConversationID != "C2Cwren" {
		t.Errorf("told %+v", e)
	}
	u.press("BackSpace")
	if e := next(); e.On {
		t.Errorf("told %+v after the text was emptied", e)
	}
	u.do(func() { u.a.change(func(s *profile.Settings) { s.QuietTyping = true }) })
	u.types("quiet")
	u.do(func() {
		if w := u.a.main.chat.teller; w.on || w.want {
			t.Error("told against the person's wish")
		}
	})
	u.end()
}
