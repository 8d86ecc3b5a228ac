package picture

import (
	"io"
	"os"
)

// EndingOf is what the name of the picture in a file should end with, by what is in
// it: ".jpg", ".avif". It is "" for what is no picture or cannot be read.
func EndingOf(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	head := make([]byte, SniffBytes)
	n, _ := io.ReadFull(f, head) // a file may be shorter
	switch format := Sniff(head[:n]); format {
	case "":
		return ""
	case JPEG:
		return ".jpg"
	default:
		return "." + string(format)
	}
}
