//go:build unix

package instance

import (
	"fmt"
	"os"
	"syscall"
)

// private makes sure that nobody else can put anything into folder dir, which
// others may have made before us: it lies where everybody may write.
func private(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("instance: %w", err)
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() || info.Mode().Perm()&0o077 != 0 || int(owner.Uid) != os.Getuid() {
		return fmt.Errorf("instance: %s is not a folder of this user alone; remove it or set XDG_RUNTIME_DIR", dir)
	}
	return nil
}
