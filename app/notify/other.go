//go:build !(linux || freebsd || openbsd || netbsd || dragonfly)

package notify

import "context"

// New answers [ErrUnsupported].
func New(context.Context, string, func(Action)) (Service, error) { return nil, ErrUnsupported }
