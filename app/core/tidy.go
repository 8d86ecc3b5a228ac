package core

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// KeepRules say what of the files that were sent and received stays on this disk by
// itself. What is removed comes back from the server when somebody looks at it: nothing
// is removed that the server does not have at that moment, and nothing without a
// connection.
type KeepRules struct {
	// Bytes is how much there may be, over which the files unused for longest go.
	// Those that exist nowhere else do not count. 0 means no limit.
	Bytes int64
	// For is how long a file stays after the newest message that names it, and after
	// it was looked at last; 0 means for ever. Previews stay.
	For time.Duration
}

// tidy keeps the folder of files to the rules, in the background.
type tidy struct {
	poke chan struct{} // capacity 1: there may be too much

	mu    sync.Mutex
	rules KeepRules
	// settled is how much there was after the last look: what cannot go is not looked
	// for again before there is a good deal more.
	settled int64
}

const (
	// tidyAfter is how long after the start the rules are applied first, tidyEvery how
	// often from then on.
	tidyAfter = 2 * time.Minute
	tidyEvery = 12 * time.Hour
	// tidyBatch is how many files the server is asked about at once.
	tidyBatch = 64
)

// SetKeepRules changes the rules; they are applied soon.
func (c *Client) SetKeepRules(r KeepRules) {
	c.tidy.mu.Lock()
	c.tidy.rules, c.tidy.settled = r, 0
	c.tidy.mu.Unlock()
	poke(c.tidy.poke)
}

func (c *Client) keepRules() KeepRules {
	c.tidy.mu.Lock()
	defer c.tidy.mu.Unlock()
	return c.tidy.rules
}

// grown is called when a file came into the folder, with how much there is now.
func (c *Client) grown(used int64) {
	t := &c.tidy
	t.mu.Lock()
	over := t.rules.Bytes > 0 && used > t.rules.Bytes && used > t.settled+t.settled/20
	t.mu.Unlock()
	if over {
		poke(t.poke)
	}
}

// tidyUp applies the rules until the client ends.
func (c *Client) tidyUp() {
	timer := time.NewTimer(tidyAfter)
	defer timer.Stop()
	for {
		select {
		case <-c.ctx.Done():
			return
		case <-c.tidy.poke:
		case <-timer.C:
		}
		next := tidyEvery
		if done, err := c.tidyOnce(c.ctx); err != nil {
			c.report(err)
		} else if !done {
			next = tidyAfter
		}
		timer.Reset(next)
	}
}

// tidyOnce applies the rules once, if that is possible now.
func (c *Client) tidyOnce(ctx context.Context) (done bool, err error) {
	rules := c.keepRules()
	if rules == (KeepRules{}) {
		return true, nil
	}
	if c.current() == nil {
		return false, nil
	}
	convs, err := c.histories()
	if err != nil {
		return false, err
	}
	found, err := c.foundFiles(ctx, convs, true)
	if err != nil {
		return false, err
	}
	unsent, err := c.unsentFiles()
	if err != nil {
		return false, err
	}
	found = slices.DeleteFunc(found, func(f foundFile) bool { return unsent[f.path] })
	if rules.For > 0 {
		if found, err = c.removeOld(ctx, found, c.o.Now().Add(-rules.For)); err != nil {
			return false, err
		}
	}
	left, err := c.removeOver(ctx, found, rules.Bytes)
	if err != nil {
		return false, err
	}
	c.tidy.mu.Lock()
	c.tidy.settled = left
	c.tidy.mu.Unlock()
	return true, nil
}

// removeOld removes what is older than a time and returns what is left of found.
func (c *Client) removeOld(ctx context.Context, found []foundFile, before time.Time) (left []foundFile, err error) {
	var old []foundFile
	for _, f := range found {
		if !f.preview && f.newest < before.UnixMilli() && f.time.Before(before) {
			old = append(old, f)
		} else {
			left = append(left, f)
		}
	}
	for batch := range slices.Chunk(old, tidyBatch) {
		stays, err := c.removeAnswered(ctx, batch)
		left = append(left, stays...)
		if err != nil {
			return left, err
		}
	}
	return left, nil
}

// removeOver removes the files unused for longest, previews last, until what may go at
// all is some less than limit bytes. It returns how much there is then.
func (c *Client) removeOver(ctx context.Context, found []foundFile, limit int64) (left int64, err error) {
	for _, f := range found {
		left += f.size
	}
	if limit <= 0 || left <= limit {
		return left, nil
	}
	slices.SortFunc(found, func(a, b foundFile) int {
		if a.preview != b.preview {
			if a.preview {
				return 1
			}
			return -1
		}
		return cmp.Compare(a.time.UnixNano(), b.time.UnixNano())
	})
	counted := left // without what turned out to exist nowhere else
	for len(found) > 0 && counted > limit-limit/10 {
		// No more than have to go are asked about.
		n, sum := 0, int64(0)
		for n < len(found) && n < tidyBatch && counted-sum > limit-limit/10 {
			sum += found[n].size
			n++
		}
		stays, err := c.removeAnswered(ctx, found[:n])
		for _, f := range stays {
			left += f.size
		}
		left, counted, found = left-sum, counted-sum, found[n:]
		if err != nil {
			return left, err
		}
		if c.current() == nil {
			break
		}
	}
	return left, nil
}

// removeAnswered removes those of the files that the server has and returns the others.
func (c *Client) removeAnswered(ctx context.Context, files []foundFile) (stays []foundFile, err error) {
	answers, err := c.askServer(ctx, hashesOf(files), nil)
	if err != nil {
		return files, err
	}
	unsent, err := c.unsentFiles() // somebody may have written meanwhile
	if err != nil {
		return files, err
	}
	for _, f := range files {
		if !answers[f.hash] || unsent[f.path] {
			stays = append(stays, f)
		}
	}
	_, err = c.removeFiles(ctx, FreeUpQuery{}, files, answers, unsent)
	return stays, err
}
