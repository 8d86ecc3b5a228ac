package canvas

import (
	"testing"

	"magpie/widgets/theme"
)

// Emoji in names and in what is told are pictures, as in messages.
func TestEmojiInNamesAndNotices(t *testing.T) {
	c, _ := show(t, theme.Light, 640, 480, Options{})
	told := said(2, "Lin", "", start0)
	told.Kind, told.Text = KindNotice, "Emma 🌸 brought 👩‍👩‍👧‍👦 into the group"
	hello := said(1, "Lin", "hello", start0)
	hello.Sender.Name = "Emma 🌸"
	openItems(c, []Item{hello, told}, 0, 0)
	want := map[Key]int{hello.Key: 1, told.Key: 2}
	for _, r := range c.shown {
		pictures, words := 0, ""
		for _, o := range r.images[:r.usedImages] {
			if o.Image != nil {
				pictures++
			}
		}
		for _, o := range r.texts[:r.usedTexts] {
			words += o.Text
		}
		if pictures != want[r.entry.Key] {
			t.Errorf("%q has %d pictures", words, pictures)
		}
		for _, o := range r.texts[:r.usedTexts] {
			if o.FontSource == nil && o.Text != "" {
				t.Errorf("%q needs other fonts", o.Text)
			}
		}
		delete(want, r.entry.Key)
	}
	if len(want) > 0 {
		t.Errorf("not shown: %v", want)
	}
}
