package instance

import (
	"bytes"
	"testing"
)

// Whatever comes, it is read within its bounds, and what was read is written the
// same way.
func FuzzReadFrame(f *testing.F) {
	f.Add([]byte("o\x00\x00\x00\x02hi"))
	f.Add([]byte("x\xff\xff\xff\xff"))
	f.Add([]byte("q\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		const most = 1 << 10
		kind, payload, err := readFrame(bytes.NewReader(b), most)
		if err != nil {
			return
		}
		if len(payload) > most {
			t.Fatalf("%d bytes", len(payload))
		}
		var again bytes.Buffer
		if err := writeFrame(&again, kind, payload); err != nil || !bytes.HasPrefix(b, again.Bytes()) {
			t.Fatalf("%x is written as %x", b, again.Bytes())
		}
	})
}
