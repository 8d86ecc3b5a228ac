package store_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
)

// oldSchemas are those of which there are files in testdata/old.
var oldSchemas = []int{1, 2, 3, 4, 6}

func unzipped(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "old", name+".gz"))
	ok(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	ok(t, err)
	data, err := io.ReadAll(z)
	ok(t, err)
	return data
}

// oldFile puts the file of an old program into a fresh folder.
func oldFile(t testing.TB, schema int) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "cache.db")
	ok(t, os.WriteFile(path, unzipped(t, fmt.Sprintf("schema%d.db", schema)), 0o600))
	return path
}

// oldRow is what the oldest program knew of a message that waits to be sent.
type oldRow struct {
	Order   uint64
	Message im.Message
	Base    uint64
	Options im.SendOptions
	Tries   int
}

// sameAsOld compares everything with what the old program read.
func sameAsOld(t testing.TB, s *store.Store, schema int) {
	t.Helper()
	now := map[string]any{}
	put := func(name string, v any, err error) {
		t.Helper()
		ok(t, err)
		now[name] = v
	}
	for _, conv := range []im.ConversationID{bob, team} {
		list, err := s.Page(conv, 0, 1000)
		put("messages of "+string(conv), list, err)
		for _, m := range list {
			if m.ID == "" {
				continue
			}
			if got, found, err := s.Message(m.ID); err != nil || !found || got.Sequence != m.Sequence {
				t.Fatalf("schema %d: %s is not found by its id: %v, %v", schema, m.ID, found, err)
			}
		}
		row, _, err := s.Conversation(conv)
		put("row of "+string(conv), row, err)
		ranges, err := s.Ranges(conv)
		put("ranges of "+string(conv), ranges, err)
	}
	rows, err := s.Outbox()
	waiting := make([]oldRow, len(rows))
	for i, row := range rows {
		waiting[i] = oldRow{row.Order, row.Message, row.Base, row.Options, row.Tries}
		equal(t, "batch of a row that was written before there were any", row.Batch, "")
	}
	if schema < 6 {
		put("outbox", waiting, err)
	} else {
		put("outbox", rows, err)
	}
	members, err := s.Members(team.Group())
	put("members", members, err)
	profile, _, err := s.Profile("bob")
	put("profile", profile, err)
	group, _, err := s.Group(team.Group())
	put("group", group, err)
	for _, key := range []string{"device", "token"} {
		value, err := s.Meta(key)
		put(key, value, err)
	}
	var have, want map[string]any
	raw, err := json.Marshal(now)
	ok(t, err)
	ok(t, json.Unmarshal(raw, &have))
	ok(t, json.Unmarshal(unzipped(t, fmt.Sprintf("schema%d.json", schema)), &want))
	if len(want) < 12 {
		t.Fatalf("%d things were read by the old program", len(want))
	}
	for name, v := range want {
		if !reflect.DeepEqual(have[name], v) {
			t.Errorf("schema %d: %s is\n%.600v\nand was\n%.600v", schema, name, have[name], v)
		}
	}
}

// oldMedia are the messages with something in them, by the rules of today.
func oldMedia(t testing.TB, s *store.Store, schema int) {
	t.Helper()
	list, err := s.Page(bob, 0, 1000)
	ok(t, err)
	var want []uint64
	for _, m := range list {
		if n := m.Sequence % 8; !m.IsRevoked && !m.IsPlaceMessage && (n >= 1 && n <= 3 || m.Type == im.MsgAudio) {
			want = append(want, m.Sequence)
		}
	}
	types := []im.MessageType{im.MsgText, im.MsgImage, im.MsgFile, im.MsgAudio}
	found, err := s.Media(bob, store.MediaQuery{Types: types, Limit: 1000})
	ok(t, err)
	equal(t, "messages with media", sequences(found), want)
	all, until, err := s.CountMedia(bob, types, 40)
	ok(t, err)
	if all != len(want) || until == 0 || until >= all || len(want) < 20 {
		t.Errorf("schema %d: %d messages with media, %d up to 40, want %d", schema, all, until, len(want))
	}
}

// Files of every older program are opened, with everything in them as that program
// read it, at once and after the work in the background; a copy of what they were
// stays beside them.
func TestFilesOfOlderPrograms(t *testing.T) {
	for _, schema := range oldSchemas {
		t.Run(fmt.Sprint("schema ", schema), func(t *testing.T) {
			path := oldFile(t, schema)
			before, err := os.ReadFile(path)
			ok(t, err)
			o, idle := store.SmallIndex(store.Options{Account: me}, 24, time.Hour)
			s, report, err := store.Open(path, o)
			ok(t, err)
			copied := fmt.Sprintf("%s.schema%d-backup", path, schema)
			equal(t, "report", report, store.Report{MigratedFrom: schema, Backup: copied})
			sameAsOld(t, s, schema)
			oldMedia(t, s, schema)
			ok(t, store.WaitIdle(t.Context(), s, idle))
			if store.FillingMedia(s) {
				t.Error("the index of media is not filled")
			}
			sameAsOld(t, s, schema)
			oldMedia(t, s, schema)
			for word, want := range map[string]uint64{"number12": 2, "消息": 1, "report10": 2, "nothing like it": 0} {
				r, err := s.Search(t.Context(), store.SearchQuery{Text: word})
				ok(t, err)
				if word == "消息" && r.Total > 50 {
					want = r.Total // all texts of both
				}
				if r.Total != want || r.Indexing {
					t.Errorf("%q is found %d times, want %d (%v)", word, r.Total, want, r.Indexing)
				}
			}
			ok(t, s.Close())
			checkFile(t, path)
			h, err := store.Examine(path, store.Options{})
			ok(t, err)
			if h.Damage > 0 || h.Schema != store.SchemaVersion {
				t.Errorf("schema %d, %q", h.Schema, h.Problems)
			}

			// The copy is as good as the file was.
			checkFile(t, copied)
			ok(t, os.Rename(path, path+".new"))
			ok(t, os.Rename(copied, path))
			s, report, err = store.Open(path, o)
			ok(t, err)
			equal(t, "the copy has the schema", report.MigratedFrom, schema)
			sameAsOld(t, s, schema)
			ok(t, s.Close())

			// Sealed on the way it has everything, and nothing that is readable stays.
			ok(t, os.WriteFile(path, before, 0o600))
			o.Key = testKey()
			s, report, err = store.Open(path, o)
			ok(t, err)
			equal(t, "report", report, store.Report{MigratedFrom: schema, Sealed: true})
			sameAsOld(t, s, schema)
			oldMedia(t, s, schema)
			ok(t, store.WaitIdle(t.Context(), s, idle))
			sameAsOld(t, s, schema)
			oldMedia(t, s, schema)
			ok(t, s.Close())
			checkFile(t, path)
			ok(t, os.Remove(path+".new"))
			left, err := filepath.Glob(path + "*")
			ok(t, err)
			equal(t, "files", left, []string{path})
		})
	}
}

// The copy goes after a week, and with the first recall, because it has what was
// recalled; not when the clock is wrong.
func TestBackupGoes(t *testing.T) {
	there := func(path string) bool {
		_, err := os.Stat(path)
		return err == nil
	}
	path := oldFile(t, 3)
	s, report, err := store.Open(path, store.Options{})
	ok(t, err)
	ok(t, s.Close())
	now := time.Now()
	for _, at := range []struct {
		when  time.Duration
		there bool
	}{{0, true}, {-10 * 365 * 24 * time.Hour, true}, {6 * 24 * time.Hour, true}, {8 * 24 * time.Hour, false}} {
		s, _, err := store.Open(path, store.Options{Now: func() time.Time { return now.Add(at.when) }})
		ok(t, err)
		ok(t, s.Close())
		if there(report.Backup) != at.there {
			t.Errorf("after %v: there is a copy: %v", at.when, !at.there)
		}
	}

	path = oldFile(t, 3)
	s, report, err = store.Open(path, store.Options{})
	ok(t, err)
	gone := recall(bob, 100, 10)
	gone.Revokes.ID = "bob-pc1-01HF0000000000000000000010"
	ingest(t, s, bob, gone)
	ok(t, s.Close())
	if there(report.Backup) {
		t.Error("a message was recalled and is in the copy")
	}
}

// An old file of another account is refused and has no copy.
func TestOldFileOfAnotherAccount(t *testing.T) {
	path := oldFile(t, 2)
	_, _, err := store.Open(path, store.Options{Account: "bob"})
	if err == nil {
		t.Fatal("opened")
	}
	left, err := filepath.Glob(path + ".*")
	ok(t, err)
	equal(t, "files beside it", left, nil)
}
