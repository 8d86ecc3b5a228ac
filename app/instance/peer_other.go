//go:build !linux && !darwin

package instance

import "net"

// sameUser has nobody to ask here: the rights of the socket's folder decide.
func sameUser(*net.UnixConn) error { return nil }
