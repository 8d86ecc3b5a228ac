//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"context"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// owner answers those who ask for a picture until somebody else puts something
// into the clipboard.
type owner struct {
	*client
	png []byte
	// sending are the transfers in parts and how far each is.
	sending map[transfer]int
}

// transfer is one by the property of the window that it goes to.
type transfer struct {
	window   xproto.Window
	property xproto.Atom
}

// WritePicture puts a picture, a PNG, into the clipboard, where it stays until
// something else is put there or Close. The bytes must not change.
func (c *Clipboard) WritePicture(ctx context.Context, png []byte) error {
	x, err := c.connect(ctx)
	if err != nil {
		return err
	}
	clipboard := x.atoms[atomClipboard]
	xproto.SetSelectionOwner(x.conn, x.window, clipboard, xproto.TimeCurrentTime)
	now, err := xproto.GetSelectionOwner(x.conn, clipboard).Reply()
	if err == nil && now.Owner != x.window {
		err = ErrUnavailable // somebody was faster
	}
	if err != nil {
		x.conn.Close()
		return x.failed(ctx, err)
	}
	o := &owner{x, png, map[transfer]int{}}
	c.mu.Lock()
	before := c.held
	c.held = o
	c.mu.Unlock()
	if before != nil {
		before.conn.Close()
	}
	go o.serve()
	return nil
}

// serve answers until the clipboard is somebody else's or the connection ends.
func (o *owner) serve() {
	defer o.conn.Close()
	for {
		event, err := o.next(context.Background())
		if err != nil {
			return
		}
		switch e := event.(type) {
		case xproto.SelectionClearEvent:
			return
		case xproto.SelectionRequestEvent:
			o.answer(e)
		case xproto.PropertyNotifyEvent:
			if e.State == xproto.PropertyDelete {
				o.goOn(transfer{e.Window, e.Atom})
			}
		}
	}
}

// answer gives who asks what they asked for, or nothing if it is not there.
func (o *owner) answer(r xproto.SelectionRequestEvent) {
	to := transfer{r.Requestor, r.Property}
	if to.property == xproto.AtomNone { // clients of before 1988
		to.property = r.Target
	}
	switch r.Target {
	case o.atoms[atomTargets]:
		o.put32(to, xproto.AtomAtom, uint32(r.Target), uint32(o.atoms[atomPNG]))
	case o.atoms[atomPNG]:
		if len(o.png) <= chunk {
			o.put(to, o.png)
			break
		}
		// Its taking the property away asks for the next part.
		xproto.ChangeWindowAttributes(o.conn, to.window, xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange})
		o.put32(to, o.atoms[atomIncr], uint32(len(o.png)))
		o.sending[to] = 0
	default:
		to.property = xproto.AtomNone
	}
	xproto.SendEvent(o.conn, false, r.Requestor, 0, string(xproto.SelectionNotifyEvent{
		Time: r.Time, Requestor: r.Requestor, Selection: r.Selection, Target: r.Target, Property: to.property,
	}.Bytes()))
}

// goOn sends the next part of a transfer; the one behind the last is empty.
func (o *owner) goOn(to transfer) {
	done, ok := o.sending[to]
	if !ok {
		return
	}
	part := o.png[done:min(done+chunk, len(o.png))]
	o.put(to, part)
	o.sending[to] = done + len(part)
	if len(part) == 0 {
		delete(o.sending, to)
	}
}

func (o *owner) put(to transfer, b []byte) {
	xproto.ChangeProperty(o.conn, xproto.PropModeReplace, to.window, to.property, o.atoms[atomPNG], 8, uint32(len(b)), b)
}

func (o *owner) put32(to transfer, kind xproto.Atom, values ...uint32) {
	b := make([]byte, 4*len(values))
	for i, v := range values {
		xgb.Put32(b[4*i:], v)
	}
	xproto.ChangeProperty(o.conn, xproto.PropModeReplace, to.window, to.property, kind, 32, uint32(len(values)), b)
}
