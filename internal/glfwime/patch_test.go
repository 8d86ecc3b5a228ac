package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// root of the module, seen from this package.
const root = "../.."

func TestPatchAppliesToThePinnedVersion(t *testing.T) {
	condition := condition()
	m, err := pinned(root)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "glfw")
	if err := copyTree(dir, m.Dir); err != nil {
		t.Fatal(err)
	}
	if err := patchTree(dir, condition); err != nil {
		t.Fatal(err)
	}
	before, after := read(t, m.Dir, condition.file), read(t, dir, condition.file)
	if want := len(before) + len(condition.new) - len(condition.old); len(after) != want {
		t.Errorf("the source grew to %d bytes, not to %d", len(after), want)
	}
	// The condition must guard the report of the key in the press event, and
	// nothing may stand between the two.
	if !strings.Contains(squeeze(after), squeeze([]byte(condition.new+`
		{
			if (keycode)
				_glfwInputKey(window, key, keycode, GLFW_PRESS, mods);
	`))) {
		t.Error("the condition does not guard the report of a pressed key")
	}
	if bytes.Equal(read(t, m.Dir, rebuildFile), read(t, dir, rebuildFile)) {
		t.Errorf("%s is unchanged: the old object would be linked", rebuildFile)
	}
}

func TestPatchFailsLoudlyOnChangedSource(t *testing.T) {
	condition := condition()
	good := condition.scope + "...\n" + condition.old + "\n"
	for _, test := range []struct{ name, source, want string }{
		{"place gone", condition.scope, "occurs 0 times"},
		{"place twice", good + condition.old, "occurs 2 times"},
		{"another test in its place", strings.Replace(good, "diff > 0", "diff >= 0", 1), "occurs 0 times"},
		{"fixed already", condition.scope + condition.new, "already"},
		{"no such variable", condition.old, "occurs 0 times"},
		{"variable set twice", condition.scope + good, "occurs 2 times"},
		{"variable set later", condition.old + condition.scope, "only after"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := condition.apply([]byte(test.source))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one that says %q", err, test.want)
			}
		})
	}
	if _, err := condition.apply([]byte(good)); err != nil {
		t.Errorf("the unchanged source is refused: %v", err)
	}
	if _, err := mark([]byte("package glfw"), nil); err == nil {
		t.Error("a missing rebuild constant goes unnoticed")
	}
}

// A whole run on a module whose GLFW has another source: the exit status is what
// stops the build, and no go.mod may remain that a build could take.
func TestGenerateLeavesNothingAfterAFailure(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum"} {
		if err := os.WriteFile(filepath.Join(dir, name), read(t, root, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	condition := condition()
	if changed, err := generate(dir, "out", condition); err != nil || !changed {
		t.Fatalf("first run: changed %v, error %v", changed, err)
	}
	if changed, err := generate(dir, "out", condition); err != nil || changed {
		t.Fatalf("second run: changed %v, error %v; want nothing to do", changed, err)
	}
	if data := read(t, dir, "out/go.mod"); !bytes.Contains(data, []byte(glfwModule+" => ./out/glfw-patched")) {
		t.Error("out/go.mod has no replace directive")
	}

	// Another condition is wanted now, so the first copy is out of date.
	condition.old, condition.new = "if (a line that no version has)", "if (another)"
	if _, err := generate(dir, "out", condition); err == nil {
		t.Fatal("a place that is not there went unnoticed")
	}
	left, err := os.ReadDir(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range left {
		t.Errorf("left behind: %s", entry.Name())
	}
}

func TestGenerateRefusesForeignFolders(t *testing.T) {
	if _, err := generate(t.TempDir(), "out", condition()); err == nil {
		t.Error("a folder without go.mod is accepted")
	}
	if _, err := generate(root, "../elsewhere", condition()); err == nil {
		t.Error("a folder outside the module is accepted")
	}
}

func read(t *testing.T, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// squeeze makes runs of white space one space each.
func squeeze(source []byte) string { return strings.Join(strings.Fields(string(source)), " ") }
