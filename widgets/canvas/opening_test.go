package canvas

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

func TestOpening(t *testing.T) {
	t.Run("waits for the source and for a size", func(t *testing.T) {
		test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
		c := New(Options{Words: english(), Still: true})
		f := &fake{items: talk(300), held: true}
		c.Open(Opening{Source: f, Unread: 20, ReadUpTo: 280, First: 1, Last: 300})
		f.release()
		c.Resize(fyne.NewSize(640, 480))
		var divider *row
		for _, r := range c.shown {
			if r.entry.look.divider {
				divider = r
			}
		}
		if divider == nil || divider.y < 0 || divider.y > 240 {
			t.Errorf("the divider is at %+v", divider)
		}
	})
	t.Run("few unread ones show with the newest at the bottom", func(t *testing.T) {
		c, _ := show(t, theme.Light, 640, 480, Options{})
		openItems(c, talk(300), 2, 298)
		if !c.AtNewest() {
			t.Error("not at the newest")
		}
	})
	t.Run("at a place", func(t *testing.T) {
		c, _ := show(t, theme.Light, 640, 480, Options{})
		c.Open(Opening{Source: &fake{items: talk(3000)}, First: 1, Last: 3000, At: 1500})
		r := rowOf(t, c, "m1500")
		if mid := r.y + r.layout.height/2; mid < 235 || mid > 245 {
			t.Errorf("m1500 is at %g", mid)
		}
	})
	t.Run("a source that fails", func(t *testing.T) {
		c, _ := show(t, theme.Light, 640, 480, Options{})
		c.Open(Opening{Source: failing{}})
		if len(c.shown) != 0 || c.loads.busy() {
			t.Error("shows something, or waits")
		}
		if !c.floats.empty.Hidden {
			t.Error("says that there are no messages")
		}
	})
	t.Run("another conversation while one is loading", func(t *testing.T) {
		c, _ := show(t, theme.Light, 640, 480, Options{})
		slow := &fake{items: talk(50), held: true}
		c.Open(Opening{Source: slow, First: 1, Last: 50})
		openItems(c, []Item{said(7, "Lin", "other", start0)}, 0, 0)
		slow.release()
		if first, last, _ := c.OnScreen(); first.Sequence != 7 || last.Sequence != 7 {
			t.Errorf("shows %d to %d of the one before", first.Sequence, last.Sequence)
		}
	})
}

// A source that promises more and brings nothing must not be asked for ever.
func TestEmptyPromises(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	p := &promising{fake: fake{items: talk(20)}}
	c.Open(Opening{Source: p, First: 1, Last: 20})
	if p.asked > 4 {
		t.Errorf("asked %d times", p.asked)
	}
	n := p.asked
	c.scrollBy(50)
	if p.asked == n {
		t.Error("not asked again when a person scrolls on")
	}
}

type promising struct{ fake }

func (p *promising) Around(_ uint64, _ int, done func(Page)) { done(Page{Items: p.items, Older: true}) }
func (p *promising) Older(_ Cursor, _ int, done func(Page)) {
	p.asked++
	done(Page{Items: p.items[:5], Older: true})
}

type failing struct{}

func (failing) Older(_ Cursor, _ int, done func(Page))  { done(Page{Failed: true}) }
func (failing) Newer(_ Cursor, _ int, done func(Page))  { done(Page{Failed: true}) }
func (failing) Around(_ uint64, _ int, done func(Page)) { done(Page{Failed: true}) }
