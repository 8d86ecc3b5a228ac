package instance

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
)

// maxSocketPath is what every system allows for the path of a socket.
const maxSocketPath = 100

// socketPath is short, and in a folder that only this user can write to: that
// of the session, the profile's own, or one made for it.
func socketPath(dir string) (string, error) {
	if real, err := filepath.EvalSymlinks(dir); err == nil { // one profile, one socket
		dir = real
	}
	base := os.Getenv("XDG_RUNTIME_DIR")
	if own := filepath.Join(dir, "window.sock"); base == "" && len(own) <= maxSocketPath {
		return own, nil
	}
	if base == "" {
		base = filepath.Join(os.TempDir(), fmt.Sprintf("magpie-%d", os.Getuid()))
		if err := os.MkdirAll(base, 0o700); err != nil {
			return "", fmt.Errorf("instance: %w", err)
		}
		if err := private(base); err != nil {
			return "", err
		}
	}
	sum := sha256.Sum256([]byte(dir))
	return filepath.Join(base, "magpie-"+hex.EncodeToString(sum[:8])+".sock"), nil
}
