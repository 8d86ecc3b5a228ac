package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tree writes a small module and returns its folder.
func tree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example\n\ngo 1.24\n",
		"store/store_test.go": `package store

import ("fmt"; "testing")

func BenchmarkPage(b *testing.B) {
	for b.Loop() {}
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "store/page", 0.1, "ms", "<= 0.3")
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {}
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "store/open", 9.0, "ms", "<= 5")
}

func BenchmarkSilent(b *testing.B) {
	for b.Loop() {}
}

func TestNotRun(t *testing.T) { t.Fatal("tests must not run") }
`,
		"server/server_test.go": `package server

import ("fmt"; "testing")

func BenchmarkAck(b *testing.B) {
	b.Error("broken")
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "server/ack", 1.0, "ms", "-")
}
`,
		"app/window_test.go":       "//go:build linux && wintest\n\npackage app\n\nimport \"testing\"\n\nfunc BenchmarkFirstWindow(b *testing.B) { _ = \"start/first window\" }\n",
		"app/plain_test.go":        "//go:build wintest || !windows\n\npackage app\n\nimport \"testing\"\n\nfunc BenchmarkPlain(b *testing.B) {}\n",
		"build/out_test.go":        "package build\n\nfunc BenchmarkOutput() {}\n",
		"store/testdata/x_test.go": "package x\n\nfunc BenchmarkData() {}\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestChoose(t *testing.T) {
	dir := tree(t)
	for _, test := range []struct{ only, want string }{
		{"", "app: BenchmarkPlain; app (window): BenchmarkFirstWindow; server: BenchmarkAck; store: BenchmarkOpen BenchmarkPage BenchmarkSilent"},
		{"store", "store: BenchmarkOpen BenchmarkPage BenchmarkSilent"},
		{"store/page", "store: BenchmarkPage"},
		{"OPEN", "store: BenchmarkOpen"},
		{"first window", "app (window): BenchmarkFirstWindow"},
		{"nothing", ""},
	} {
		suites, err := choose(dir, test.only)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, suite := range suites {
			window := map[bool]string{true: " (window)"}[suite.Window]
			got = append(got, suite.Dir+window+": "+strings.Join(suite.Benchmarks, " "))
		}
		if joined := strings.Join(got, "; "); joined != test.want {
			t.Errorf("%q chooses %s\nwant %s", test.only, joined, test.want)
		}
	}
}

func TestReportRunsOnlyWhatIsAskedFor(t *testing.T) {
	t.Chdir(tree(t))
	c := config{only: "store/open", benchtime: "1x", out: "bench.json"}
	if err := report(context.Background(), c); err != nil {
		t.Fatalf("an unmet goal is no error, but: %v", err)
	}
	data, err := os.ReadFile("bench.json")
	if err != nil {
		t.Fatal(err)
	}
	if want := "[\n{\"name\":\"store/open\",\"value\":9,\"unit\":\"ms\",\"goal\":\"<= 5\",\"met\":false}\n]\n"; string(data) != want {
		t.Errorf("bench.json is\n%s\nwant\n%s", data, want)
	}
}

func TestReportPreparesForWindowsOnly(t *testing.T) {
	t.Chdir(tree(t))
	c := config{only: "store/open", benchtime: "1x", out: "bench.json", prepare: "touch prepared"}
	if err := report(context.Background(), c); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("prepared"); err == nil {
		t.Error("prepared for windows although none is opened")
	}
	c.only, c.prepare = "first window", "touch prepared; exit 3"
	if err := report(context.Background(), c); err == nil || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("error %v, want that of the preparation", err)
	}
	if _, err := os.Stat("prepared"); err != nil {
		t.Error("nothing was prepared")
	}
}

func TestReportFailsWhenABenchmarkDoes(t *testing.T) {
	t.Chdir(tree(t))
	for _, only := range []string{"server", "silent", "nothing"} {
		if err := report(context.Background(), config{only: only, benchtime: "1x", out: "bench.json"}); err == nil {
			t.Errorf("ONLY=%s: no error", only)
		}
	}
}
