package assets

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"image/png"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-text/typesetting/font"
)

func face(t *testing.T, bold bool) *font.Face {
	t.Helper()
	name, data := Font(bold)
	f, err := font.ParseTTF(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return f
}

// messages reads a translation file as key to forms; a plain text has the one
// form "other".
func messages(t *testing.T, file string) map[string]map[string]string {
	t.Helper()
	data, err := fs.ReadFile(Translations(), file)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	raw := map[string]json.RawMessage{}
	if err := d.Decode(&raw); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	all := map[string]map[string]string{}
	for key, value := range raw {
		forms := map[string]string{}
		if err := json.Unmarshal(value, &forms); err != nil {
			var text string
			if err := json.Unmarshal(value, &text); err != nil {
				t.Fatalf("%s: %s is neither a text nor plural forms", file, key)
			}
			forms = map[string]string{"other": text}
		}
		all[key] = forms
	}
	return all
}

func TestLanguagesHaveTheSameTexts(t *testing.T) {
	en, zh := messages(t, "en.json"), messages(t, "zh-Hans.json")
	if len(en) < 50 {
		t.Fatalf("only %d texts", len(en))
	}
	for _, key := range slices.Sorted(maps.Keys(en)) {
		if zh[key] == nil {
			t.Errorf("zh-Hans.json lacks %s", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(zh)) {
		if en[key] == nil {
			t.Errorf("en.json lacks %s", key)
		}
	}
}

// A form that is missing would fall back on its key, and a placeholder that is
// misspelt would show as it is written.
func TestFormsAndPlaceholdersMatch(t *testing.T) {
	en, zh := messages(t, "en.json"), messages(t, "zh-Hans.json")
	placeholder := regexp.MustCompile(`\{\{\.[A-Za-z]+\}\}`)
	in := func(forms map[string]string) []string {
		found := map[string]bool{}
		for _, text := range forms {
			for _, p := range placeholder.FindAllString(text, -1) {
				found[p] = true
			}
			if rest := placeholder.ReplaceAllString(text, ""); strings.ContainsAny(rest, "{}") {
				t.Errorf("a placeholder in %q is misspelt", text)
			}
		}
		return slices.Sorted(maps.Keys(found))
	}
	for key, forms := range en {
		if a, b := in(forms), in(zh[key]); !slices.Equal(a, b) {
			t.Errorf("%s: placeholders %v in English, %v in Chinese", key, a, b)
		}
		if _, plural := forms["one"]; plural {
			if forms["other"] == "" || len(forms) != 2 {
				t.Errorf("%s: English has the forms one and other, not %v", key, slices.Sorted(maps.Keys(forms)))
			}
			if len(zh[key]) != 1 {
				t.Errorf("%s: Chinese has the one form other, not %v", key, slices.Sorted(maps.Keys(zh[key])))
			}
		}
		for lang, forms := range map[string]map[string]string{"en": forms, "zh-Hans": zh[key]} {
			for form, text := range forms {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s: %s %s is empty", lang, key, form)
				}
			}
		}
	}
}

func TestChineseIsChinese(t *testing.T) {
	for key, forms := range messages(t, "zh-Hans.json") {
		for _, text := range forms {
			han := strings.ContainsFunc(text, func(r rune) bool { return r >= 0x4E00 && r <= 0x9FFF })
			bare := regexp.MustCompile(`\{\{[^}]*\}\}|[^\pL]`).ReplaceAllString(text, "")
			if !han && bare != "" && key != "app.name" && key != "archive.folderName" && !strings.HasPrefix(text, "wss://") && !strings.HasPrefix(text, "magpie://") {
				t.Errorf("%s is not translated: %q", key, text)
			}
		}
	}
}

// Whatever the window says itself must be in the font that travels with it, in
// both weights, or a machine without Chinese fonts shows boxes.
func TestFontsHoldEveryText(t *testing.T) {
	var wanted strings.Builder
	for _, file := range []string{"en.json", "zh-Hans.json"} {
		for _, forms := range messages(t, file) {
			for _, text := range forms {
				wanted.WriteString(text)
			}
		}
	}
	wanted.WriteString("…·“”‘’—–←→↑↓×✓℃№￥€「」《》，。！？：；（）①②áǎàāüß Δλφω Привет ひらがなカタカナ 们龟鸟")
	for _, bold := range []bool{false, true} {
		f := face(t, bold)
		for _, r := range wanted.String() {
			if r == '\n' {
				continue
			}
			if _, ok := f.NominalGlyph(r); !ok {
				t.Errorf("bold %v: no glyph for %q (%U)", bold, r, r)
			}
		}
	}
}

func TestFontsHoldGB2312(t *testing.T) {
	// The corners of the first and second level, and characters whose order by
	// strokes puts them at the end.
	for _, bold := range []bool{false, true} {
		f := face(t, bold)
		for _, r := range "啊阿座亍丌齄鹊喜" {
			if _, ok := f.NominalGlyph(r); !ok {
				t.Errorf("bold %v: no glyph for %q", bold, r)
			}
		}
	}
}

// Telephones write "don’t" with U+2019. The faces for Chinese draw it as wide as a Hanzi,
// which tears the word apart; the double marks are meant to be that wide.
func TestApostrophesAreNarrow(t *testing.T) {
	for _, bold := range []bool{false, true} {
		f := face(t, bold)
		width := func(r rune) float32 {
			g, ok := f.NominalGlyph(r)
			if !ok {
				t.Fatalf("bold %v: no glyph for %q", bold, r)
			}
			return f.HorizontalAdvance(g)
		}
		for _, mark := range "‘’" {
			if w := width(mark); w > width('n') {
				t.Errorf("bold %v: %q is %g wide, an n %g", bold, mark, w, width('n'))
			}
		}
		if w, hanzi := width('“'), width('字'); w != hanzi {
			t.Errorf("bold %v: “ is %g wide, a Hanzi %g", bold, w, hanzi)
		}
	}
}

func TestFontLicenceTravels(t *testing.T) {
	for _, want := range []string{"Adobe", "SIL OPEN FONT LICENSE Version 1.1", "PERMISSION & CONDITIONS", "DISCLAIMER"} {
		if !strings.Contains(FontLicence(), want) {
			t.Errorf("the licence lacks %q", want)
		}
	}
}

func TestDrawingsAreOneColourOnOneGrid(t *testing.T) {
	check := func(t *testing.T, svg []byte, grid string) {
		t.Helper()
		var root struct {
			XMLName xml.Name
			ViewBox string `xml:"viewBox,attr"`
		}
		if err := xml.Unmarshal(svg, &root); err != nil {
			t.Fatal(err)
		}
		if root.XMLName.Local != "svg" || root.ViewBox != grid {
			t.Errorf("%s with viewBox %q, want %q", root.XMLName.Local, root.ViewBox, grid)
		}
		for _, m := range regexp.MustCompile(`(?:fill|stroke)="([^"]*)"`).FindAllSubmatch(svg, -1) {
			if v := string(m[1]); v != "none" && v != "currentColor" {
				t.Errorf("colour %q in a drawing that the theme colours", v)
			}
		}
	}
	for _, name := range IconNames() {
		t.Run(name, func(t *testing.T) {
			svg, err := Icon(name)
			if err != nil {
				t.Fatal(err)
			}
			check(t, svg, "0 0 24 24")
		})
	}
	for _, kind := range ThumbnailKinds() {
		t.Run("thumbnail-"+kind, func(t *testing.T) {
			svg, err := Thumbnail(kind)
			if err != nil {
				t.Fatal(err)
			}
			check(t, svg, "0 0 48 48")
		})
	}
}

func TestNamesInUseExist(t *testing.T) {
	for _, name := range strings.Fields("search plus send back info check check-double clock alert arrow-down gear close user group " +
		"smile mic paperclip image pin mute retry edit copy trash reply forward pass-on leave eye eye-off offline play pause file lock more bell download chevron-down " +
		"dice sticker at block crown star shield bell-off switch-user logout check-circle unread flag") {
		if _, err := Icon(name); err != nil {
			t.Error(err)
		}
	}
	for _, kind := range strings.Fields("image video file audio broken") {
		if _, err := Thumbnail(kind); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"", "nothing", "../fonts/OFL", "send.svg"} {
		if _, err := Icon(name); !errors.Is(err, ErrUnknownIcon) {
			t.Errorf("Icon(%q): %v, want ErrUnknownIcon", name, err)
		}
		if _, err := Thumbnail(name); !errors.Is(err, ErrUnknownIcon) {
			t.Errorf("Thumbnail(%q): %v, want ErrUnknownIcon", name, err)
		}
	}
}

func TestAppIcon(t *testing.T) {
	svg, data := AppIcon()
	if !bytes.Contains(svg, []byte("<svg")) {
		t.Error("no drawing")
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != 512 || b.Dy() != 512 {
		t.Errorf("icon of %v, want 512 by 512", b)
	}
	if _, _, _, a := img.At(2, 2).RGBA(); a != 0 {
		t.Error("the corners are not round")
	}
	if r, g, b, _ := img.At(170, 250).RGBA(); r>>8 != 0x2F || g>>8 != 0xB5 || b>>8 != 0xC7 {
		t.Errorf("the M is not where it was: %02x%02x%02x", r>>8, g>>8, b>>8)
	}
}
