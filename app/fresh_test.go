package app

import (
	"testing"

	"magpie/widgets/canvas"
)

func put1(key canvas.Key, n uint64) canvas.Changes {
	return canvas.Changes{Put: []canvas.Item{{Key: key, Sequence: n}}}
}

func TestReadDoesNotCoverWhatCameSince(t *testing.T) {
	var f freshness
	stamp := f.begin()
	f.now(put1("m", 7)) // acknowledged while it was being read
	f.now(canvas.Changes{Remove: []canvas.Key{"cancelled"}})
	got := f.done(stamp, canvas.Changes{Put: []canvas.Item{{Key: "m"}, {Key: "cancelled"}, {Key: "other", Sequence: 3}}})
	if len(got.Put) != 1 || got.Put[0].Key != "other" {
		t.Errorf("put: %+v", got.Put)
	}
	// The next read began after it.
	stamp = f.begin()
	if got := f.done(stamp, put1("m", 8)); len(got.Put) != 1 {
		t.Errorf("a newer read was held back: %+v", got)
	}
}

// Answers may come in another order than the questions.
func TestReadsDoNotCoverEachOther(t *testing.T) {
	var f freshness
	older, newer := f.begin(), f.begin()
	filled := canvas.Changes{Put: []canvas.Item{{Key: "m", Sequence: 5}}, Remove: []canvas.Key{"hole 5"}}
	if got := f.done(newer, filled); len(got.Put) != 1 || len(got.Remove) != 1 {
		t.Fatalf("the newer one: %+v", got)
	}
	if got := f.done(older, put1("hole 5", 5)); len(got.Put) != 0 {
		t.Errorf("a filled hole came back: %+v", got)
	}
	older, newer = f.begin(), f.begin()
	if got := f.done(older, put1("hole 5", 5)); len(got.Put) != 1 {
		t.Errorf("the older one, first: %+v", got)
	}
	if got := f.done(newer, filled); len(got.Put) != 1 || len(got.Remove) != 1 {
		t.Errorf("the newer one, last: %+v", got)
	}
	if len(f.stamps) != 0 || f.reads != 0 {
		t.Errorf("%d stamps and %d reads are left", len(f.stamps), f.reads)
	}
}
