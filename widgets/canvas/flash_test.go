package canvas

import (
	"testing"
	"time"

	"magpie/widgets/theme"
)

// What somebody came for is lit up once it is on the screen, and for a moment only.
func TestAHitIsLitUp(t *testing.T) {
	var ends []func()
	c, _ := show(t, theme.Light, 640, 300, Options{Still: true, After: func(d time.Duration, end func()) {
		if d == flashTime {
			ends = append(ends, end)
		}
	}})
	openItems(c, talk(100), 0, 100)
	c.JumpToHit(40)
	if r := c.litRow(40); r == nil || !c.flash.begun || c.flash.light != 1 {
		t.Fatalf("it is not lit up: %+v", c.flash)
	}
	if c.litRow(41) == nil {
		t.Fatal("its neighbour is not on the screen")
	}
	if len(ends) != 1 {
		t.Fatalf("the light has %d ends", len(ends))
	}
	ends[0]()
	if c.flash.sequence != 0 {
		t.Errorf("it is lit up still: %+v", c.flash)
	}
	// One that is not there is no light, and closing ends it.
	c.JumpToHit(50)
	c.Close()
	if c.flash.sequence != 0 {
		t.Errorf("lit up behind a closed conversation: %+v", c.flash)
	}
}
