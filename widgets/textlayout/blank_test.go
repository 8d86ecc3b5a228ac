package textlayout

import "testing"

func TestBlank(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, " \t\n\u00a0\u3000": true, "\u200b\u200d\ufeff": true, "\u202e\u2066": true, "\x00\x1b": true,
		"\u3164\u115f\u2800": true, "\u0301\u0302": true,
		"a": false, "周": false, "م": false, "👍": false, "\u202ea": false, "e\u0301": false, "…": false,
	} {
		if got := Blank(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
