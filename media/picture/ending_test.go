package picture_test

import (
	"os"
	"path/filepath"
	"testing"

	"magpie/media/picture"
)

func TestEndingOf(t *testing.T) {
	text := filepath.Join(t.TempDir(), "x.png")
	if err := os.WriteFile(text, []byte("hi"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"testdata/cmyk.jpg": ".jpg", "testdata/flag.webp": ".webp", "../sandbox/testdata/i.avif": ".avif", "../heif/testdata/halves.heic": ".heic",
		"../sandbox/testdata/bomb.png": ".png", text: "", "testdata": "", "testdata/none": "",
	} {
		if got := picture.EndingOf(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
