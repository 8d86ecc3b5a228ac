package sandbox_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"magpie/media/sandbox"
)

const scripts = "../../scripts/ffwasm"

// The module that is bundled is the one that SOURCE tells of, and was made from
// the program as it is now. That the making gives these very bytes is shown by
// TestModuleIsWhatTheScriptMakes.
func TestSource(t *testing.T) {
	sums := sums(t)
	check := func(name string, content []byte) {
		t.Helper()
		sum := sha256.Sum256(content)
		if got := hex.EncodeToString(sum[:]); sums[name] != got {
			t.Errorf("%s has the sum %s, SOURCE says %q; run scripts/ffwasm/build.sh", name, got, sums[name])
		}
	}
	packed, err := os.ReadFile("ffmpeg.wasm.gz")
	if err != nil {
		t.Fatal(err)
	}
	check("ffmpeg.wasm.gz", packed)
	if len(packed) > 2_200_000 {
		t.Errorf("the module takes %d bytes", len(packed))
	}
	wasm, err := sandbox.Unpack()
	if err != nil {
		t.Fatal(err)
	}
	check("ffmpeg.wasm", wasm)

	program, err := filepath.Glob(scripts + "/*")
	if err != nil || len(program) < 7 {
		t.Fatalf("the program is %q, error %v", program, err)
	}
	for _, path := range program {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		check(filepath.Base(path), content)
	}
}

// sums returns the lines of SOURCE that are "sum  name".
func sums(t *testing.T) map[string]string {
	t.Helper()
	content, err := os.ReadFile("SOURCE")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for line := range strings.Lines(string(content)) {
		if sum, name, ok := strings.Cut(strings.TrimSpace(line), "  "); ok && len(sum) == hex.EncodedLen(sha256.Size) {
			all[name] = sum
		}
	}
	return all
}

// It takes minutes and Debian's package archive: `make ffwasm-check` runs it.
func TestModuleIsWhatTheScriptMakes(t *testing.T) {
	if os.Getenv("MAGPIE_FFWASM") != "1" {
		t.Skip("MAGPIE_FFWASM=1 builds FFmpeg anew and compares")
	}
	out, err := exec.Command(scripts+"/build.sh", "--check").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out[max(0, len(out)-2000):])
	}
}
