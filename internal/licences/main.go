// Licences gathers the texts of the licences that assets/licences.txt names, from the
// sources that the program is built of, into assets/licencetexts.txt. It is run after a
// dependency was added or raised:
//
//	go run ./internal/licences
//
// A section of that file begins with a form feed; its first line has the names, with
// tabs between, of everything to which the text below applies.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"magpie/assets"
)

func main() {
	if err := run("assets/licencetexts.txt"); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func run(to string) error {
	dirs, err := modules()
	if err != nil {
		return err
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	var texts []string
	names := map[string][]string{}
	for _, l := range assets.Licences() {
		var text string
		switch l.Name {
		case "Noto Emoji", "Noto Sans SC": // their texts lie beside them
			continue
		case "Go":
			text, err = files(filepath.Join(strings.TrimSpace(string(goroot)), "LICENSE"))
		case "GLFW":
			text, err = files(filepath.Join(dirs["github.com/go-gl/glfw/v3.4/glfw"], "glfw", "LICENSE.md"))
		case "miniaudio":
			text, err = miniaudio(dirs["github.com/gen2brain/malgo"])
		case "FFmpeg (parts, in the sandbox)":
			text, err = files("media/sandbox/COPYRIGHT.ffmpeg", "media/sandbox/LGPL-2.1.txt")
		case "libaom (in the sandbox)":
			text, err = files("media/sandbox/COPYRIGHT.aom")
		default:
			text, err = module(dirs[l.Name])
		}
		if err != nil {
			return fmt.Errorf("%s: %w", l.Name, err)
		}
		if names[text] == nil {
			texts = append(texts, text)
		}
		names[text] = append(names[text], l.Name)
	}
	var out strings.Builder
	for _, text := range texts {
		fmt.Fprintf(&out, "\f%s\n%s\n", strings.Join(names[text], "\t"), text)
	}
	return os.WriteFile(to, []byte(out.String()), 0o644)
}

// modules are the folders of the modules of go.mod.
func modules() (map[string]string, error) {
	out, err := exec.Command("go", "list", "-m", "-json", "all").Output()
	if err != nil {
		return nil, err
	}
	dirs := map[string]string{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var m struct{ Path, Dir string }
		if err := d.Decode(&m); errors.Is(err, io.EOF) {
			return dirs, nil
		} else if err != nil {
			return nil, err
		}
		dirs[m.Path] = m.Dir
	}
}

var isLicence = regexp.MustCompile(`(?i)^(licen[sc]e|copying|unlicense|notice|patents)([.-].*)?$`)

// module is every licence in the folder of a module, or in one above it that belongs to
// the same repository.
func module(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("it is not on this disk; go mod download brings it")
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	var paths []string
	for _, e := range entries {
		if isLicence.MatchString(e.Name()) && e.Type().IsRegular() {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	slices.Sort(paths)
	return files(paths...)
}

// files is what they say, one below the other.
func files(paths ...string) (string, error) {
	if len(paths) == 0 {
		return "", errors.New("there is no licence")
	}
	var parts []string
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		parts = append(parts, clean(string(b)))
	}
	return strings.Join(parts, "\n\n"), nil
}

func clean(s string) string {
	return strings.TrimSpace(strings.NewReplacer("\r", "", "\f", "", "\t", "    ").Replace(s))
}

// miniaudio has its licence at the end of its only file.
func miniaudio(dir string) (string, error) {
	b, err := os.ReadFile(filepath.Join(dir, "miniaudio.h"))
	if err != nil {
		return "", err
	}
	at := bytes.LastIndex(b, []byte("This software is available as a choice"))
	if at < 0 {
		return "", errors.New("its licence is not where it was")
	}
	return clean(strings.TrimSuffix(strings.TrimSpace(string(b[at:])), "*/")), nil
}
