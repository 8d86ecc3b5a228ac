package picture_test

import (
	"os"
	"strings"
	"testing"

	"magpie/media/picture"
)

func TestEndingOf(t *testing.T) {
	if got := picture.EndingOf(strings.NewReader("hi")); got != "" {
		t.Errorf("a text: %q", got)
	}
	for path, want := range map[string]string{
		"testdata/cmyk.jpg": ".jpg", "testdata/flag.webp": ".webp", "../sandbox/testdata/i.avif": ".avif", "../heif/testdata/halves.heic": ".heic",
		"../sandbox/testdata/bomb.png": ".png", "ending_test.go": "",
	} {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if got := picture.EndingOf(f); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
