package app

import (
	"image"
	"unsafe"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"golang.org/x/sys/windows"
)

var (
	user32             = windows.NewLazySystemDLL("user32.dll")
	clientToScreen     = user32.NewProc("ClientToScreen")
	isZoomed           = user32.NewProc("IsZoomed")
	isIconic           = user32.NewProc("IsIconic")
	showWindow         = user32.NewProc("ShowWindow")
	enumDisplayMonitor = user32.NewProc("EnumDisplayMonitors")
)

// nativeHandle is the HWND, 0 where there is none.
func nativeHandle(w fyne.Window) (id uintptr) {
	if native, ok := w.(driver.NativeWindow); ok {
		native.RunNative(func(c any) {
			if x, ok := c.(driver.WindowsWindowContext); ok {
				id = x.HWND
			}
		})
	}
	return id
}

// screens are the rectangles of all screens.
func screens() ([]image.Rectangle, error) {
	var all []image.Rectangle
	each := windows.NewCallback(func(_, _ uintptr, r *windows.Rect, _ uintptr) uintptr {
		all = append(all, image.Rect(int(r.Left), int(r.Top), int(r.Right), int(r.Bottom)))
		return 1
	})
	if ok, _, err := enumDisplayMonitor.Call(0, 0, each, 0); ok == 0 {
		return nil, err
	}
	return all, nil
}

// placeOf asks where a window is. A minimised one is nowhere.
func placeOf(window uintptr) (*place, error) {
	if minimised, _, _ := isIconic.Call(window); minimised != 0 {
		return nil, windows.ERROR_INVALID_STATE
	}
	var at struct{ X, Y int32 }
	if ok, _, err := clientToScreen.Call(window, uintptr(unsafe.Pointer(&at))); ok == 0 {
		return nil, err
	}
	zoomed, _, _ := isZoomed.Call(window)
	return &place{at: image.Pt(int(at.X), int(at.Y)), maximised: zoomed != 0}, nil
}

// followPlace has nothing to tell: a window that is closed can be asked to the end.
func followPlace(uintptr, func(place)) error { return nil }

// maximise makes a window as large as its screen.
func maximise(window uintptr) error {
	const swMaximize = 3
	_, _, _ = showWindow.Call(window, swMaximize) // it returns whether it was visible before
	return nil
}
