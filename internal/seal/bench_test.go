package seal_test

import (
	"bytes"
	"io"
	"testing"

	"magpie/internal/seal"
)

// What sealing and opening take, without a disk.
func BenchmarkFile(b *testing.B) {
	k, plain := seal.NewKey(), content(16*seal.ChunkSize)
	file := sealed(b, k, plain)
	b.Run("write", func(b *testing.B) {
		b.SetBytes(int64(len(plain)))
		for b.Loop() {
			w, err := seal.NewWriter(io.Discard, k)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := w.Write(plain); err != nil {
				b.Fatal(err)
			}
			if err := w.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(plain)))
		buf := make([]byte, 256<<10)
		for b.Loop() {
			r, err := seal.NewReader(bytes.NewReader(file), int64(len(file)), k)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{r}, buf); err != nil {
				b.Fatal(err)
			}
		}
	})
}
