package server

import (
	"fmt"
	"strconv"
	"strings"
)

// anchorPage is the number of messages of one aligned page: numbers 1–16,
// 17–32 … of a conversation.
const anchorPage = 16

// position is where a message stands, and what the writer of the next one
// needs to know.
type position struct {
	n    uint64 // number in the conversation, 0 before the first message
	seq  uint64 // sequence in the stream, 0 before the first message
	u    uint64 // countable messages up to and with this one
	time int64  // ms since 1970
	// a is the stream sequence of the first message of this message's aligned
	// page (0: this message itself), b that of the page before (0: there is none).
	a, b uint64
}

// next returns the anchors of the message after p. They follow from the last
// message alone, so nothing but the log has to be right for them to be right.
func (p position) next() (n, a, b uint64) {
	n = p.n + 1
	if p.n == 0 {
		return n, 0, 0
	}
	if (n-1)%anchorPage == 0 {
		return n, 0, p.pageStart()
	}
	return n, p.pageStart(), p.b
}

// pageStart is the stream sequence of the first message of p's page.
func (p position) pageStart() uint64 {
	if p.a == 0 {
		return p.seq
	}
	return p.a
}

// before returns a stream sequence from which the 16 messages before p can be
// read in order: the start of the page before, or of p's own if it is the first.
func (p position) before() uint64 {
	if p.b != 0 {
		return p.b
	}
	return p.pageStart()
}

// pageNumber is the number of the first message of n's aligned page.
func pageNumber(n uint64) uint64 { return n - (n-1)%anchorPage }

// formatAnchor and parseAnchor are the header "C": "n A B".
func formatAnchor(n, a, b uint64) string { return fmt.Sprintf("%d %d %d", n, a, b) }

func parseAnchor(s string) (n, a, b uint64, err error) {
	v, err := parseNumbers(s, 3)
	if err != nil {
		return 0, 0, 0, err
	}
	if v[0] == 0 {
		return 0, 0, 0, fmt.Errorf("server: anchor %q numbers from 0", s)
	}
	return v[0], v[1], v[2], nil
}

// parseNumbers reads exactly count decimal numbers parted by single spaces.
func parseNumbers(s string, count int) ([]uint64, error) {
	parts := strings.Split(s, " ")
	if len(parts) != count {
		return nil, fmt.Errorf("server: %q is not %d numbers", s, count)
	}
	v := make([]uint64, count)
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("server: %q is not %d numbers: %w", s, count, err)
		}
		v[i] = n
	}
	return v, nil
}
