package assets

import (
	"bytes"
	_ "embed"
	"fmt"
	"image"
	"image/draw"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/image/webp"
)

// EmojiSide is the width and height of a picture of [Emoji] in pixels.
const EmojiSide = 72

//go:embed emoji/pictures.bin
var emojiPictures []byte

// emojiIndex has a line for each emoji in the order of a panel, its fields
// separated by tabs: the sequence, where its picture begins in emojiPictures and
// how many bytes it takes; then, for those that a panel offers, the group, the
// English and the Chinese name, and the keywords between "|".
//
//go:embed emoji/index.tsv
var emojiIndex string

//go:embed emoji/OFL.txt
var emojiLicence string

//go:embed emoji/UNICODE.txt
var unicodeLicence string

// EmojiLicences returns the licence of the pictures and that of their names,
// for the about page.
func EmojiLicences() (pictures, names string) { return emojiLicence, unicodeLicence }

// EmojiInfo is an emoji that a panel offers.
type EmojiInfo struct {
	Sequence string   // as it is sent, with U+FE0F where it belongs
	Group    string   // one of those that [EmojiGroups] lists
	English  string   // name
	Chinese  string   // name
	Keywords []string // of both languages, in lower case
}

// emojiPlace says where a picture is in emojiPictures.
type emojiPlace struct{ from, to int }

// emojiTable is what the index says.
type emojiTable struct {
	panel  []EmojiInfo
	places map[string]emojiPlace // by sequence without U+FE0F
}

// emojiTables is the index, read when the first emoji is asked for.
var emojiTables = sync.OnceValue(readEmojiIndex)

func readEmojiIndex() *emojiTable {
	t := &emojiTable{places: map[string]emojiPlace{}}
	for line := range strings.Lines(emojiIndex) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		from, err1 := strconv.Atoi(fields[1])
		size, err2 := strconv.Atoi(fields[2])
		if err1 != nil || err2 != nil {
			panic(fmt.Sprintf("assets: emoji index: %q", line)) // it is embedded: every build has the same
		}
		t.places[bareEmoji(fields[0])] = emojiPlace{from, from + size}
		if len(fields) > 3 {
			t.panel = append(t.panel, EmojiInfo{
				Sequence: fields[0], Group: fields[3], English: fields[4], Chinese: fields[5],
				Keywords: strings.Split(fields[6], "|"),
			})
		}
	}
	return t
}

// bareEmoji is sequence without U+FE0F, which programs often leave out.
func bareEmoji(sequence string) string { return strings.ReplaceAll(sequence, "\ufe0f", "") }

// Emoji returns the picture of an emoji, [EmojiSide] pixels wide and high, and
// false if there is none. It makes no difference whether U+FE0F is in sequence.
// Pictures are decoded when they are asked for and the latest are kept, so that
// callers need not. They are shared: callers must not draw into them.
func Emoji(sequence string) (image.Image, bool) {
	place, ok := emojiTables().places[bareEmoji(sequence)]
	if !ok {
		return nil, false
	}
	if img := emojiCache.get(place); img != nil {
		return img, true
	}
	img, err := decodeEmoji(place)
	if err != nil {
		return nil, false // never: TestEveryEmojiHasAPicture decodes them all
	}
	emojiCache.put(place, img)
	return img, true
}

// ForgetEmoji lets go of the pictures that were decoded for [Emoji]. The next ones take
// half a millisecond each again.
func ForgetEmoji() { emojiCache.clear() }

// HasEmoji reports whether [Emoji] has a picture.
func HasEmoji(sequence string) bool {
	_, ok := emojiTables().places[bareEmoji(sequence)]
	return ok
}

func decodeEmoji(place emojiPlace) (*image.RGBA, error) {
	decoded, err := webp.Decode(bytes.NewReader(emojiPictures[place.from:place.to]))
	if err != nil {
		return nil, err
	}
	// Whoever draws it would convert the colours of a WebP each time.
	img := image.NewRGBA(decoded.Bounds())
	draw.Draw(img, img.Bounds(), decoded, decoded.Bounds().Min, draw.Src)
	return img, nil
}

// Emojis lists what a panel offers, in Unicode's order: all emoji but those that
// differ from another in the tone of the skin only.
func Emojis() []EmojiInfo { return slices.Clone(emojiTables().panel) }

// EmojiGroups lists the groups of [EmojiInfo] in the order of a panel.
func EmojiGroups() []string {
	return []string{"smileys", "people", "animals", "food", "travel", "activities", "objects", "symbols", "flags"}
}

// FindEmoji lists the emoji that match every word of query in a name or keyword
// of either language: first those where the words are whole keywords, then
// those where they begin a word, then those where they are inside one, each in
// the order of [Emojis]. A query without words finds nothing.
func FindEmoji(query string) []EmojiInfo {
	words := strings.Fields(strings.ToLower(query))
	if len(words) == 0 {
		return nil
	}
	var byRank [rankNone][]EmojiInfo
	for _, e := range emojiTables().panel {
		worst := rankWhole
		for _, w := range words {
			worst = max(worst, e.rank(w))
		}
		if worst < rankNone {
			byRank[worst] = append(byRank[worst], e)
		}
	}
	return slices.Concat(byRank[:]...)
}

// How well a word of a query fits, the best first.
const (
	rankWhole = iota
	rankBegins
	rankInside
	rankNone
)

func (e *EmojiInfo) rank(word string) int {
	best := rankNone
	try := func(text string) {
		i := strings.Index(text, word)
		switch {
		case i < 0:
		case text == word:
			best = rankWhole
		case i == 0 || strings.Contains(text, " "+word):
			best = min(best, rankBegins)
		default:
			best = min(best, rankInside)
		}
	}
	try(strings.ToLower(e.English))
	try(strings.ToLower(e.Chinese))
	for _, k := range e.Keywords {
		try(k)
	}
	return best
}
