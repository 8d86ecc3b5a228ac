package i18n_test

import (
	"fmt"
	"io/fs"
	"syscall"
	"testing"
	"testing/fstest"

	"magpie/app/i18n"
	"magpie/im"
)

func files() fstest.MapFS {
	return fstest.MapFS{
		"t/en.json":      {Data: []byte(`{"hello":"Hello {{.Name}}","members":{"one":"{{.Count}} member","other":"{{.Count}} members"},"error.unexpected":"Unexpected: {{.Error}}"}`)},
		"t/zh-Hans.json": {Data: []byte(`{"hello":"你好 {{.Name}}","members":{"other":"{{.Count}} 位成员"},"error.unexpected":"意外错误：{{.Error}}"}`)},
	}
}

func TestLanguageChangesAtOnce(t *testing.T) {
	tr, err := i18n.New(files(), "t")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ tag, hello, one, two string }{
		{"", "Hello Ada", "1 member", "2 members"},
		{"zh_CN.UTF-8", "你好 Ada", "1 位成员", "2 位成员"},
		{"C.UTF-8", "Hello Ada", "1 member", "2 members"},
		{"zh-Hans-CN", "你好 Ada", "1 位成员", "2 位成员"},
		{"zh_CN", "你好 Ada", "1 位成员", "2 位成员"},
		{"de-DE", "Hello Ada", "1 member", "2 members"},
		{"en", "Hello Ada", "1 member", "2 members"},
	} {
		tr.Use(c.tag)
		if got := tr.F("hello", i18n.Args{"Name": "Ada"}); got != c.hello {
			t.Errorf("%q: %q, want %q", c.tag, got, c.hello)
		}
		if got := tr.N("members", 1, nil); got != c.one {
			t.Errorf("%q: %q, want %q", c.tag, got, c.one)
		}
		if got := tr.N("members", 2, nil); got != c.two {
			t.Errorf("%q: %q, want %q", c.tag, got, c.two)
		}
	}
	if got := tr.T("no.such.key"); got != "no.such.key" {
		t.Errorf("missing text shows as %q", got)
	}
}

func TestErrorsSpeakTheLanguage(t *testing.T) {
	tr, err := i18n.New(files(), "t")
	if err != nil {
		t.Fatal(err)
	}
	tr.Use("zh-Hans")
	if tr.Language() != im.Chinese {
		t.Fatal(tr.Language())
	}
	if got := tr.Error(errNoCode{}); got != "意外错误：boom" {
		t.Errorf("got %q", got)
	}
	full := &fs.PathError{Op: "write", Path: "keys.json", Err: syscall.ENOSPC}
	if got := tr.Error(fmt.Errorf("server: write keys.json: %w", full)); got != im.CodeDiskFull.Message(im.Chinese) {
		t.Errorf("a full disk is told as %q", got)
	}
}

func TestMissingFilesAreRefused(t *testing.T) {
	if _, err := i18n.New(fstest.MapFS{"t/en.json": {Data: []byte(`{}`)}}, "t"); err == nil {
		t.Error("one language was enough")
	}
	bad := files()
	bad["t/en.json"].Data = []byte(`{`)
	if _, err := i18n.New(bad, "t"); err == nil {
		t.Error("broken JSON was accepted")
	}
}

type errNoCode struct{}

func (errNoCode) Error() string { return "boom" }

func TestAllLanguages(t *testing.T) {
	f := files()
	f["t/en.json"].Data = []byte(`{"all":"Everyone"}`)
	f["t/zh-Hans.json"].Data = []byte(`{"all":"所有人"}`)
	tr, err := i18n.New(f, "t")
	if err != nil {
		t.Fatal(err)
	}
	tr.Use("zh-Hans")
	if all := tr.All("all"); len(all) != 2 || all[0] != "Everyone" || all[1] != "所有人" {
		t.Errorf("%q", all)
	}
}
