package widgets

import "fyne.io/fyne/v2"

// EmojiWords are the words of an [EmojiPanel], in the person's language.
type EmojiWords struct {
	// Search is the placeholder of the field, Recent heads what was used last,
	// NoMatch is said when nothing was found.
	Search, Recent, NoMatch string
	// Dice is the tab with the die, Roll heads the die in it.
	Dice, Roll string
}

// Emoji is one emoji of a panel.
type Emoji struct {
	// Sequence is what [EmojiPanel.OnEmoji] is told, and whose picture is shown.
	Sequence string
	// Name is shown while the pointer is on it.
	Name string
}

// EmojiGroup is emoji under a heading.
type EmojiGroup struct {
	Label string
	Emoji []Emoji
}

// StickerTab is a set of stickers.
type StickerTab struct {
	Label    string
	Stickers []StickerCell
}

// StickerCell is one sticker.
type StickerCell struct {
	// Index and Data are what [EmojiPanel.OnSticker] is told.
	Index   int
	Data    string
	Name    string
	Picture fyne.Resource
}
