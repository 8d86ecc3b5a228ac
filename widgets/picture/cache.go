package picture

import (
	"image"

	"fyne.io/fyne/v2"
)

// MaxBytes is how many bytes of pixels a [Cache] keeps.
const MaxBytes = 16 << 20

// Cache holds pictures at the sizes at which they are drawn. Its zero value is
// empty and ready.
//
// It has two generations: what is used is in the young one, and when that holds
// half of [MaxBytes] it becomes the old one and the old one goes. So what is on
// the screen stays, without an order to be kept at each look.
type Cache struct {
	young, old map[key]image.Image
	bytes      int // of young
}

type key struct {
	name string
	side int
	kind kind
}

type kind uint8

const (
	emoji kind = iota
	resource
)

// Resource returns the picture of a resource, fitted into a square of side
// pixels. Resources of one name are taken for the same. ok is false for nil and
// for what cannot be read.
func (c *Cache) Resource(res fyne.Resource, side int) (m image.Image, ok bool) {
	if res == nil {
		return nil, false
	}
	return c.get(key{res.Name(), side, resource}, func() image.Image { return read(res.Content(), side) })
}

// get returns what is kept or makes it. What cannot be made is remembered as
// well.
func (c *Cache) get(k key, fresh func() image.Image) (image.Image, bool) {
	if k.side <= 0 {
		return nil, false
	}
	m, known := c.young[k]
	if !known {
		if m, known = c.old[k]; !known {
			m = fresh()
		}
		c.keep(k, m)
	}
	return m, m != nil
}

func (c *Cache) keep(k key, m image.Image) {
	size := 4*k.side*k.side + 256
	if c.young == nil || c.bytes+size > MaxBytes/2 {
		c.old, c.young, c.bytes = c.young, make(map[key]image.Image), 0
	}
	c.young[k] = m
	c.bytes += size
}
