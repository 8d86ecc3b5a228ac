// Package testcache says where tests and benchmarks keep what takes long to make
// and is the same each time.
package testcache

import (
	"os"
	"path/filepath"
)

// Dir is a folder of that name under MAGPIE_BENCH_DIR, or else under the user's
// cache; "" if there is none. It may not exist yet.
func Dir(name string) string {
	dir := os.Getenv("MAGPIE_BENCH_DIR")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(cache, "magpie-bench")
	}
	return filepath.Join(dir, name)
}
