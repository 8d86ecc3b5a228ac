//go:build linux || freebsd || openbsd || netbsd

package app

import (
	"errors"
	"fmt"
	"image"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// capture returns what the screen shows of a window. It asks the X server: what
// OpenGL gives back after a picture was handed over is undefined, and black with
// the software renderer of a hidden display.
func capture(w fyne.Window) (image.Image, error) {
	native, ok := w.(driver.NativeWindow)
	if !ok {
		return w.Canvas().Capture(), nil
	}
	var id uint64
	native.RunNative(func(c any) {
		if x, ok := c.(driver.X11WindowContext); ok {
			id = uint64(x.WindowHandle)
		}
	})
	if id == 0 { // Wayland, or a canvas in memory
		return w.Canvas().Capture(), nil
	}
	// The library's remarks about how it signs in to the display help nobody.
	xgb.Logger.SetOutput(io.Discard)
	conn, err := xgb.NewConn()
	if err != nil {
		return nil, fmt.Errorf("capture: %w", err)
	}
	defer conn.Close()
	window := xproto.Drawable(id)
	size, err := xproto.GetGeometry(conn, window).Reply()
	if err != nil {
		return nil, fmt.Errorf("capture: %w", err)
	}
	root := xproto.Setup(conn).DefaultScreen(conn)
	at, err := xproto.TranslateCoordinates(conn, xproto.Window(id), root.Root, 0, 0).Reply()
	if err != nil {
		return nil, fmt.Errorf("capture: %w", err)
	}
	// What is beyond the edges of the screen has no pixels.
	shown := image.Rect(0, 0, int(size.Width), int(size.Height)).
		Intersect(image.Rect(0, 0, int(root.WidthInPixels), int(root.HeightInPixels)).Sub(image.Pt(int(at.DstX), int(at.DstY))))
	if shown.Empty() {
		return nil, errors.New("capture: the window is not on the screen")
	}
	width, height := shown.Dx(), shown.Dy()
	reply, err := xproto.GetImage(conn, xproto.ImageFormatZPixmap, window, int16(shown.Min.X), int16(shown.Min.Y), uint16(width), uint16(height), 0xffffffff).Reply()
	if err != nil {
		return nil, fmt.Errorf("capture: %w", err)
	}
	if reply.Depth < 24 || len(reply.Data) < 4*width*height {
		return nil, fmt.Errorf("capture: a screen of %d bits is not supported", reply.Depth)
	}
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := 0; i < 4*width*height; i += 4 { // blue, green, red, unused
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = reply.Data[i+2], reply.Data[i+1], reply.Data[i], 0xff
	}
	return img, nil
}
