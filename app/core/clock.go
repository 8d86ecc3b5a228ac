package core

import (
	"time"

	"magpie/im"
	"magpie/im/wire"
)

// ServerNow is the server's clock, as far as the last hello told how much it
// differs from this machine's; without one it is this machine's. While there is a
// connection, putting this machine's clock changes nothing.
func (c *Client) ServerNow() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link != nil && !c.told.IsZero() {
		return c.told.Add(time.Since(c.toldAt))
	}
	// Without a connection the machine may have slept, which only its clock knows.
	return c.o.Now().Add(c.ahead)
}

// setClockLocked takes the difference of the clocks from a hello that was asked
// at sent and answered by now: the server looked at its clock in between.
func (c *Client) setClockLocked(w wire.Welcome, sent, now time.Time) {
	if w.Now > 0 {
		way := now.Sub(sent) / 2
		c.ahead = time.UnixMilli(w.Now).Sub(sent.Add(way))
		c.told, c.toldAt = time.UnixMilli(w.Now).Add(way), time.Now()
	}
}

// revokeWindow is how long one's own messages may be recalled.
func (c *Client) revokeWindow() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.welcome.Limits.RevokeWindow; s > 0 {
		return time.Duration(min(s, maxRevokeSeconds)) * time.Second
	}
	return im.RevokeWindow
}

// maxRevokeSeconds keeps a window within what a duration can hold.
const maxRevokeSeconds = 1 << 32
