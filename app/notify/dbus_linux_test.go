package notify

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"
	"go.uber.org/goleak"

	"magpie/internal/bustest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// server is a service for notifications as desktops have it.
type server struct {
	conn  *dbus.Conn
	can   []string
	hang  chan struct{} // Notify waits for it; nil does not
	calls chan call
	next  uint32
}

type call struct {
	method   string
	id       uint32 // that it takes the place of, or that is closed
	app      string
	title    string
	body     string
	actions  []string
	hints    map[string]dbus.Variant
	answered uint32
}

func (s *server) GetCapabilities() ([]string, *dbus.Error) { return s.can, nil }

func (s *server) Notify(app string, replaces uint32, _, title, body string, actions []string, hints map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	if s.hang != nil {
		<-s.hang
	}
	id := replaces
	if id == 0 {
		s.next++
		id = s.next
	}
	s.calls <- call{"notify", replaces, app, title, body, actions, hints, id}
	return id, nil
}

func (s *server) CloseNotification(id uint32) *dbus.Error {
	s.calls <- call{method: "close", id: id}
	return nil
}

func serve(t *testing.T, can ...string) *server {
	t.Helper()
	s := &server{conn: bustest.Connect(t, bustest.Start(t)), can: can, calls: make(chan call, 100)}
	if err := s.conn.Export(s, busPath, busName); err != nil {
		t.Fatal(err)
	}
	if _, err := s.conn.RequestName(busName, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *server) emit(t *testing.T, signal string, body ...any) {
	t.Helper()
	if err := s.conn.Emit(busPath, busPrefix+signal, body...); err != nil {
		t.Fatal(err)
	}
}

func next[T any](t *testing.T, from chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-time.After(10 * time.Second):
		t.Fatalf("%s does not come", what)
	}
	return v
}

func connect(t *testing.T) (Service, chan Action) {
	t.Helper()
	acted := make(chan Action, 10)
	s, err := New(t.Context(), "org.magpie.chat", func(a Action) { acted <- a })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, acted
}

// known waits until the answer of the service has come.
func known(t *testing.T, s Service, key string, id uint32) {
	t.Helper()
	d := s.(*desktop)
	for deadline := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		d.mu.Lock()
		got := d.ids[key]
		d.mu.Unlock()
		if got == id {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s is %d, not %d", key, got, id)
		}
	}
}

func TestClickAndReply(t *testing.T) {
	srv := serve(t, "actions", "body", "body-markup", "inline-reply")
	s, acted := connect(t)
	s.Show(Note{Key: "C2Cann", Title: "Ann <b>", Body: "1 < 2 & 喜鹊", Open: "Open", Reply: "Reply"})
	c := next(t, srv.calls, "the notification")
	if c.title != "Ann <b>" || c.body != "1 &lt; 2 &amp; 喜鹊" || c.app != "Magpie" || !slices.Equal(c.actions, []string{"default", "Open", "inline-reply", "Reply"}) {
		t.Errorf("shown as %+v", c)
	}
	if c.hints["desktop-entry"].Value() != "org.magpie.chat" || c.hints["sound-name"].Value() == nil {
		t.Errorf("hints %v", c.hints)
	}
	first := c.answered
	// A later one of the same chat takes its place; another chat has its own.
	s.Show(Note{Key: "C2Cann", Title: "Ann", Body: "2", Open: "Open", Silent: true})
	if c = next(t, srv.calls, "the second"); c.id != first || c.hints["suppress-sound"].Value() != true {
		t.Errorf("the second: %+v", c)
	}
	s.Show(Note{Key: "C2Cbo", Title: "Bo", Body: "3", Open: "Open"})
	other := next(t, srv.calls, "the other")
	if other.id != 0 {
		t.Errorf("another chat took the place of %d", other.id)
	}
	known(t, s, "C2Cbo", other.answered)
	srv.emit(t, "ActivationToken", other.answered, "token-1")
	srv.emit(t, "ActionInvoked", uint32(999), "default")
	srv.emit(t, "ActionInvoked", other.answered, "something else")
	srv.emit(t, "ActionInvoked", other.answered, "default")
	if a := next(t, acted, "the click"); a != (Action{Key: "C2Cbo", Token: "token-1"}) {
		t.Errorf("clicked %+v", a)
	}
	srv.emit(t, "NotificationReplied", first, "  ")
	srv.emit(t, "NotificationReplied", first, "on my way")
	if a := next(t, acted, "the reply"); a != (Action{Key: "C2Cann", Reply: "on my way"}) {
		t.Errorf("replied %+v", a)
	}
	s.Withdraw("C2Cann")
	if c = next(t, srv.calls, "its end"); c.method != "close" || c.id != first {
		t.Errorf("withdrawn by %+v", c)
	}
	// What is closed by the person is not closed again, what is left goes at the end.
	srv.emit(t, "NotificationClosed", first, uint32(2))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if c = next(t, srv.calls, "the end"); c.method != "close" || c.id != other.answered {
		t.Errorf("at the end: %+v", c)
	}
}

// A service that can do less is asked for less.
func TestPlainService(t *testing.T) {
	srv := serve(t, "body")
	s, _ := connect(t)
	s.Show(Note{Key: "k", Title: "t", Body: "a & b", Open: "Open", Reply: "Reply"})
	if c := next(t, srv.calls, "the notification"); c.body != "a & b" || len(c.actions) != 0 {
		t.Errorf("%+v", c)
	}
}

// Nobody waits for a service that hangs, and what other programs send harms nobody.
func TestHangingService(t *testing.T) {
	srv := serve(t, "body")
	srv.hang = make(chan struct{})
	s, acted := connect(t)
	begun := time.Now()
	for range 4 * queued {
		s.Show(Note{Key: "k", Title: "t", Body: strings.Repeat("x", 1000)})
	}
	if d := time.Since(begun); d > time.Second {
		t.Errorf("showing took %v", d)
	}
	for _, body := range [][]any{{}, {"words"}, {"a", "b"}, {uint32(1)}, {uint32(1), uint32(7)}, {uint32(1), "default", "more"}} {
		for _, signal := range []string{"ActionInvoked", "NotificationReplied", "NotificationClosed", "ActivationToken", "Other"} {
			srv.emit(t, signal, body...)
		}
	}
	close(srv.hang)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case a := <-acted:
		t.Errorf("acted %+v", a)
	default:
	}
}

func TestNoService(t *testing.T) {
	bustest.Start(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := New(ctx, "x", nil); err == nil {
		t.Error("no service, and no error")
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
	if _, err := New(ctx, "x", nil); err == nil {
		t.Error("no bus, and no error")
	}
}

// A desktop on which somebody wants to be left alone gets notifications without a
// sound, from its own do not disturb until its end.
func TestInhibitedDesktop(t *testing.T) {
	srv := serve(t, "body")
	props, err := prop.Export(srv.conn, busPath, prop.Map{busName: {inhibitedProperty: {Value: true, Emit: prop.EmitTrue}}})
	if err != nil {
		t.Fatal(err)
	}
	s, _ := connect(t)
	if !s.Inhibited() {
		t.Error("it is not known")
	}
	s.Show(Note{Key: "k", Title: "t"})
	if c := next(t, srv.calls, "the notification"); c.hints["suppress-sound"].Value() != true {
		t.Errorf("with a sound: %v", c.hints)
	}
	props.SetMust(busName, inhibitedProperty, false)
	for deadline := time.Now().Add(10 * time.Second); s.Inhibited(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatal("its end is not heard of")
		}
	}
	s.Show(Note{Key: "k", Title: "t"})
	if c := next(t, srv.calls, "the notification"); c.hints["suppress-sound"].Value() != nil {
		t.Errorf("without a sound: %v", c.hints)
	}
	// What other programs say of themselves changes nothing.
	for _, body := range [][]any{{"other", map[string]dbus.Variant{inhibitedProperty: dbus.MakeVariant(true)}}, {busName, "words"}, {busName, map[string]dbus.Variant{inhibitedProperty: dbus.MakeVariant("yes")}}, {busName, map[string]dbus.Variant{}}} {
		if err := srv.conn.Emit(busPath, propertiesInterface+".PropertiesChanged", append(body, []string{})...); err != nil {
			t.Fatal(err)
		}
	}
	s.Show(Note{Key: "other", Title: "t"})
	next(t, srv.calls, "the notification")
	if s.Inhibited() {
		t.Error("inhibited by others")
	}
}
