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
