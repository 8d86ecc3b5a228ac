package theme

import "testing"

func TestTextPercents(t *testing.T) {
	if TextPercents[0] != 80 || TextPercents[len(TextPercents)-1] != 200 {
		t.Errorf("from %d to %d", TextPercents[0], TextPercents[len(TextPercents)-1])
	}
	for i, p := range TextPercents {
		if p%10 != 0 || i > 0 && p <= TextPercents[i-1] {
			t.Errorf("%d does not follow", p)
		}
	}
	for in, want := range map[int]int{0: 100, 1: 80, -5: 80, 104: 100, 170: 160, 171: 180, 9999: 200, 130: 130} {
		if got := NearestTextPercent(in); got != want {
			t.Errorf("the nearest to %d is %d, want %d", in, got, want)
		}
	}
	for _, c := range []struct{ from, by, want int }{{100, 1, 110}, {0, 1, 110}, {100, -1, 90}, {80, -1, 80}, {200, 1, 200}, {160, 1, 180}} {
		if got := NextTextPercent(c.from, c.by); got != c.want {
			t.Errorf("%d by %d is %d, want %d", c.from, c.by, got, c.want)
		}
	}
}
