package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"magpie/im"
	"magpie/store"
)

// A damaged file of somebody else stays where it is, byte for byte, for its owner to
// have it saved, as long as it can be read anywhere in it whose it is.
func TestDamagedFileOfAnotherStays(t *testing.T) { bothWays(t, testDamagedFileOfAnotherStays) }

func testDamagedFileOfAnotherStays(t *testing.T) {
	needsFaults(t)
	whole := filled(t)
	const other = im.UserID("carol")
	for name, damage := range map[string]func(data []byte) []byte{
		"newest meta page flipped":         func(d []byte) []byte { d[newestMeta(d)*pageSize+16+50] ^= 0xff; return d },
		"both meta pages zeroed":           func(d []byte) []byte { zero(d, 0); zero(d, 1); return d },
		"root page zeroed":                 func(d []byte) []byte { zero(d, metaField(d, 16)); return d },
		"list of free pages zeroed":        func(d []byte) []byte { zero(d, metaField(d, 32)); return d },
		"cut, and what is left is its own": func(d []byte) []byte { return d[:used(d)-pageSize] },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "cache.db")
			ok(t, os.WriteFile(path, damage(slices.Clone(whole)), 0o600))
			before := lookAt(t, path)
			_, _, err := openStoreAt(path, store.Options{Account: other})
			if !errors.Is(err, store.ErrOtherAccount) {
				t.Errorf("Open: %v", err)
			}
			if after := lookAt(t, path); after != before {
				t.Errorf("Open: it was %s and is %s", before, after)
			}
			_, err = repairStore(path, store.Options{Account: other})
			if !errors.Is(err, store.ErrOtherAccount) {
				t.Errorf("Repair: %v", err)
			}
			if after := lookAt(t, path); after != before {
				t.Errorf("Repair: it was %s and is %s", before, after)
			}
			// Its owner has it saved.
			s, report, err := openStoreAt(path, store.Options{Account: me})
			ok(t, err)
			defer s.Close()
			if !strings.Contains(report.SetAside, ".damaged-") {
				t.Errorf("report %+v", report)
			}
			usable(t, s)
		})
	}
	// Of one that does not say whose it is nobody else is kept out.
	path := filepath.Join(t.TempDir(), "cache.db")
	ok(t, os.WriteFile(path, make([]byte, len(whole)), 0o600))
	s, report, err := openStoreAt(path, store.Options{Account: other})
	ok(t, err)
	defer s.Close()
	if report.SetAside == "" {
		t.Errorf("report %+v", report)
	}
}
