//go:build linux || darwin

package instance

import (
	"fmt"
	"net"
	"os"
)

// peerUser compares the user that the system names for the other end of c with
// that of this process.
func peerUser(c *net.UnixConn, ask func(fd int) (uint32, error)) error {
	raw, err := c.SyscallConn()
	if err != nil {
		return fmt.Errorf("instance: %w", err)
	}
	var uid uint32
	var asked error
	if err := raw.Control(func(fd uintptr) { uid, asked = ask(int(fd)) }); err != nil {
		return fmt.Errorf("instance: %w", err)
	}
	switch {
	case asked != nil:
		return fmt.Errorf("instance: who is at the other end: %w", asked)
	case int(uid) != os.Geteuid():
		return fmt.Errorf("instance: user %d is at the other end, not %d", uid, os.Geteuid())
	}
	return nil
}
