//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/jezek/xgb/xproto"

	"magpie/im"
)

// pictureTypes are the formats that are asked for, the best first.
var pictureTypes = []string{atomPNG, "image/jpeg", "image/webp", "image/gif", "image/tiff", "image/bmp"}

// errNothing: the clipboard is empty, or not of that type.
var errNothing = errors.New("clipboard: nothing there")

// Read returns the absolute paths of copied files, else a picture in the format
// that its first bytes say; both are empty if there is neither. The error is
// ErrUnavailable, ErrTooLarge, or ctx's when the owner has not answered by then.
func (c *Clipboard) Read(ctx context.Context) (files []string, picture []byte, err error) {
	x, err := c.connect(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer x.conn.Close()
	defer context.AfterFunc(ctx, x.conn.Close)()
	targets, err := x.targets(ctx)
	if err != nil {
		return nil, nil, ignoreNothing(err)
	}
	if targets[x.atoms[atomURIs]] {
		list, err := x.convert(ctx, atomURIs)
		if files := paths(list); len(files) > 0 || ignoreNothing(err) != nil {
			return files, nil, ignoreNothing(err)
		}
	}
	i := slices.IndexFunc(pictureTypes, func(t string) bool { return targets[x.atoms[t]] })
	if i < 0 {
		return nil, nil, nil
	}
	picture, err = x.convert(ctx, pictureTypes[i])
	return nil, picture, ignoreNothing(err)
}

func ignoreNothing(err error) error {
	if errors.Is(err, errNothing) {
		return nil
	}
	return err
}

// targets are the types that the clipboard can be had in.
func (x *client) targets(ctx context.Context) (map[xproto.Atom]bool, error) {
	list, err := x.convert(ctx, atomTargets)
	if err != nil {
		return nil, err
	}
	all := map[xproto.Atom]bool{} // the connection is little-endian on every machine
	for ; len(list) >= 4; list = list[4:] {
		all[xproto.Atom(binary.LittleEndian.Uint32(list))] = true
	}
	return all, nil
}

// convert asks the owner of the clipboard for its content as a type and waits for
// it; errNothing if there is none.
func (x *client) convert(ctx context.Context, as string) ([]byte, error) {
	property := x.atoms[atomTransfer]
	xproto.ConvertSelection(x.conn, x.window, x.atoms[atomClipboard], x.atoms[as], property, xproto.TimeCurrentTime)
	for {
		event, err := x.next(ctx)
		if err != nil {
			return nil, err
		}
		if n, ok := event.(xproto.SelectionNotifyEvent); ok && n.Target == x.atoms[as] {
			if n.Property == xproto.AtomNone {
				return nil, errNothing
			}
			break
		}
	}
	content, kind, err := x.property(ctx, property, nil)
	if err != nil || kind != x.atoms[atomIncr] {
		return content, err
	}
	// Taking the property away, as property did, begins a transfer in parts, each
	// announced by the property being there again; an empty one is the end.
	content = nil
	for {
		event, err := x.next(ctx)
		if err != nil {
			return nil, err
		}
		n, ok := event.(xproto.PropertyNotifyEvent)
		if !ok || n.Atom != property || n.State != xproto.PropertyNewValue {
			continue
		}
		before := len(content)
		if content, _, err = x.property(ctx, property, content); err != nil || len(content) == before {
			return content, err
		}
	}
}

// property appends a property of our window to b, takes it away and returns its
// type too.
func (x *client) property(ctx context.Context, name xproto.Atom, b []byte) ([]byte, xproto.Atom, error) {
	for offset := uint32(0); ; {
		part, err := xproto.GetProperty(x.conn, true, x.window, name, xproto.GetPropertyTypeAny, offset/4, chunk/4).Reply()
		if err != nil {
			return nil, 0, x.failed(ctx, err)
		}
		if len(b)+len(part.Value) > im.MaxFileBytes {
			return nil, 0, ErrTooLarge
		}
		b = append(b, part.Value...)
		if offset += uint32(len(part.Value)); part.BytesAfter == 0 {
			return b, part.Type, nil
		}
	}
}

// next waits for an event. Errors of requests that nobody waits for are passed
// over: they are about windows of others that have gone.
func (x *client) next(ctx context.Context) (any, error) {
	for {
		event, err := x.conn.WaitForEvent()
		switch {
		case event != nil:
			return event, nil
		case err == nil && ctx.Err() != nil:
			return nil, fmt.Errorf("clipboard: %w", ctx.Err())
		case err == nil:
			return nil, ErrUnavailable // the display has gone
		}
	}
}
