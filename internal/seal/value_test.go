package seal_test

import (
	"bytes"
	"errors"
	"testing"

	"magpie/internal/seal"
)

func TestValues(t *testing.T) {
	v := seal.NewValues(seal.NewKey())
	b := append(make([]byte, 0, 64), "?what is said"...)
	sealed := v.Seal(b, 1, []byte("beside"))
	if &sealed[0] != &b[0] || sealed[0] != '?' || len(sealed) != len(b)+seal.ValueOverhead || bytes.Contains(sealed, []byte("what")) {
		t.Fatalf("sealed: %q", sealed)
	}
	into := make([]byte, 0, 64)
	got, err := v.Open(into, sealed[1:], []byte("beside"))
	if err != nil || string(got) != "what is said" || &got[0] != &into[:1][0] {
		t.Fatalf("%q, %v", got, err)
	}
	if again := v.Seal([]byte("?what is said"), 1, []byte("beside")); bytes.Equal(again, sealed) {
		t.Error("two values of the same content are equal")
	}
	for i := range sealed[1:] {
		spoilt := bytes.Clone(sealed[1:])
		spoilt[i] ^= 4
		if _, err := v.Open(nil, spoilt, []byte("beside")); !errors.Is(err, seal.ErrValue) {
			t.Errorf("changed byte %d: %v", i, err)
		}
	}
	for what, open := range map[string]func() error{
		"in another place": func() error { _, err := v.Open(nil, sealed[1:], []byte("elsewhere")); return err },
		"cut":              func() error { _, err := v.Open(nil, sealed[1:len(sealed)-1], []byte("beside")); return err },
		"nothing":          func() error { _, err := v.Open(nil, nil, []byte("beside")); return err },
		"another key": func() error {
			_, err := seal.NewValues(seal.NewKey()).Open(nil, sealed[1:], []byte("beside"))
			return err
		},
	} {
		if err := open(); !errors.Is(err, seal.ErrValue) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestValuesNeedNoMemory(t *testing.T) {
	v := seal.NewValues(seal.NewKey())
	b, into, beside := make([]byte, 101, 256), make([]byte, 0, 256), make([]byte, 20)
	if n := testing.AllocsPerRun(100, func() {
		if _, err := v.Open(into, v.Seal(b, 1, beside)[1:], beside); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("%v allocations for a value", n)
	}
}

func TestNames(t *testing.T) {
	k := seal.NewKey()
	n, same, other := seal.NewNames(k), seal.NewNames(k), seal.NewNames(seal.NewKey())
	for _, name := range []string{"", "C2Cbob", "C2Cbob\x80", "0123456789abcde", "0123456789abcdef", "GROUP@TGS#1\x80\x00", string(make([]byte, 1024))} {
		sealed := n.Seal([]byte("#"), name)[1:]
		if len(sealed) != (2+len(name)/16)*16 || len(name) > 3 && bytes.Contains(sealed, []byte(name)) {
			t.Errorf("%q is sealed to %q", name, sealed)
		}
		if !bytes.Equal(sealed, same.Seal(nil, name)) {
			t.Errorf("%q is not sealed to the same again", name)
		}
		if got, err := same.Open(sealed); err != nil || got != name {
			t.Errorf("%q opens as %q, %v", name, got, err)
		}
		if _, err := other.Open(sealed); !errors.Is(err, seal.ErrValue) {
			t.Errorf("%q with another key: %v", name, err)
		}
		for i := range sealed {
			spoilt := bytes.Clone(sealed)
			spoilt[i] ^= 1
			if _, err := n.Open(spoilt); !errors.Is(err, seal.ErrValue) {
				t.Errorf("%q, changed byte %d: %v", name, i, err)
			}
		}
		if _, err := n.Open(sealed[:len(sealed)-1]); !errors.Is(err, seal.ErrValue) {
			t.Errorf("%q, cut: %v", name, err)
		}
	}
	if _, err := n.Open(nil); !errors.Is(err, seal.ErrValue) {
		t.Error(err)
	}
}

func TestHashes(t *testing.T) {
	n := seal.NewNames(seal.NewKey())
	a, b := n.Hash([]byte("#"), []byte("bob")), n.Hash(nil, []byte("carol"))
	if len(a) != 1+seal.NameSize || len(b) != seal.NameSize || bytes.Equal(a[1:], b) || !bytes.Equal(n.Hash([]byte("#"), []byte("bob")), a) {
		t.Errorf("%x %x", a, b)
	}
	if bytes.Equal(seal.NewNames(seal.NewKey()).Hash(nil, []byte("carol")), b) {
		t.Error("the key does not matter")
	}
}

func BenchmarkValues(b *testing.B) {
	v := seal.NewValues(seal.NewKey())
	buf, beside := make([]byte, 0, 256), make([]byte, 20)
	sealed := v.Seal(make([]byte, 150), 0, beside)
	b.Run("seal", func(b *testing.B) {
		for b.Loop() {
			v.Seal(append(buf[:0], sealed[:150]...), 0, beside)
		}
	})
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			if _, err := v.Open(buf[:0], sealed, beside); err != nil {
				b.Fatal(err)
			}
		}
	})
	n := seal.NewNames(seal.NewKey())
	b.Run("name", func(b *testing.B) {
		for b.Loop() {
			n.Seal(buf[:0], "C2Csomebody")
		}
	})
	b.Run("hash", func(b *testing.B) {
		name := []byte("0123456789abcdefalice-pc1")
		for b.Loop() {
			n.Hash(buf[:0], name)
		}
	})
}
