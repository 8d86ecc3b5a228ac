package profile

import (
	"os"
	"path/filepath"
)

// SandboxCache is where the isolated decoder of the media keeps its machine code
// from one start to the next, for all profiles; "" if the system has no place for
// what can be made again.
func SandboxCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "magpie", "sandbox")
}
