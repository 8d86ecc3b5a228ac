package core

import (
	"testing"
	"time"

	"magpie/im"
)

// A search says of how many conversations earlier messages are not on this computer: of
// those alone that it covers, and as long as it is so.
func TestWhatASearchCannotFindYet(t *testing.T) {
	g := newGateway(t)
	g.say("C2Ceve", "eve", 2)
	d := away(t, g, 1000)
	equal(t, "eve's messages", d.ranges("C2Ceve"), "[{1 2}]")
	above, err := d.st.PageAfter(bob, 903, 1)
	ok(t, err)
	edge := time.UnixMilli(above[0].Time)
	count := func(q SearchQuery) int {
		t.Helper()
		n, err := d.NotHere(t.Context(), q)
		ok(t, err)
		return n
	}
	for name, c := range map[string]struct {
		q    SearchQuery
		want int
	}{
		"everywhere":                        {SearchQuery{Text: "x"}, 1},
		"in it":                             {SearchQuery{Conversation: bob}, 1},
		"in another":                        {SearchQuery{Conversation: "C2Ceve"}, 0},
		"in one that is nowhere":            {SearchQuery{Conversation: "C2Cnobody"}, 0},
		"of the one who writes there":       {SearchQuery{From: "bob"}, 1},
		"of oneself":                        {SearchQuery{From: "ann"}, 1},
		"of somebody who cannot be there":   {SearchQuery{From: "eve"}, 0},
		"of a time that reaches to it":      {SearchQuery{Since: edge}, 1},
		"of a time of which everything is":  {SearchQuery{Since: edge.Add(time.Second)}, 0},
		"of a time before, which may reach": {SearchQuery{Until: edge}, 1},
	} {
		if n := count(c.q); n != c.want {
			t.Errorf("%s: %d, want %d", name, n, c.want)
		}
	}
	for {
		n, err := d.FillHistory(t.Context(), bob, 0)
		ok(t, err)
		if n == 0 {
			break
		}
	}
	if n := count(SearchQuery{}); n != 0 {
		t.Errorf("everything is here, and it says %d", n)
	}

	// What a person deleted here is not missing.
	d = away(t, newGateway(t), 1000)
	if n := count(SearchQuery{}); n != 1 {
		t.Errorf("before it is deleted: %d", n)
	}
	_, err = d.ForgetHistory(t.Context(), bob, false)
	ok(t, err)
	if n := count(SearchQuery{}); n != 0 {
		t.Errorf("after it was deleted: %d", n)
	}
}

func TestKnown(t *testing.T) {
	g := newGateway(t)
	g.say(bob, "bob", 3)
	d := g.device(t).ready()
	for conv, want := range map[im.ConversationID]bool{bob: true, "C2Cnobody": false, "GROUP@TGS#none": false} {
		known, err := d.Known(conv)
		ok(t, err)
		if known != want {
			t.Errorf("%s: %v", conv, known)
		}
	}
}
