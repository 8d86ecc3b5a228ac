package store

import "os"

// abandonFile gives up a handle of bbolt that bbolt can no longer close; the
// lock goes with the handle.
func abandonFile(f *os.File) error { return f.Close() }
