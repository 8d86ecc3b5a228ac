package standard_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"magpie/im"
	"magpie/store"
	"magpie/store/corpus/standard"
)

// fingerprint reads all that a plan writes, and counts what is in it.
func fingerprint(t *testing.T, p *standard.Plan) (hash string, kinds map[im.MessageType]int, seen map[im.ConversationID]map[uint64]bool) {
	t.Helper()
	h := sha256.New()
	kinds, seen = map[im.MessageType]int{}, map[im.ConversationID]map[uint64]bool{}
	for b := range p.Batches() {
		if seen[b.Conversation] == nil {
			seen[b.Conversation] = map[uint64]bool{}
		}
		for i := range b.Messages {
			m := &b.Messages[i]
			if seen[b.Conversation][m.Sequence] {
				t.Fatalf("%s %d comes twice", b.Conversation, m.Sequence)
			}
			seen[b.Conversation][m.Sequence] = true
			switch {
			case m.Revokes != nil:
				kinds["recall"]++
			default:
				kinds[m.Type]++
			}
		}
		if err := json.NewEncoder(h).Encode(b.Messages); err != nil {
			t.Fatal(err)
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil)), kinds, seen
}

func TestTheSameEveryTime(t *testing.T) {
	o := standard.Options{Messages: 20_000, Seed: 1}
	first, kinds, seen := fingerprint(t, standard.NewPlan(o))
	again, _, _ := fingerprint(t, standard.NewPlan(o))
	if first != again {
		t.Error("the same seed makes another corpus")
	}
	o.Seed = 2
	if other, _, _ := fingerprint(t, standard.NewPlan(o)); other == first {
		t.Error("another seed makes the same corpus")
	}
	p := standard.NewPlan(standard.Options{Messages: 20_000, Seed: 1})
	total := uint64(0)
	for _, conv := range p.Conversations() {
		n := p.Count(conv)
		total += n
		for i := uint64(1); i <= n; i++ {
			if !seen[conv][i] {
				t.Fatalf("%s %d is missing", conv, i)
			}
		}
		if uint64(len(seen[conv])) != n {
			t.Errorf("%s has %d messages, %d were planned", conv, len(seen[conv]), n)
		}
	}
	if total != 20_000 || len(p.Conversations()) != 20 || p.Count(standard.Big) < 4000 {
		t.Errorf("%d messages in %d conversations, %d in the big one", total, len(p.Conversations()), p.Count(standard.Big))
	}
	for _, kind := range []im.MessageType{im.MsgText, im.MsgImage, im.MsgAudio, im.MsgVideo, im.MsgFile, im.MsgFace, im.MsgLocation, im.MsgCustom,
		im.MsgGroupTip, "recall"} {
		if kinds[kind] == 0 {
			t.Errorf("no %s among %v", kind, kinds)
		}
	}
}

func TestMessagesMayBeSent(t *testing.T) {
	for b := range standard.NewPlan(standard.Options{Messages: 5000, Seed: 3}).Batches() {
		for i := range b.Messages {
			m := &b.Messages[i]
			if m.IsPlaceMessage || m.Type == im.MsgGroupTip {
				continue
			}
			if err := m.Validate(); err != nil {
				t.Fatalf("%+v: %v", m, err)
			}
		}
	}
}

func TestWrite(t *testing.T) {
	s, _, err := store.Open(filepath.Join(t.TempDir(), "cache.db"), store.Options{Account: standard.Account, BatchWindow: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	p := standard.NewPlan(standard.Options{Messages: 3000, Seed: 1})
	told := 0
	if err := p.Write(t.Context(), s, func(n int) { told = n }); err != nil {
		t.Fatal(err)
	}
	rows, err := s.Conversations(0, 0)
	if err != nil || len(rows) != 3 || told != 3000 {
		t.Fatal(len(rows), told, err)
	}
	r, err := s.Search(t.Context(), store.SearchQuery{Text: "ok"})
	if err != nil || r.Total == 0 || r.Hits[0].Highlights == nil {
		t.Fatal(r.Total, err)
	}
}

// However large the corpus is, it has as many conversations and messages as it says: two
// of one name would write over each other's messages.
func TestAsLargeAsItSays(t *testing.T) {
	for _, messages := range []int{1_000_000, 10_000_000} {
		p := standard.NewPlan(standard.Options{Messages: messages, Seed: 1})
		all, seen := uint64(0), map[im.ConversationID]bool{}
		for _, id := range p.Conversations() {
			if seen[id] {
				t.Fatalf("%d messages: %s is there twice", messages, id)
			}
			seen[id] = true
			all += p.Count(id)
		}
		if all != uint64(messages) || len(seen) != messages/1000 {
			t.Errorf("%d messages in %d conversations, not %d", all, len(seen), messages)
		}
	}
}
