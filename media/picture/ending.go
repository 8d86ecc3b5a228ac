package picture

import "io"

// EndingOf is what the name of the picture in r should end with, by what is in it:
// ".jpg", ".avif". It is "" for what is no picture or cannot be read.
func EndingOf(r io.ReaderAt) string {
	head := make([]byte, SniffBytes)
	n, _ := r.ReadAt(head, 0) // a file may be shorter
	switch format := Sniff(head[:n]); format {
	case "":
		return ""
	case JPEG:
		return ".jpg"
	default:
		return "." + string(format)
	}
}
