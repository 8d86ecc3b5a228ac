package clipboard

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestPaths(t *testing.T) {
	for list, want := range map[string][]string{
		"file:///home/ann/a.txt\r\nfile:///tmp/%E5%96%9C%20b.png\r\n": {"/home/ann/a.txt", "/tmp/喜 b.png"},
		"# a remark\r\nfile://localhost/x\n":                          {"/x"},
		"file:///a\x00":                                               {"/a"},
		"https://example.org/a.png\r\n":                               nil,
		"file://elsewhere/share/a":                                    nil,
		"file:relative":                                               nil,
		"file:///%00":                                                 nil,
		"file:///%zz":                                                 nil,
		"/home/ann/a.txt":                                             nil,
		"":                                                            nil,
	} {
		for i := range want {
			want[i] = filepath.FromSlash(want[i])
		}
		if got := paths([]byte(list)); !slices.Equal(got, want) {
			t.Errorf("%q names %q, want %q", list, got, want)
		}
	}
	if n := len(paths([]byte(strings.Repeat("file:///a\n", 2*maxFiles)))); n != maxFiles {
		t.Errorf("%d files of a list without an end", n)
	}
}

func FuzzPaths(f *testing.F) {
	f.Add([]byte("file:///home/ann/a.txt\r\n#\r\nfile://localhost/b"))
	f.Add([]byte("file:///%e5%\x00\n\n"))
	f.Fuzz(func(t *testing.T, list []byte) {
		for _, p := range paths(list) {
			if !filepath.IsAbs(p) || strings.ContainsRune(p, 0) {
				t.Errorf("%q", p)
			}
		}
	})
}
