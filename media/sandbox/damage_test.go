package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"magpie/media/sandbox"
)

// samples are the files that can be decoded.
var samples = []string{"f_h264.mp4", "f_vp9.webm", "v_vp8.webm", "sp5.aac", "sp5_he.aac", "sp5_he.m4a", "v_av1.mp4", "i.avif"}

// Of sound that is cut off everything before the cut is given, and the error says
// that there was more.
func TestSoundThatIsCutOff(t *testing.T) {
	for name, least := range map[string]float64{"sp5.aac": 0.4, "sp5_he.aac": 0.4, "sp5_he.m4a": 0.4, "f_h264.mp4": 0.05} {
		whole := load(t, name)
		_, all, err := decoded(t, ffmpeg, whole)
		if err != nil {
			t.Fatal(err)
		}
		_, part, err := decoded(t, ffmpeg, cutMedia(t, whole))
		if !errors.Is(err, sandbox.ErrDamaged) {
			t.Errorf("%s: error %v", name, err)
		}
		if share := float64(len(part)) / float64(len(all)); share < least || share > 0.6 {
			t.Errorf("%s: %d bytes of sound of %d", name, len(part), len(all))
		}
	}
}

// cutMedia cuts a file in the middle of its sound. Where the header of an MP4 lies
// at the end it is kept, and the second half of the sound is all zeroes.
func cutMedia(t *testing.T, whole []byte) []byte {
	t.Helper()
	at := bytes.Index(whole, []byte("moov"))
	if at < 0 || at < len(whole)/2 {
		return whole[:len(whole)/2+7]
	}
	cut := bytes.Clone(whole)
	clear(cut[at/2 : at-4])
	return cut
}

// Bytes that are damaged in any way give an error or something to see or hear, and
// nothing that outlives the call.
func TestDamage(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, name := range samples {
		whole := load(t, name)
		variants := map[string][]byte{"one byte": whole[:1]}
		for _, part := range []int{50, 4, 2} {
			variants[fmt.Sprintf("cut to 1/%d", part)] = whole[:len(whole)/part]
		}
		for _, flips := range []int{1, 20, 500} {
			variants[fmt.Sprintf("%d bits", flips)] = flip(random, whole, flips)
		}
		for what, content := range variants {
			t.Run(name+" "+what, func(t *testing.T) { survives(t, ffmpeg, content) })
		}
	}
	var now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&now)
	if now.HeapAlloc > 256<<20 {
		t.Errorf("%d MiB are still held", now.HeapAlloc>>20)
	}
}

// survives runs every command over content and looks at the errors only.
func survives(t *testing.T, s *sandbox.Sandbox, content []byte) {
	t.Helper()
	ctx, file := context.Background(), bytes.NewReader(content)
	if _, err := s.Probe(ctx, file); !aboutTheFile(err) {
		t.Errorf("probe: %v", err)
	}
	picture, _, err := s.Still(ctx, file, 64)
	if !aboutTheFile(err) || (picture == nil) == (err == nil) {
		t.Errorf("still: picture %t, error %v", picture != nil, err)
	}
	if _, _, err := decoded(t, s, content); !aboutTheFile(err) {
		t.Errorf("sound: %v", err)
	}
}

// flip changes n bits.
func flip(random *rand.Rand, whole []byte, n int) []byte {
	changed := bytes.Clone(whole)
	for range n {
		bit := random.IntN(8 * len(changed))
		changed[bit/8] ^= 1 << (bit % 8)
	}
	return changed
}

// Damaged files without end, with little memory: no call fails in a way that is
// not about the file, and none keeps memory. Each input says what to damage and
// how: the fuzzer sees nothing of what the guest does, so it cannot do better than
// chance with the bytes themselves.
func FuzzFile(f *testing.F) {
	wholes := [][]byte{wav(8000, 2, make([]byte, 400)), halves(f).bytes()}
	for _, name := range samples {
		wholes = append(wholes, load(f, name))
	}
	for i := range wholes {
		f.Add(uint8(i), uint64(i), uint16(10), uint8(0), uint32(0), []byte{})
		f.Add(uint8(i), uint64(i), uint16(0), uint8(100), uint32(40), []byte{0x7f, 0xff, 0xff, 0xff})
	}
	small := sandbox.New(sandbox.Options{CacheDir: cacheDir(), MemoryLimit: 64 << 20})
	f.Cleanup(func() {
		if err := small.Close(); err != nil {
			f.Error(err)
		}
	})
	f.Fuzz(func(t *testing.T, which uint8, seed uint64, flips uint16, cut uint8, at uint32, insert []byte) {
		content := wholes[int(which)%len(wholes)]
		// The first bytes decide about most: half of the flips go there.
		content = flip(rand.New(rand.NewPCG(seed, 0)), content, int(flips)%512)
		copy(content, flip(rand.New(rand.NewPCG(seed, 1)), content[:min(len(content), 2048)], int(flips)%32))
		if cut > 0 {
			content = content[:1+len(content)*int(cut)/256]
		}
		place := int(at) % len(content)
		content = append(append(bytes.Clone(content[:place]), insert...), content[place:]...)

		ctx, file := context.Background(), bytes.NewReader(content)
		fine := func(err error) bool { return aboutTheFile(err) || errors.Is(err, sandbox.ErrTimeout) }
		if _, err := small.Probe(ctx, file); !fine(err) {
			t.Errorf("probe: %v", err)
		}
		if _, _, err := small.Still(ctx, file, 32); !fine(err) {
			t.Errorf("still: %v", err)
		}
		if _, _, err := decoded(t, small, content); !fine(err) {
			t.Errorf("sound: %v", err)
		}
		var now runtime.MemStats
		if runtime.ReadMemStats(&now); now.HeapAlloc < 512<<20 {
			return
		}
		runtime.GC()
		if runtime.ReadMemStats(&now); now.HeapAlloc > 256<<20 {
			t.Errorf("%d MiB are held", now.HeapAlloc>>20)
		}
	})
}
