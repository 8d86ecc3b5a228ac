package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"go.etcd.io/bbolt"

	"magpie/im"
	"magpie/internal/seal"
)

// plainFile makes a bbolt file by hand.
func plainFile(t *testing.T, fill func(*bbolt.Tx) error) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cache.db")
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(fill), db.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// A crash between making the file and filling it leaves version 0.
func TestVersionZeroIsFilled(t *testing.T) {
	path := plainFile(t, func(*bbolt.Tx) error { return nil })
	s, report, err := Open(path, Options{Account: "wren"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if report != (Report{}) {
		t.Errorf("report %+v", report)
	}
	if err := s.SetDraft(t.Context(), "C2Cbob", "x"); err != nil {
		t.Fatal(err)
	}
}

// The mechanism with a later version that changes data.
func TestMigration(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	newest := SchemaVersion
	s, _, err := Open(path, Options{Account: "wren"})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.SetDraft(t.Context(), "C2Cbob", "old"), s.Close()); err != nil {
		t.Fatal(err)
	}
	fail := errors.New("half way")
	upper := func(tx *txn) error {
		b := tx.Bucket(bucketDraft)
		text, err := getDraft(tx, "C2Cbob")
		if err != nil {
			return err
		}
		return b.Put([]byte("C2Cbob"), plain.encodeStamped(kindDraft, []byte("C2Cbob"), text+", migrated", 1))
	}
	broken := append(migrations(), migration{newest + 1, func(tx *txn) error { return errors.Join(upper(tx), fail) }})
	if _, _, err := open(path, Options{}, broken); !errors.Is(err, fail) {
		t.Fatalf("%v, want the migration's error", err)
	}
	two := append(migrations(), migration{newest + 1, upper})
	copied := fmt.Sprintf("%s.schema%d-backup", path, newest)
	for i, want := range []Report{{MigratedFrom: newest, Backup: copied}, {}} {
		s, report, err := open(path, Options{}, two)
		if err != nil {
			t.Fatal(err)
		}
		if report != want {
			t.Errorf("open %d: report %+v, want %+v", i, report, want)
		}
		if got, err := s.Draft("C2Cbob"); err != nil || got != "old, migrated" {
			t.Errorf("open %d: draft %q, %v: a migration must run once, and a failed one leave nothing", i, got, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}

	// Today's program meets the later file.
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = Open(path, Options{Account: "wren"})
	if im.CodeOf(err) != im.CodeVersion {
		t.Fatalf("%v, want CodeVersion", err)
	}
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Error("a file of a later program was changed")
	}
	if others, _ := filepath.Glob(path + ".*"); len(others) != 1 || others[0] != copied {
		t.Errorf("left behind: %v", others)
	}
}

func TestNewestMigrationIsTheSchema(t *testing.T) {
	steps := migrations()
	for i, m := range steps {
		if m.to != i+1 {
			t.Errorf("step %d leads to %d", i, m.to)
		}
	}
	if len(steps) != SchemaVersion {
		t.Errorf("%d steps, schema %d", len(steps), SchemaVersion)
	}
}

// Somebody else's bbolt file is left as it is, until it is moved out of the way by
// somebody who wants that.
func TestForeignFileIsSetAside(t *testing.T) {
	path := plainFile(t, func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucket([]byte("recipes"))
		if err != nil {
			return err
		}
		return b.Put([]byte("soup"), []byte("water"))
	})
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if s, report, err := Open(path, Options{}); !errors.Is(err, ErrForeign) {
		t.Fatalf("%v, %+v, %v", s, report, err)
	}
	if _, err := Repair(path, Options{}); !errors.Is(err, ErrForeign) {
		t.Fatalf("repair: %v", err)
	}
	if _, err := Examine(path, Options{}); !errors.Is(err, ErrForeign) {
		t.Fatalf("examine: %v", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Fatalf("it was changed, %v", err)
	}
	if others, _ := filepath.Glob(path + "?*"); len(others) != 0 {
		t.Errorf("left behind: %v", others)
	}
	aside, err := SetAside(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	db, err := bbolt.Open(aside, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.View(func(tx *bbolt.Tx) error {
		if got := tx.Bucket([]byte("recipes")).Get([]byte("soup")); string(got) != "water" {
			t.Errorf("soup is %q", got)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func TestInterruptedSalvage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.SetDraft(t.Context(), "C2Cbob", "kept"), s.Close()); err != nil {
		t.Fatal(err)
	}
	check := func() {
		t.Helper()
		s, report, err := Open(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if got, err := s.Draft("C2Cbob"); err != nil || got != "kept" || report != (Report{}) {
			t.Errorf("draft %q, %v, report %+v", got, err, report)
		}
		if _, err := os.Stat(path + salvageSuffix); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the fresh file is still there: %v", err)
		}
	}
	// While the fresh file was filled: it is forgotten.
	if err := os.WriteFile(path+salvageSuffix, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	check()
	// After the damaged one was moved away: it is finished.
	if err := os.Rename(path, path+salvageSuffix); err != nil {
		t.Fatal(err)
	}
	check()
}

func TestSuspectFileThatIsWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	for range 2 {
		s, report, err := Open(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if report.SetAside != "" {
			t.Errorf("a whole file was set aside: %+v", report)
		}
		var list []im.Message
		for n := range uint64(3000) {
			list = append(list, message("C2Cbob", n+1))
		}
		err = s.Ingest(t.Context(), Batch{Conversation: "C2Cbob", Messages: list, From: 1, To: 3000})
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
		markSuspect(path)
	}
	s, _, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := os.Stat(path + suspectSuffix); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the marker stays: %v", err)
	}
}

// A file of schema 1 is read as it is and then holds what schema 2 added.
func TestMigrationFromOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	var list []im.Message
	for n := range uint64(300) {
		m := message("C2Cbob", n+1)
		m.ConversationType, m.To, m.Flow, m.Status = im.ConvC2C, "bob", im.FlowIn, im.StatusSuccess
		list = append(list, m)
	}
	row := OutboxRow{Message: message("C2Cbob", 0)}
	row.Message.ID, row.Message.Status = "wren-pc-waiting", im.StatusUnsent
	s, _, err := Open(path, Options{Account: "wren"})
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(
		s.Ingest(t.Context(), Batch{Conversation: "C2Cbob", Messages: list, From: 1, To: 300}),
		s.SetDraft(t.Context(), "C2Cbob", "half a thought"),
		s.PutGroup(t.Context(), im.Group{GroupID: "birds", Name: "Birds"}),
	)
	if _, qerr := s.Enqueue(t.Context(), row); errors.Join(err, qerr, s.Close()) != nil {
		t.Fatal(err, qerr)
	}
	demote(t, path)

	s, report, err := Open(path, Options{Account: "wren"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if report != (Report{MigratedFrom: 1, Backup: path + ".schema1-backup"}) {
		t.Errorf("report %+v", report)
	}
	got, err := s.Page("C2Cbob", 0, 1000)
	if err != nil || !reflect.DeepEqual(got, list) {
		t.Fatalf("%d messages of %d are as they were, %v", len(got), len(list), err)
	}
	if draft, err := s.Draft("C2Cbob"); err != nil || draft != "half a thought" {
		t.Errorf("draft %q, %v", draft, err)
	}
	if rows, err := s.Outbox(); err != nil || len(rows) != 1 || rows[0].Message.ID != "wren-pc-waiting" {
		t.Errorf("outbox %+v, %v", rows, err)
	}
	place := im.Message{
		ConversationID: "C2Cbob", Sequence: 301, IsPlaceMessage: true, Revoker: "bob", RevokerNick: "鲍勃",
		Revokes: &im.Revocation{Sequence: 300, ID: list[299].ID, Type: im.MsgText, From: "bob", Time: 5},
	}
	if err := s.Ingest(t.Context(), Batch{Conversation: "C2Cbob", Messages: []im.Message{place}}); err != nil {
		t.Fatal(err)
	}
	m, _, err := s.Message(list[299].ID)
	if err != nil || !m.IsRevoked || m.RevokerNick != "鲍勃" || m.Payload != nil {
		t.Errorf("recalled: %+v, %v", m, err)
	}
}

// demote makes a file what the program of schema 1 would have left: without the
// bucket that came with schema 2. None of its values has a field of schema 2.
func demote(t *testing.T, path string) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	e := newEncoder(2)
	e.uint(1)
	err = db.Update(func(tx *bbolt.Tx) error {
		value := plain.sealer(kindSchema, "").seal(keySchema, e.b)
		return errors.Join(tx.DeleteBucket(bucketRecall), tx.Bucket(bucketMeta).Put(keySchema, value))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// Files of schema 4 have messages with pictures and no index of them.
func TestIndexOfMediaIsMade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := open(path, Options{Account: "wren"}, migrations()[:4])
	if err != nil {
		t.Fatal(err)
	}
	var list []im.Message
	for n := uint64(1); n <= 20; n++ {
		m := im.Message{
			ID: im.MessageID(rune('a' + n)), ConversationID: "C2Cbob", ConversationType: im.ConvC2C, Sequence: n,
			Type: im.MsgText, Payload: im.TextPayload{Text: "words"}, From: "bob", Time: int64(n), Status: im.StatusSuccess,
		}
		if n%6 == 0 {
			m.Type, m.Payload = im.MsgFile, im.FilePayload{FileName: "f", FileURL: "f", FileSize: 1}
		}
		list = append(list, m)
	}
	if err := s.Ingest(t.Context(), Batch{Conversation: "C2Cbob", Messages: list}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error { return tx.Bucket(bucketMedia).DeleteBucket([]byte("C2Cbob")) })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	s, report, err := Open(path, Options{Account: "wren"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if report.MigratedFrom != 4 {
		t.Errorf("report %+v", report)
	}
	found, err := s.Media("C2Cbob", MediaQuery{Types: []im.MessageType{im.MsgFile}, Limit: 9})
	if err != nil || len(found) != 3 || found[0].Sequence != 6 || found[2].Sequence != 18 {
		t.Errorf("found %v, %v", found, err)
	}
}

// A program of before files were sealed says that it is too old, and sets nothing
// aside.
func TestSealedFileIsNewerToOldPrograms(t *testing.T) {
	key := seal.NewKey()
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := Open(path, Options{Account: "wren", Key: &key})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.SetMeta(t.Context(), "device", "pc"), s.Close()); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	f, err := openPages(file, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	m, _ := f.newest()
	w := newWalker(f, func(err error) { t.Error(err) })
	seen := 0
	w.tree(m.root, func(e element) {
		if string(e.key) != string(bucketMeta) {
			return
		}
		// This is all of the values that they look at when they open a file.
		w.bucket(e.value, func(e element) {
			k := kindMeta
			if string(e.key) == string(keySchema) {
				k = kindSchema
			}
			d, err := plain.sealer(k, "").open(e.key, e.value)
			if err != nil {
				t.Errorf("%q: %v", e.key, err)
				return
			}
			if seen++; k == kindSchema && d.uint() <= 5 {
				t.Error("it has a schema that they know")
			}
		})
	})
	if seen != 2 {
		t.Errorf("%d values", seen)
	}
}
