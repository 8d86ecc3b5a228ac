package app

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"magpie/app/core"
	"magpie/im"
	"magpie/store"
)

// historyPath is the file of the account that is shown, or was.
func (u *person) historyPath() string {
	u.t.Helper()
	var path string
	u.do(func() {
		p, err := u.a.profile.HistoryPath(u.a.settings.Accounts[0])
		if err != nil {
			u.t.Error(err)
		}
		path = p
	})
	return path
}

// damage turns bytes of a history in its second half, where messages are.
func damage(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	turned := 0
	for at := 2 * page; at+page <= len(data); at += page {
		// A leaf with entries, not the list of free pages: the last byte of its last
		// value is of a checksum or a seal.
		if data[at+8] == 2 && data[at+10] > 2 {
			data[at+page/2] ^= 0xff
			turned++
		}
	}
	if turned == 0 {
		t.Fatal("there is nothing to damage")
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A sound history is said to be sound, and the account goes on where it was.
func TestCheckTheDatabase(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	ada := u.guest("ada", "Ada")
	u.say(ada, im.ConvC2C, "wren", "is all of it there?")
	u.until("it is here", func() bool { // the row of the list has its words before that
		p, err := u.a.session.client.History(t.Context(), "C2Cada", core.HistoryQuery{Limit: 10})
		return err == nil && len(p.Messages) == 1
	})
	u.do(func() { u.a.main.checkDatabase() })
	u.sees("Everything can be read")
	u.sees("1 message in 3 chats")
	u.tap("Continue")
	u.sees("is all of it there?")
	u.until("it is connected again", func() bool { return u.a.main != nil && u.a.main.connected() })
	u.end()
}

// What is damaged is told, repaired by a click, and comes back from the server.
func TestRepairFromTheWindow(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	ada := u.guest("ada", "Ada")
	for i := range 120 {
		u.say(ada, im.ConvC2C, "wren", fmt.Sprint("a message that takes some room, number ", i))
	}
	u.until("all of it came", func() bool { n, err := u.a.session.client.TotalUnread(); return err == nil && n >= 120 })
	path := u.historyPath()
	// Damage that a quick look does not find is found by looking at everything.
	u.do(func() {
		a := u.a
		s := a.session
		a.main.end()
		a.session, a.main = nil, nil
		a.drop(s)
		a.files.wait()
		damage(t, path)
		a.examine(s.account)
	})
	u.sees("Part of the history on this computer could not be")
	u.tap("Show details")
	u.sees("What was found")
	u.sees("history.db")
	u.tap("Close")
	u.tap("Repair now")
	u.sees("The history is repaired")
	u.sees("could not be read")
	aside, err := filepath.Glob(path + ".damaged-*")
	if err != nil || len(aside) != 1 {
		t.Fatal(aside, err)
	}
	u.sees(filepath.Base(aside[0])[:20])
	u.tap("Continue")
	u.until("it is connected again", func() bool { return u.a.main != nil && u.a.main.connected() })
	u.until("all messages are here again", func() bool {
		p, err := u.a.session.client.History(t.Context(), "C2Cada", core.HistoryQuery{Limit: 200})
		return err == nil && len(p.Messages) == 120 && len(p.Holes) == 0
	})
	u.end()
}

// Of messages to which nothing leads any more it is said that they are found, and that they
// may be old.
func TestRepairOutsideTheTree(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	ada := u.guest("ada", "Ada")
	for i := range 40 {
		u.say(ada, im.ConvC2C, "wren", fmt.Sprint("a message that takes some room, number ", i))
	}
	u.until("all of it came", func() bool { n, err := u.a.session.client.TotalUnread(); return err == nil && n >= 40 })
	path := u.historyPath()
	u.do(func() {
		a := u.a
		s := a.session
		a.main.end()
		a.session, a.main = nil, nil
		a.drop(s)
		a.files.wait()
		loseRoots(t, path)
		a.examine(s.account)
	})
	u.sees("perhaps")
	u.tap("Show details")
	u.sees("Out of place")
	u.tap("Close")
	u.tap("Repair now")
	u.sees("The history is repaired")
	u.sees("perhaps")
	u.tap("Continue")
	u.until("it is connected again", func() bool { return u.a.main != nil && u.a.main.connected() })
	u.until("all messages are here and known to be", func() bool {
		p, err := u.a.session.client.History(t.Context(), "C2Cada", core.HistoryQuery{Limit: 200})
		return err == nil && len(p.Messages) == 40 && len(p.Holes) == 0
	})
	u.end()
}

// loseRoots zeroes what the last two states of a history lead from, and their lists of
// free pages.
func loseRoots(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	for _, meta := range [][]byte{data, data[page:]} {
		for _, at := range []int{16 + 16, 16 + 32} {
			id := binary.NativeEndian.Uint64(meta[at:])
			clear(data[id*page : (id+1)*page])
		}
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Messages that damage took and the server gives again are among the unread ones of
// their row already: the divider does not count them twice.
func TestFetchedAgainIsMissedOnce(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	ada := u.guest("ada", "Ada")
	const unread = 5
	for i := range unread {
		u.say(ada, im.ConvC2C, "wren", fmt.Sprint("number ", i))
	}
	u.until("all of it came", func() bool {
		row, known := u.a.main.row("C2Cada")
		return known && row.UnreadCount == unread && row.LastMessage.LastSequence == unread
	})
	p, err := u.a.session.client.History(t.Context(), "C2Cada", core.HistoryQuery{Limit: 10})
	u.ok(err)
	u.do(func() {
		u.a.front = false // nobody looks
		u.a.main.openChat("C2Cada")
		c := u.a.main.chat
		c.received(p.Messages[unread-2:])
		if c.missed != unread || c.missedAfter != 0 {
			t.Errorf("%d missed after %d, want %d after 0", c.missed, c.missedAfter, unread)
		}
	})
	u.sees("5 unread messages")
	u.say(ada, im.ConvC2C, "wren", "one more")
	u.until("what is new is counted", func() bool { return u.a.main.chat.missed == unread+1 })
	u.end()
}

// Each reason for which a history stays closed has its own words, and none of them
// changes the file.
func TestWhyAHistoryStaysClosed(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	path := u.historyPath()
	u.end()
	whole, err := os.ReadFile(path)
	u.ok(err)

	u = begin(t, data)
	u.until("the main screen", func() bool { return u.a.main != nil })
	reopen := func() {
		u.do(func() {
			s := u.a.session
			if s != nil {
				u.a.main.end()
				u.a.session, u.a.main = nil, nil
				u.a.drop(s)
			}
			u.a.files.wait()
		})
	}
	enter := func() { u.do(func() { u.a.enter(u.a.settings.Accounts[0]) }) }

	reopen()
	foreign := []byte(strings.Repeat("SQLite format 3\x00", 1000))
	u.ok(os.WriteFile(path, foreign, 0o600))
	enter()
	u.sees("This is not a history of Magpie")
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, foreign) {
		t.Errorf("the file was changed, %v", err)
	}
	u.tap("Try again")
	u.sees("This is not a history of Magpie")
	u.tap("Begin empty")
	u.sees("Begin with an empty history?")
	u.tap("Begin empty")
	u.until("the main screen", func() bool { return u.a.main != nil })
	aside, err := filepath.Glob(path + ".other-*")
	if err != nil || len(aside) != 1 {
		t.Fatal(aside, err)
	}
	if kept, err := os.ReadFile(aside[0]); err != nil || !bytes.Equal(kept, foreign) {
		t.Errorf("what was set aside was changed, %v", err)
	}

	reopen()
	u.ok(os.WriteFile(path, whole, 0o600))
	st, _, err := store.Open(path, store.Options{Account: "wren", Key: u.a.keys.Account(u.a.settings.Accounts[0].Folder())})
	u.ok(err)
	enter()
	u.sees("The history is in use")
	u.ok(st.Close())
	u.tap("Try again")
	u.until("the main screen", func() bool { return u.a.main != nil })
	u.end()
}

// Every trouble has words of its own, whatever it is wrapped in.
func TestTroubles(t *testing.T) {
	for want, err := range map[string]error{
		"later":        im.Errorf(im.CodeVersion, "schema 99"),
		"otherAccount": fmt.Errorf("%w: bob", store.ErrOtherAccount),
		"inUse":        fmt.Errorf("open: %w", store.ErrInUse),
		"foreign":      errors.Join(store.ErrForeign, nil),
		"sealed":       im.Errorf(im.CodeSealed, "x"),
		"wrongKey":     im.Errorf(im.CodeWrongKey, "x"),
		"full":         &fs.PathError{Op: "write", Err: syscall.ENOSPC},
		"mayNot":       &fs.PathError{Op: "open", Err: syscall.EROFS},
		"damaged":      im.Errorf(im.CodeStoreDamaged, "x"),
	} {
		if got, ok := troubleOf(err); !ok || got.name != want {
			t.Errorf("%v is %q, want %q", err, got.name, want)
		}
	}
	if got, ok := troubleOf(errors.New("something else")); ok {
		t.Errorf("something else is %q", got.name)
	}
}
