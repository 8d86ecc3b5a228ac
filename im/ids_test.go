package im_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/oklog/ulid/v2"

	"magpie/im"
)

// hostileIDs are what ids from outside may look like.
func hostileIDs() []string {
	return []string{
		"", ".", "..", "a/b", `a\b`, "a.b", "a b", "a\x00", "a\n", "a*", "a>", "喜鹊", "a\u202eb", "\xff",
		"@TIM#SYSTEM", strings.Repeat("a", 33), strings.Repeat("a", 10<<20), string(im.AtAllUsers),
	}
}

func TestUserID(t *testing.T) {
	for _, id := range []im.UserID{"a", "Alice_9-x", im.UserID(strings.Repeat("z", 32)), "-", "_"} {
		code(t, string(id), id.Validate(), 0)
	}
	for _, id := range hostileIDs() {
		code(t, id[:min(len(id), 40)], im.UserID(id).Validate(), im.CodeInvalidUserID)
	}
}

func TestDevice(t *testing.T) {
	for _, d := range []string{"a", "phone1_x", strings.Repeat("d", 32)} {
		code(t, d, im.ValidateDevice(d), 0)
	}
	for _, d := range hostileIDs() {
		if d == string(im.AtAllUsers) {
			continue // a device may be called so
		}
		code(t, d[:min(len(d), 40)], im.ValidateDevice(d), im.CodeInvalidParameter)
	}
}

func TestGroupID(t *testing.T) {
	for _, c := range []struct {
		id            im.GroupID
		given, chosen im.Code
	}{
		{"g", 0, 0},
		{"a group/with.all * >", 0, 0},
		{"@TGS#2J4SZEAEL", 0, im.CodeInvalidGroupID},
		{" g", 0, im.CodeInvalidGroupID},
		{"g ", 0, im.CodeInvalidGroupID},
		{" ", 0, im.CodeInvalidGroupID},
		{"", im.CodeInvalidGroupID, im.CodeInvalidGroupID},
		{"喜鹊", im.CodeInvalidGroupID, im.CodeInvalidGroupID},
		{"g\x7f", im.CodeInvalidGroupID, im.CodeInvalidGroupID},
		{"g\n", im.CodeInvalidGroupID, im.CodeInvalidGroupID},
		{im.GroupID(strings.Repeat("g", 48)), 0, 0},
		{im.GroupID(strings.Repeat("g", 49)), im.CodeInvalidGroupID, im.CodeInvalidGroupID},
	} {
		code(t, string(c.id), c.id.Validate(), c.given)
		code(t, "chosen "+string(c.id), c.id.ValidateChosen(), c.chosen)
	}
}

func TestConversationID(t *testing.T) {
	for _, c := range []struct {
		id    im.ConversationID
		kind  im.ConversationType
		peer  im.UserID
		group im.GroupID
		to    string
		want  im.Code
	}{
		{"C2Cbob", im.ConvC2C, "bob", "", "bob", 0},
		{"C2CGROUPx", im.ConvC2C, "GROUPx", "", "GROUPx", 0},
		{"GROUPg", im.ConvGroup, "", "g", "g", 0},
		{"GROUP@TGS#1", im.ConvGroup, "", "@TGS#1", "@TGS#1", 0},
		{"GROUPC2Cbob", im.ConvGroup, "", "C2Cbob", "C2Cbob", 0},
		{"@TIM#SYSTEM", im.ConvSystem, "", "", "", 0},
		{"C2C", im.ConvC2C, "", "", "", im.CodeInvalidUserID},
		{"GROUP", im.ConvGroup, "", "", "", im.CodeInvalidGroupID},
		{"C2C@TIM#SYSTEM", im.ConvC2C, "@TIM#SYSTEM", "", "@TIM#SYSTEM", im.CodeInvalidUserID},
		{"bob", "", "", "", "", im.CodeInvalidConversationID},
		{"", "", "", "", "", im.CodeInvalidConversationID},
		{"c2cbob", "", "", "", "", im.CodeInvalidConversationID},
	} {
		if c.id.Type() != c.kind || c.id.Peer() != c.peer || c.id.Group() != c.group || c.id.To() != c.to {
			t.Errorf("%q: %q %q %q %q", c.id, c.id.Type(), c.id.Peer(), c.id.Group(), c.id.To())
		}
		code(t, string(c.id), c.id.Validate(), c.want)
	}
	for _, c := range []struct {
		kind im.ConversationType
		to   string
		id   im.ConversationID
		want im.Code
	}{
		{im.ConvC2C, "bob", "C2Cbob", 0},
		{im.ConvGroup, "g", "GROUPg", 0},
		{im.ConvC2C, "a/b", "C2Ca/b", im.CodeInvalidUserID},
		{im.ConvSystem, "", "", im.CodeInvalidConversationType},
		{"", "bob", "", im.CodeInvalidConversationType},
	} {
		id, err := im.NewConversationID(c.kind, c.to)
		if id != c.id {
			t.Errorf("%s %s: %q", c.kind, c.to, id)
		}
		code(t, string(c.id), err, c.want)
	}
}

func TestNewMessageID(t *testing.T) {
	at := time.UnixMilli(1_800_000_000_123)
	id, err := im.NewMessageID("alice", "d_1", at, bytes.NewReader(make([]byte, 10)))
	if err != nil {
		t.Fatal(err)
	}
	if want := "alice-d_1-" + ulid.MustNew(ulid.Timestamp(at), bytes.NewReader(make([]byte, 10))).String(); string(id) != want {
		t.Errorf("got %s, want %s", id, want)
	}
	code(t, "its own form", id.Validate(), 0)
	if !id.MadeBy("alice") || id.MadeBy("bob") || id.MadeBy("alic") {
		t.Errorf("%s is not alice's", id)
	}

	longest, err := im.NewMessageID(im.UserID(strings.Repeat("u", 32)), strings.Repeat("d", 32), at, nil)
	if err != nil {
		t.Fatal(err)
	}
	code(t, "the longest", longest.Validate(), 0)

	seen := map[im.MessageID]bool{}
	entropy := ulid.Monotonic(rand.Reader, 0)
	var last im.MessageID
	for range 1000 {
		a, err := im.NewMessageID("alice", "d", at, nil)
		if err != nil {
			t.Fatal(err)
		}
		b, err := im.NewMessageID("alice", "d", at, entropy)
		if err != nil {
			t.Fatal(err)
		}
		if seen[a] || b <= last {
			t.Fatalf("%s came twice, or %s after %s", a, b, last)
		}
		seen[a], last = true, b
	}

	_, err = im.NewMessageID("a/b", "d", at, nil)
	code(t, "user", err, im.CodeInvalidUserID)
	_, err = im.NewMessageID("alice", "", at, nil)
	code(t, "device", err, im.CodeInvalidParameter)
	broken := errors.New("no entropy")
	if _, err = im.NewMessageID("alice", "d", at, iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("broken entropy: %v", err)
	}
	if _, err = im.NewMessageID("alice", "d", time.Unix(-1, 0), nil); err == nil {
		t.Error("a time before 1970 is in an id")
	}
}

// "alice" on the device "b_x" could make ids that looked like those of "alice-b".
func TestMadeByNamesOneUser(t *testing.T) {
	for _, c := range []struct {
		id   im.MessageID
		user im.UserID
		want bool
	}{
		{"alice-dev-01ABC", "alice", true},
		{"alice-b-dev-01ABC", "alice-b", true},
		{"alice-b-dev-01ABC", "alice", false},
		{"alice-dev", "alice", false},
		{"alice--01ABC", "alice", false},
		{"alice-dev-", "alice", false},
		{"bob-dev-01ABC", "alice", false},
		{"--dev-01ABC", "-", true},
		{"", "alice", false},
	} {
		if got := c.id.MadeBy(c.user); got != c.want {
			t.Errorf("%q made by %q: %v, want %v", c.id, c.user, got, c.want)
		}
	}
}
