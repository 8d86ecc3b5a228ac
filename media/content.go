package media

import "io"

// Content is a file that is open for reading anywhere in it, wherever that is kept.
// ReadAt may be called from any goroutine.
type Content interface {
	io.ReadSeekCloser
	io.ReaderAt
	Size() int64 // bytes
}
