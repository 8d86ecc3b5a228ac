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
	"github.com/tencentyun/tls-sig-api-v2-golang", "go.uber.org/goleak", "pgregory.net/rapid",
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

// words are what the texts of a licence say, by its SPDX name.
var words = map[string]string{
	"MIT": "Permission is hereby granted, free of charge", "BSD-2-Clause": "Redistribution and use in source and binary forms",
	"BSD-3-Clause": "Redistribution and use in source and binary forms", "Apache-2.0": "Apache License", "ISC": "Permission to use, copy, modify, and",
	"OFL-1.1": "SIL OPEN FONT LICENSE", "LGPL-2.1-or-later": "GNU LESSER GENERAL PUBLIC LICENSE", "Zlib": "This software is provided 'as-is'",
	"Unlicense": "This is free and unencumbered software",
}

// Whoever has the program can read the licence of everything in it, not only its name.
func TestEveryLicenceHasItsText(t *testing.T) {
	for _, l := range assets.Licences() {
		text := strings.Join(strings.Fields(l.Text()), " ")
		if len(text) < 400 {
			t.Errorf("%s: a text of %d bytes; go run ./internal/licences makes it", l.Name, len(text))
			continue
		}
		name, _, _ := strings.Cut(l.Licence, " ")
		name = strings.TrimSuffix(name, ",")
		if want, known := words[name]; known && !strings.Contains(strings.ToLower(text), strings.ToLower(want)) {
			t.Errorf("%s is %s, and its text does not say %q: %.80s", l.Name, l.Licence, want, text)
		}
	}
	if text := (assets.Licence{Name: "nothing of the kind"}).Text(); text != "" {
		t.Errorf("what is no part has a text: %.80s", text)
	}
}
