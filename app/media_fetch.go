package app

import (
	"context"

	"magpie/app/core"
	"magpie/im"
	"magpie/widgets/canvas"
	"magpie/widgets/loop"
)

// fetches are the downloads of a session that a person asked for, those that were
// paused and that failed too. They go on while other conversations are open. They
// belong to the goroutine of the user interface.
type fetches struct {
	s   *session
	all map[string]*fetch // by address
}

// fetch is one of them.
type fetch struct {
	canvas.Transfer
	cancel context.CancelFunc
	then   []func()
}

func newFetches(s *session) *fetches { return &fetches{s: s, all: map[string]*fetch{}} }

// start fetches a file, or goes on with that, and then calls then, which
// may be nil; failed gives an error its words. size is what is expected,
// in bytes.
func (f *fetches) start(address string, size int64, then func(), failed func(error) string) {
	g := f.all[address]
	if g == nil {
		g = &fetch{Transfer: canvas.Transfer{Download: true, Total: size}}
		f.all[address] = g
	}
	if then != nil {
		g.then = append(g.then, then)
	}
	if g.cancel != nil {
		return
	}
	g.Paused, g.Failed = false, ""
	ctx, cancel := context.WithCancel(f.s.ctx)
	g.cancel = cancel
	if !f.s.client.HasFile(address) { // what is here needs no word
		f.tell(address, &g.Transfer)
	}
	client := f.s.client
	go func() {
		err := client.Download(ctx, address, nil)
		loop.Do(func() {
			if ctx.Err() != nil { // paused, cancelled, or the session ends
				return
			}
			cancel()
			g.cancel = nil
			if err != nil {
				g.Failed, g.then = failed(err), nil
				f.tell(address, &g.Transfer)
				return
			}
			delete(f.all, address)
			f.tell(address, nil)
			for _, then := range g.then {
				then()
			}
		})
	}()
}

// tell shows how one is, nil for one that has ended.
func (f *fetches) tell(address string, t *canvas.Transfer) {
	m := f.s.screen
	if m == nil || m.chat == nil {
		return
	}
	m.viewing.transferred(address, t)
	for _, key := range m.chat.media.keys(address) {
		m.canvas.SetTransfer(key, t)
	}
}

// progressed takes in how far a download is.
func (f *fetches) progressed(e core.TransferProgress) {
	g := f.all[e.Address]
	if g == nil || g.cancel == nil {
		return
	}
	g.Done, g.Total = e.Sent, e.Total
	f.tell(e.Address, &g.Transfer)
}

// pause stops one until it is started again; what came stays on the disk.
func (f *fetches) pause(address string) {
	if g := f.all[address]; g != nil && g.cancel != nil {
		g.cancel()
		g.cancel, g.Paused = nil, true
		f.tell(address, &g.Transfer)
	}
}

// stop gives one up.
func (f *fetches) stop(address string) {
	g := f.all[address]
	if g == nil {
		return
	}
	if g.cancel != nil {
		g.cancel()
	}
	delete(f.all, address)
	f.tell(address, nil)
}

// of returns how far one is, nil if there is none.
func (f *fetches) of(address string) *canvas.Transfer {
	if g := f.all[address]; g != nil {
		return &g.Transfer
	}
	return nil
}

// shownMedia notes what the canvas is handed, and shows the transfers of it that
// run already.
func (c *chat) shownMedia(o media) {
	c.media.put(o)
	key := canvas.Key(o.msg.ID)
	if o.msg.Sequence == 0 {
		c.m.showUpload(o.msg.ID)
		return
	}
	c.m.canvas.SetTransfer(key, c.m.s.fetches.of(o.address))
}

// showUpload shows how far the files of an own message are.
func (m *mainScreen) showUpload(id im.MessageID) {
	p, ok := m.s.client.Transfer(id)
	if !ok {
		m.canvas.SetTransfer(canvas.Key(id), nil)
		return
	}
	m.canvas.SetTransfer(canvas.Key(id), &canvas.Transfer{Done: p.Sent, Total: p.Total, Paused: p.Paused})
}

// transferred takes in how far an upload or a download is.
func (m *mainScreen) transferred(e core.TransferProgress) {
	if e.Download {
		m.s.fetches.progressed(e)
		return
	}
	m.showUpload(e.ID)
}

// downloaded shows that a file is here.
func (m *mainScreen) downloaded(e core.DownloadEnded) {
	if e.Error != nil {
		return
	}
	if f := m.s.fetches; f.of(e.Address) != nil && f.all[e.Address].cancel == nil {
		f.stop(e.Address) // paused or failed, and here all the same
	}
	m.s.thumbs.Arrived(e.Address)
	m.inChat(func(c *chat) { c.showAnew(e.Address) })
}

// showAnew shows the messages with these files as they are now.
func (c *chat) showAnew(addresses ...string) {
	var ch canvas.Changes
	for _, address := range addresses {
		for _, key := range c.media.keys(address) {
			o := c.media.byKey[key]
			ch.Put = append(ch.Put, c.present.item(&o.msg))
		}
	}
	if len(ch.Put) > 0 {
		c.apply(ch)
	}
}

// transfer does what a person wants of an upload or a download.
func (c *chat) transfer(key canvas.Key, action canvas.TransferAction) {
	o, ok := c.media.byKey[key]
	if !ok {
		return
	}
	m := c.m
	if o.msg.Sequence == 0 {
		c.transferUpload(key, action)
		return
	}
	switch action {
	case canvas.TransferStart, canvas.TransferResume:
		m.fetch(o, nil)
	case canvas.TransferPause:
		m.s.fetches.pause(o.address)
	case canvas.TransferCancel:
		m.s.fetches.stop(o.address)
		m.stopPlaying(o.msg.ID) // nobody waits to hear it
	}
}

// transferUpload is transfer for an own message that is not sent yet.
func (c *chat) transferUpload(key canvas.Key, action canvas.TransferAction) {
	m, id := c.m, im.MessageID(key)
	switch action {
	case canvas.TransferStart:
		c.resend(key)
	case canvas.TransferPause:
		m.report(m.s.client.PauseTransfer(id))
	case canvas.TransferResume:
		m.report(m.s.client.ResumeTransfer(id))
	case canvas.TransferCancel:
		c.cancelMessage(key)
		return
	}
	m.showUpload(id)
}

// fetch brings the content of a message to the disk, with its progress on the
// message; then is called when it is there, and may be nil.
func (m *mainScreen) fetch(o media, then func()) {
	if o.address == "" {
		m.app.say(m.tr.T("media.noAddress"))
		return
	}
	m.s.fetches.start(o.address, o.size, then, m.tr.Error)
}
