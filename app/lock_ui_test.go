package app

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"

	"magpie/app/core"
	"magpie/app/profile"
	"magpie/app/vault/vaulttest"
	"magpie/widgets"
)

// withPassphrase is a person whose window can be locked, and another one who writes
// to them.
func withPassphrase(t *testing.T) (*person, *core.Client) {
	t.Helper()
	noLeaks(t)
	u := beginWith(t, t.TempDir(), func(o *Options) { o.KeyStore, o.Passphrase = vaulttest.None(), secretWords })
	u.start()
	return u, u.guest("ada", "Ada Okafor")
}

// locks locks the window.
func (u *person) locks() {
	u.t.Helper()
	u.do(u.a.lockNow)
	u.sees("Magpie is locked")
}

func (u *person) unlocks() {
	u.t.Helper()
	u.sees("Magpie is locked")
	u.types(secretWords)
	u.key(fyne.KeyReturn)
	u.until("it is unlocked", func() bool { return !u.a.locked() })
}

// A locked window shows and does nothing but ask; what was there is there again.
func TestLockNow(t *testing.T) {
	u, ada := withPassphrase(t)
	u.says(ada, "C2Cwren", "before the lock")
	u.open(adaChat)
	u.sees("before the lock")
	u.front(true)
	u.types("half a thought")
	u.do(func() { u.a.main.newChat() }) // a dialog over it
	u.types("bo")
	u.locks()
	u.do(func() {
		for _, s := range u.screen() {
			for _, secret := range []string{"before", "Ada", "half", "wren", "bo", "New chat"} {
				if strings.Contains(s.text, secret) {
					t.Errorf("a locked window shows %q", s.text)
				}
			}
		}
		if u.a.window.Canvas().Overlays().Top() != nil || strings.Contains(u.a.window.Title(), "(") {
			t.Errorf("over it is %T, the title is %q", u.a.window.Canvas().Overlays().Top(), u.a.window.Title())
		}
	})

	later := u.says(ada, "C2Cwren", "while it was locked")
	u.here(later)
	u.do(func() {
		u.a.lockNow()
		u.a.tell("A title", "while locked")
		if top := u.a.window.Canvas().Overlays().Top(); top != nil {
			t.Errorf("%T is over a locked window", top)
		}
		u.a.canvas.Overlays().Top().(*widgets.Sheet).Close()
		if u.a.main.looking() {
			t.Error("what comes counts as read")
		}
	})
	u.until("it is unread", func() bool { n, err := u.a.session.client.TotalUnread(); return err == nil && n == 1 })
	u.types("a wrong one")
	u.key(fyne.KeyReturn)
	u.sees("That is not it")
	u.do(func() { u.a.unlocking.field.SetText("") })
	u.unlocks()
	u.sees("New chat")
	u.types("b")
	u.do(func() {
		if text := u.a.main.composer.Text(); text != "half a thought" {
			t.Errorf("the composer has %q", text)
		}
	})
	u.sees("bob")
	u.key(fyne.KeyEscape)
	u.sees("while it was locked")
	u.types("!")
	u.do(func() {
		if text := u.a.main.composer.Text(); text != "half a thought!" {
			t.Errorf("the composer has %q", text)
		}
	})
	u.end()
}

// What is dropped on a locked window goes nowhere.
func TestDropOnALockedWindow(t *testing.T) {
	u, _ := withPassphrase(t)
	u.open(echoChat)
	u.locks()
	u.do(func() { u.a.dropped([]fyne.URI{storage.NewFileURI(t.TempDir() + "/x.txt")}) })
	u.unlocks()
	u.do(func() {
		if n := len(u.a.session.trays.get(echoChat).items); n != 0 {
			t.Errorf("%d trays", n)
		}
	})
	u.end()
}

// Playing stops and a recording is kept as a draft.
func TestLockingWhileThereIsSound(t *testing.T) {
	u, ada := withPassphrase(t)
	m := u.speaks(ada, "C2Cwren", 20*time.Second)
	u.plays(m)
	u.untilPlaying("it plays", func(p *playing) bool { return true })
	u.locks()
	u.untilQuiet()
	u.unlocks()

	u.clickMicrophone()
	u.records(widgets.RecorderLocked, time.Second)
	u.locks()
	u.until("the microphone is closed", func() bool { return u.sound.microphone().isClosed() })
	u.unlocks()
	u.until("there is a draft", func() bool { return len(u.noteFiles()) == 1 })
	u.end()
}

// A window that nobody uses locks itself, one that somebody uses does not.
func TestLockWhenIdle(t *testing.T) {
	u, _ := withPassphrase(t)
	var now time.Time
	u.do(func() {
		now = time.Now()
		u.a.now = func() time.Time { return now }
		u.a.change(func(s *profile.Settings) { s.LockAfter = 5 })
		u.a.watchIdle()
	})
	passes := func(d time.Duration) { u.do(func() { now = now.Add(d); u.a.checkIdle() }) }
	isLocked := func() (yes bool) { u.do(func() { yes = u.a.locked() }); return yes }
	for name, use := range map[string]func(){
		"the mouse": func() {
			u.do(func() { u.a.window.Content().(desktop.Cursorable).Cursor() })
		},
		"the mouse over a dialog": func() {
			u.do(func() { u.a.main.newChat() })
			u.do(func() { u.a.window.Canvas().Overlays().Top().(desktop.Cursorable).Cursor() })
			u.key(fyne.KeyEscape)
		},
		"the focus": func() { u.front(false); u.front(true) },
	} {
		passes(4 * time.Minute)
		use()
		passes(4 * time.Minute)
		if isLocked() {
			t.Fatalf("%s does not count", name)
		}
		use()
	}
	passes(5*time.Minute - time.Second)
	if isLocked() {
		t.Error("too early")
	}
	passes(time.Second)
	u.unlocks()

	u.do(func() { now = now.Add(time.Hour) }) // asleep: no timer ran
	u.front(true)
	if !isLocked() {
		t.Error("what wakes the computer shows everything")
	}
	u.unlocks()
	u.do(func() {
		u.a.change(func(s *profile.Settings) { s.LockAfter = 0 })
		u.a.watchIdle()
	})
	passes(24 * time.Hour)
	if isLocked() {
		t.Error("it was to lock never")
	}
	u.end()
}

// Without a passphrase a window cannot be locked, and says what is missing.
func TestLockNeedsAPassphrase(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.do(u.a.lockNow)
	u.sees("first set a passphrase")
	u.settings()
	u.tap("Privacy & lock")
	u.sees("Set a passphrase first")
	u.tap("Set…")
	u.typesBelow("New passphrase", "short")
	u.typesBelow("Repeat the passphrase", "short")
	u.tap("Save")
	u.sees("at least 8 characters")
	u.replaces("New passphrase", secretWords)
	u.replaces("Repeat the passphrase", secretWords)
	u.tap("Save")
	u.sees("Change…")
	u.tap("Lock")
	u.sees("Magpie is locked")
	u.types(secretWords)
	u.tap("Unlock")
	u.sees("Change…") // the page is still there

	u.tap("Never")
	u.tap("After 15 minutes")
	u.sees("After 15 minutes")
	u.do(func() {
		if u.a.settings.LockAfter != 15 || u.a.idle.timer == nil {
			t.Error("it is not kept")
		}
	})
	u.tap("Remove")
	u.sees("Remove the passphrase?")
	u.tap("Remove")
	u.sees("Set a passphrase first")
	u.end()
}

// The key store can be left out, and taken in again.
func TestKeyStoreSwitch(t *testing.T) {
	noLeaks(t)
	data, k := t.TempDir(), &vaulttest.KeyStore{}
	u := beginAt(t, data, k)
	u.start()
	u.do(func() { u.ok(u.a.vault.SetPassphrase(t.Context(), secretWords)) })
	u.settings()
	u.tap("Privacy & lock")
	u.sees("The key store of this computer opens it")
	flip := func() {
		u.do(func() {
			s := onScreen(u.a.window.Canvas().Overlays().Top(), func(o fyne.CanvasObject) bool { _, is := o.(*widgets.Switch); return is })
			s.(fyne.Tappable).Tapped(nil)
		})
	}
	flip()
	u.sees("Your passphrase is asked for at every start")
	if len(k.Names()) != 0 {
		t.Errorf("the key store has %v", k.Names())
	}
	flip()
	u.sees("The key store of this computer opens it")
	k.Break(errNotYet)
	u.end()
}
