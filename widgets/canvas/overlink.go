package canvas

// overLink tells the window which link is under the pointer, "" for none, whenever
// that changes.
func (c *Canvas) overLink(url string) {
	if c.pointer.link == url {
		return
	}
	c.pointer.link = url
	if c.intents.OnOverLink != nil {
		c.intents.OnOverLink(url)
	}
}

// overVoice does the same for voice notes, but only says when one is come to.
func (c *Canvas) overVoice(key Key) {
	if c.pointer.voice == key {
		return
	}
	if c.pointer.voice = key; key != "" {
		c.nearVoice(key)
	}
}

func (c *Canvas) nearVoice(key Key) {
	if c.intents.OnNearVoice != nil {
		c.intents.OnNearVoice(key)
	}
}
