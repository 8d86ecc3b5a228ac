package main

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Suite is what one run of go test executes.
type Suite struct {
	Dir        string   // slash-separated below the module's root
	Window     bool     // needs the tag wintest and a screen
	Benchmarks []string // names of functions
}

// windowTag marks test files that open real windows.
const windowTag = "wintest"

// choose finds the benchmarks below root that belong to only; "" means all.
//
// A benchmark belongs to only if its package's path, its own name or a string in
// its body contains it, in any case. So "canvas" finds every benchmark of
// widgets/canvas and those elsewhere that print "canvas/...".
func choose(root, only string) ([]Suite, error) {
	only = strings.ToLower(only)
	found := map[string]*Suite{}
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if entry.IsDir() {
			if rel != "." && (rel == "build" || entry.Name() == "testdata" || strings.ContainsAny(entry.Name()[:1], "._")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(rel, "_test.go") {
			return nil
		}
		names, window, err := benchmarks(file, func(fn string, strs []string) bool {
			return matches(only, path.Dir(rel), fn, strs)
		})
		if err != nil || len(names) == 0 {
			return err
		}
		key := path.Dir(rel) + map[bool]string{true: "+window"}[window]
		if found[key] == nil {
			found[key] = &Suite{Dir: path.Dir(rel), Window: window}
		}
		found[key].Benchmarks = append(found[key].Benchmarks, names...)
		return nil
	})
	suites := make([]Suite, 0, len(found))
	for _, suite := range found {
		slices.Sort(suite.Benchmarks)
		suites = append(suites, *suite)
	}
	slices.SortFunc(suites, func(a, b Suite) int {
		switch order := strings.Compare(a.Dir, b.Dir); {
		case order != 0 || a.Window == b.Window:
			return order
		case b.Window:
			return -1
		}
		return 1
	})
	return suites, err
}

func matches(only, dir, fn string, strs []string) bool {
	if only == "" || strings.Contains(strings.ToLower(dir), only) || strings.Contains(strings.ToLower(fn), only) {
		return true
	}
	return slices.ContainsFunc(strs, func(s string) bool { return strings.Contains(strings.ToLower(s), only) })
}

// benchmarks returns the names of file's benchmark functions that want accepts,
// given the strings in their bodies, and whether the file is for windows only.
// A file that is not built on this system has none.
func benchmarks(file string, want func(fn string, strs []string) bool) (names []string, window bool, err error) {
	here, window, err := builds(file)
	if err != nil || !here {
		return nil, false, err
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, false, err
	}
	for _, decl := range parsed.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Recv != nil || fn.Body == nil || !strings.HasPrefix(fn.Name.Name, "Benchmark") {
			continue
		}
		var strs []string
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil {
					strs = append(strs, s)
				}
			}
			return true
		})
		if want(fn.Name.Name, strs) {
			names = append(names, fn.Name.Name)
		}
	}
	return names, window, nil
}

// builds tells whether file is built here at all, and if so whether only with
// windowTag.
func builds(file string) (here, window bool, err error) {
	dir, name := filepath.Split(file)
	plain := build.Default
	plain.CgoEnabled = true
	plain.BuildTags = []string{"x11"}
	if here, err = plain.MatchFile(dir, name); here || err != nil {
		return here, false, err
	}
	plain.BuildTags = append(plain.BuildTags, windowTag)
	here, err = plain.MatchFile(dir, name)
	return here, here, err
}
