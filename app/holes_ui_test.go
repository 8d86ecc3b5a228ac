package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/app/profile"
	"magpie/im"
	"magpie/server"
)

// elsewhere is a server that takes as much as its disk does, and that can go away.
type elsewhere struct {
	t    *testing.T
	data string
	at   string
	srv  *server.Server
}

const elsewherePassword = "a password of the tests"

func newElsewhere(t *testing.T, users ...im.UserID) *elsewhere {
	t.Helper()
	e := &elsewhere{t: t, data: t.TempDir(), at: "127.0.0.1:0"}
	e.start()
	for _, u := range users {
		if err := e.srv.CreateUser(t.Context(), u, elsewherePassword, strings.ToUpper(string(u))); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(e.stop)
	return e
}

func (e *elsewhere) start() {
	e.t.Helper()
	s, err := server.Open(context.Background(), server.Options{Data: e.data, Listen: e.at, MessagesPerSecond: 100_000})
	if err != nil {
		e.t.Fatal(err)
	}
	e.srv, e.at = s, s.Address()
}

func (e *elsewhere) stop() {
	if e.srv == nil {
		return
	}
	if err := e.srv.Close(context.Background()); err != nil {
		e.t.Error(err)
	}
	e.srv = nil
}

// client is another person's, or another device's.
func (e *elsewhere) client(u *person, user im.UserID) *core.Client {
	u.t.Helper()
	return u.client(core.Options{Server: e.srv.URL(), User: user, Password: elsewherePassword, Platform: "bot"})
}

// signIn comes in as wren, with nothing fetched in the background.
func (e *elsewhere) signIn(u *person) {
	u.t.Helper()
	u.until("the welcome screen", func() bool { return u.a.welcome != nil })
	u.do(func() {
		u.a.change(func(s *profile.Settings) { s.HistoryDays = -1 })
		w := u.a.welcome
		w.server.SetText(e.srv.URL())
		w.user.SetText("wren")
		w.password.SetText(elsewherePassword)
		w.trySignIn()
	})
	u.until("the main screen", func() bool { return u.a.main != nil && u.a.main.connected() })
}

// many says n texts, "number 1" and so on.
func many(t *testing.T, c *core.Client, to string, from, n int) {
	t.Helper()
	var last im.MessageID
	for i := range n {
		m, err := c.SendMessage(t.Context(), c.CreateTextMessage(im.ConvC2C, to, fmt.Sprint("number ", from+i)), im.SendOptions{})
		if err != nil {
			t.Fatal(err)
		}
		last = m.ID
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	if _, err := c.WaitSent(ctx, last); err != nil {
		t.Fatal(err)
	}
}

// absent has wren see three messages of ada, go, and come back after n more.
func absent(t *testing.T, n int) (*elsewhere, *person, *core.Client) {
	t.Helper()
	e := newElsewhere(t, "wren", "ada")
	data := t.TempDir()
	u := begin(t, data)
	ada := e.client(u, "ada")
	many(t, ada, "wren", 1, 3)
	e.signIn(u)
	u.front(true)
	u.do(func() { u.a.main.openChat("C2Cada") })
	u.sees("number 3")
	u.do(func() { u.a.main.openChat("C2Cwren") }) // the one that is open at the next start
	others := u.guests                            // who go on while the window is closed
	u.guests = nil
	u.end()
	many(t, ada, "wren", 4, n)
	u = begin(t, data)
	u.guests = others
	u.until("the main screen", func() bool { return u.a.main != nil && u.a.main.state.State == core.Ready })
	u.front(true)
	return e, u, ada
}

// bodyOf is where a text is on the screen.
func (u *person) bodyOf(s string) (y float32, ok bool) {
	for _, t := range u.screen() {
		if t.text == s && t.at.X > 304 {
			return t.at.Y, true
		}
	}
	return 0, false
}

// Whoever comes back after long scrolls up through what was said meanwhile, and what
// they look at stays where it is; everything is there once, in order.
func TestScrollingUpThroughAHole(t *testing.T) {
	_, u, _ := absent(t, 500)
	u.do(func() { u.a.main.openChat("C2Cada"); u.a.main.canvas.JumpToNewest() })
	u.until("the newest", func() bool { _, ok := u.bodyOf("number 503"); return ok })
	seen := map[int]bool{}
	rng := rand.New(rand.NewPCG(1, 2))
	loading := 0
	u.do(func() { u.numbers(seen) })
	for step := 0; !seen[1]; step++ {
		if step > 3000 {
			t.Fatalf("never at the beginning; saw %d of 503", len(seen))
		}
		var before map[string]float32
		u.do(func() {
			u.a.main.canvas.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 120.5+float32(rng.IntN(200)))})
			before = u.numbers(seen)
			if _, hole := u.find("Loading "); hole {
				loading++
			}
		})
		u.misses("Loading ")
		u.do(func() { // what came meanwhile
			for s, y := range u.numbers(seen) {
				if was, ok := before[s]; ok && was != y {
					t.Fatalf("%q moved from %g to %g by itself", s, was, y)
				}
			}
		})
	}
	t.Logf("a hole was on the screen %d times", loading)
	for n := 1; n <= 503; n++ {
		if !seen[n] {
			t.Fatalf("number %d was never on the screen", n)
		}
	}
	u.end()
}

// numbers are the messages on the screen and where they are; they follow one another
// unless a hole is between. Those above a hole make way for what fills it.
func (u *person) numbers(seen map[int]bool) map[string]float32 {
	m := map[string]float32{}
	last, gap := 0, false
	all := u.screen()
	slices.SortFunc(all, func(a, b shown) int { return int(a.at.Y - b.at.Y) })
	for _, t := range all {
		var n int
		if strings.HasPrefix(t.text, "Loading ") {
			gap = true
			clear(m)
		}
		if _, err := fmt.Sscanf(t.text, "number %d", &n); err != nil || t.at.X < 304 {
			continue
		}
		if last > 0 && n != last+1 && !gap {
			u.t.Fatalf("number %d follows %d", n, last)
		}
		last, gap = n, false
		seen[n] = true
		m[t.text] = t.at.Y
	}
	return m
}

// Jumps go where nothing is here yet, load just there, and offline say so.
func TestJumpsIntoAHole(t *testing.T) {
	e, u, _ := absent(t, 600)
	client := u.a.session.client
	u.do(func() { u.a.main.openAt("C2Cada", 300) })
	u.sees("number 300")
	p, err := client.History(t.Context(), "C2Cada", core.HistoryQuery{Around: 300, Limit: 2})
	u.ok(err)
	if len(p.Messages) != 2 {
		t.Errorf("%d messages around 300", len(p.Messages))
	}
	all, err := u.a.session.store.Ranges("C2Cada")
	u.ok(err)
	if len(all) != 3 {
		t.Errorf("what was between was loaded: %v", all)
	}
	// A day: all of them are of today, so yesterday leads to the first.
	u.do(func() { u.a.main.askDateHere() })
	u.sees("Go to a date")
	u.key(fyne.KeyLeft)
	u.key(fyne.KeyReturn)
	u.sees("number 1")
	u.do(func() { u.a.main.openAt("C2Cada", 500) })
	u.sees("number 500")

	e.stop()
	u.sees("Offline")
	u.do(func() { u.a.main.openAt("C2Cada", 120) })
	u.sees("earlier messages will load when you are online")
	u.sees("That message is not on this computer yet")
	u.sees("number 103") // the nearest that are here
	u.sees("number 250")
	u.misses("number 120")
	// It loads when the server is back, and there.
	e.start()
	u.do(func() { u.a.session.client.RetryNow() })
	u.sees("number 120")
	u.end()
}

// A server that cannot says so at the hole, and can be asked again.
func TestHoleThatCannotBeFilled(t *testing.T) {
	_, u, _ := absent(t, 500)
	u.do(func() { u.a.main.openChat("C2Cada") })
	u.until("the first that was not read", func() bool { _, ok := u.bodyOf("number 4"); return ok })
	// Here are 1 to 100 and 404 to 503.
	u.do(func() {
		u.a.main.chat.fillFailed(holeKey(101), im.Errorf(im.CodeBusy, "too much to do"))
		u.a.main.canvas.JumpTo(99)
	})
	u.sees("Could not load these messages")
	u.do(func() {
		if _, ok := u.bodyOf("number 101"); ok {
			t.Error("it was asked for again by itself")
		}
	})
	var before float32
	u.do(func() { before, _ = u.bodyOf("number 99") })
	u.tap("Try again")
	u.misses("Could not load")
	u.sees("number 101")
	u.do(func() {
		if after, ok := u.bodyOf("number 99"); !ok || after != before {
			t.Errorf("number 99 moved from %g to %g", before, after)
		}
	})
	u.end()
}
