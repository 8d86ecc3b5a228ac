package instance

import "time"

// ClaimWith is Claim with other limits.
func ClaimWith(dir string, h Handler, commands int, slot, stall time.Duration) (*Listener, bool, error) {
	return claim(dir, "", h, limits{commands: commands, slot: slot, stall: stall})
}

// SocketPath is where the process of a profile folder listens.
func SocketPath(dir string) (string, error) { return socketPath(dir) }
