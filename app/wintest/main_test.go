//go:build wintest

package wintest

import (
	"os"
	"testing"
)

// passphrase makes and unlocks the vaults of the data folders. There is no key store
// on the screens of the tests, and everything is to be encrypted on them too.
const passphrase = "a heron stands still"

func TestMain(m *testing.M) {
	if err := os.Setenv("MAGPIE_PASSPHRASE", passphrase); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
