package thumbs

import "image"

// recent is a list of entries by their last use, with the memory of their
// pictures.
type recent struct {
	newest, oldest *entry
	bytes          int64
}

func (r *recent) add(e *entry) {
	e.older, e.newer = r.newest, nil
	if r.newest != nil {
		r.newest.newer = e
	}
	r.newest = e
	if r.oldest == nil {
		r.oldest = e
	}
	r.bytes += e.bytes()
}

func (r *recent) remove(e *entry) {
	if e.newer != nil {
		e.newer.older = e.older
	} else {
		r.newest = e.older
	}
	if e.older != nil {
		e.older.newer = e.newer
	} else {
		r.oldest = e.newer
	}
	e.newer, e.older = nil, nil
	r.bytes -= e.bytes()
}

func (r *recent) use(e *entry) {
	if r.newest != e {
		r.remove(e)
		r.add(e)
	}
}

// bytes is what the pictures of an entry take.
func (e *entry) bytes() int64 { return pixels(e.image) + pixels(e.blurred) }

func pixels(img image.Image) int64 {
	if img == nil {
		return 0
	}
	b := img.Bounds()
	return 4 * int64(b.Dx()) * int64(b.Dy())
}

// queue are requests, the next to be done last.
type queue struct{ waiting []*entry }

// push returns the request that there was no room for, nil if there was.
func (q *queue) push(e *entry) (out *entry) {
	if len(q.waiting) == maxQueued {
		out = q.waiting[0]
		q.waiting = append(q.waiting[:0], q.waiting[1:]...)
	}
	q.waiting = append(q.waiting, e)
	return out
}

func (q *queue) pop() *entry {
	last := len(q.waiting) - 1
	e := q.waiting[last]
	q.waiting[last] = nil
	q.waiting = q.waiting[:last]
	return e
}
