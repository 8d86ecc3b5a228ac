package server

import (
	"strings"
	"testing"

	"magpie/im"
	"magpie/im/wire"
)

// Whatever a signed-in client writes, the server answers or ends the
// connection; bob, who is not concerned, never sees anything of it, and the
// server goes on.
func FuzzFrames(f *testing.F) {
	for _, s := range []string{
		`{"t":"send","i":2,"m":{"ID":"fuzz-f-1","conversationID":"C2Cfuzz","type":"TIMTextElem","payload":{"text":"x"}}}`,
		`{"t":"pull","i":2,"conv":"C2Cfuzz","before":3,"limit":2}` + "\n" + `{"t":"pull","i":3,"conv":"C2Cfuzz","forward":true,"after":1}`,
		`{"t":"convs","i":2,"cursor":"eyJ0IjoxfQ"}`,
		`{"t":"read","i":2,"conv":"C2Cfuzz","n":18446744073709551615}`,
		`{"t":"group.create","i":2,"group":{"name":"g","type":"Private"},"members":["fuzz"]}`,
		`{"t":"group.members","i":2,"group":"g","cursor":"=="}`,
		`{"t":"profile.set","i":2,"profile":{"nick":"\u202e"}}`,
		`{"t":"presence","i":2,"users":["fuzz",""]}`,
		`{"t":"conv.delete","i":2,"conv":"GROUP"}`,
		`{"t":"hello","i":2}`, "\x00", "{}", `{"t":"m"}`, `{"t":"send","i":1e3}`, `{"i":2,"t":"send","m":null}`,
	} {
		f.Add([]byte(s))
	}
	s := open(f, func(o *Options) { o.Logf = nil })
	bob := connect(f, s, "bob", "b")
	accountFor(f, s, "fuzz")
	token, err := s.Token(f.Context(), "fuzz", "f")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { bob.t = f })
	f.Fuzz(func(t *testing.T, data []byte) {
		if strings.Contains(string(data), "bob") {
			return // it may write to bob if it wants to
		}
		c := dial(t, s.URL())
		c.hello(helloOf("fuzz", "f", token))
		if err := c.write(data); err != nil {
			t.Fatal(err)
		}
		// It still answers, or it has hung up on purpose.
		q := wire.Conversations{Head: wire.Head{T: wire.TConversations, I: 1 << 62}}
		answer := make(chan []byte, 1)
		c.mu.Lock()
		c.calls[q.I] = answer
		c.mu.Unlock()
		if b, err := wire.Encode(q); err == nil && c.write(b) == nil {
			if line, err := c.await(answer); err == nil {
				if _, err := decodeAnswer[wire.ConversationList](line); err != nil {
					t.Errorf("after %q: %v", data, err)
				}
			}
		}
		c.close()
		bob.t = t
		bob.nothing(s, func([]byte) bool { return true })
	})
}

func FuzzEncodeID(f *testing.F) {
	for _, s := range []string{"", "alice", "@TGS#1", "a.b", "*", ">", "张三", "=", strings.Repeat("x", 65), "a/b", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, id string) {
		token := encodeID(id)
		if decodeID(token) != id {
			t.Errorf("%q becomes %q becomes %q", id, token, decodeID(token))
		}
		if token == "" || strings.ContainsAny(token, ".*> /\t\r\n\x00") {
			t.Errorf("%q becomes %q, which is no token", id, token)
		}
	})
}

// No two conversations share a key, and each side finds the other.
func TestConversationKeys(t *testing.T) {
	users := []im.UserID{"a", "b", "a_b", "a-b", "_", "-", "b_c", "c", "a_b_c", "A"}
	seen := map[convKey][2]im.UserID{}
	for _, a := range users {
		for _, b := range users {
			k := c2cKey(a, b)
			pair := [2]im.UserID{min(a, b), max(a, b)}
			if old, ok := seen[k]; ok && old != pair {
				t.Errorf("%v and %v share %s", old, pair, k)
			}
			seen[k] = pair
			if k.peerOf(a) != b || k.seenBy(a) != im.C2C(b) || c2cKey(b, a) != k {
				t.Errorf("%s: %s sees %s", k, a, k.seenBy(a))
			}
			if _, ok := k.group(); ok {
				t.Errorf("%s is a group", k)
			}
		}
	}
	for _, g := range []im.GroupID{"a", "c/a/b", "@TGS#1", "a.b", "g/a"} {
		k := groupKey(g)
		if got, ok := k.group(); !ok || got != g || k.seenBy("x") != im.GroupConversation(g) {
			t.Errorf("group %s has key %s, group %s", g, k, got)
		}
		if _, ok := seen[k]; ok {
			t.Errorf("group %s shares %s", g, k)
		}
		seen[k] = [2]im.UserID{}
		if strings.ContainsAny(string(k), ".*> ") {
			t.Errorf("key %s is no token", k)
		}
	}
}
