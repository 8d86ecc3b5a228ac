package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
)

// What the tests in package sandbox_test need of the inside: a sandbox over a
// module of theirs, and the reader of the guest's lines.
var (
	ReadInfo = readInfo
	Unpack   = bundledModule{}.unpack
)

// NewOver returns a sandbox over a module of the test's.
func NewOver(o Options, unpack func() ([]byte, error)) *Sandbox {
	return newSandbox(o, testModule(unpack))
}

type testModule func() ([]byte, error)

func (m testModule) unpack() ([]byte, error) { return m() }

func (m testModule) name() string {
	wasm, err := m()
	if err != nil {
		return "none"
	}
	sum := sha256.Sum256(wasm)
	return hex.EncodeToString(sum[:8])
}

// InMemory reports whether the module is started.
func (s *Sandbox) InMemory() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.started != nil
}
