package host_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"magpie/app/core"
	"magpie/app/host"
	"magpie/im"
	"magpie/store"
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
	st, _, err := store.Open(filepath.Join(t.TempDir(), "history.db"), store.Options{Account: user})
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
