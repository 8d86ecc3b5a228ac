package instance

import (
	"net"

	"golang.org/x/sys/unix"
)

// sameUser refuses a peer that another user runs. The socket's place keeps others
// away already; this holds also where somebody opened that place up.
func sameUser(c *net.UnixConn) error {
	return peerUser(c, func(fd int) (uint32, error) {
		cred, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
		if err != nil {
			return 0, err
		}
		return cred.Uid, nil
	})
}
