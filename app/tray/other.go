//go:build !(linux || freebsd || openbsd || netbsd || dragonfly)

package tray

import "context"

// New answers [ErrUnsupported].
func New(context.Context, Options) (Tray, error) { return nil, ErrUnsupported }
