package core

import (
	"testing"

	"magpie/im"
)

func TestNewBlacklist(t *testing.T) {
	s := newMagpied(t, "ann", "bob", "carl")
	one, two, bob := s.device(t, "ann").ready(), s.device(t, "ann").ready(), s.device(t, "bob").ready()
	equal(t, "oneself", im.CodeOf(one.AddToBlacklist(t.Context(), "ann")), im.CodeBlacklistSelf)
	equal(t, "nonsense", im.CodeOf(one.AddToBlacklist(t.Context(), "a b")), im.CodeInvalidUserID)
	ok(t, one.AddToBlacklist(t.Context(), "bob", "carl"))
	for _, d := range []*device{one, two} {
		d.until("two blocked", func(e Event) bool { b, is := e.(BlacklistUpdated); return is && len(b.Users) == 2 })
	}
	m, err := bob.SendMessage(t.Context(), bob.CreateTextMessage(im.ConvC2C, "ann", "hey"), im.SendOptions{})
	ok(t, err)
	m, err = bob.waitSent(m.ID)
	equal(t, "refused", im.CodeOf(err), im.CodeBlocked)
	equal(t, "status", m.Status, im.StatusFail)
	ok(t, one.RemoveFromBlacklist(t.Context(), "bob"))
	two.until("one blocked", func(e Event) bool { b, is := e.(BlacklistUpdated); return is && len(b.Users) == 1 })
	_, err = bob.ResendMessage(t.Context(), m.ID)
	ok(t, err)
	one.hear("hey")
	s.kill()
	two.until("not ready", func(e Event) bool { _, is := e.(SDKNotReady); return is })
	list, err := two.GetBlacklist(t.Context())
	ok(t, err)
	equal(t, "offline", list, []im.UserID{"carl"})
	equal(t, "changed offline", im.CodeOf(two.AddToBlacklist(t.Context(), "bob")), im.CodeNetworkDown)
	two.stop()
	two = s.deviceAt(t, "ann", two.path)
	list, err = two.GetBlacklist(t.Context())
	ok(t, err)
	equal(t, "after a restart", list, []im.UserID{"carl"})
	count := 0
	for _, e := range one.seen {
		if _, is := e.(BlacklistUpdated); is {
			count++
		}
	}
	if count > 2 {
		t.Errorf("told %d times of two changes", count)
	}
}

// What was changed while a device was away is told when it is back.
func TestNewBlacklistWhileAway(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	one, two := s.device(t, "ann").ready(), s.device(t, "ann").ready()
	two.stop()
	ok(t, one.AddToBlacklist(t.Context(), "bob"))
	two = s.deviceAt(t, "ann", two.path).ready()
	two.until("one blocked", func(e Event) bool { b, is := e.(BlacklistUpdated); return is && len(b.Users) == 1 })
}
