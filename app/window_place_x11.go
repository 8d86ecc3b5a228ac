//go:build linux || freebsd || openbsd || netbsd

package app

import (
	"fmt"
	"image"
	"io"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xinerama"
	"github.com/jezek/xgb/xproto"
)

// nativeHandle is the X window, 0 where there is none: on Wayland, or in memory.
func nativeHandle(w fyne.Window) (id uintptr) {
	if native, ok := w.(driver.NativeWindow); ok {
		native.RunNative(func(c any) {
			if x, ok := c.(driver.X11WindowContext); ok {
				id = x.WindowHandle
			}
		})
	}
	return id
}

// display connects to the X server.
func display() (*xgb.Conn, xproto.Window, error) {
	// The library's remarks about how it signs in to the display help nobody.
	xgb.Logger.SetOutput(io.Discard)
	conn, err := xgb.NewConn()
	if err != nil {
		return nil, 0, fmt.Errorf("display: %w", err)
	}
	return conn, xproto.Setup(conn).DefaultScreen(conn).Root, nil
}

// screens are the rectangles of all screens.
func screens() ([]image.Rectangle, error) {
	conn, root, err := display()
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if xinerama.Init(conn) == nil {
		if reply, err := xinerama.QueryScreens(conn).Reply(); err == nil && len(reply.ScreenInfo) > 0 {
			var all []image.Rectangle
			for _, s := range reply.ScreenInfo {
				all = append(all, image.Rect(0, 0, int(s.Width), int(s.Height)).Add(image.Pt(int(s.XOrg), int(s.YOrg))))
			}
			return all, nil
		}
	}
	g, err := xproto.GetGeometry(conn, xproto.Drawable(root)).Reply()
	if err != nil {
		return nil, fmt.Errorf("screens: %w", err)
	}
	return []image.Rectangle{image.Rect(0, 0, int(g.Width), int(g.Height))}, nil
}

// The names of the state of a window, https://specifications.freedesktop.org/wm-spec.
const (
	stateName     = "_NET_WM_STATE"
	maximisedVert = "_NET_WM_STATE_MAXIMIZED_VERT"
	maximisedHorz = "_NET_WM_STATE_MAXIMIZED_HORZ"
)

func atoms(conn *xgb.Conn, names ...string) ([]xproto.Atom, error) {
	var all []xproto.Atom
	for _, n := range names {
		reply, err := xproto.InternAtom(conn, false, uint16(len(n)), n).Reply()
		if err != nil {
			return nil, fmt.Errorf("the name %s: %w", n, err)
		}
		all = append(all, reply.Atom)
	}
	return all, nil
}

// placeOf asks where a window is.
func placeOf(window uintptr) (*place, error) {
	conn, root, err := display()
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return placeBy(conn, root, xproto.Window(window))
}

func placeBy(conn *xgb.Conn, root, w xproto.Window) (*place, error) {
	at, err := xproto.TranslateCoordinates(conn, w, root, 0, 0).Reply()
	if err != nil {
		return nil, fmt.Errorf("place: %w", err)
	}
	p := &place{at: image.Pt(int(at.DstX), int(at.DstY))}
	names, err := atoms(conn, stateName, maximisedVert, maximisedHorz)
	if err != nil {
		return nil, err
	}
	const mostStates = 64
	state, err := xproto.GetProperty(conn, false, w, names[0], xproto.AtomAtom, 0, mostStates).Reply()
	if err != nil {
		return nil, fmt.Errorf("place: %w", err)
	}
	found := 0
	for i := 0; i+4 <= len(state.Value); i += 4 {
		if a := xproto.Atom(xgb.Get32(state.Value[i:])); a == names[1] || a == names[2] {
			found++
		}
	}
	p.maximised = found == 2
	return p, nil
}

// placeSettles is how long a window must stand still to be asked where: what it is and
// how large changes in several steps.
const placeSettles = 300 * time.Millisecond

// followPlace tells of the places of a window until that is gone.
func followPlace(window uintptr, changed func(place)) error {
	conn, root, err := display()
	if err != nil {
		return err
	}
	w := xproto.Window(window)
	mask := []uint32{xproto.EventMaskStructureNotify | xproto.EventMaskPropertyChange}
	if err := xproto.ChangeWindowAttributesChecked(conn, w, xproto.CwEventMask, mask).Check(); err != nil {
		conn.Close()
		return fmt.Errorf("place: %w", err)
	}
	ask := func() {
		if p, err := placeBy(conn, root, w); err == nil { // else it is about to be gone
			changed(*p)
		}
	}
	go func() {
		defer conn.Close()
		var settled *time.Timer
		for {
			ev, failed := conn.WaitForEvent()
			if _, gone := ev.(xproto.DestroyNotifyEvent); gone || ev == nil && failed == nil {
				return
			}
			if settled != nil {
				settled.Stop()
			}
			settled = time.AfterFunc(placeSettles, ask)
		}
	}()
	return nil
}

// maximise asks the window manager to make a window as large as its screen.
func maximise(window uintptr) error {
	conn, root, err := display()
	if err != nil {
		return err
	}
	defer conn.Close()
	names, err := atoms(conn, stateName, maximisedVert, maximisedHorz)
	if err != nil {
		return err
	}
	const add, application = 1, 1
	event := xproto.ClientMessageEvent{
		Format: 32, Window: xproto.Window(window), Type: names[0],
		Data: xproto.ClientMessageDataUnionData32New([]uint32{add, uint32(names[1]), uint32(names[2]), application, 0}),
	}
	return xproto.SendEventChecked(conn, false, root, xproto.EventMaskSubstructureRedirect|xproto.EventMaskSubstructureNotify, string(event.Bytes())).Check()
}
