package store

import (
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// mapPages maps those pages of a part of a mapping that are in the system's memory. The
// address is that of a page. It is an error before Linux 5.14.
func mapPages(address, length uintptr) error {
	page := uintptr(os.Getpagesize())
	there := make([]byte, (length+page-1)/page)
	if _, _, e := unix.Syscall(unix.SYS_MINCORE, address, length, uintptr(unsafe.Pointer(&there[0]))); e != 0 {
		return e
	}
	for i := 0; i < len(there); i++ {
		first := i
		for i < len(there) && there[i]&1 != 0 {
			i++
		}
		if i == first {
			continue
		}
		if err := advise(address+uintptr(first)*page, uintptr(i-first)*page, unix.MADV_POPULATE_READ); err != nil {
			return err
		}
	}
	return nil
}

func unmapPages(address, length uintptr) error { return advise(address, length, unix.MADV_DONTNEED) }

func advise(address, length uintptr, advice uintptr) error {
	if _, _, e := unix.Syscall(unix.SYS_MADVISE, address, length, advice); e != 0 {
		return e
	}
	return nil
}
