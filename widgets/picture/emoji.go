package picture

import (
	"image"

	"magpie/assets"
)

// Emoji returns the picture of an emoji, side by side pixels. ok is false for a
// sequence that has none.
func (c *Cache) Emoji(sequence string, side int) (m image.Image, ok bool) {
	return c.get(key{sequence, side, emoji}, func() image.Image {
		full, ok := assets.Emoji(sequence)
		if !ok {
			return nil
		}
		return fit(full, side)
	})
}

// Prepare decodes emoji in the background, so that [Cache.Emoji] has little left
// to do for them.
func Prepare(sequences []string) {
	go func() {
		for _, s := range sequences {
			assets.Emoji(s)
		}
	}()
}
