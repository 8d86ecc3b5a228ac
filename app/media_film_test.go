package app

import (
	"bytes"
	"testing"

	"magpie/app/outgoing"
	"magpie/internal/testcache"
	"magpie/media/isolated"
	"magpie/widgets/canvas"
)

// A film that goes as a file shows its receiver what is in it, before anything is
// fetched.
func TestFilmAsFile(t *testing.T) {
	u, _, ada := watching(t)
	box := newSandbox(testcache.Dir("sandbox"))
	defer box.Close()
	p, err := outgoing.PrepareContent(t.Context(), ada, isolated.New(box), bytes.NewReader(readFile(t, fixture("f_vp9.webm"))), "holiday.webm", outgoing.KindAuto)
	u.ok(err)
	m := u.sendPayload(ada, "wren", p.Payload)
	u.sees("holiday.webm")
	it := u.shown("C2Cada", m.ID)
	if it.Kind != canvas.KindFile || !it.Media.Still {
		t.Errorf("it is shown as %+v", it.Media)
	}
	u.until("its still", func() bool {
		got := u.a.main.thumbnail(canvas.Key(m.ID), 40, 40)
		return got.Image != nil && got.State == canvas.ThumbNone
	})
	u.end()
}
