package main

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

const glfwModule = "github.com/go-gl/glfw/v3.4/glfw"

func main() {
	out := flag.String("out", "build", "folder for the copy and for go.mod, below the module's root")
	flag.Parse()
	changed, err := generate(".", *out, condition())
	if err != nil {
		fmt.Fprintf(os.Stderr, "glfw-ime: %v\nglfw-ime: Chinese input would lose text; docs/decisions.md says what this change is for.\n", err)
		os.Exit(1)
	}
	if changed {
		fmt.Fprintf(os.Stderr, "glfw-ime: patched copy of %s in %s\n", glfwModule, filepath.Join(*out, "glfw-patched"))
	}
}

// generate brings out up to date with the go.mod of root and reports whether it
// had to do anything. The stamp is written last and removed first, so that a run
// cut short is done again.
func generate(root, out string, c change) (bool, error) {
	if filepath.IsAbs(out) || !filepath.IsLocal(out) {
		return false, fmt.Errorf("-out %s: a folder below the module is needed, since a replace directive is relative to it", out)
	}
	module, err := pinned(root)
	if err != nil {
		return false, err
	}
	stamp, err := wantedStamp(root, module, c)
	if err != nil {
		return false, err
	}
	dir := filepath.Join(root, out)
	stampFile := filepath.Join(dir, "glfw-patched.stamp")
	if have, err := os.ReadFile(stampFile); err == nil && string(have) == stamp && complete(dir, c) {
		return false, nil
	}

	copyTo := filepath.Join(dir, "glfw-patched")
	leftovers := []string{stampFile, filepath.Join(dir, "go.mod"), filepath.Join(dir, "go.sum"), copyTo}
	for _, path := range leftovers {
		if err := os.RemoveAll(path); err != nil {
			return false, err
		}
	}
	if err := copyTree(copyTo, module.Dir); err != nil {
		return false, err
	}
	if err := patchTree(copyTo, c); err != nil {
		return false, errors.Join(fmt.Errorf("%s %s: %w", glfwModule, module.Version, err), os.RemoveAll(copyTo))
	}
	if err := writeModfile(root, out); err != nil {
		return false, err
	}
	return true, os.WriteFile(stampFile, []byte(stamp), 0o644)
}

// module is what the go command knows of a dependency.
type module struct {
	Version string
	Dir     string
	Replace *module
}

// pinned returns the version of GLFW that root's go.mod selects, fetched into
// the module cache if it was not there.
func pinned(root string) (module, error) {
	var m module
	if _, err := run(root, "go", "mod", "download", glfwModule); err != nil {
		return m, err
	}
	data, err := run(root, "go", "list", "-mod=readonly", "-m", "-json", glfwModule)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return m, fmt.Errorf("go list -m %s: %w", glfwModule, err)
	}
	if m.Replace != nil {
		return m, fmt.Errorf("go.mod already replaces %s", glfwModule)
	}
	if m.Dir == "" {
		return m, fmt.Errorf("%s %s is not in the module cache", glfwModule, m.Version)
	}
	return m, nil
}

// wantedStamp is everything the result depends on.
func wantedStamp(root string, m module, c change) (string, error) {
	hash := sha256.New()
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(hash, "%s %d\n%s", name, len(data), data)
	}
	return fmt.Sprintf("%s %s\n%s\n%x\n", glfwModule, m.Version, c.new, hash.Sum(nil)), nil
}

// complete tells whether what a stamp promises is still there.
func complete(dir string, c change) bool {
	for _, name := range []string{"go.mod", "go.sum", "glfw-patched/go.mod", "glfw-patched/" + c.file} {
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return false
		}
	}
	return true
}

// writeModfile copies root's go.mod and go.sum to out and adds the replace.
func writeModfile(root, out string) error {
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(root, out, name), data, 0o644); err != nil {
			return err
		}
	}
	target := "./" + filepath.ToSlash(filepath.Join(out, "glfw-patched"))
	_, err := run(root, "go", "mod", "edit", "-replace", glfwModule+"="+target, filepath.Join(out, "go.mod"))
	return err
}

// copyTree copies the files of a module cache folder, writable.
func copyTree(to, from string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o644)
	})
}

// run runs a command in dir and returns what it printed.
func run(dir, name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	data, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil, fmt.Errorf("%s %v: %w\n%s", name, args, err, exit.Stderr)
	}
	return data, err
}
