package vault

import "magpie/internal/seal"

// Keys are those of an unlocked data folder. The zero value encrypts nothing.
type Keys struct {
	root   *seal.Key
	unseal bool
}

// Of returns the keys below a root key.
func Of(root seal.Key) Keys { return Keys{root: &root} }

// Account is the key of what lies in an account's folder of that name, nil for none.
func (k Keys) Account(folder string) *seal.Key { return k.derive("account/" + folder) }

// Server is the key of the embedded server's data, nil for none.
func (k Keys) Server() *seal.Key { return k.derive("server") }

// Unseal tells that histories are to be plain although there is a key: encryption was
// turned off, and what it sealed must stay readable.
func (k Keys) Unseal() bool { return k.unseal }

func (k Keys) derive(purpose string) *seal.Key {
	if k.root == nil {
		return nil
	}
	d := k.root.Derive(purpose)
	return &d
}
