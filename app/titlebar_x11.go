//go:build linux || freebsd || openbsd || netbsd

package app

import (
	"fmt"

	"github.com/jezek/xgb/xproto"
)

// The hint by which a window asks its manager for a light or a dark frame. GNOME Shell,
// Cinnamon, Xfce and MATE read it; others show the frame that they show to all.
const (
	frameName = "_GTK_THEME_VARIANT"
	textName  = "UTF8_STRING"
)

func darkenTitleBar(window uintptr, dark bool) error {
	conn, _, err := display()
	if err != nil {
		return err
	}
	defer conn.Close()
	names, err := atoms(conn, frameName, textName)
	if err != nil {
		return err
	}
	variant := []byte("light")
	if dark {
		variant = []byte("dark")
	}
	const bits = 8
	if err := xproto.ChangePropertyChecked(conn, xproto.PropModeReplace, xproto.Window(window), names[0], names[1],
		bits, uint32(len(variant)), variant).Check(); err != nil {
		return fmt.Errorf("the frame of the window: %w", err)
	}
	return nil
}
