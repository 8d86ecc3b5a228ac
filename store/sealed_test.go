package store_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/oklog/ulid/v2"

	"magpie/im"
	"magpie/internal/seal"
	"magpie/store"
)

// Somebody whose ids and names occur nowhere else.
const (
	kestrel im.ConversationID = "C2Ckestrel"
	osprey  im.ConversationID = "GROUP@TGS#osprey"
)

// secrets are what a store that confide filled must not show.
var secrets = []string{
	"kestrel", "KESTREL", "osprey", "Osprey Club", "Falco Tinnunculus", "the heron waits", "鹭鸶在等", "half a heron", "heron.pdf",
	"heron on its way", "heron", "鹭鸶", "remark on heron", "heron-device", "heron card", "heronry", "wren-laptop", "wren",
}

func confidedID(n uint64) im.MessageID {
	id := ulid.MustNew(1_700_000_000_000+n, bytes.NewReader(bytes.Repeat([]byte{byte(n)}, 10)))
	return im.MessageID("kestrel-laptop-" + id.String())
}

// confided is message n of a conversation with the kestrel.
func confided(conv im.ConversationID, n uint64) im.Message {
	m := text(conv, n, fmt.Sprintf("the heron waits, 鹭鸶在等 %d", n))
	m.ID, m.From, m.Nick = confidedID(n), "kestrel", "Falco Tinnunculus"
	if conv == osprey {
		m.ID, m.NameCard, m.AtUserList = im.MessageID(fmt.Sprint("foreign-kestrel-", n)), "heron card", []im.UserID{me}
	}
	if n%10 == 0 {
		m.Type, m.Payload = im.MsgFile, im.FilePayload{FileName: "heron.pdf", FileURL: "x", FileSize: 1}
	}
	return m
}

// confide fills a store with something of everything.
func confide(t testing.TB, s *store.Store, messages uint64) {
	t.Helper()
	ctx := t.Context()
	for _, conv := range []im.ConversationID{kestrel, osprey} {
		b := store.Batch{Conversation: conv, From: 1, To: messages}
		for n := uint64(1); n <= messages; n++ {
			b.Messages = append(b.Messages, confided(conv, n))
		}
		b.Row = func(c *store.Conversation) { c.Remark, c.UnreadCount = "remark on heron", 3 }
		ok(t, s.Ingest(ctx, b))
	}
	for i := range 20 {
		ok(t, s.Ingest(ctx, batch(im.ConversationID(fmt.Sprintf("C2Ckestrel%d", i)), uint64(i+1), uint64(i+3))))
	}
	r := recall(kestrel, messages+1, 3)
	r.Revokes.ID = confidedID(3)
	later := recall(kestrel, messages+2, messages+50)
	ok(t, s.Ingest(ctx, store.Batch{Conversation: kestrel, Messages: []im.Message{r, later}}))
	ok(t, s.SetDraft(ctx, kestrel, "half a heron"))
	ok(t, s.SetMeta(ctx, "tray/"+string(kestrel), "heron on its way"))
	ok(t, s.SetMeta(ctx, "device", "heron-device"))
	for i := range 5 {
		_, err := s.Enqueue(ctx, mine(osprey, im.MessageID(fmt.Sprintf("wren-laptop-%026d", i)), "heron on its way"))
		ok(t, err)
	}
	_, err := s.Acknowledge(ctx, im.MessageID(fmt.Sprintf("wren-laptop-%026d", 2)), messages+1, 1_700_000_200_000)
	ok(t, err)
	ok(t, s.PutProfiles(ctx, []im.Profile{{UserID: "kestrel", Nick: "Falco Tinnunculus"}, {UserID: "bob", Nick: "Bob"}}))
	ok(t, s.PutGroup(ctx, im.Group{GroupID: osprey.Group(), Name: "Osprey Club", Introduction: "heronry"}))
	ok(t, s.PutMembers(ctx, osprey.Group(), []im.GroupMember{{UserID: me}, {UserID: "kestrel", NameCard: "heron card"}, {UserID: "bob"}}))
}

// everything is all that a store that confide filled can be asked, as text.
func everything(t testing.TB, s *store.Store) string {
	t.Helper()
	var all []any
	rows, err := s.Conversations(0, 0)
	ok(t, err)
	// Those with the same time are in the order of their keys.
	slices.SortStableFunc(rows, func(a, b store.Conversation) int {
		return bytes.Compare([]byte(a.ConversationID), []byte(b.ConversationID))
	})
	all = append(all, rows)
	for _, c := range rows {
		id := c.ConversationID
		list, err := s.Page(id, 0, 1<<20)
		ok(t, err)
		for _, m := range list {
			got, found, err := s.Message(m.ID)
			if err != nil || !found || got.Sequence != m.Sequence {
				t.Fatalf("message %q: %v, %v", m.ID, found, err)
			}
		}
		ranges, err := s.Ranges(id)
		ok(t, err)
		recalls, err := s.Recalls(id)
		ok(t, err)
		media, err := s.Media(id, store.MediaQuery{Types: []im.MessageType{im.MsgFile}, Limit: 1000})
		ok(t, err)
		draft, err := s.Draft(id)
		ok(t, err)
		all = append(all, list, ranges, recalls, media, draft)
	}
	outbox, err := s.Outbox()
	ok(t, err)
	for _, r := range outbox {
		if _, found, err := s.Message(r.Message.ID); err != nil || !found {
			t.Fatalf("waiting message %q: %v, %v", r.Message.ID, found, err)
		}
	}
	groups, err := s.Groups()
	ok(t, err)
	members, err := s.Members(osprey.Group())
	ok(t, err)
	profile, _, err := s.Profile("kestrel")
	ok(t, err)
	unread, err := s.TotalUnread()
	ok(t, err)
	all = append(all, outbox, groups, members, profile, unread)
	for _, key := range []string{"tray/" + string(kestrel), "device"} {
		value, err := s.Meta(key)
		ok(t, err)
		all = append(all, value)
	}
	for _, q := range []string{"heron", "鹭鸶", "\"heron waits\"", "heron.pdf"} {
		r, err := s.Search(t.Context(), store.SearchQuery{Text: q, Limit: 500})
		ok(t, err)
		all = append(all, r.Total, len(r.Hits))
	}
	raw, err := json.Marshal(all)
	ok(t, err)
	return string(raw)
}

// shown returns which of the secrets are in a file.
func shown(t testing.TB, path string) (list []string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	ok(t, err)
	for _, s := range secrets {
		if bytes.Contains(raw, []byte(s)) {
			list = append(list, s)
		}
	}
	return list
}

// Nothing that somebody said, is called or is known by is in any byte of a sealed
// file, or of one beside it, whatever was done with it.
func TestSealedFileTellsNothing(t *testing.T) {
	key := testKey()
	for _, way := range []string{"open", "sealed", "sealed later"} {
		t.Run(way, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "cache.db")
			o, idle := store.SmallIndex(store.Options{Account: me, BatchWindow: -1}, 64, 0)
			if way == "sealed" {
				o.Key = key
			}
			s, _, err := store.Open(path, o)
			ok(t, err)
			look := func(when string) {
				t.Helper()
				raw, err := os.ReadFile(path) // what a crash would leave
				ok(t, err)
				copied := filepath.Join(t.TempDir(), "copy.db")
				ok(t, os.WriteFile(copied, raw, 0o600))
				switch list := shown(t, copied); {
				case o.Key != nil && len(list) > 0:
					t.Errorf("%s, the file shows %q", when, list)
				case o.Key == nil && len(list) < len(secrets)-2: // whose term in the index is part of another's, and what is no more
					t.Errorf("%s, only %q can be found at all: the test tests little", when, list)
				}
			}
			confide(t, s, 300)
			look("while it is open")
			ok(t, store.WaitIdle(t.Context(), s, idle))
			look("with an index")
			before := everything(t, s)
			ok(t, s.Close())
			look("closed")
			if way == "open" {
				return
			}
			o.Key = key
			s, report, err := store.Open(path, o)
			ok(t, err)
			equal(t, "sealed", report.Sealed, way == "sealed later")
			look("opened again")
			ok(t, s.Truncate(t.Context(), osprey, 200))
			look("with less in it")
			if way == "sealed" {
				ok(t, s.Ingest(t.Context(), store.Batch{Conversation: osprey, Messages: []im.Message{confided(osprey, 250)}}))
			}
			ok(t, s.Close())
			ok(t, store.Rewrite(path, key))
			look("written anew")
			checkFile(t, path)
			left, err := os.ReadDir(filepath.Dir(path))
			ok(t, err)
			equal(t, "files", len(left), 1)
			if len(before) < 10_000 {
				t.Error("hardly anything was there: the test tests nothing")
			}
		})
	}
}

// A file becomes sealed, is written anew, and becomes plain again, and nobody sees
// a difference who has the key.
func TestSealAndUnseal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	key := testKey()
	var want string
	var last int64
	for _, step := range []struct {
		what    string
		o       store.Options
		report  store.Report
		sealed  bool
		rewrite bool
	}{
		{"plain", store.Options{}, store.Report{Created: true}, false, false},
		{"plain again", store.Options{Unseal: true}, store.Report{}, false, true},
		{"sealed", store.Options{Key: key}, store.Report{Sealed: true}, true, false},
		{"sealed again", store.Options{Key: key}, store.Report{}, true, true},
		{"written anew", store.Options{Key: key}, store.Report{}, true, false},
		{"unsealed", store.Options{Key: key, Unseal: true}, store.Report{Unsealed: true}, false, false},
		{"without a key", store.Options{}, store.Report{}, false, false},
		{"sealed once more", store.Options{Key: key}, store.Report{Sealed: true}, true, false},
	} {
		var done, total int64
		step.o.Account = me
		step.o.Progress = func(d, of int64) { done, total = d, of }
		s, report, err := store.Open(path, step.o)
		ok(t, err)
		equal(t, step.what, report, step.report)
		if report.Created {
			confide(t, s, 300)
			want = everything(t, s)
		}
		if got := everything(t, s); got != want {
			t.Fatalf("%s:\n got %s\nwant %s", step.what, got, want)
		}
		// It goes on as any other.
		last++
		ok(t, s.SetMeta(t.Context(), "last", fmt.Sprint(last)))
		ok(t, s.Ingest(t.Context(), store.Batch{Conversation: kestrel, Messages: []im.Message{confided(kestrel, 300)}}))
		ok(t, s.Close())
		is, err := store.IsSealed(path)
		if err != nil || is != step.sealed {
			t.Fatalf("%s: sealed is %v, %v", step.what, is, err)
		}
		if formed := report.Sealed || report.Unsealed; formed != (total > 0) || done != total {
			t.Errorf("%s: progress %d of %d", step.what, done, total)
		}
		h, err := store.Examine(path, step.o)
		if err != nil || h.Damage > 0 || h.Sealed != step.sealed || h.Messages != 300*2+20*3+2+1 || h.Waiting != 4 || h.Drafts != 1 {
			t.Errorf("%s: %+v, %v", step.what, h, err)
		}
		checkFile(t, path)
		if step.rewrite {
			ok(t, store.Rewrite(path, step.o.Key))
			checkFile(t, path)
		}
	}
}

// Without the key, or with another, a sealed file is refused and left as it is,
// damaged or not.
func TestKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	key, wrong := testKey(), seal.NewKey()
	s, _, err := store.Open(path, store.Options{Account: me, Key: key})
	ok(t, err)
	confide(t, s, 100)
	ok(t, s.Close())
	whole, err := os.ReadFile(path)
	ok(t, err)
	for what, spoil := range map[string]func([]byte){
		"a whole file":        func([]byte) {},
		"the first meta page": func(b []byte) { zero(b, 0) },
		"both meta pages":     func(b []byte) { zero(b, 0); zero(b, 1) },
		"the leaves but one marker": func(b []byte) {
			kept := false
			for _, p := range pagesOf(b, 2) {
				if !kept && bytes.Contains(b[p*pageSize:(p+1)*pageSize], []byte("\x00sealed")) {
					kept = true
					continue
				}
				zero(b, p)
			}
		},
		"cut in half": func(b []byte) { clear(b[len(b)/2:]) },
	} {
		spoilt := bytes.Clone(whole)
		spoil(spoilt)
		if what == "cut in half" {
			spoilt = spoilt[:len(spoilt)/2]
		}
		ok(t, os.WriteFile(path, spoilt, 0o600))
		for _, try := range []struct {
			key  *seal.Key
			code im.Code
		}{{nil, im.CodeSealed}, {&wrong, im.CodeWrongKey}} {
			for how, err := range map[string]error{
				"open":    second(store.Open(path, store.Options{Account: me, Key: try.key})),
				"unseal":  second(store.Open(path, store.Options{Account: me, Key: try.key, Unseal: true})),
				"examine": first(store.Examine(path, store.Options{Key: try.key})),
				"repair":  first(store.Repair(path, store.Options{Account: me, Key: try.key})),
			} {
				if im.CodeOf(err) != try.code {
					t.Errorf("%s: %s with key %v: %v", what, how, try.key != nil, err)
				}
			}
		}
		now, err := os.ReadFile(path)
		ok(t, err)
		if !bytes.Equal(now, spoilt) {
			t.Errorf("%s: the file was changed", what)
		}
		_ = os.Remove(path + ".suspect") // of repair
		left, err := os.ReadDir(filepath.Dir(path))
		ok(t, err)
		equal(t, what+": files", len(left), 1)
		if is, err := store.IsSealed(path); err != nil || !is {
			t.Errorf("%s: sealed is %v, %v", what, is, err)
		}
		// With the key, what can be read is there.
		s, _, err := store.Open(path, store.Options{Account: me, Key: key})
		ok(t, err)
		ok(t, s.Ingest(t.Context(), batch(bob, 1, 3)))
		ok(t, s.Close())
		checkFile(t, path)
		if shows := shown(t, path); len(shows) > 0 {
			t.Errorf("%s: the file shows %q", what, shows)
		}
		ok(t, removeAll(filepath.Dir(path)))
	}
	if _, err := store.IsSealed(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func first[T any](_ T, err error) error { return err }

func second(s *store.Store, _ store.Report, err error) error {
	if s != nil {
		err = errors.Join(errors.New("it was opened"), s.Close())
	}
	return err
}

func removeAll(dir string) error {
	list, err := os.ReadDir(dir)
	for _, e := range list {
		err = errors.Join(err, os.Remove(filepath.Join(dir, e.Name())))
	}
	return err
}
