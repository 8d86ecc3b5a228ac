//go:build !(linux || freebsd || openbsd || netbsd || dragonfly)

package trayicon

import "context"

// Supported reports whether this system has a tray that this package speaks to.
const Supported = false

// New answers [ErrUnsupported].
func New(context.Context, Options) (Tray, error) { return nil, ErrUnsupported }
