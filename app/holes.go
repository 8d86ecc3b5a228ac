package app

import (
	"context"
	"slices"
	"time"

	"magpie/app/core"
	"magpie/im"
	"magpie/widgets/canvas"
)

// holes is what is under way for ranges of the open conversation that are not here.
type holes struct {
	// filled are ranges that have come and are not on the canvas yet, reading says that
	// one is being read. They are read one after the other: what is read later is newer.
	filled  []canvas.Range
	reading bool
	// asked are the holes that are being filled.
	asked map[canvas.Key]bool
}

// fill fetches what is wanted of a hole that came onto the screen: around a message, or
// from the end that is read next.
func (c *chat) fill(w canvas.HoleWanted) {
	if !c.present.connected {
		if w.At > 0 {
			c.m.app.say(c.m.tr.T("chat.notHereYet"))
		}
		return
	}
	_, failed := c.present.holesFailed[w.Key]
	if w.At == 0 && (failed || c.holes.asked[w.Key]) {
		return // a person asks again, or it is under way
	}
	if failed {
		c.fillAgain(w.Key)
	}
	if c.holes.asked == nil {
		c.holes.asked = map[canvas.Key]bool{}
	}
	c.holes.asked[w.Key] = true
	client, conv := c.m.s.client, c.conv
	beside(c.ctx, func(ctx context.Context) (int, error) {
		switch {
		case w.At > 0:
			return client.FillHistoryAround(ctx, conv, w.At)
		case w.Newer:
			return client.FillHistoryAfter(ctx, conv, w.From-1)
		}
		return client.FillHistory(ctx, conv, w.To+1)
	}, func(n int, err error) {
		delete(c.holes.asked, w.Key)
		switch {
		case err != nil:
			c.fillFailed(w.Key, err)
		case n == 0: // somebody else has filled it; the canvas may not have heard
			c.refilled(w.From, w.To)
		}
	})
}

// fillFailed says at the hole what went wrong.
func (c *chat) fillFailed(key canvas.Key, err error) {
	if im.CodeOf(err) == im.CodeNetworkDown {
		return // the hole says so when the screen hears that the connection is gone
	}
	c.present.holesFailed[key] = c.m.tr.Error(err)
	c.m.canvas.ChangeHoles(c.present.holeState)
}

// fillAgain is a person's wish; the canvas asks for the hole as soon as it is loading.
func (c *chat) fillAgain(key canvas.Key) {
	delete(c.present.holesFailed, key)
	c.m.canvas.ChangeHoles(c.present.holeState)
}

// closeUp has new messages take the place of a hole that stood for them. After a long
// absence the newest come first: then the hole below them is looked for.
func (c *chat) closeUp(news *canvas.Changes) {
	first, last := uint64(0), uint64(0)
	for i := range news.Put {
		if n := news.Put[i].Sequence; n > 0 {
			if first == 0 {
				first = n
			}
			last = max(last, n)
		}
	}
	if first == 0 {
		return
	}
	news.Filled = append(news.Filled, canvas.Range{From: first, To: last})
	if first > c.source.top+1 {
		c.refilled(first, first)
	}
	c.source.top = max(c.source.top, last)
}

// refillPage is how many messages are read at once.
const refillPage = 1000

// refilled brings in what was fetched into a hole.
func (c *chat) refilled(from, to uint64) {
	if c.conv.Type() == im.ConvSystem {
		c.countNotices() // one was answered
	}
	for from <= to {
		end := min(to, from+refillPage-1)
		c.holes.filled = append(c.holes.filled, canvas.Range{From: from, To: end})
		from = end + 1
	}
	c.readFilled()
}

// readFilled reads the next range that has come.
func (c *chat) readFilled() {
	if c.holes.reading || len(c.holes.filled) == 0 {
		return
	}
	r := c.holes.filled[0]
	c.holes.filled = c.holes.filled[1:]
	c.holes.reading = true
	q := core.HistoryQuery{Before: r.To + 1, Limit: int(r.To - r.From + 1)}
	c.rereadThen(q, func(items []canvas.Item) canvas.Changes {
		// A hole that goes on beyond the range was looked at with it, and is as it is now.
		items = slices.DeleteFunc(items, func(it canvas.Item) bool { return it.Sequence == 0 })
		ch := canvas.Changes{Put: items}
		if !slices.ContainsFunc(items, func(it canvas.Item) bool {
			return it.Kind == canvas.KindHole && it.Sequence <= r.From && it.Until >= r.To
		}) {
			ch.Filled = []canvas.Range{r}
		}
		return ch
	}, func() {
		c.holes.reading = false
		c.readFilled()
	})
}

// backfill is what the setting of days means.
func backfill(days int) core.Backfill {
	return core.Backfill{Off: days < 0, Age: time.Duration(max(days, 0)) * 24 * time.Hour}
}
