package assets

import (
	"crypto/sha256"
	"fmt"
	"image"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// unicodeEmoji is every sequence that Unicode's emoji-test.txt calls fully
// qualified or a component, which is what package im recognises too.
func unicodeEmoji(t testing.TB) []string {
	t.Helper()
	data, err := os.ReadFile("../im/emojisequences.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	if len(all) < 3600 {
		t.Fatalf("%d sequences", len(all))
	}
	return all
}

func TestEveryEmojiHasAPicture(t *testing.T) {
	// Few may look like another: flags of places that fly another's, and the
	// snowboarder, who shows no skin that could have a tone.
	const alike = 14
	pictures := map[[sha256.Size]byte]string{}
	shared := 0
	for _, sequence := range unicodeEmoji(t) {
		img, ok := Emoji(sequence)
		if !ok {
			t.Errorf("no picture of %q (%+[1]q)", sequence)
			continue
		}
		pix := img.(*image.RGBA)
		if b := img.Bounds(); b != image.Rect(0, 0, EmojiSide, EmojiSide) {
			t.Errorf("%q is %v", sequence, b)
		}
		opaque := 0
		for i := 3; i < len(pix.Pix); i += 4 {
			opaque += int(pix.Pix[i]) / 255
		}
		if opaque < 100 {
			t.Errorf("%q fills %d pixels", sequence, opaque)
		}
		look := sha256.Sum256(pix.Pix)
		if other := pictures[look]; other != "" {
			shared++
			t.Logf("%q and %q look alike", other, sequence)
		}
		pictures[look] = sequence
	}
	if shared != alike {
		t.Errorf("%d sequences share their picture with another, want %d", shared, alike)
	}
}

func TestEmojiPictureIsTheRightOne(t *testing.T) {
	// The colour that most of the picture has: rough, but different for each.
	for sequence, want := range map[string][3]int{
		"😀": {250, 195, 45}, "💚": {105, 160, 55}, "💙": {48, 112, 208}, "👍🏿": {95, 70, 60}, "👍🏻": {250, 220, 190},
		"🇯🇵": {235, 235, 235}, "🖤": {60, 65, 70}, "❤": {240, 60, 50}, "❤️": {240, 60, 50},
	} {
		img, ok := Emoji(sequence)
		if !ok {
			t.Fatalf("no picture of %q", sequence)
		}
		counts := map[[3]int]int{}
		pix := img.(*image.RGBA).Pix
		for i := 0; i < len(pix); i += 4 {
			if pix[i+3] == 255 {
				counts[[3]int{int(pix[i]) / 32, int(pix[i+1]) / 32, int(pix[i+2]) / 32}]++
			}
		}
		var most [3]int
		for c, n := range counts {
			if n > counts[most] {
				most = c
			}
		}
		for k := range want {
			if d := most[k]*32 + 16 - want[k]; d < -48 || d > 48 {
				t.Errorf("%q is mostly %v, want about %v", sequence, most, want)
				break
			}
		}
	}
}

func TestEmojiWithoutPicture(t *testing.T) {
	for _, s := range []string{"", "a", "1", "[微笑]", "\ufe0f", "😀😀", "🇽🇽", "\u200d", "😀\u200d😀"} {
		if _, ok := Emoji(s); ok {
			t.Errorf("a picture of %q", s)
		}
	}
}

func TestStyleMakesNoDifference(t *testing.T) {
	for _, pair := range [][2]string{{"❤", "❤️"}, {"1⃣", "1️⃣"}, {"🏳‍🌈", "🏳️‍🌈"}, {"😀", "😀️"}} {
		a, ok1 := Emoji(pair[0])
		b, ok2 := Emoji(pair[1])
		if !ok1 || !ok2 || a != b {
			t.Errorf("%q and %q differ (%v, %v)", pair[0], pair[1], ok1, ok2)
		}
	}
}

func TestPanel(t *testing.T) {
	all := Emojis()
	if len(all) < 1800 {
		t.Fatalf("%d emoji", len(all))
	}
	groups := EmojiGroups()
	at := 0
	seen := map[string]bool{}
	for _, e := range all {
		if strings.ContainsFunc(e.Sequence, func(r rune) bool { return r >= 0x1f3fb && r <= 0x1f3ff }) {
			t.Errorf("%q with a tone", e.Sequence)
		}
		if e.English == "" || e.Chinese == "" || len(e.Keywords) == 0 || e.Keywords[0] == "" {
			t.Errorf("%+v is not complete", e)
		}
		for _, k := range e.Keywords {
			if k != strings.ToLower(k) {
				t.Errorf("%q has the keyword %q", e.Sequence, k)
			}
		}
		g := slices.Index(groups, e.Group)
		if g < at {
			t.Errorf("%q of group %q comes after those of %q", e.Sequence, e.Group, groups[at])
		}
		at = max(at, g)
		if seen[e.Sequence] {
			t.Errorf("%q twice", e.Sequence)
		}
		seen[e.Sequence] = true
		if _, ok := emojiTables().places[bareEmoji(e.Sequence)]; !ok {
			t.Errorf("no picture of %q", e.Sequence)
		}
	}
	if at != len(groups)-1 || all[0].Sequence != "😀" {
		t.Errorf("from %q to group %q", all[0].Sequence, groups[at])
	}
}

func TestFindEmoji(t *testing.T) {
	for _, c := range []struct {
		query string
		first []string // among the first ten
		not   string
	}{
		{"smile", []string{"😄", "🙂"}, "🐶"},
		{" SMILE ", []string{"😄", "🙂"}, "🐶"},
		{"笑", []string{"😄", "🙂"}, "🐶"},
		{"狗", []string{"🐶", "🐕"}, "😀"},
		{"dog", []string{"🐶", "🐕"}, "😀"},
		{"red heart", []string{"❤️"}, "💚"},
		{"china", []string{"🇨🇳"}, "🇯🇵"},
		{"中国", []string{"🇨🇳"}, "🇯🇵"},
		{"英格兰", []string{"🏴󠁧󠁢󠁥󠁮󠁧󠁿"}, "🇨🇳"},
		{"goose", []string{"🪿"}, "😀"},
		{"鹅", []string{"🪿"}, "😀"},
		{"ok", []string{"👌"}, "🐶"},
	} {
		var found []string
		for _, e := range FindEmoji(c.query) {
			found = append(found, e.Sequence)
		}
		for _, want := range c.first {
			if i := slices.Index(found, want); i < 0 || i > 9 {
				t.Errorf("%q finds %q at %d: %q", c.query, want, i, found[:min(len(found), 12)])
			}
		}
		if slices.Contains(found, c.not) {
			t.Errorf("%q finds %q", c.query, c.not)
		}
	}
	for _, query := range []string{"", " \t", "xyzzy", "smile xyzzy"} {
		if found := FindEmoji(query); len(found) != 0 {
			t.Errorf("%q finds %d", query, len(found))
		}
	}
}

func TestEmojiCacheIsBounded(t *testing.T) {
	c := pictureCache{max: 3}
	img := image.NewRGBA(image.Rect(0, 0, 1, 1))
	for i := range 3 {
		c.put(emojiPlace{i, i}, img)
	}
	if c.get(emojiPlace{0, 0}) == nil {
		t.Fatal("the first is gone")
	}
	c.put(emojiPlace{3, 3}, img)
	c.put(emojiPlace{3, 3}, img)
	if c.get(emojiPlace{1, 1}) != nil || c.get(emojiPlace{0, 0}) == nil || c.get(emojiPlace{3, 3}) == nil || c.len() != 3 {
		t.Error("what was asked for the longest ago did not go")
	}
	for _, sequence := range unicodeEmoji(t)[:emojiCacheSize+100] {
		Emoji(sequence)
	}
	if n := emojiCache.len(); n > emojiCacheSize {
		t.Errorf("%d pictures are kept", n)
	}
	ForgetEmoji()
	if n := emojiCache.len(); n != 0 {
		t.Errorf("%d pictures are kept of those to be forgotten", n)
	}
	if _, ok := Emoji("😀"); !ok || emojiCache.len() != 1 {
		t.Error("there is no picture after the others were forgotten")
	}
}

func TestEmojiFromManyGoroutines(t *testing.T) {
	all := unicodeEmoji(t)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 200 {
				if _, ok := Emoji(all[(i*7+g)%300]); !ok {
					t.Errorf("no picture of %q", all[(i*7+g)%300])
				}
			}
		})
	}
	wg.Wait()
}

func TestEmojiLicencesTravel(t *testing.T) {
	pictures, names := EmojiLicences()
	for _, want := range []string{"Google", "SIL OPEN FONT LICENSE Version 1.1", "PERMISSION & CONDITIONS", "DISCLAIMER"} {
		if !strings.Contains(pictures, want) {
			t.Errorf("the pictures' licence lacks %q", want)
		}
	}
	for _, want := range []string{"Unicode, Inc.", "COPYRIGHT AND PERMISSION NOTICE", "AS IS"} {
		if !strings.Contains(names, want) {
			t.Errorf("the names' licence lacks %q", want)
		}
	}
}

func BenchmarkEmoji(b *testing.B) {
	all := unicodeEmoji(b)
	b.Run("index", func(b *testing.B) {
		for b.Loop() {
			readEmojiIndex()
		}
		figure("assets/emoji index read, once", float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms", "<= 10")
	})
	b.Run("decode", func(b *testing.B) {
		i := 0
		for b.Loop() {
			decodeEmoji(emojiTables().places[bareEmoji(all[i%len(all)])])
			i++
		}
		figure("assets/emoji decoded", float64(b.Elapsed().Microseconds())/float64(b.N), "us", "<= 500")
	})
	b.Run("cached", func(b *testing.B) {
		Emoji("😀")
		for b.Loop() {
			Emoji("😀")
		}
		figure("assets/emoji cached", float64(b.Elapsed().Nanoseconds())/float64(b.N), "ns", "<= 500")
	})
	b.Run("find", func(b *testing.B) {
		for b.Loop() {
			FindEmoji("smile")
		}
		figure("assets/emoji found by name", float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms", "<= 4")
	})
	figure("assets/emoji pictures and index", float64(len(emojiPictures)+len(emojiIndex))/(1<<20), "MB", "<= 6")
}

func figure(name string, value float64, unit, goal string) {
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", name, value, unit, goal)
}
