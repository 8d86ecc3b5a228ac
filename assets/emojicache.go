package assets

import (
	"container/list"
	"image"
	"sync"
)

// emojiCacheSize is how many decoded pictures are kept: more than a panel and a
// conversation show at once, in about 10 MB.
const emojiCacheSize = 512

var emojiCache = pictureCache{max: emojiCacheSize}

// pictureCache keeps the pictures that were asked for last. It is ready to use
// with max set, and may be used by several goroutines.
type pictureCache struct {
	max int

	mu    sync.Mutex
	order list.List // of *cachedPicture, the latest first
	all   map[emojiPlace]*list.Element
}

type cachedPicture struct {
	place emojiPlace
	img   image.Image
}

// get returns the picture, or nil if it is not kept.
func (c *pictureCache) get(place emojiPlace) image.Image {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.all[place]
	if !ok {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*cachedPicture).img
}

// put keeps img and lets go of what was not asked for the longest.
func (c *pictureCache) put(place emojiPlace, img image.Image) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.all[place]; ok {
		return // decoded twice at the same time
	}
	if c.all == nil {
		c.all = map[emojiPlace]*list.Element{}
	}
	c.all[place] = c.order.PushFront(&cachedPicture{place, img})
	if c.order.Len() > c.max {
		last := c.order.Back()
		c.order.Remove(last)
		delete(c.all, last.Value.(*cachedPicture).place)
	}
}

// clear lets go of all.
func (c *pictureCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.order.Init()
	c.all = nil
}

// len is how many pictures are kept.
func (c *pictureCache) len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.order.Len()
}
