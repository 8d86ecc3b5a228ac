package durable

import (
	"errors"
	"fmt"
	"os"
	"runtime"
)

// Folder makes what was made, renamed and removed in a folder survive a power cut.
// Windows has no such call and needs none.
func Folder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}
