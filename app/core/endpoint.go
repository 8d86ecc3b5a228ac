package core

import (
	"context"

	"magpie/im"
)

// Endpoint is where to connect this time, and with what.
type Endpoint struct {
	// Server is as [Options].Server.
	Server string
	// UserSig, if not empty, is tried instead of earlier ones.
	UserSig string
}

// locate asks where to connect, if there is somebody to ask.
func (c *Client) locate() error {
	if c.o.Endpoint == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(c.ctx, c.o.DialTimeout)
	defer cancel()
	e, err := c.o.Endpoint(ctx)
	if err != nil {
		return coded(err, im.CodeServerUnreachable)
	}
	url, err := address(e.Server)
	if err != nil {
		return im.Errorf(im.CodeServerUnreachable, "%v", err)
	}
	if err := checkPin(c.o.Pin, url); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.url = url
	if e.UserSig != "" {
		c.keys.userSig = e.UserSig
	}
	return nil
}
