package widgets

import (
	"testing"

	"magpie/assets"
	"magpie/im"
)

// What the model takes for an emoji and what the assets can show are made from
// the same data but know nothing of each other: this is where they meet.
func TestWhatIsAnEmojiHasAPicture(t *testing.T) {
	for _, code := range im.EmojiCodes() {
		sequence, _ := im.EmojiByCode(code)
		if _, ok := assets.Emoji(sequence); !ok {
			t.Errorf("%s has no picture", code)
		}
	}
	for _, e := range assets.Emojis() {
		runs := im.ParseText(e.Sequence, nil)
		if len(runs) != 1 || runs[0].Kind != im.RunEmoji || runs[0].Emoji != e.Sequence {
			t.Errorf("the panel offers %q, which is read as %+v", e.Sequence, runs)
		}
	}
}

// Every sequence with a picture is recognised in a text, also next to others.
func TestEmojiInARowAreToldApart(t *testing.T) {
	all := assets.Emojis()
	text := ""
	for _, e := range all {
		text += e.Sequence
	}
	runs := im.ParseText(text, nil)
	if len(runs) != len(all) {
		t.Fatalf("%d runs for %d emoji", len(runs), len(all))
	}
	for i, r := range runs {
		if r.Emoji != all[i].Sequence {
			t.Fatalf("%q is read as %q", all[i].Sequence, r.Emoji)
		}
	}
}
