package host_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"magpie/app/core"
	"magpie/app/host"
	"magpie/im"
	"magpie/store"
	"magpie/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const password = "a password for tests"

func open(t *testing.T, dir string, o host.Options) *host.Host {
	t.Helper()
	h, err := host.Open(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := h.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return h
}

// client signs a new user in to h.
func client(t *testing.T, h *host.Host, user im.UserID) *core.Client {
	t.Helper()
	if err := h.CreateUser(t.Context(), user, password, ""); err != nil {
		t.Fatal(err)
	}
	path, options := filepath.Join(t.TempDir(), "history.db"), store.Options{Account: user}
	storetest.Sound(t, path, options)
	st, _, err := store.Open(path, options)
	if err != nil {
		t.Fatal(err)
	}
	c, err := core.New(core.Options{Store: st, Server: h.URL(), User: user, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	c.Start(t.Context())
	if err := c.WaitReady(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

// The first messages of a new conversation, sent right after each other, were
// counted as one.
func TestUnreadOfANewConversation(t *testing.T) {
	h := open(t, t.TempDir(), host.Options{})
	for i := range 5 {
		ann, ben := client(t, h, im.UserID(fmt.Sprint("ann", i))), client(t, h, im.UserID(fmt.Sprint("ben", i)))
		for n := range 3 {
			m, err := ann.SendMessage(t.Context(), ann.CreateTextMessage(im.ConvC2C, string(ben.User()), fmt.Sprint("message ", n)), im.SendOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := ann.WaitSent(t.Context(), m.ID); err != nil {
				t.Fatal(err)
			}
		}
		unread := func() uint64 {
			row, err := ben.GetConversationList(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(row) == 0 {
				return 0
			}
			return row[0].UnreadCount
		}
		deadline := time.Now().Add(5 * time.Second)
		for unread() != 3 {
			if time.Now().After(deadline) {
				row, err := ben.GetConversationProfile(t.Context(), im.C2C(ann.User()))
				t.Fatalf("pair %d: %d unread in the list, want 3; the server says %d (%v)", i, unread(), row.UnreadCount, err)
			}
			<-time.After(10 * time.Millisecond)
		}
	}
}

// A new account can have conversations in its list before anything was said.
func TestAddedConversationIsInTheList(t *testing.T) {
	h := open(t, t.TempDir(), host.Options{})
	c := client(t, h, "ann")
	for _, conv := range []im.ConversationID{im.C2C("echo"), im.C2C("ann")} {
		if _, err := c.AddConversation(t.Context(), conv); err != nil {
			t.Fatal(err)
		}
	}
	list, err := c.GetConversationList(t.Context())
	if err != nil || len(list) != 2 {
		t.Fatalf("%d rows, want 2 (%v)", len(list), err)
	}
	if _, err := c.AddConversation(t.Context(), im.C2C("nobody")); err == nil {
		t.Error("a user that does not exist was added")
	}
	if list, _ := c.GetConversationList(t.Context()); len(list) != 2 {
		t.Errorf("%d rows after a refused one, want 2", len(list))
	}
}

// Two processes of one data folder share the server; here two hosts stand for
// them, as the lock is on the folder.
func TestSecondHostJoinsAndTakesOver(t *testing.T) {
	dir := t.TempDir()
	first, err := host.Open(t.Context(), dir, host.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := host.Open(t.Context(), dir, host.Options{Alone: true}); im.CodeOf(err) != im.CodeDataFolderInUse {
		t.Errorf("a second server on the folder: %v", err)
	}
	second := open(t, dir, host.Options{})
	if !first.Mine() || second.Mine() || second.URL() != first.URL() {
		t.Fatalf("first %v %s, second %v %s", first.Mine(), first.URL(), second.Mine(), second.URL())
	}
	if err := second.CreateUser(t.Context(), "ann", password, ""); err != nil {
		t.Fatal("through the first one's server:", err)
	}
	if err := first.CreateUser(t.Context(), "ann", password, ""); im.CodeOf(err) != im.CodeUserExists {
		t.Errorf("the name is taken: %v", err)
	}
	if err := first.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if second.Alive(t.Context()) {
		t.Error("the second one believes that the server still runs")
	}
	third := open(t, dir, host.Options{})
	if !third.Mine() || third.URL() != first.URL() {
		t.Errorf("mine %v at %s, want it at %s as before", third.Mine(), third.URL(), first.URL())
	}
}

// A server that served the network once must not do so again by itself.
func TestPortIsKeptAndTheNetworkIsNot(t *testing.T) {
	dir := t.TempDir()
	first, err := host.Open(t.Context(), dir, host.Options{Listen: "0.0.0.0:0"})
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(strings.TrimSuffix(strings.TrimPrefix(first.URL(), "ws://"), "/v1/chat"))
	if err != nil {
		t.Fatal(first.URL(), err)
	}
	if err := first.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if again := open(t, dir, host.Options{}); again.URL() != "ws://127.0.0.1:"+port+"/v1/chat" {
		t.Errorf("served at %s, want port %s of this machine", again.URL(), port)
	}
}

// What a killed server left behind leads nobody to whoever has its port now.
func TestLastWordOfAKilledServer(t *testing.T) {
	dir := t.TempDir()
	stranger, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.Close()
	last := fmt.Sprintf(`{"url":"ws://%s/v1/chat","pid":1}`, stranger.Addr())
	if err := os.WriteFile(filepath.Join(dir, "server.json"), []byte(last), 0o600); err != nil {
		t.Fatal(err)
	}
	var hosts [4]*host.Host
	var errs [4]error
	var wg sync.WaitGroup
	for i := range hosts {
		wg.Go(func() { hosts[i], errs[i] = host.Open(t.Context(), dir, host.Options{}) })
	}
	wg.Wait()
	mine := 0
	for i, h := range hosts {
		if errs[i] != nil {
			t.Fatal(errs[i])
		}
		if h.URL() != hosts[0].URL() || strings.Contains(h.URL(), stranger.Addr().String()) {
			t.Errorf("%d was led to %s, the others to %s", i, h.URL(), hosts[0].URL())
		}
		if h.Mine() {
			mine++
			defer func() {
				if err := h.Close(context.Background()); err != nil {
					t.Error(err)
				}
			}()
		}
	}
	if mine != 1 {
		t.Errorf("%d of them run the server", mine)
	}
}

// A client of the second process goes on when the first one ends, and both keep
// one server when they look for it at once.
func TestKeeperTakesOver(t *testing.T) {
	dir := t.TempDir()
	first := open(t, dir, host.Options{})
	if err := first.CreateUser(t.Context(), "ann", password, ""); err != nil {
		t.Fatal(err)
	}
	keepers := []*host.Keeper{host.NewKeeper(dir, "ann", host.Options{}), host.NewKeeper(dir, "ann", host.Options{})}
	for _, k := range keepers {
		if e, err := k.Endpoint(t.Context()); err != nil || e.Server != first.URL() || e.UserSig == "" {
			t.Fatalf("%+v, %v", e, err)
		}
	}
	if err := first.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	var at [2]core.Endpoint
	var errs [2]error
	var wg sync.WaitGroup
	for i, k := range keepers {
		wg.Go(func() { at[i], errs[i] = k.Endpoint(t.Context()) })
	}
	wg.Wait()
	if errors.Join(errs[:]...) != nil || at[0].Server != at[1].Server {
		t.Errorf("%v: %s and %s", errors.Join(errs[:]...), at[0].Server, at[1].Server)
	}
	for _, k := range keepers {
		if err := k.Close(); err != nil {
			t.Error(err)
		}
		if _, err := k.Endpoint(t.Context()); err == nil {
			t.Error("a closed keeper started a server")
		}
	}
}
