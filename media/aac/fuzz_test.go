package aac_test

import (
	"bytes"
	"testing"

	"magpie/media/aac"
	"magpie/media/internal/memtest"
)

// memoryCap is what reading one file of at most 1 MiB may take, in bytes.
const memoryCap = 32 << 20

func FuzzADTS(f *testing.F) {
	note := read(f, record(f, voice(0.05), 32_000))
	f.Add(note)
	f.Add(note[:len(note)-5])
	f.Add(append([]byte("ID3\x04\x00\x00\x7f\x7f\x7f\x7f"), note...))
	f.Add([]byte{0xff, 0xf1, 0x50, 0x40, 0, 0xff, 0xfc})
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<20 {
			return
		}
		memtest.Within(t, memoryCap, func() {
			_ = aac.Sniff(b)
			if track, err := aac.OpenADTS(bytes.NewReader(b), int64(len(b))); err == nil {
				end := 0
				for i, u := range track.Units {
					if int(u.At) < end || int(u.At)+int(u.Size) > len(b) {
						t.Fatalf("unit %d is at %d..%d of %d bytes, after %d", i, u.At, int(u.At)+int(u.Size), len(b), end)
					}
					end = int(u.At) + int(u.Size)
				}
				if d, err := aac.NewDecoder(track); err == nil {
					buf := make([]int16, 4096)
					total := int64(0)
					for n, err := d.Read(buf); err == nil; n, err = d.Read(buf) {
						total += int64(n)
					}
					if total > track.Samples*int64(track.Channels) {
						t.Fatalf("%d samples of %d", total, track.Samples)
					}
				}
			}
		})
	})
}
