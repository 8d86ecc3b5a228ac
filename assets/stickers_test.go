package assets

import (
	"bytes"
	"image"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"
)

// rasterise draws svg as the window does, and fails on whatever the rasteriser
// does not understand.
func rasterise(t *testing.T, svg []byte, side int) *image.RGBA {
	t.Helper()
	d, err := oksvg.ReadIconStream(bytes.NewReader(svg), oksvg.StrictErrorMode)
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	d.SetTarget(0, 0, float64(side), float64(side))
	d.Draw(rasterx.NewDasher(side, side, rasterx.NewScannerGV(side, side, img, img.Bounds())), 1)
	return img
}

// drawn returns how much of img is not transparent, from 0 to 1, and in how
// many colours, shades of the same one counted once.
func drawn(img *image.RGBA) (part float64, colours int) {
	seen := map[[3]uint8]bool{}
	filled := 0
	for i := 0; i < len(img.Pix); i += 4 {
		if img.Pix[i+3] > 0 {
			filled++
			seen[[3]uint8{img.Pix[i] >> 5, img.Pix[i+1] >> 5, img.Pix[i+2] >> 5}] = true
		}
	}
	return float64(filled) / float64(len(img.Pix)/4), len(seen)
}

func TestStickers(t *testing.T) {
	sets := StickerSets()
	if len(sets) != 2 {
		t.Fatalf("%d sets", len(sets))
	}
	files := 0
	pictures := map[string]string{}
	for i, set := range sets {
		if set.Index != i+1 || set.English == "" || set.Chinese == "" || len(set.Stickers) < 12 || len(set.Stickers) > 16 {
			t.Errorf("set %d: index %d, %q, %q, %d stickers", i, set.Index, set.English, set.Chinese, len(set.Stickers))
		}
		for _, s := range set.Stickers {
			files++
			if s.Index != set.Index || s.English == "" || s.Chinese == "" {
				t.Errorf("%+v in set %d", s, set.Index)
			}
			svg, ok := StickerPicture(s.Index, s.Data)
			if !ok {
				t.Errorf("no picture of %d %q", s.Index, s.Data)
				continue
			}
			if other := pictures[string(svg)]; other != "" {
				t.Errorf("%q is drawn as %q", s.Data, other)
			}
			pictures[string(svg)] = s.Data
			part, colours := drawn(rasterise(t, svg, 120))
			if part < 0.3 || part > 0.97 || colours < 6 {
				t.Errorf("%q fills %.2f in %d colours", s.Data, part, colours)
			}
		}
	}
	there, err := fs.Glob(stickerFiles, "stickers/*/*.svg")
	if err != nil || len(there) != files {
		t.Errorf("%d files for %d stickers (%v)", len(there), files, err)
	}
}

func TestUnknownStickersHaveNoPicture(t *testing.T) {
	for _, s := range []Sticker{
		{Index: 0, Data: "hello"}, {Index: 3, Data: "hello"}, {Index: -1}, {Index: 2, Data: "hello"},
		{Index: 1}, {Index: 1, Data: "Hello"}, {Index: 1, Data: "../dumplings/happy"}, {Index: 1, Data: "hello.svg"},
	} {
		if _, ok := StickerPicture(s.Index, s.Data); ok {
			t.Errorf("a picture for %+v", s)
		}
	}
}

// What callers do with a list must not change the next one.
func TestStickerSetsAreCopies(t *testing.T) {
	StickerSets()[0].Stickers[0].Data = "changed"
	if got := StickerSets()[0].Stickers[0].Data; got != "hello" {
		t.Errorf("the first sticker is now %q", got)
	}
}

func TestDice(t *testing.T) {
	// Pips of one and four are red, which tells them from an empty face too.
	for n, dark := range map[int]bool{1: false, 2: true, 3: true, 4: false, 5: true, 6: true} {
		svg, ok := DicePicture(n)
		if !ok {
			t.Fatalf("no face %d", n)
		}
		if pips := bytes.Count(svg, []byte("fill-opacity")); pips != n {
			t.Errorf("face %d has %d pips", n, pips)
		}
		if got := bytes.Contains(svg, []byte("#2B3A52")); got != dark {
			t.Errorf("face %d has dark pips: %v", n, got)
		}
		if part, _ := drawn(rasterise(t, svg, 120)); part < 0.6 {
			t.Errorf("face %d fills %.2f", n, part)
		}
	}
	for _, n := range []int{-1, 0, 7, 16} {
		if _, ok := DicePicture(n); ok {
			t.Errorf("a face %d", n)
		}
	}
}

func TestAvatars(t *testing.T) {
	all := Avatars()
	if len(all) != 12 || all[0] != "magpie:avatar/01" || all[11] != "magpie:avatar/12" {
		t.Fatalf("avatars %v", all)
	}
	for _, url := range all {
		svg, ok := AvatarPicture(url)
		if !ok {
			t.Fatalf("no picture for %s", url)
		}
		img := rasterise(t, svg, 64)
		for i := 3; i < len(img.Pix); i += 4 {
			if img.Pix[i] != 255 {
				t.Errorf("%s does not fill its square", url)
				break
			}
		}
		if _, colours := drawn(img); colours < 5 {
			t.Errorf("%s has %d colours", url, colours)
		}
	}
	for _, url := range []string{"", "01", "magpie:avatar/", "magpie:avatar/13", "magpie:avatar/1", "magpie:avatar/../dice/1", "https://example.com/01", "MAGPIE:avatar/01"} {
		if _, ok := AvatarPicture(url); ok {
			t.Errorf("a picture for %q", url)
		}
	}
}

// The window's rasteriser passes over what it does not know, or draws it in the
// wrong place: a scale with one number, for example, flattens the drawing.
func TestDrawingsKeepToWhatIsDrawnEverywhere(t *testing.T) {
	unfit := regexp.MustCompile(`<(use|text|style|filter|clipPath|mask|image|symbol)\b|\b(class|style|transform|filter|href)=`)
	for _, files := range []fs.FS{stickerFiles, diceFiles, avatarFiles} {
		err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".svg") {
				return err
			}
			svg, err := fs.ReadFile(files, path)
			if hit := unfit.Find(svg); hit != nil {
				t.Errorf("%s: %s", path, hit)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
