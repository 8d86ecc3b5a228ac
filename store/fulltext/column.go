package fulltext

// blockSlots is how many slots have their latest date noted together: most of a
// search is done with a block by comparing it with that. blockWords are as many words
// of a bitset.
const (
	blockSlots = 1024
	blockWords = blockSlots / 64
)

// column is the dates of the slots, in seconds since 1970, and the latest of each
// block.
type column struct{ dates, latest []uint32 }

// add adds the date of the next slot.
func (c *column) add(seconds uint32) {
	if len(c.dates)%blockSlots == 0 {
		c.latest = append(c.latest, 0)
	}
	last := &c.latest[len(c.latest)-1]
	*last = max(*last, seconds)
	c.dates = append(c.dates, seconds)
}
