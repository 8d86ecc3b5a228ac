package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"magpie/im"
)

// A value whose checksum is right and that says nonsense (of a faulty program, or
// somebody who knows how) is met by who reads it; the next start sets the file aside
// and has all the rest.
func TestForgedPlainValues(t *testing.T) {
	sequence := sequenceKey(7)
	for _, c := range []struct {
		what   string
		kind   kind
		scope  string
		bucket [][]byte
		key    []byte
	}{
		{"message", kindMessage, "C2Cbob", [][]byte{bucketMsg, []byte("C2Cbob")}, sequence},
		{"row", kindConv, "", [][]byte{bucketConv}, []byte("C2Cbob")},
		{"outbox", kindOutbox, "", [][]byte{bucketOutbox}, sequenceKey(1)},
		{"draft", kindDraft, "", [][]byte{bucketDraft}, []byte("C2Cbob")},
		{"meta", kindMeta, "", [][]byte{bucketMeta}, []byte("device")},
		{"range", kindRange, "C2Cbob", [][]byte{bucketGap, []byte("C2Cbob")}, sequenceKey(1)},
		{"profile", kindProfile, "", [][]byte{bucketProfile}, []byte("bob")},
		{"group", kindGroup, "", [][]byte{bucketGroup}, []byte("birds")},
		{"schema", kindSchema, "", [][]byte{bucketMeta}, keySchema},
	} {
		for name, body := range map[string][]byte{
			"short": {}, "a length of what is not there": {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}, "the wrong type": []byte(`{"userID":7,"groupID":[]}`),
		} {
			if (c.kind == kindRange || c.kind == kindSchema) && len(body) == 9 {
				continue // a number that is only large
			}
			t.Run(c.what+" "+name, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "cache.db")
				fillForForging(t, path)
				db, err := bbolt.Open(path, 0o600, nil)
				if err != nil {
					t.Fatal(err)
				}
				err = db.Update(func(tx *bbolt.Tx) error {
					b := tx.Bucket(c.bucket[0])
					for _, name := range c.bucket[1:] {
						b = b.Bucket(name)
					}
					e := newEncoder(len(body))
					e.b = append(e.b, body...)
					return b.Put(c.key, plain.sealer(c.kind, c.scope).seal(c.key, e.b))
				})
				if err := errors.Join(err, db.Close()); err != nil {
					t.Fatal(err)
				}
				aside := ""
				for range 2 {
					s, report, err := Open(path, Options{Account: "wren"})
					if err != nil {
						t.Fatal(err)
					}
					if report.SetAside != "" {
						aside = report.SetAside
					}
					_, err = readForged(s)
					if err := errors.Join(s.Close()); err != nil {
						t.Fatal(err)
					}
					if err != nil && im.CodeOf(err) != im.CodeStoreDamaged {
						t.Fatal(err)
					}
				}
				if aside == "" {
					t.Fatal("nobody met it")
				}
				s, _, err := Open(path, Options{Account: "wren"})
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				left, err := readForged(s)
				if err != nil || left < forgedThings-1 {
					t.Errorf("%d of %d things are left, %v", left, forgedThings, err)
				}
			})
		}
	}
}

// forgedThings is what fillForForging writes and readForged counts.
const forgedThings = 20 + 1 + 1 + 1 + 1 + 1

func fillForForging(t *testing.T, path string) {
	t.Helper()
	s, _, err := Open(path, Options{Account: "wren"})
	if err != nil {
		t.Fatal(err)
	}
	var list []im.Message
	for n := range uint64(20) {
		list = append(list, message("C2Cbob", n+1))
	}
	row := OutboxRow{Message: message("C2Cbob", 0)}
	row.Message.ID, row.Message.Status = "wren-pc-waiting", im.StatusUnsent
	_, err = s.Enqueue(t.Context(), row)
	if err := errors.Join(err,
		s.Ingest(t.Context(), Batch{Conversation: "C2Cbob", Messages: list, From: 1, To: 20}),
		s.SetDraft(t.Context(), "C2Cbob", "half a thought"), s.SetMeta(t.Context(), "device", "pc"),
		s.PutGroup(t.Context(), im.Group{GroupID: "birds"}), s.PutProfiles(t.Context(), []im.Profile{{UserID: "bob"}}),
		s.Close()); err != nil {
		t.Fatal(err)
	}
}

// readForged reads everything, and returns how much there is.
func readForged(s *Store) (n int, err error) {
	count := func(is bool, e error) {
		if err = errors.Join(err, e); is {
			n++
		}
	}
	list, e := s.Page("C2Cbob", 0, 100)
	count(false, e)
	n += len(list)
	rows, e := s.Outbox()
	count(len(rows) == 1, e)
	draft, e := s.Draft("C2Cbob")
	count(draft != "", e)
	device, e := s.Meta("device")
	count(device != "", e)
	groups, e := s.Groups()
	count(len(groups) == 1, e)
	_, found, e := s.Profile("bob")
	count(found, e)
	_, e = s.Conversations(0, 0)
	count(false, e)
	_, e = s.Ranges("C2Cbob")
	count(false, e)
	if err != nil {
		err = im.Errorf(im.CodeOf(err), "%v", fmt.Errorf("reading: %w", err))
	}
	return n, err
}
