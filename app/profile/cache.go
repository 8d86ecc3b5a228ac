package profile

import (
	"crypto/sha256"
	"encoding/hex"
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

// CopiesDir is where the window puts copies of files that a person opens with
// another program, for the account with this history: outside of the data folder,
// where nothing can be read, in a place of this user alone. "" if the system has no
// place for what can be made again.
func CopiesDir(history string) string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	if path, err := filepath.Abs(history); err == nil {
		history = path
	}
	sum := sha256.Sum256([]byte(history))
	return filepath.Join(dir, "magpie", "opened", hex.EncodeToString(sum[:12]))
}
