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

// HasEmoji reports whether Emoji has its answer ready, so that it costs nothing.
func (c *Cache) HasEmoji(sequence string, side int) bool {
	k := key{sequence, side, emoji}
	_, young := c.young[k]
	_, old := c.old[k]
	return young || old
}
