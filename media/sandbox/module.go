package sandbox

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"io"
)

// The module as it is bundled. It is unpacked when the first call needs it.
//
//go:embed ffmpeg.wasm.gz
var bundled []byte

// source is a module that is not unpacked yet.
type source interface {
	// name tells the modules of different versions apart.
	name() string
	unpack() ([]byte, error)
}

// bundledModule is the one that everybody but the tests uses.
type bundledModule struct{}

func (bundledModule) name() string {
	sum := sha256.Sum256(bundled)
	return hex.EncodeToString(sum[:8])
}

func (bundledModule) unpack() ([]byte, error) {
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
