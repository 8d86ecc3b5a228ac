package assets_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"magpie/assets"
)

// notLinked are modules of go.mod that no program of ours is linked with: of tests, of
// telephones, and of Fyne in a browser.
var notLinked = []string{
	"github.com/tencentyun/tls-sig-api-v2-golang", "go.uber.org/goleak", "pgregory.net/rapid", "github.com/makiuchi-d/gozxing", "golang.org/x/xerrors",
	"golang.org/x/exp/shiny", "golang.org/x/mobile",
	"github.com/fyne-io/gl-js", "github.com/fyne-io/glfw-js", "github.com/hack-pad/go-indexeddb", "github.com/hack-pad/safejs",
}

// Whoever has the program is told the licence of each module in it, and of no other.
func TestEveryModuleHasALicence(t *testing.T) {
	b, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	var modules []string
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) v\S+`).FindAllStringSubmatch(string(b), -1) {
		modules = append(modules, m[1])
	}
	if len(modules) < 50 {
		t.Fatalf("go.mod has %d modules", len(modules))
	}
	named := map[string]bool{}
	for _, l := range assets.Licences() {
		if l.Licence == "" || named[l.Name] {
			t.Errorf("the line of %q is wrong", l.Name)
		}
		named[l.Name] = true
		if strings.Contains(l.Name, ".") && !slices.Contains(modules, l.Name) {
			t.Errorf("%s is no module of go.mod", l.Name)
		}
	}
	for _, m := range modules {
		if named[m] == slices.Contains(notLinked, m) {
			t.Errorf("%s: named %v", m, named[m])
		}
	}
}
