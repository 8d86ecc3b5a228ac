package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// pageBytes is the unit of a guest's memory.
const pageBytes = 64 << 10

// engine is the compiled module with what it runs in.
type engine struct {
	runtime wazero.Runtime
	cache   wazero.CompilationCache
	module  wazero.CompiledModule
}

// start compiles the module, or loads it from the cache folder. A folder that is
// full, read-only or holds a broken file is done without.
func start(options Options, module source) (*engine, error) {
	wasm, err := module.unpack()
	if err != nil {
		return nil, err
	}
	if options.CacheDir != "" {
		name := cacheName(module)
		if e, err := startIn(options, wasm, filepath.Join(options.CacheDir, name)); err == nil {
			forgetOthers(options.CacheDir, name)
			return e, nil
		}
	}
	return startIn(options, wasm, "")
}

const cachePrefix = "module-"

// cacheName is the folder in the cache folder for the code of this module.
func cacheName(module source) string { return cachePrefix + module.name() }

// kept reports whether the cache folder has the machine code of module. What is there
// may turn out to be broken.
func kept(cacheDir string, module source) bool {
	if cacheDir == "" {
		return false
	}
	found := errors.New("found")
	err := filepath.WalkDir(filepath.Join(cacheDir, cacheName(module)), func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			return found
		}
		return err
	})
	return errors.Is(err, found)
}

// forgetOthers removes the code of other modules, such as that of the program
// before it was updated. If it cannot, the next start tries again.
func forgetOthers(dir, name string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), cachePrefix) && entry.Name() != name {
			_ = os.RemoveAll(filepath.Join(dir, entry.Name()))
		}
	}
}

func startIn(options Options, wasm []byte, dir string) (*engine, error) {
	cache := wazero.NewCompilationCache()
	if dir != "" {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("cache folder: %w", err)
		}
		var err error
		if cache, err = wazero.NewCompilationCacheWithDir(dir); err != nil {
			return nil, fmt.Errorf("cache folder: %w", err)
		}
	}
	config := wazero.NewRuntimeConfig().
		WithCompilationCache(cache).
		WithMemoryLimitPages(uint32(max(options.MemoryLimit/pageBytes, 1))).
		// Without this a guest that loops cannot be stopped, and holds up the
		// whole process at the next garbage collection.
		WithCloseOnContextDone(true)
	ctx := context.Background()
	e := &engine{runtime: wazero.NewRuntimeWithConfig(ctx, config), cache: cache}
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, e.runtime); err != nil {
		return nil, errors.Join(fmt.Errorf("start WASI: %w", err), e.close())
	}
	var err error
	if e.module, err = e.runtime.CompileModule(ctx, wasm); err != nil {
		return nil, errors.Join(fmt.Errorf("compile the module: %w", err), e.close())
	}
	return e, nil
}

// close must not be called while a guest runs: it frees the code. It is fine on nil.
func (e *engine) close() error {
	if e == nil {
		return nil
	}
	ctx := context.Background()
	return errors.Join(e.runtime.Close(ctx), e.cache.Close(ctx))
}
