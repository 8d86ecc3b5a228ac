package store

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"magpie/im"
)

// Two who look at the ways into buckets find what one finds, in whichever of them it is.
func TestRootsByTwo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	s, _, err := Open(path, Options{BatchWindow: -1})
	if err != nil {
		t.Fatal(err)
	}
	var list []Conversation
	for i := range 400 { // so that some buckets have pages of their own
		id := im.C2C(im.UserID("user" + string(rune('a'+i%26)) + string(rune('a'+i/26))))
		list = append(list, Conversation{Conversation: im.Conversation{ConversationID: id, Type: im.ConvC2C}})
	}
	if err := errors.Join(s.PutConversations(t.Context(), list), s.Close()); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0o600)
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
	var buckets []element
	newWalker(f, func(err error) { t.Error(err) }).tree(m.root, func(e element) { buckets = append(buckets, e) })
	hurt := 0
	for _, b := range append([]element{{}}, buckets...) { // the first time all are whole
		var want error
		root := uint64(0)
		if b.key != nil {
			root, _, _, _ = bucketRoot(b.value)
		}
		at := int64(root)*int64(f.pageSize) + 8
		var flags [2]byte
		if root != 0 {
			want = errPage
			hurt++
			if _, err := file.ReadAt(flags[:], at); err != nil {
				t.Fatal(err)
			}
			if _, err := file.WriteAt(binary.NativeEndian.AppendUint16(nil, flagFreelist), at); err != nil {
				t.Fatal(err)
			}
		}
		for workers := 1; workers <= 3; workers++ {
			if err := f.rootsOnly(buckets, workers); !errors.Is(err, want) {
				t.Errorf("%q hurt, %d look: %v", b.key, workers, err)
			}
		}
		if root != 0 {
			if _, err := file.WriteAt(flags[:], at); err != nil {
				t.Fatal(err)
			}
		}
	}
	if hurt < 2 {
		t.Errorf("%d buckets have pages: the test tests little", hurt)
	}
}
