package box_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"magpie/media/internal/box"
)

// of is a box of any claimed size.
func of(name string, size uint32, body string) []byte {
	return append(append(binary.BigEndian.AppendUint32(nil, size), name...), body...)
}

func whole(name, body string) []byte { return of(name, uint32(8+len(body)), body) }

func names(b []byte) (list []string) {
	for c := range box.Children(b) {
		list = append(list, c.Name+":"+string(c.Body))
	}
	return list
}

func TestChildren(t *testing.T) {
	large := append(of("larg", 1, ""), binary.BigEndian.AppendUint64(nil, 18)...)
	large = append(large, "ab"...)
	for name, c := range map[string]struct {
		b    []byte
		want []string
	}{
		"none":                     {nil, nil},
		"two":                      {slices.Concat(whole("aaaa", "x"), whole("bbbb", "")), []string{"aaaa:x", "bbbb:"}},
		"a size of 64 bits":        {slices.Concat(large, whole("bbbb", "")), []string{"larg:ab", "bbbb:"}},
		"to the end":               {of("last", 0, "rest"), []string{"last:rest"}},
		"longer than what is left": {slices.Concat(whole("aaaa", "x"), of("bbbb", 100, "y")), []string{"aaaa:x"}},
		"shorter than its header":  {of("aaaa", 7, ""), nil},
		"64 bits that overflow":    {append(of("aaaa", 1, ""), bytes.Repeat([]byte{0xff}, 8)...), nil},
		"64 bits that are missing": {of("aaaa", 1, ""), nil},
		"half a header":            {[]byte("\x00\x00\x00\x08aa"), nil},
	} {
		if got := names(c.b); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestFind(t *testing.T) {
	b := slices.Concat(whole("free", ""), whole("moov", string(slices.Concat(whole("trak", "1"), whole("trak", "2")))))
	if got, ok := box.Find(b, "moov", "trak"); !ok || string(got.Body) != "1" || string(got.Whole) != string(whole("trak", "1")) {
		t.Errorf("%q, %v", got, ok)
	}
	if _, ok := box.Find(b, "moov", "mvhd"); ok {
		t.Error("found what is not there")
	}
}

func TestTop(t *testing.T) {
	b := slices.Concat(whole("ftyp", "isom"), of("mdat", 1000, "cut"))
	var got []box.Place
	for p, err := range box.Top(bytes.NewReader(b), int64(len(b))) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p)
	}
	want := []box.Place{{Name: "ftyp", At: 0, Head: 8, Size: 12}, {Name: "mdat", At: 12, Head: 8, Size: 11, Cut: true}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	many := bytes.Repeat(whole("free", ""), 100_001)
	for name, b := range map[string][]byte{"damage": of("aaaa", 3, "12345678"), "too many": many} {
		var last error
		for _, err := range box.Top(bytes.NewReader(b), int64(len(b))) {
			last = err
		}
		if !errors.Is(last, box.ErrDamaged) {
			t.Errorf("%s: %v, want %v", name, last, box.ErrDamaged)
		}
	}
}
