package vault

import (
	"bytes"
	"testing"

	"magpie/internal/seal"
)

func TestSecrets(t *testing.T) {
	root := seal.NewKey()
	keys, other := Of(root), Of(seal.NewKey())
	s := keys.Keep("proxy", "p ä ss")
	if s.Plain != "" || bytes.Contains(s.Sealed, []byte("p ä ss")) || !keys.Fits(s) {
		t.Errorf("%+v", s)
	}
	if got, err := keys.Reveal("proxy", s); got != "p ä ss" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	for name, try := range map[string]func() (string, error){
		"another key":  func() (string, error) { return other.Reveal("proxy", s) },
		"another name": func() (string, error) { return keys.Reveal("other", s) },
		"no key":       func() (string, error) { return Keys{}.Reveal("proxy", s) },
		"damaged": func() (string, error) {
			b := bytes.Clone(s.Sealed)
			b[len(b)-1] ^= 1
			return keys.Reveal("proxy", Secret{Sealed: b})
		},
		"cut": func() (string, error) { return keys.Reveal("proxy", Secret{Sealed: s.Sealed[:5]}) },
	} {
		if got, err := try(); err == nil {
			t.Errorf("%s opens it: %q", name, got)
		}
	}
	// Without encryption it lies open; what was sealed before stays readable.
	off := Keys{root: &root, unseal: true}
	if got, err := off.Reveal("proxy", s); got != "p ä ss" || err != nil {
		t.Errorf("turned off: %q, %v", got, err)
	}
	for name, k := range map[string]Keys{"turned off": off, "never": {}} {
		if p := k.Keep("proxy", "x"); p.Plain != "x" || p.Sealed != nil || !k.Fits(p) {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if off.Fits(s) || keys.Fits(Secret{Plain: "x"}) || !keys.Fits(Secret{}) || !off.Fits(Secret{}) {
		t.Error("what is to be kept otherwise is not seen")
	}
	if none := keys.Keep("proxy", ""); none.Sealed != nil || none.Plain != "" {
		t.Errorf("nothing is kept as %+v", none)
	}
}
