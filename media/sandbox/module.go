package sandbox

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
)

// The module as it is bundled. It is unpacked when the first call needs it.
//
//go:embed ffmpeg.wasm.gz
var bundled []byte

// unpack returns the bundled module.
func unpack() ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(bundled))
	if err != nil {
		return nil, fmt.Errorf("unpack the module: %w", err)
	}
	wasm, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("unpack the module: %w", err)
	}
	return wasm, nil
}
