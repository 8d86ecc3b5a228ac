package theme

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"magpie/assets"
)

// contrast is the ratio of WCAG 2.1: 1 to 21.
func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

func luminance(c color.Color) float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	channel := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.03928 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(n.R) + 0.7152*channel(n.G) + 0.0722*channel(n.B)
}

func TestContrastMeasure(t *testing.T) {
	if c := contrast(color.Black, color.White); math.Abs(c-21) > 0.01 {
		t.Errorf("black on white is %.2f, want 21", c)
	}
	if c := contrast(rgb(0x777777), color.White); math.Abs(c-4.48) > 0.01 {
		t.Errorf("#777 on white is %.2f, want 4.48", c)
	}
}

// What has to be read stands out from every surface it is used on.
func TestTextCanBeRead(t *testing.T) {
	type on []fyne.ThemeColorName
	tests := []struct {
		text fyne.ThemeColorName
		on   on
		want float64
	}{
		{Ink, on{Panel, Canvas, Field, Selected, Hover, BubbleIn, BubbleOut, Tip, Menu}, 7},
		{Ink, on{HitMark}, 4.5},
		{Ink2, on{Panel, Canvas, Field, Selected, Hover, BubbleIn, BubbleOut, Tip}, 4.5},
		{Ink3, on{Panel, Canvas, Field, Selected, Hover, BubbleIn}, 4.5},
		{Meta, on{Canvas, BubbleIn, BubbleOut}, 4.5},
		{Link, on{Panel, Canvas, Field, Selected, Hover, BubbleIn, BubbleOut, Tip}, 4.5},
		{Danger, on{Panel, Canvas, Field, Selected, Hover, BubbleIn, BubbleOut, Tip}, 4.5},
		{Warn, on{WarnBackground}, 4.5},
		{OnAccent, on{Accent, AccentHover}, 4.5},
		{OnBadge, on{Badge}, 4.5},
		{OnBadgeMuted, on{BadgeMuted}, 4.5},
		{OnToast, on{Toast}, 4.5},
		{ToastLink, on{Toast}, 4.5},
		{ViewerInk, on{Viewer}, 4.5},
		{ViewerInk2, on{Viewer}, 4.5},
		// Things that are no text: 3:1 against what they lie on.
		{OK, on{Panel}, 3},
		{Accent, on{Panel, Field, BubbleIn, BubbleOut}, 3},
		{Link, on{Panel, Canvas, Field, Selected, Hover}, 3}, // the ring around what has the keyboard
		{Badge, on{Panel, Hover}, 3},
		{ViewerMark, on{Viewer}, 3},
	}
	for name, mode := range map[string]Mode{"light": Light, "dark": Dark} {
		th := New(mode)
		for _, c := range tests {
			for _, surface := range c.on {
				got := contrast(th.Color(c.text, 0), th.Color(surface, 0))
				if got < c.want {
					t.Errorf("%s: %s on %s is %.2f:1, want %.1f", name, c.text, surface, got, c.want)
				}
			}
		}
	}
}

// A menu in the dark has no shadow that could be seen: it stands out by itself from all
// that it may lie on, and its lines from it.
func TestMenusStandOutInTheDark(t *testing.T) {
	th := New(Dark)
	menu := th.Color(fynetheme.ColorNameMenuBackground, 0)
	for _, below := range []fyne.ThemeColorName{Panel, Canvas, Field, Hover, BubbleIn, Tip} {
		if got := contrast(menu, th.Color(below, 0)); got < 1.1 {
			t.Errorf("on %s it is %.2f:1", below, got)
		}
	}
	if got := contrast(menu, th.Color(fynetheme.ColorNameSeparator, 0)); got < 1.3 {
		t.Errorf("its lines are %.2f:1", got)
	}
}

func TestEveryTokenIsSetInBothVariants(t *testing.T) {
	for name, p := range tokens() {
		if p.light == nil || p.dark == nil {
			t.Errorf("%s lacks a variant", name)
		}
		if !strings.HasPrefix(string(name), "magpie.") {
			t.Errorf("%s is not of this package", name)
		}
	}
}

func TestModes(t *testing.T) {
	tests := []struct {
		mode   Mode
		system fyne.ThemeVariant
		dark   bool
	}{
		{System, fynetheme.VariantLight, false},
		{System, fynetheme.VariantDark, true},
		{Light, fynetheme.VariantDark, false},
		{Dark, fynetheme.VariantLight, true},
	}
	th := New(System)
	for _, c := range tests {
		th.SetMode(c.mode)
		want := rgb(0xFFFFFF)
		if c.dark {
			want = rgb(0x161E26)
		}
		if got := th.Color(Panel, c.system); got != want {
			t.Errorf("mode %d on system variant %d: panel %v, want %v", c.mode, c.system, got, want)
		}
		if th.Mode() != c.mode {
			t.Errorf("mode is %d, want %d", th.Mode(), c.mode)
		}
	}
}

// Fyne's own names must follow the variant too, or its menus and entries keep
// the colours of the other one.
func TestStandardNamesFollowTheVariant(t *testing.T) {
	light, dark := New(Light), New(Dark)
	for _, name := range []fyne.ThemeColorName{
		fynetheme.ColorNameBackground, fynetheme.ColorNameForeground, fynetheme.ColorNameInputBackground,
		fynetheme.ColorNamePlaceHolder, fynetheme.ColorNamePrimary, fynetheme.ColorNameMenuBackground,
		fynetheme.ColorNameDisabled, fynetheme.ColorNameSelection, fynetheme.ColorNameScrollBar,
		fynetheme.ColorNameInnerWindowBorder,
	} {
		if light.Color(name, fynetheme.VariantDark) == dark.Color(name, fynetheme.VariantLight) {
			t.Errorf("%s is the same in both variants", name)
		}
	}
}

func TestFontsAreTheBundledOnes(t *testing.T) {
	th := New(Light)
	for _, c := range []struct {
		style fyne.TextStyle
		name  string
	}{
		{fyne.TextStyle{}, "NotoSansSC-Regular.otf"},
		{fyne.TextStyle{Italic: true}, "NotoSansSC-Regular.otf"},
		{fyne.TextStyle{Bold: true}, "NotoSansSC-Bold.otf"},
	} {
		if got := th.Font(c.style).Name(); got != c.name {
			t.Errorf("%+v: %s, want %s", c.style, got, c.name)
		}
	}
	if th.Font(fyne.TextStyle{Monospace: true}) == nil {
		t.Error("no monospaced font")
	}
}

func TestInitial(t *testing.T) {
	for in, want := range map[string]string{
		"Ada Okafor": "A", "ada": "A", "设计小组 Design": "设", "@TGS#1": "T", "  周雨": "周",
		"": "?", "   ": "?", "!!": "!", "éa": "É", "\u200d\u202e": "?", "#7": "7", "👍 ok": "O", "👍": "👍",
		"한국": "한", "さくら": "さ", "\x00": "?",
	} {
		if got := Initial(in); got != want {
			t.Errorf("Initial(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestAvatarColors(t *testing.T) {
	// The same on every device and in every version: people know each other by it.
	for id, want := range map[string]uint32{"ada": 0x047857, "wren": 0x0B7A8C, "@TGS#2J4SZEAEL": 0x7C4FE8, "": 0xB56005} {
		if got := AvatarColor(id); got != rgb(want) {
			t.Errorf("%q is %v, want %v", id, got, rgb(want))
		}
	}
	seen := map[color.NRGBA]int{}
	for i := range 1000 {
		c := AvatarColor(fmt.Sprint("user", i))
		seen[c]++
		if got := contrast(c, color.White); got < 4.5 {
			t.Fatalf("white on %v is %.2f:1", c, got)
		}
	}
	if len(seen) != len(avatarColors) {
		t.Errorf("%d colours in use, want all %d", len(seen), len(avatarColors))
	}
	// People who are numbered, as in a class, are told apart too.
	ten := map[color.NRGBA]bool{}
	for i := range 10 {
		ten[AvatarColor(fmt.Sprint("user", i))] = true
	}
	if len(ten) < 5 {
		t.Errorf("ten ids that differ in one digit have %d colours", len(ten))
	}
	for c, n := range seen {
		if n > 150 {
			t.Errorf("%v has %d of 1000 ids", c, n)
		}
	}
}

func TestIconsTakeTheColourOfTheTheme(t *testing.T) {
	app := test.NewTempApp(t)
	th := New(Light)
	app.Settings().SetTheme(th)
	for _, name := range assets.IconNames() {
		i := Icon(name, Accent)
		if !bytes.Contains(i.Content(), []byte("#0b7a8c")) || bytes.Contains(i.Content(), []byte("currentColor")) {
			t.Errorf("%s is not coloured: %s", name, i.Content())
		}
	}
	i := Icon("send", Accent)
	light := i.Name()
	th.SetMode(Dark)
	app.Settings().SetTheme(th)
	if i.Name() == light {
		t.Error("the name does not carry the colour: Fyne would show a cached drawing in the old one")
	}
	if !bytes.Contains(i.Content(), []byte("#2fb5c7")) {
		t.Error("the icon does not follow the theme")
	}
	if got := Thumbnail("broken", Faint); !bytes.Contains(got.Content(), []byte("#6c7d8b")) {
		t.Error("thumbnails are not coloured")
	}
	if got := Icon("no such icon", Ink).Content(); !bytes.Contains(got, []byte("<svg")) {
		t.Errorf("an unknown icon is no drawing: %q", got)
	}
}

// On a screen with more pixels the lines of icons are wider in pixels, so that
// they look alike.
func TestLinesOfIconsScale(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(New(Light))
	if i := Icon("smile", Ink2); !bytes.Contains(i.Content(), []byte(`stroke-width="1.5"`)) {
		t.Errorf("at one pixel a unit: %s", i.Content())
	}
	w := test.NewTempWindow(t, nil)
	one := Icon("smile", Ink2)
	w.Canvas().(software.WindowlessCanvas).SetScale(1.5)
	more := Icon("smile", Ink2)
	if !bytes.Contains(more.Content(), []byte(`stroke-width="2.25"`)) || bytes.Contains(more.Content(), []byte(`stroke-width="1.5"`)) {
		t.Errorf("at 1.5 pixels a unit: %s", more.Content())
	}
	if one.Name() == more.Name() {
		t.Error("one name for two drawings: Fyne would show a cached one")
	}
}

func BenchmarkColor(b *testing.B) {
	th := New(Dark)
	b.ReportAllocs()
	for b.Loop() {
		th.Color(Ink2, fynetheme.VariantDark)
	}
}
