package fulltext

import (
	"cmp"
	"slices"
)

// candidate is a document that fits, before its place was looked up.
type candidate struct {
	seconds uint32
	source  int32
	slot    uint32
}

// newest keeps the most newest candidates, in a heap with the oldest on top.
type newest struct {
	most    int
	sources []Source
	heap    []candidate
}

// compare is negative if a comes before b, in the order of the answer.
func (n *newest) compare(a, b candidate) int {
	if a.seconds != b.seconds {
		return cmp.Compare(b.seconds, a.seconds)
	}
	p, q := n.sources[a.source].place(a.slot), n.sources[b.source].place(b.slot)
	if p.Conversation == q.Conversation {
		return cmp.Compare(q.Sequence, p.Sequence)
	}
	return p.Compare(q)
}

// wants reports whether a candidate of these seconds may be among the newest.
func (n *newest) wants(seconds uint32) bool {
	return len(n.heap) < n.most || n.most > 0 && seconds >= n.heap[0].seconds
}

func (n *newest) offer(c candidate) {
	switch {
	case len(n.heap) < n.most:
		n.heap = append(n.heap, c)
		n.up(len(n.heap) - 1)
	case !n.wants(c.seconds):
	case n.compare(c, n.heap[0]) < 0:
		n.heap[0] = c
		n.down(0)
	}
}

func (n *newest) up(i int) {
	for i > 0 {
		above := (i - 1) / 2
		if n.compare(n.heap[above], n.heap[i]) >= 0 {
			return
		}
		n.heap[above], n.heap[i] = n.heap[i], n.heap[above]
		i = above
	}
}

func (n *newest) down(i int) {
	for {
		oldest := i
		for _, c := range [2]int{2*i + 1, 2*i + 2} {
			if c < len(n.heap) && n.compare(n.heap[c], n.heap[oldest]) > 0 {
				oldest = c
			}
		}
		if oldest == i {
			return
		}
		n.heap[oldest], n.heap[i] = n.heap[i], n.heap[oldest]
		i = oldest
	}
}

// from returns the hits in order, without the first skip. It is the last call.
func (n *newest) from(skip int) []Hit {
	slices.SortFunc(n.heap, n.compare)
	var hits []Hit
	for _, c := range n.heap[min(skip, len(n.heap)):] {
		hits = append(hits, Hit{n.sources[c.source].place(c.slot), c.seconds})
	}
	return hits
}
