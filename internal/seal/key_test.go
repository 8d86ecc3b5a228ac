package seal_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"magpie/internal/seal"
)

func TestKeysOfPurposesDiffer(t *testing.T) {
	k, other := seal.NewKey(), seal.NewKey()
	if again := k.Derive("a"); k == other || again != k.Derive("a") || k.Derive("a") == k.Derive("b") || k.Derive("a") == other.Derive("a") || k.Derive("a") == k {
		t.Error("keys do not depend on the key and the purpose alone")
	}
}

func TestKeysAreNotPrinted(t *testing.T) {
	k := seal.NewKey()
	said := fmt.Sprintf("%v %s %+v %#v %x", k, k, k, k, k)
	if strings.Contains(said, hex.EncodeToString(k[:4])) || strings.Contains(said, fmt.Sprintf("%d", k[0])+" "+fmt.Sprintf("%d", k[1])) {
		t.Error(said)
	}
}
