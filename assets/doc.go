// Package assets holds everything the window shows that is not made by people:
// fonts, icons, emoji, stickers, dice, avatars, default thumbnails and the words
// of the interface.
//
// Files lie beside the code and are embedded; nothing is read from the disk or
// the network at run time. The package knows neither Fyne nor the model: it
// hands out bytes, and of emoji pictures. Colours are not its business either:
// icons are drawn in "currentColor", which [magpie/widgets/theme] replaces;
// stickers, dice and avatars bring their own.
//
// The fonts are made by scripts/fonts/make.sh, the emoji by
// scripts/emoji/make.sh, the stickers, dice and avatars by
// scripts/drawings/make.sh, the application icon by scripts/icon/make.sh; all
// give the same bytes every time. Of the emoji nothing is read before the first
// is asked for.
package assets
