package server

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

// A list that is kept in memory says at every moment what reading everything
// says, whatever happens to its conversations and over whichever gateway.
func TestListsFollow(t *testing.T) {
	clock := newClock()
	s := open(t, func(o *Options) { o.Now = clock.now; o.Logf = nil })
	s.lists.from = 0
	second := newActors(s)
	defer second.close()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 2))
	alice := connect(t, s, "alice", "a")
	whole := newLists(s) // keeps nothing
	whole.from = 1 << 30
	others := make([]im.UserID, 12)
	var groups []im.GroupID
	for i := range others {
		others[i] = im.UserID(fmt.Sprint("u", i))
		accountFor(t, s, others[i])
	}
	bob := connect(t, s, "bob", "b")
	for step := range 250 {
		other := others[random.IntN(len(others))]
		k := c2cKey("alice", other)
		clock.add(time.Second)
		switch random.IntN(9) {
		case 0, 1:
			put(t, s, k, other, step, 0)
		case 2:
			if _, _, err := second.append(t.Context(), textRecord(k, "alice", fmt.Sprint("alice-x-", step)), 0, ""); err != nil {
				t.Fatal(err)
			}
		case 3:
			alice.read(im.C2C(other), uint64(random.IntN(4)))
		case 4:
			remind := []im.RemindType{im.RemindNotify, im.RemindQuiet, im.RemindDiscard}[random.IntN(3)]
			alice.set(wire.ConvSet{Conversation: im.C2C(other), IsPinned: ptr(random.IntN(2) == 0), MessageRemindType: remind})
		case 5:
			f := wire.DeleteConversation{Head: alice.head(wire.TDeleteConv), Conversation: im.C2C(other)}
			_, _ = ask[wire.OK](alice, f.I, f) // there may be none
		case 6:
			if last, err := s.log.head(t.Context(), k); err == nil && last != nil && last.kind == im.MsgText {
				if _, _, err := s.actors.append(t.Context(), newRecall(last, last.from, ""), last.n, ""); err != nil {
					t.Fatal(err)
				}
			}
		case 7:
			g, err := bob.createGroup(im.Group{Name: "g", Type: im.GroupPublic}, "alice")
			if err != nil {
				t.Fatal(err)
			}
			groups = append(groups, g.Group.GroupID)
		case 8:
			if len(groups) > 0 {
				if err := alice.quit(groups[0]); err != nil {
					t.Fatal(err)
				}
				groups = groups[1:]
			}
		}
		_, got, err := s.lists.of(t.Context(), "alice")
		if err != nil {
			t.Fatal(err)
		}
		_, want, err := whole.of(t.Context(), "alice")
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("step %d: %v\nwant %v, %v", step, got, want, err)
		}
	}
	if len(s.lists.users) != 1 || s.lists.entries == 0 {
		t.Errorf("%d lists of %d conversations are kept", len(s.lists.users), s.lists.entries)
	}
	s.lists.drop("alice")
	if len(s.lists.users) != 0 || len(s.lists.byKey) != 0 || s.lists.entries != 0 {
		t.Errorf("dropped, it leaves %d lists, %d keys, %d entries", len(s.lists.users), len(s.lists.byKey), s.lists.entries)
	}
}

// How far the other side has read is seen in a list that is kept.
func TestListsShowPeerRead(t *testing.T) {
	s := open(t, nil)
	s.lists.from = 0
	alice, bob := connect(t, s, "alice", "a"), connect(t, s, "bob", "b")
	alice.say("C2Cbob", "one")
	alice.say("C2Cbob", "two")
	for n := uint64(1); n <= 2; n++ {
		alice.convs()
		bob.read("C2Calice", n)
		if got := alice.convs().List[0].PeerRead; got != n {
			t.Errorf("the other side has read %d, want %d", got, n)
		}
	}
}

// A change that is not heard of in time is not waited for: everything is read.
func TestListsWithoutFollower(t *testing.T) {
	s := open(t, nil)
	s.lists.from = 0
	alice := connect(t, s, "alice", "a")
	accountFor(t, s, "bob")
	alice.say("C2Cbob", "one")
	if n := len(alice.convs().List); n != 1 {
		t.Fatalf("%d conversations", n)
	}
	for _, f := range s.lists.following() {
		f.run.Stop()
		<-f.run.Closed()
	}
	accountFor(t, s, "carol")
	alice.say("C2Ccarol", "two")
	if l := alice.convs().List; len(l) != 2 || l[0].ConversationID != "C2Ccarol" {
		t.Errorf("the list is %+v", l)
	}
	alice.say("C2Cbob", "three")
	if l := alice.convs().List; l[0].ConversationID != "C2Cbob" {
		t.Errorf("the list is %+v", l)
	}
	if len(s.lists.following()) == 0 || len(s.lists.users) != 1 {
		t.Error("lists are not kept again")
	}
}

func TestMergePlaces(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		var a, b []place
		for i := range random.IntN(60) {
			p := place{key: convKey(fmt.Sprint("c/", i)), pinned: random.IntN(4) == 0, time: int64(random.IntN(20))}
			if random.IntN(2) == 0 {
				a = append(a, p)
			} else {
				b = append(b, p)
			}
		}
		slices.SortFunc(a, place.compare)
		slices.SortFunc(b, place.compare)
		want := slices.Concat(a, b)
		slices.SortFunc(want, place.compare)
		if got := merge(a, b); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%v, want %v", got, want)
		}
	}
}
