package assets

import (
	"embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed stickers/*/*.svg
var stickerFiles embed.FS

//go:embed dice/*.svg
var diceFiles embed.FS

//go:embed avatars/*.svg
var avatarFiles embed.FS

// StickerSet is a set of stickers as the panel shows it.
type StickerSet struct {
	Index            int // in messages
	English, Chinese string
	Stickers         []Sticker
}

// Sticker is one drawing. Index and Data are what a message says of it, in the
// fields of that name of the model's face payload.
type Sticker struct {
	Index            int    // of the set
	Data             string // the sticker in the set
	English, Chinese string
}

// The sets, in the order of the panel. What messages say, Index and Data, stays
// as it is for good; a folder has the files of a set, named after Data.
var stickerSets = []struct {
	StickerSet
	folder string
}{
	{folder: "magpie", StickerSet: StickerSet{Index: 1, English: "Magpie", Chinese: "喜鹊", Stickers: []Sticker{
		{1, "hello", "Hello", "你好"},
		{1, "ok", "OK", "好的"},
		{1, "love", "Love it", "好喜欢"},
		{1, "laugh", "Ha ha", "哈哈"},
		{1, "thanks", "Thank you", "谢谢"},
		{1, "thinking", "Let me think", "让我想想"},
		{1, "surprised", "Wow", "哇"},
		{1, "cry", "Boo hoo", "呜呜"},
		{1, "angry", "Grr", "生气"},
		{1, "cheer", "Go, go", "加油"},
		{1, "party", "Hooray", "太棒了"},
		{1, "gift", "For you", "送给你"},
		{1, "coffee", "Coffee break", "喝杯咖啡"},
		{1, "rain", "Rainy day", "下雨了"},
		{1, "sleep", "Sleepy", "困了"},
		{1, "goodnight", "Good night", "晚安"},
	}}},
	{folder: "dumplings", StickerSet: StickerSet{Index: 2, English: "Dumplings", Chinese: "团子", Stickers: []Sticker{
		{2, "happy", "Happy", "开心"},
		{2, "morning", "Good morning", "早上好"},
		{2, "hug", "Hug", "抱抱"},
		{2, "together", "Together", "贴贴"},
		{2, "shy", "Shy", "害羞"},
		{2, "cool", "Cool", "酷"},
		{2, "hungry", "Hungry", "饿了"},
		{2, "birthday", "Happy birthday", "生日快乐"},
		{2, "music", "Listening", "听歌"},
		{2, "reading", "Reading", "看书"},
		{2, "sprout", "Sprouting", "发芽"},
		{2, "peek", "Anyone there?", "在吗"},
		{2, "dizzy", "Dizzy", "晕"},
		{2, "melted", "Melted", "累瘫"},
		{2, "sob", "Sob", "大哭"},
		{2, "fire", "On fire", "冒火"},
	}}},
}

// StickerSets lists the sets in the order of the panel.
func StickerSets() []StickerSet {
	sets := make([]StickerSet, len(stickerSets))
	for i, s := range stickerSets {
		sets[i] = s.StickerSet
		sets[i].Stickers = slices.Clone(s.Stickers)
	}
	return sets
}

// StickerPicture returns the drawing of the sticker that a message names, in
// its own colours on a square, and false for a sticker we do not have.
func StickerPicture(index int, data string) (svg []byte, ok bool) {
	for _, set := range stickerSets {
		if set.Index != index {
			continue
		}
		for _, s := range set.Stickers {
			if s.Data == data {
				return drawing(stickerFiles, "stickers/"+set.folder+"/"+data+".svg")
			}
		}
	}
	return nil, false
}

// DicePicture returns the face of a die that shows n, which is 1 to 6.
func DicePicture(n int) (svg []byte, ok bool) {
	return drawing(diceFiles, fmt.Sprintf("dice/%d.svg", n))
}

// avatarScheme begins the address of an avatar that travels with the program.
const avatarScheme = "magpie:avatar/"

// Avatars lists the addresses of the avatars that travel with the program, as
// they stand in profiles of people and groups.
func Avatars() []string {
	all := names(avatarFiles, "avatars")
	for i, name := range all {
		all[i] = avatarScheme + name
	}
	return all
}

// AvatarPicture returns the drawing for an address of [Avatars], a full square,
// and false for every other address.
func AvatarPicture(url string) (svg []byte, ok bool) {
	name, ok := strings.CutPrefix(url, avatarScheme)
	if !ok {
		return nil, false
	}
	return drawing(avatarFiles, "avatars/"+name+".svg")
}

// drawing reads an embedded file. Names from messages may be anything: what is
// no path in the folder is not found.
func drawing(files embed.FS, name string) ([]byte, bool) {
	b, err := files.ReadFile(name)
	return b, err == nil
}
