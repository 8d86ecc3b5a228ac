package crash

import "golang.org/x/sys/unix"

// legacyPaths are the arguments of older calls that are paths. Go does not make
// these calls.
func legacyPaths(number uint64) []int {
	switch number {
	case unix.SYS_RENAME, unix.SYS_LINK, unix.SYS_SYMLINK:
		return []int{0, 1}
	case unix.SYS_CREAT, unix.SYS_UNLINK, unix.SYS_MKDIR, unix.SYS_RMDIR:
		return []int{0}
	}
	return nil
}
