package widgets

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"magpie/im"
	"magpie/widgets/theme"
)

// hostileTexts are what somebody may paste, by accident or not; each is kept as it
// is, or as want says.
func hostileTexts() []struct{ name, text, want string } {
	var all strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&all, "%c", 0x1f300+i%0x300)
	}
	return []struct{ name, text, want string }{
		{"no blank", strings.Repeat("x", im.MaxMessageBytes), ""},
		{"100 KB of letters", strings.Repeat("x", 100<<10), ""},
		{"100 KB of lines", strings.Repeat("line\n", 20<<10), ""},
		{"100 KB of words", strings.Repeat("some words, and more. ", 5<<10), ""},
		{"100 KB of Chinese", strings.Repeat("这是一个很长的文本，没有空格。", 2300), ""},
		{"100 KB of Arabic", strings.Repeat("مرحبا بالعالم ", 4200), ""},
		{"thousands of emoji", strings.Repeat("😀👍🏽👨‍👩‍👧🇨🇳", 2000), ""},
		{"different emoji", all.String(), ""},
		{"codes", strings.Repeat("[微笑]", 9000), ""},
		{"brackets", strings.Repeat("[", 100<<10), ""},
		{"zalgo", "z" + strings.Repeat("\u0301\u0323", 20<<10), ""},
		{"blanks", strings.Repeat(" ", 100<<10), ""},
		{"marks without a letter", strings.Repeat("\u200d", 8000), ""},
		{"control characters", "a\x00b\x1b[31mc\u202ed\u2066e\x7f\u200ff\r\ng\rh\xff", "ab[31mcdef\ng\nh\ufffd"},
	}
}

// Nothing of it is lost, cut or sent; the cursor can be anywhere in it; and a copy
// of it is what was pasted.
func TestHostileTextsAreKept(t *testing.T) {
	for _, s := range hostileTexts() {
		t.Run(s.name, func(t *testing.T) {
			c := newTyped(t)
			c.SetLimit(im.MaxMessageBytes, func(used, limit int) string { return fmt.Sprint(used, limit) })
			want := s.want
			if want == "" {
				want = s.text
			}
			clip := test.NewClipboard()
			clip.SetContent(s.text)
			c.shortcut(&fyne.ShortcutPaste{Clipboard: clip})
			if c.Text() != want {
				t.Fatalf("%d bytes are left of %d", len(c.Text()), len(s.text))
			}
			for _, k := range []fyne.KeyName{fyne.KeyUp, fyne.KeyHome, fyne.KeyRight, fyne.KeyDown, fyne.KeyEnd, fyne.KeyLeft} {
				c.press(k)
			}
			for _, line := range c.area.texts {
				if len(line.Text) > 4*maxLine {
					t.Errorf("a line of %d bytes is drawn", len(line.Text))
				}
			}
			capture(c.w)
			c.press(fyne.KeyReturn)
			if used := len(strings.TrimSpace(want)); used > im.MaxMessageBytes {
				c.want(t, want)
				if words, colour := c.noteWords(); words != fmt.Sprint(used, im.MaxMessageBytes) || colour != theme.Danger {
					t.Errorf("it says %q in %s", words, colour)
				}
			}
			c.SelectAll()
			c.Cut(clip)
			if len(c.sent) == 0 && clip.Content() != want {
				t.Errorf("cut %d bytes of %d", len(clip.Content()), len(want))
			}
			c.undo()
			if len(c.sent) == 0 && c.Text() != want {
				t.Error("undo did not bring it back")
			}
		})
	}
}

// BenchmarkComposerPaste pastes 100 KB and more, which must not be felt: less than
// 100 ms until it is laid out.
func BenchmarkComposerPaste(b *testing.B) {
	worst, what := time.Duration(0), ""
	for _, s := range hostileTexts() {
		b.Run(s.name, func(b *testing.B) {
			c := benchComposer(b)
			least := time.Hour
			for b.Loop() {
				c.SetText("")
				began := time.Now()
				c.InsertText(s.text)
				least = min(least, time.Since(began))
			}
			if least > worst {
				worst, what = least, s.name
			}
		})
	}
	fmt.Printf("\nBENCH\tcompose/paste_100KB_worst\t%.4g\tms (%s)\t<= 100\n", float64(worst.Microseconds())/1000, what)
}

// BenchmarkComposerType types at the end of texts of some lengths, and into a text
// of 100 KB: what the program needs for a letter before the window is painted.
func BenchmarkComposerType(b *testing.B) {
	for _, s := range []struct {
		name string
		text string
		goal int // ms
	}{
		{"empty", "", 5},
		{"8000_bytes", strings.Repeat("some words, 一些字 [微笑] 😀 ", 220), 5},
		{"100KB", strings.Repeat("some words, 一些字 [微笑] 😀 ", 2800), 30},
	} {
		b.Run(s.name, func(b *testing.B) {
			c := benchComposer(b)
			c.SetText(s.text)
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				c.TypeRune('x')
				took = append(took, time.Since(began))
			}
			fmt.Printf("\nBENCH\tcompose/type_%s_p95\t%.4g\tms\t<= %d\n", s.name, float64(percentile(took, 95).Microseconds())/1000, s.goal)
		})
	}
}

func benchComposer(b *testing.B) *Composer {
	test.NewTempApp(b).Settings().SetTheme(theme.New(theme.Light))
	c := NewComposer("Send")
	c.area.after = (&clockwork{}).after
	c.SetLimit(im.MaxMessageBytes, func(used, limit int) string { return fmt.Sprint(used, limit) })
	w := test.NewTempWindow(b, c)
	w.Resize(fyne.NewSize(816, 200))
	return c
}

// percentile is the least of the times that p of a hundred do not exceed.
func percentile(took []time.Duration, p int) time.Duration {
	slices.Sort(took)
	return took[(len(took)*p+99)/100-1]
}
