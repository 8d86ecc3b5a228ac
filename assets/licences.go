package assets

import (
	_ "embed"
	"strings"
)

//go:embed licences.txt
var licences string

// Licence is something that is part of the program, and the licence it is under, by its
// SPDX name.
type Licence struct{ Name, Licence string }

// Licences are those of everything that the program is linked with or brings along, on
// any system. docs/dependencies.md says what each is for.
func Licences() []Licence {
	var list []Licence
	for line := range strings.Lines(licences) {
		name, licence, _ := strings.Cut(strings.TrimSpace(line), "\t")
		list = append(list, Licence{name, licence})
	}
	return list
}
