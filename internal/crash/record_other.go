//go:build !linux

package crash

import "context"

// Record cannot be done on this system.
func Record(context.Context, Command, string) (*Log, error) { return nil, ErrNoTrace }
