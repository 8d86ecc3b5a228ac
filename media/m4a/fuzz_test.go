package m4a_test

import (
	"bytes"
	"testing"

	"magpie/media/internal/memtest"
	"magpie/media/m4a"
)

// memoryCap is what reading the header of a file of at most 1 MiB may take, in
// bytes.
const memoryCap = 48 << 20

func FuzzM4A(f *testing.F) {
	b := write(f, tone(500))
	f.Add(b)
	f.Add(patch(b, "stsz", 8, 1<<30))
	f.Add(patch(b, "elst", 8, 1<<30))
	f.Add(fragmented(f, 3000))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<20 {
			return
		}
		memtest.Within(t, memoryCap, func() {
			if file, err := m4a.Open(bytes.NewReader(b), int64(len(b))); err == nil {
				if track, err := file.AAC(); err == nil {
					total := 0
					for i, u := range track.Units {
						if int64(u.At)+int64(u.Size) > int64(len(b)) {
							t.Fatalf("unit %d ends at %d of %d bytes", i, int64(u.At)+int64(u.Size), len(b))
						}
						total += int(u.Size)
					}
					if total > len(b) || track.Samples < 0 || track.Priming < 0 {
						t.Fatalf("%d bytes of sound in %d of file; %d samples after %d", total, len(b), track.Samples, track.Priming)
					}
				}
			}
		})
	})
}
