//go:build wintest

package wintest

import (
	"os"
	"slices"
	"sync"
	"testing"

	"magpie/store/storetest"
)

// passphrase makes and unlocks the vaults of the data folders. There is no key store
// on the screens of the tests, and everything is to be encrypted on them too.
const passphrase = "a heron stands still"

// checked are the data folders whose histories are checked when their test ends, after
// the last window on them is closed.
var checked sync.Map

// checkHistories lets bbolt check what the windows of a test leave in the data folder
// that args name: also what was killed, and encrypted.
func checkHistories(t testing.TB, args []string) {
	i := slices.Index(args, "--data")
	if i < 0 {
		return
	}
	data := args[i+1]
	if _, again := checked.LoadOrStore(data, true); again {
		return
	}
	t.Cleanup(func() { checked.Delete(data) })
	storetest.SoundBelow(t, data)
}

func TestMain(m *testing.M) {
	if err := os.Setenv("MAGPIE_PASSPHRASE", passphrase); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
