package store

import "bytes"

// built is about how much of a history the making of its index has been through, 0
// to 1: whole conversations, and of the one that it is at the part by sequence. It
// costs a look at each conversation.
func (tx *txn) built(at searchState) float64 {
	if at.done {
		return 1
	}
	if at.conv == "" {
		return 0
	}
	name := tx.name(string(at.conv))
	before, all, within := 0, 0, 0.0
	c := tx.Bucket(bucketMsg).Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		all++
		switch order := bytes.Compare(k, name); {
		case order < 0:
			before++
		case order == 0:
			last, _ := tx.Bucket(bucketMsg).Bucket(k).Cursor().Last()
			if n, err := keySequence(last); err == nil && n > 0 {
				within = min(float64(at.sequence)/float64(n), 1)
			}
		}
	}
	if all == 0 {
		return 0
	}
	return (float64(before) + within) / float64(all)
}
