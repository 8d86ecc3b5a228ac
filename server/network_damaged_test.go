package server

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"magpie/internal/seal"
)

// A network.json that cannot be read is told, keeps the server closed to the network
// and nobody from it here, and stays as it is until somebody decides anew.
func TestDamagedNetworkIsTold(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "network.json")
	s := reopen(t, dir, nil)
	if _, err := s.OpenNetwork(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	shut(t, s)
	good, err := os.ReadFile(path)
	if err != nil || !seal.Is(good) {
		t.Fatalf("it is not sealed: %v", err)
	}
	for name, b := range map[string][]byte{
		"cut": good[:len(good)-1], "empty": {}, "no JSON": []byte("{"), "zeros": make([]byte, 40), "a list": []byte("[]"), "a port that cannot be": []byte(`{"open":true,"port":70000}`),
	} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s := reopen(t, dir, nil)
		if now, err := s.Network(t.Context()); err != nil || !now.Damaged || now.Open || now.Wanted {
			t.Errorf("%s: %+v, %v", name, now, err)
		}
		if now, err := s.CloseNetwork(t.Context()); err != nil || !now.Damaged { // it is closed: that decides nothing
			t.Errorf("%s, closed: %+v, %v", name, now, err)
		}
		if left, err := os.ReadFile(path); err != nil || !bytes.Equal(left, b) {
			t.Errorf("%s: it has become %q, %v", name, left, err)
		}
		if now, err := s.OpenNetwork(t.Context(), "127.0.0.1:0"); err != nil || now.Damaged || !now.Open {
			t.Errorf("%s, opened: %+v, %v", name, now, err)
		}
		shut(t, s)
		s = reopen(t, dir, nil)
		if now, err := s.Network(t.Context()); err != nil || now.Damaged || !now.Open {
			t.Errorf("%s, after the next start: %+v, %v", name, now, err)
		}
		shut(t, s)
	}
}
