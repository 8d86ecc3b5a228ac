package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// root of the module, seen from this package.
const root = "../.."

func TestImportsFollowTheArchitecture(t *testing.T) {
	files := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if entry.IsDir() {
			if skipped(rel, entry.Name()) {
				return filepath.SkipDir
			}
			if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil && rel != "." {
				return filepath.SkipDir // a module of its own
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") {
			return nil
		}
		files++
		dir := filepath.ToSlash(filepath.Dir(rel))
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if err := Check(dir, imported); err != nil {
				t.Errorf("%s: %v", rel, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 10 {
		t.Fatalf("only %d Go files found below %s", files, root)
	}
}

// skipped tells whether a folder holds no source of ours: the build's output,
// and what the go command passes over as well.
func skipped(rel, name string) bool {
	if rel == "." {
		return false
	}
	return rel == "build" || rel == "dist" || name == "testdata" || name == "vendor" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}

// What the headless rooms link, however indirectly, must need no C compiler.
func TestHeadlessRoomsLinkNoCgo(t *testing.T) {
	for _, room := range append(mediaWithoutDevices(t), "im", "store", "server", "app/core", "assets") {
		t.Run(room, func(t *testing.T) {
			if _, err := os.Stat(filepath.Join(root, room)); errors.Is(err, fs.ErrNotExist) {
				t.Fatalf("there is no folder %s", room)
			}
			pattern := "./" + room + "/..."
			if room == "media" {
				pattern = "./media" // what is below it stands for itself
			}
			for _, pkg := range deps(t, pattern) {
				if !pkg.Standard && len(pkg.CgoFiles) > 0 {
					t.Errorf("%s links %s, which uses cgo (%v)", room, pkg.ImportPath, pkg.CgoFiles)
				}
			}
		})
	}
}

// mediaWithoutDevices lists media and the folders in it but for media/device, the
// only one that may use cgo.
func mediaWithoutDevices(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(root, "media"))
	if err != nil {
		t.Fatal(err)
	}
	rooms := []string{"media"}
	for _, entry := range entries {
		if entry.IsDir() && entry.Name() != "device" && entry.Name() != "testdata" {
			rooms = append(rooms, "media/"+entry.Name())
		}
	}
	return rooms
}

type listed struct {
	ImportPath string
	Standard   bool
	CgoFiles   []string
}

// deps returns the packages that pattern links, as built with cgo allowed.
func deps(t *testing.T, pattern string) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,CgoFiles", pattern)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %s: %v\n%s", pattern, err, stderr.Bytes())
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var one listed
		if err := d.Decode(&one); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
}

// The rules themselves: each line of the architecture that forbids something,
// and enough that it allows.
func TestCheck(t *testing.T) {
	for _, test := range []struct {
		dir, path string
		ok        bool
	}{
		{".", "magpie/app", true},
		{".", "magpie/server", true},
		{"app", "magpie/app/core", true},
		{"app/cli", "magpie/server", true},
		{"app/core", "magpie/store", true},
		{"app/core", "magpie/im/wire", true},
		{"app/core", "github.com/gorilla/websocket", true},
		{"widgets/canvas", "magpie/widgets/theme", true},
		{"widgets", "fyne.io/fyne/v2/driver/desktop", true},
		{"widgets", "net/url", true},
		{"store", "go.etcd.io/bbolt", true},
		{"server", "github.com/nats-io/nats-server/v2/server", true},
		{"server/magpied", "magpie/server", true},
		{"im", "strings", true},
		{"media/voice", "magpie/media/sandbox", true},
		{"media/device", "magpie/media", true},
		{"media/device", "github.com/gen2brain/malgo", true},
		{"media/device", "C", true},
		{"media/sandbox", "github.com/tetratelabs/wazero/sys", true},
		{"app/core", "magpie/media/sandbox", true},
		{".", "magpie/app/clipboard", true},
		{"app/clipboard", "golang.design/x/clipboard", true},
		{".", "C", true},

		{"app/core", "fyne.io/fyne/v2", false},
		{"app/core", "magpie/app", false},
		{"app/core", "magpie/app/i18n", false},
		{"app/core", "magpie/server", false},
		{"app/core", "magpie/widgets", false},
		{"app/core/inner", "go.etcd.io/bbolt/errors", false},
		{"app", "go.etcd.io/bbolt", false},
		{"app", "golang.design/x/clipboard", false},
		{"app", "magpie/app/clipboard", false},
		{"app/clipboard", "C", false},
		{"app", "github.com/nats-io/nats.go", false},
		{"app", "github.com/gorilla/websocket", false},
		{"widgets", "magpie/store", false},
		{"widgets", "magpie/app/core", false},
		{"widgets", "magpie/server", false},
		{"widgets/canvas", "net", false},
		{"widgets", "net/http", false},
		{"widgets", "C", false},
		{"widgets", "fyne.io/fyne/v2/app", false},
		{"media", "fyne.io/fyne/v2", false},
		{"media", "magpie/store", false},
		{"media", "C", false},
		{"media", "github.com/gen2brain/malgo", false},
		{"media", "magpie/media/device", false},
		{"media/voice", "github.com/tetratelabs/wazero", false},
		{"media/sandbox", "magpie/media", false},
		{"media/sandbox", "net", false},
		{"app", "github.com/tetratelabs/wazero", false},
		{"app/core", "magpie/media/device", false},
		{"store", "magpie/media", false},
		{"store", "C", false},
		{"im", "magpie/store", false},
		{"im/wire", "github.com/gorilla/websocket", false},
		{"server", "magpie/store", false},
		{"server", "magpie/app/core", false},
		{"server", "C", false},
		{"server", "fyne.io/systray", false},
		{"assets", "magpie/im", false},
		{"assets", "fyne.io/fyne/v2", false},
		{"somewhere", "strings", false},
	} {
		if err := Check(test.dir, test.path); (err == nil) != test.ok {
			t.Errorf("%s importing %s: error %v, allowed should be %v", test.dir, test.path, err, test.ok)
		}
	}
}
