package core

import (
	"maps"
	"sync"

	"magpie/im"
)

// downloadRules are up to how many bytes of a file are fetched by itself, by the type of
// the message that names it.
type downloadRules struct {
	mu sync.Mutex
	of map[im.MessageType]int64
}

func (r *downloadRules) get(t im.MessageType) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.of[t]
}

// SetAutoDownload changes what [Options.AutoDownload] said, for messages that come from
// now on.
func (c *Client) SetAutoDownload(rules map[im.MessageType]int64) {
	c.rules.mu.Lock()
	defer c.rules.mu.Unlock()
	c.rules.of = maps.Clone(rules)
}

// autoDownload fetches what the rules say of every message that arrives.
func (c *Client) autoDownload() {
	sub := c.Subscribe()
	c.spawn(func() {
		defer sub.Close()
		for {
			select {
			case <-c.ctx.Done():
				return
			case e, open := <-sub.Events():
				if !open {
					return
				}
				received, is := e.(MessageReceived)
				if !is {
					continue
				}
				for i := range received.Messages {
					for _, w := range c.worthFetching(received.Messages[i].Payload) {
						// What fails is fetched when somebody looks at it.
						c.spawn(func() { _ = c.DownloadUpTo(c.ctx, w.address, w.limit, nil) })
					}
				}
			}
		}
	})
}

// worth is an address, and up to how many bytes it is worth fetching.
type worth struct {
	address string
	limit   int64
}

// worthFetching returns the addresses in p that the rules let in by what p says
// of their sizes; what is larger than it says is not taken all the same.
func (c *Client) worthFetching(p im.Payload) []worth {
	var list []worth
	add := func(t im.MessageType, size int64, addresses ...string) {
		limit := c.rules.get(t)
		if size <= 0 || size > limit {
			return
		}
		for _, a := range addresses {
			if _, ok := im.BlobHash(a); ok {
				list = append(list, worth{a, limit})
				return
			}
		}
	}
	switch p := p.(type) {
	case im.ImagePayload:
		for _, info := range p.ImageInfoArray {
			add(im.MsgImage, info.Size, info.ImageURL, info.URL)
		}
	case im.AudioPayload:
		add(im.MsgAudio, p.Size, p.URL, p.RemoteAudioURL)
	case im.VideoPayload:
		add(im.MsgImage, p.ThumbSize, p.ThumbURL)
		add(im.MsgVideo, p.VideoSize, p.VideoURL, p.RemoteVideoURL)
	case im.FilePayload:
		add(im.MsgFile, p.FileSize, p.FileURL)
	}
	return list
}
