package app

import (
	"slices"
	"testing"
)

func TestWorkerKeepsOrderAndFinishes(t *testing.T) {
	w := newWorker()
	var got []int
	for i := range 1000 {
		w.add(func() { got = append(got, i) })
	}
	w.close()
	if len(got) != 1000 || !slices.IsSorted(got) {
		t.Fatalf("%d jobs ran, sorted: %v", len(got), slices.IsSorted(got))
	}
	w.add(func() { t.Error("ran after close") })
}

func TestWorkerWaitsForWhatWasHandedIn(t *testing.T) {
	w := newWorker()
	ran := false
	w.add(func() { ran = true })
	w.wait()
	if !ran {
		t.Error("it did not wait")
	}
	w.close()
	w.wait() // nothing is left: it returns
}
