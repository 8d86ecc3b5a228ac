package core

import (
	"magpie/im"
)

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
		if size <= 0 || size > c.o.AutoDownload[t] {
			return
		}
		for _, a := range addresses {
			if _, ok := im.BlobHash(a); ok {
				list = append(list, worth{a, c.o.AutoDownload[t]})
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
