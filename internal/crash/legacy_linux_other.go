//go:build linux && !amd64

package crash

// legacyPaths are of older calls, which this processor does not have.
func legacyPaths(uint64) []int { return nil }
