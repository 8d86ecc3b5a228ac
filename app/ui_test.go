package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"go.uber.org/goleak"

	"magpie/app/core"
	"magpie/app/profile"
	"magpie/app/vault/vaulttest"
	"magpie/im"
	"magpie/internal/testcache"
	"magpie/store"
	"magpie/store/storetest"
)

// testLoop stands for the event loop of a system: everything of the user interface
// runs on one goroutine, which the race detector checks. The driver of Fyne's
// tests runs what it is given wherever it is called.
type testLoop struct {
	fyne.App
	driver fyne.Driver
	mu     sync.Mutex
	more   sync.Cond
	jobs   []func()
	quit   bool
	// took, if set, is told how long each turn took.
	took func(time.Duration)
}

func newLoop() *testLoop {
	l := &testLoop{App: test.NewApp()}
	l.more.L = &l.mu
	l.driver = &loopDriver{l.App.Driver(), l}
	fyne.SetCurrentApp(l)
	return l
}

func (l *testLoop) Driver() fyne.Driver { return l.driver }
func (l *testLoop) Quit()               { l.post(func() { l.quit = true }) }

func (l *testLoop) post(f func()) {
	l.mu.Lock()
	l.jobs = append(l.jobs, f)
	l.mu.Unlock()
	l.more.Signal()
}

// Run runs what comes in until Quit.
func (l *testLoop) Run() {
	for !l.quit {
		l.mu.Lock()
		for len(l.jobs) == 0 {
			l.more.Wait()
		}
		f := l.jobs[0]
		l.jobs = l.jobs[1:]
		l.mu.Unlock()
		began, took := time.Now(), l.took
		f()
		if took != nil {
			took(time.Since(began))
		}
	}
}

type loopDriver struct {
	fyne.Driver
	l *testLoop
}

func (d *loopDriver) Quit() { d.l.Quit() }

func (d *loopDriver) DoFromGoroutine(f func(), wait bool) {
	if !wait {
		d.l.post(f)
		return
	}
	done := make(chan struct{})
	d.l.post(func() { defer close(done); f() })
	<-done
}

// computer has the key store of the computer on which all tests run; each data folder
// has a secret of its own there.
var computer = &vaulttest.KeyStore{}

// patience is how long anything may take; the machine may be busy with other tests.
const patience = time.Minute

// person is the program in a window in memory, and who uses it.
type person struct {
	t     testing.TB
	a     *application
	loop  *testLoop
	ended chan error
	log   *bytes.Buffer
	// guests end the clients of others.
	guests []func()
	sound  *fakeSound
	// patience of the commands, [cli.Env.Patience].
	patience time.Duration
}

// begin starts the program on a data folder.
func begin(t testing.TB, data string) *person {
	t.Helper()
	return beginWith(t, data, func(*Options) {})
}

// beginWith is begin with other options.
func beginWith(t testing.TB, data string, change func(*Options)) *person {
	t.Helper()
	storetest.SoundBelow(t, data)
	p, err := profile.Open(data, "wren")
	if err != nil {
		t.Fatal(err)
	}
	u := &person{t: t, loop: newLoop(), ended: make(chan error, 1), log: &bytes.Buffer{}, sound: newFakeSound()}
	o := Options{
		NewApp: func() fyne.App { return u.loop }, Cache: testcache.Dir("sandbox"), Sound: u.sound, Locale: "en", Log: u.log,
		KeyStore: computer,
	}
	change(&o)
	u.a, err = newApplication(p, o)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		u.a.begin()
		u.loop.Run()
		u.ended <- u.a.end()
	}()
	return u
}

// do runs f as the event loop would.
func (u *person) do(f func()) { u.loop.driver.DoFromGoroutine(f, true) }

// until waits until cond, asked by the event loop, is true.
func (u *person) until(what string, cond func() bool) {
	u.t.Helper()
	u.untilOr(what, cond, u.log.String)
}

// untilOr is until with more to tell if it does not come true.
func (u *person) untilOr(what string, cond func() bool, more func() string) {
	u.t.Helper()
	deadline := time.Now().Add(patience)
	for ok := false; !ok; {
		if time.Now().After(deadline) {
			u.t.Fatalf("not within %s: %s\n%s", patience, what, more())
		}
		u.do(func() { ok = cond() })
		<-time.After(5 * time.Millisecond)
	}
}

// start makes the local account and waits for its screen.
func (u *person) start() {
	u.t.Helper()
	u.until("the welcome screen", func() bool { return u.a.welcome != nil })
	u.do(func() { u.a.welcome.tryStart() })
	u.until("the main screen", func() bool { return u.a.main != nil && u.a.main.connected() })
}

// end closes the window and waits until the program is over.
func (u *person) end() {
	u.t.Helper()
	for _, end := range u.guests {
		end()
	}
	u.guests = nil
	u.do(u.a.quit)
	select {
	case err := <-u.ended:
		if err != nil {
			u.t.Error(err)
		}
	case <-time.After(patience):
		u.t.Fatal("the program does not end")
	}
	if s := u.a.sessions; len(s.open) != 0 {
		u.t.Errorf("%d sessions were left open", len(s.open))
	}
}

// noLeaks holds the end of a test against goroutines that it started. The
// server's own take a moment to end after it was closed, longer on a busy machine.
func noLeaks(t testing.TB) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() {
		deadline := time.Now().Add(patience)
		err := goleak.Find(before) // looks for up to a second
		for err != nil && time.Now().Before(deadline) {
			err = goleak.Find(before)
		}
		if err != nil {
			t.Error(err)
		}
	})
}

// texts are what the open conversation has on disk.
func (u *person) texts(conv im.ConversationID) (all []string) {
	u.t.Helper()
	var s *session
	u.do(func() { s = u.a.session })
	p, err := s.client.History(u.t.Context(), conv, core.HistoryQuery{})
	if err != nil {
		u.t.Fatal(err)
	}
	for _, m := range append(p.Messages, p.Pending...) {
		if text, ok := m.Payload.(im.TextPayload); ok && m.From == s.account.User {
			all = append(all, text.Text)
		}
	}
	return all
}

// write types into the composer and sends.
func (u *person) write(conv im.ConversationID, text string) {
	u.do(func() {
		u.a.main.openChat(conv)
		for _, r := range text {
			u.a.main.composer.TypeRune(r)
		}
	})
}

// What was typed and sent a moment before the window closes is there at the next
// start, and closing leaves nothing running.
func TestEndKeepsEverything(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	u.do(func() {
		u.a.main.openChat("C2Cecho")
		for i := range 20 {
			u.a.main.chat.send("message " + itoa(uint64(i)))
		}
	})
	u.write("C2Cwren", "half a tho")
	u.end()

	u = begin(t, data)
	u.until("the main screen", func() bool { return u.a.main != nil && u.a.main.chat != nil })
	u.do(func() {
		if conv := u.a.main.conversation(); conv != "C2Cwren" {
			t.Errorf("open is %q", conv)
		}
		if text := u.a.main.composer.Text(); text != "half a tho" {
			t.Errorf("the draft is %q", text)
		}
	})
	if all := u.texts("C2Cecho"); len(all) != 20 || all[0] != "message 0" || all[19] != "message 19" {
		t.Errorf("%d messages: %q", len(all), all)
	}
	u.end()
}

// The window may be closed at any moment, while the account is being opened too.
func TestEndWhileEntering(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.until("the welcome screen", func() bool { return u.a.welcome != nil })
	u.do(func() { u.a.welcome.tryStart() })
	u.end()
	u = begin(t, data)
	u.start()
	u.end()
	u = begin(t, data)
	u.end()
}

// Another language makes the screen anew: what is typed, the connection and the
// one session stay.
func TestLanguageKeepsTheSession(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	u.until("the list", func() bool { return u.a.main.index("C2Cecho") >= 0 })
	u.write("C2Cecho", "bonjo")
	var before *session
	u.do(func() {
		before = u.a.session
		u.a.main.kicked = im.KickMultipleDevice
		u.a.setLanguage("zh-Hans")
		if u.a.main.kicked != im.KickMultipleDevice || !u.a.main.banner.Visible() {
			t.Error("why it is signed out is not said any more")
		}
	})
	u.until("the conversation", func() bool { return u.a.main.conversation() == "C2Cecho" })
	u.do(func() {
		if u.a.session != before {
			t.Error("another session")
		}
		if text := u.a.main.composer.Text(); text != "bonjo" {
			t.Errorf("typed is %q", text)
		}
	})
	u.end()
}

// Signing out and in again at once waits for the session before; pressing twice
// makes one.
func TestSignOutAndInAgain(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.start()
	for range 3 {
		u.do(func() {
			u.a.signOut()
			account := profile.Account{User: "wren", Local: true}
			u.a.enter(account)
			u.a.enter(account)
		})
		u.until("the main screen", func() bool { return u.a.main != nil && u.a.main.connected() })
	}
	u.a.files.wait()
	if n := len(u.a.sessions.open); n != 1 {
		t.Errorf("%d sessions", n)
	}
	u.end()
}

// An account that was made, and could not be shown, is not kept open.
func TestFailedStartClosesItsSession(t *testing.T) {
	noLeaks(t)
	u := begin(t, t.TempDir())
	u.until("the welcome screen", func() bool { return u.a.welcome != nil })
	failed := make(chan error, 1)
	u.do(func() {
		p, keys := u.a.profile, u.a.keys
		u.a.welcome.run(func(context.Context) (*session, error) {
			s, err := openSession(p, profile.Account{User: "wren", Local: true}, credentials{}, rules{keys: keys})
			return s, errors.Join(err, errors.New("the list cannot be read"))
		}, func(err error) { failed <- err })
	})
	if err := <-failed; err == nil {
		t.Error("nobody was told")
	}
	u.do(func() {
		if len(u.a.sessions.open) != 0 || u.a.session != nil {
			t.Error("the session is still open")
		}
	})
	u.start()
	u.end()
}

// A command that signs in while the window is open, and the window, keep each
// other's settings.
func TestSettingsOfCommandsStay(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	other := profile.Account{User: "ben", Server: "chat.example.org"}
	if _, err := u.a.profile.Update(time.Now(), func(s *profile.Settings) { s.Know(other) }); err != nil {
		t.Fatal(err)
	}
	u.do(func() { u.a.setMode("dark") })
	u.end()
	s, _, err := u.a.profile.Load(time.Now())
	if err != nil || len(s.Accounts) != 2 || s.Accounts[0].User != "wren" || s.Accounts[1] != other || s.Theme != "dark" || s.Width == 0 {
		t.Errorf("%+v, %v", s, err)
	}
}

// All conversations are in the list, not only those that events carry, and what
// happens to one far down shows.
func TestListIsWhole(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	u := begin(t, data)
	u.start()
	u.end()
	account := profile.Account{User: "wren", Local: true}
	path, err := u.a.profile.HistoryPath(account)
	if err != nil {
		t.Fatal(err)
	}
	st, _, err := store.Open(path, store.Options{Account: "wren", Key: u.a.keys.Account(account.Folder())})
	if err != nil {
		t.Fatal(err)
	}
	const many = 2*im.ConversationPage + 50
	var rows []store.Conversation
	for i := range many {
		row := store.Conversation{Conversation: im.Conversation{ConversationID: im.C2C(im.UserID(fmt.Sprintf("user%d", i))), Type: im.ConvC2C}}
		row.LastMessage = &im.LastMessage{LastTime: int64(1_800_000_000_000 - i), MessageForShow: "hi"}
		rows = append(rows, row)
	}
	last := rows[many-1].ConversationID
	if err := errors.Join(st.PutConversations(t.Context(), rows), st.SetDraft(t.Context(), last, "not done"), st.Close()); err != nil {
		t.Fatal(err)
	}
	u = begin(t, data)
	u.until("the whole list", func() bool { return u.a.main != nil && len(u.a.main.rows) >= many })
	u.do(func() {
		u.a.main.openChat(last)
		if text := u.a.main.composer.Text(); text != "not done" {
			t.Errorf("the draft is %q", text)
		}
		u.a.main.deleteConversation(last)
	})
	u.gone(last)
	u.until("it is closed", func() bool { return u.a.main.chat == nil })
	u.end()
}
