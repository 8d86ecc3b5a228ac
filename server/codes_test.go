package server

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// namesIn returns the names in the files of a folder, tests apart, that fit.
func namesIn(t *testing.T, dir string, fits func(n ast.Node) string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", dir, err)
	}
	names := map[string]bool{}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if name := fits(n); name != "" {
				names[name] = true
			}
			return true
		})
	}
	return names
}

// Every code that the server's code names, or the model's checks that it calls,
// stands in section 9 of the protocol.
func TestCodesAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(page), "\n## 9 ")
	section, _, two := strings.Cut(section, "\n## 10 ")
	if !ok || !two {
		t.Fatal("the page has no section 9")
	}
	documented := map[string]bool{}
	for _, code := range regexp.MustCompile(`\b\d{4,6}\b`).FindAllString(section, -1) {
		documented[code] = true
	}
	used := namesIn(t, ".", func(n ast.Node) string {
		if s, ok := n.(*ast.SelectorExpr); ok && strings.HasPrefix(s.Sel.Name, "Code") {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == "im" {
				return s.Sel.Name
			}
		}
		return ""
	})
	for name := range namesIn(t, "../im", func(n ast.Node) string {
		if c, ok := n.(*ast.CallExpr); ok && len(c.Args) > 0 {
			f, isName := c.Fun.(*ast.Ident)
			code, isCode := c.Args[0].(*ast.Ident)
			if isName && isCode && f.Name == "Errorf" {
				return code.Name
			}
		}
		return ""
	}) {
		used[name] = true
	}
	delete(used, "CodeOf")
	source, err := os.ReadFile("../im/codes.go")
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\t(Code\w+)\s+(?:Code )?= (\d+)$`).FindAllStringSubmatch(string(source), -1) {
		values[m[1]] = m[2]
	}
	found := 0
	for name := range used {
		value, ok := values[name]
		if !ok {
			continue // no code: a function or a type
		}
		if found++; !documented[value] {
			t.Errorf("%s (%s) is not in section 9", name, value)
		}
	}
	if found < 60 {
		t.Errorf("only %d codes were found", found)
	}
}
