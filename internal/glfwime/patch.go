package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
)

// change is one replacement in one file of the module.
type change struct {
	file     string // slash-separated, below the module's root
	old, new string // old must occur exactly once
	scope    string // must occur exactly once and before old
}

// condition is the one change. Its scope is the beginning of the function: only
// there does "filtered" mean what the condition takes it to mean.
func condition() change {
	return change{
		file:  "glfw/src/x11_window.c",
		scope: "    filtered = XFilterEvent(event, None);\n",
		old:   "if (diff == event->xkey.time || (diff > 0 && diff < ((Time)1 << 31)))",
		new:   "if (!filtered && (diff == event->xkey.time || (diff > 0 && diff < ((Time)1 << 31))))",
	}
}

// rebuildFile holds a constant that exists to be changed with the C sources:
// the go command does not look at C files in sub-directories when it decides
// whether a package must be built again.
const (
	rebuildFile  = "glfw_tree_rebuild.go"
	rebuildConst = "const upstreamTreeSHA = \""
)

// apply makes the change in source, or says why it cannot.
func (c change) apply(source []byte) ([]byte, error) {
	if n := bytes.Count(source, []byte(c.new)); n > 0 {
		return nil, fmt.Errorf("%s: the condition is there already, %d times; GLFW seems to have fixed it", c.file, n)
	}
	if n := bytes.Count(source, []byte(c.old)); n != 1 {
		return nil, fmt.Errorf("%s: the place of the change occurs %d times, not once", c.file, n)
	}
	if n := bytes.Count(source, []byte(c.scope)); n != 1 {
		return nil, fmt.Errorf("%s: the line that sets \"filtered\" occurs %d times, not once", c.file, n)
	}
	if bytes.Index(source, []byte(c.scope)) > bytes.Index(source, []byte(c.old)) {
		return nil, fmt.Errorf("%s: \"filtered\" is set only after the place of the change", c.file)
	}
	return bytes.Replace(source, []byte(c.old), []byte(c.new), 1), nil
}

// mark puts a hash of the patched source into the constant of rebuildFile.
func mark(source, patched []byte) ([]byte, error) {
	if n := bytes.Count(source, []byte(rebuildConst)); n != 1 {
		return nil, fmt.Errorf("%s: the constant that forces a rebuild occurs %d times, not once", rebuildFile, n)
	}
	stamp := fmt.Sprintf("%sime-%x-", rebuildConst, sha256.Sum256(patched))
	return bytes.Replace(source, []byte(rebuildConst), []byte(stamp), 1), nil
}

// patchTree makes the change below dir and forces the rebuild.
func patchTree(dir string, c change) error {
	path := filepath.Join(dir, filepath.FromSlash(c.file))
	source, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	patched, err := c.apply(source)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, patched, 0o644); err != nil {
		return err
	}

	path = filepath.Join(dir, rebuildFile)
	if source, err = os.ReadFile(path); err != nil {
		return err
	}
	marked, err := mark(source, patched)
	if err != nil {
		return err
	}
	return os.WriteFile(path, marked, 0o644)
}
